import Findings
import Ledger
import Mapping
import Posting
import Readers
import Reconciliation
import State
import Writers

/// A file of the run, ready to be read.
struct IncomingFile {
  var sequence: Int
  /// Path under the inbox.
  var name: [UInt8]
  var interface: String
  var source: ByteSource
  var size: Int64
}

/// What a run makes of its files, before anything is numbered or written: verdicts, entries, vouchers. Apart from the
/// bytes of its sources and what the state knows, it depends on nothing.
struct Conversion {
  let definitions: CompiledDefinitions
  let run: Int
  /// The run's day, by which a month is over.
  let today: Day
  let state: StateStore
  let spilling: Spilling
  /// About how many rows a batch holds.
  var batchRows = 8192
  var doors = Doors()
  /// What earlier runs have posted, for taking it back.
  let entries: ArchivedEntries
  let closed: ClosedPeriods
  /// A held document that somebody has said not to wait for.
  var dismissed: HeldDocument?
  /// A held document that somebody has said is right: a change of it is a correction.
  var accepted: HeldDocument?
  /// A refused voucher that somebody has voided.
  var voided: VoidedVoucher?
  /// Posted documents that somebody has posted anew.
  var reposted: RepostedDocuments?
  /// A month of which somebody has the postings made that wait for its end.
  var gathered: Period?

  /// The file with the documents' heads, where lines came in one of their own.
  struct HeadsFile {
    var sequence: Int
    var name: [UInt8]
    var sha256: [UInt8]
    var size: Int64
    var remarks: [HeadRows.Remark]
  }

  /// One source of documents with its results.
  struct Part {
    var file: ConvertedFile
    /// The file that was dropped, or that first brought the held documents.
    var name: [UInt8]
    var sha256: [UInt8]?
    var size: Int64
    var heads: HeadsFile?
    /// The held documents that were tried again, or the deferred ones whose month is over; `nil` for a file of this run.
    var held: [HeldDocument]?
    /// Whether those were posted before, and counted: deferred ones, or such as a person has posted anew.
    var isDeferred = false
    var isReposted = false
    /// How many pieces each of those was put together from; `nil` where they are as an earlier run held them.
    var pieces: [Int]?
    /// Documents that were put together with what is held of them: what became of them stands in another part.
    var joined: Set<Int> = []
    /// Of a file that was taken before, and whose rows were not read: what is in it.
    var repeated: Tally?
  }

  /// One interface's part of the run.
  struct InterfaceResult {
    var compiled: CompiledInterface
    var past: Past
    /// As earlier runs left them.
    var openRejects: [Reject] = []
    var parts: [Part] = []
    var vouchers = VoucherSet()
    /// Those that would be made today of what is made when the month is over.
    var rehearsal = VoucherSet()
  }

  struct Result {
    var interfaces: [InterfaceResult]
    var dimensions: Dimensions
  }

  /// - Parameters:
  ///   - rejected: documents that must not be posted, by interface and key, because a voucher of theirs would break a
  ///     contract.
  ///   - progress: told of each file's rows: 0 before the first is read, then a batch at a time.
  func convert(
    _ files: [IncomingFile], rejected: [String: [[UInt8]: Finding]] = [:],
    progress: (IncomingFile, Int) throws -> Void
  ) throws -> Result {
    let together = FilePairs(definitions.interfaces)
    var shared = RunShared()
    var results: [InterfaceResult] = []
    // Answers first: what this run hears of a voucher counts for what it does with the voucher's documents.
    var answered: [VoucherName: VoucherStanding] = [:]
    let interfaces = definitions.interfaces
    for compiled in interfaces.filter({ $0.interface.acknowledge != nil })
      + interfaces.filter({ $0.interface.acknowledge == nil })
    {
      let own = files.filter { $0.interface == compiled.interface.name }
      let past = try Past(
        compiled, state: state, run: run, today: today, gathered: gathered,
        mappings: EarlierMappings(state, entries.workspace, fingerprint: definitions.fingerprint))
      past.answeredBefore = answered
      try past.findOtherKeys()
      let voided = voided.flatMap { $0.interface == compiled.interface.name ? $0 : nil }
      let reposted = reposted.flatMap { $0.interface == compiled.interface.name ? $0.documents : nil } ?? []
      guard
        !own.isEmpty || !past.heldDocuments.isEmpty || !past.dueDocuments.isEmpty || voided != nil
          || !reposted.isEmpty
      else { continue }
      past.reposted = Set(reposted.map(\.key))
      if let voided { try past.void(voided) }
      if let accepted, accepted.interface == compiled.interface.name { past.accept(accepted) }
      if let dismissed, dismissed.interface == compiled.interface.name { past.dismiss(dismissed.key) }
      shared.groups[compiled.interface.name] = compiled.postings.map { _ in Codes() }
      var result = InterfaceResult(
        compiled: compiled, past: past, openRejects: try state.openRejects(of: compiled.interface.name))
      let refused = rejected[compiled.interface.name] ?? [:]
      let pairs = own.map { together.heads(of: $0.name, interface: $0.interface) }
      for (file, pair) in zip(own, pairs) where !pairs.contains(file.name) {
        let heads = own.first { $0.name == pair }
        if heads == nil, let part = try repeated(file, result) {
          result.parts.append(part)
          continue
        }
        result.parts.append(try convert(file, heads, &result, refused, &shared, progress))
        for piece in (result.parts.last?.file.lacks.heldNow ?? []).flatMap(past.dismissNow) {
          result.parts[piece.part].file.supersede(piece.document, .heldMissing)
        }
        for piece in past.takeOvertaken() { result.parts[piece.part].file.supersede(piece.document) }
        for piece in past.takeDoubted() { result.parts[piece.part].file.doubt(piece.document, String(run)) }
      }
      let joined = try joined(&result)
      let pieces = Dictionary(uniqueKeysWithValues: joined.map { ($0.document.key, $0.pieces) })
      // Behind the files: a document that one of them brings anew takes the place of what is held of it.
      for held in HeldSource.sources(of: past.waiting(past.heldDocuments).filter { pieces[$0.key] == nil }) {
        if let part = try convert(held, .held, &result, refused, &shared) { result.parts.append(part) }
      }
      for held in HeldSource.sources(of: joined.map(\.document)) {
        guard var part = try convert(held, .held, &result, refused, &shared) else { continue }
        part.pieces = held.documents.map { pieces[$0.key] ?? 1 }
        result.parts.append(part)
      }
      for again in HeldSource.sources(of: reposted) {
        if let part = try convert(again, .reposted, &result, refused, &shared) { result.parts.append(part) }
      }
      // Last of all: what this run brought anew has taken the place of what was kept of it.
      for due in HeldSource.sources(of: past.waiting(past.dueDocuments)) {
        if let part = try convert(due, .deferred, &result, refused, &shared) { result.parts.append(part) }
      }
      if let failure = past.failure { throw failure }
      answered.merge(past.answered) { $1 }
      results.append(result)
    }
    for index in results.indices {
      let compiled = results[index].compiled
      let maker = VoucherMaker(
        compiled.postings, dimensions: shared.dimensions,
        groups: shared.groups[compiled.interface.name] ?? [],
        books: compiled.books.map(\.book),
        entriesMax: compiled.outputs.compactMap(\.profile.entriesMax).min(),
        attachmentsMax: compiled.outputs.compactMap(\.profile.attachmentsMax).min(),
        listsDocuments: compiled.outputs.contains(where: \.profile.listsDocuments))
      var posted = results[index].parts.map(\.file.posted)
      doors.drafts(&posted)
      results[index].vouchers = try Self.vouchers(of: posted, by: maker)
      doors.vouchers(&results[index].vouchers.batch)
      let rehearsed = results[index].rehearsed
      if rehearsed.parts.contains(where: { !$0.file.posted.drafts.drafts.isEmpty }) {
        results[index].rehearsal = try maker.vouchers(of: rehearsed.parts.map(\.file.posted), firstPosting: 0)
      }
    }
    return Result(interfaces: results, dimensions: shared.dimensions)
  }

  private func convert(
    _ file: IncomingFile, _ heads: IncomingFile?, _ result: inout InterfaceResult,
    _ refused: [[UInt8]: Finding], _ shared: inout RunShared,
    _ progress: (IncomingFile, Int) throws -> Void
  ) throws -> Part {
    let past = result.past
    past.source = .file
    let isAdopting = file.name.starts(with: Adoption.folder)
    past.isAdopting = isAdopting
    let name = String(decoding: file.name, as: UTF8.self)
    let layout = try FileLayout.find(
      in: file.source, of: result.compiled.interface, file: name, heads: heads?.source)
    // It fitted when it was planned; a definition has changed since.
    guard layout.header.fits else {
      throw WorldError.definitions(layout.header.findings, definitions.language)
    }
    let way = FileConversion(
      compiled: result.compiled, sequence: file.sequence, name: name, prior: past.prior,
      pieceOf: past.pieceOf,
      beginsAgain: past.beginAgain, today: today, voucher: past.voucher,
      isAdopting: isAdopting, spilling: spilling, batchRows: batchRows, doors: doors)
    let digest = BackgroundDigest()
    let headsDigest = BackgroundDigest()
    var (converted, table) = try way.run(
      file.source, layout, heads: heads.map { ($0.source, headsDigest) }, digest: digest, shared: &shared,
      progress: { try progress(file, $0) })
    if let failure = past.failure { throw failure }
    converted.rejectNumbers =
      layout.layout.xml == nil && layout.layout.sheet == nil
      ? try RejectNumbers(file.source, layout)
      : try RejectNumbers(
        table.source, FileLayout(layout: table.layout, header: table.header), byRow: layout.layout.xml != nil)
    try converted.refuseChangedRejects(state)
    let sha256 = digest.finish()
    if let rule = result.compiled.interface.document.missing, !isAdopting {
      try SnapshotJudgement(rule: rule, past: past).judge(&converted, sha256: sha256)
    }
    converted.settle(refused)
    if isAdopting { try converted.adopt(past) }
    try takeBack(&converted, result, &shared)
    converted.keepClosed(closed, result.compiled, isDeferred: false)
    converted.withdrawCorrections()
    converted.keepMissing()
    past.add(converted, part: result.parts.count)
    for key in converted.lacks.held {
      past.dismiss(key)
      converted.say(.heldMissing, .note, [DocumentStore.text(ofKey: key)])
    }
    converted.tell(withdrawn: past.withdrawn)
    let taken = heads.map {
      HeadsFile(
        sequence: $0.sequence, name: $0.name, sha256: headsDigest.finish(), size: $0.size,
        remarks: table.remarks)
    }
    return Part(
      file: converted, name: file.name, sha256: sha256, size: file.size, heads: taken, held: nil)
  }

  private func takeBack(
    _ file: inout ConvertedFile, _ result: InterfaceResult, _ shared: inout RunShared
  ) throws {
    if result.past.source != .reposted {
      try OneBook(compiled: result.compiled, past: result.past, entries: entries).keep(in: &file)
    }
    try Reversals(
      compiled: result.compiled, past: result.past, entries: entries,
      language: definitions.workspace.language
    ).add(to: &file, dimensions: &shared.dimensions)
  }

  private func convert(
    _ held: HeldSource, _ source: Past.Source, _ result: inout InterfaceResult,
    _ refused: [[UInt8]: Finding], _ shared: inout RunShared
  ) throws -> Part? {
    let past = result.past
    past.source = source
    var layout = result.compiled.interface.layout.plain
    (layout.encoding, layout.delimiter) = (held.encoding, held.delimiter)
    layout.trailer = nil
    let header = try Header.find(in: held.source, layout: layout, file: held.name)
    // With a mapping that wants columns which these rows don't have, they go on waiting.
    guard header.fits else { return nil }
    let way = FileConversion(
      compiled: result.compiled, sequence: 0, name: held.name, prior: past.prior, pieceOf: past.pieceOf,
      beginsAgain: past.beginAgain, today: source == .deferred ? past.dueDay : today, voucher: past.voucher,
      accepted: source == .held ? past.accepted : [], isReposting: source == .reposted, spilling: spilling,
      batchRows: batchRows, doors: doors)
    var converted = try way.convert(
      held.source, header, layout: layout, places: held.places, &shared, digest: nil, progress: { _ in })
    if let failure = past.failure { throw failure }
    converted.settle(refused)
    if source == .deferred { converted.keepDeferred() }
    try takeBack(&converted, result, &shared)
    let wasPosted = source == .deferred || source == .reposted
    converted.keepClosed(closed, result.compiled, isDeferred: wasPosted)
    if source == .held { converted.keepDoubted(past) }
    // A preview is read at the terminal, a run's log in the workspace's language.
    let language = run == 0 ? definitions.language : definitions.workspace.language
    if source == .reposted { try converted.keepUnchanged(past, language) }
    converted.withdrawCorrections()
    past.add(converted, part: result.parts.count)
    converted.tell(withdrawn: past.withdrawn)
    return Part(
      file: converted, name: Array(held.name.utf8), sha256: nil, size: 0, held: held.documents,
      isDeferred: wasPosted, isReposted: source == .reposted)
  }
}

extension ConvertedFile {
  /// A later file of the run brought the held document again with other content. Whatever was to come of it, nothing does.
  fileprivate mutating func supersede(_ index: Int, _ code: FindingCode = .documentSuperseded) {
    posted.store.documents[index].verdict = .ignored
    posted.store.documents[index].takenBack = 0
    posted.store.documents[index].isVoid = false
    posted.store.documents[index].isLeftOut = false
    findings.add(
      code, .note, document: index, row: posted.store.documents[index].firstRow,
      line: posted.store.documents[index].firstLine, column: nil, [posted.store.keyText(index)])
  }

  /// Documents of which nothing is made at the end of their month.
  fileprivate mutating func tell(withdrawn: [Int]) {
    for index in withdrawn {
      // One that is not approved may be approved again: its period is not closed over what was not made.
      if posted.store.documents[index].isNotApproved {
        (posted.store.documents[index].verdict, posted.store.documents[index].isLeftOut) = (.ignored, true)
      }
      let document = posted.store.documents[index]
      findings.add(
        .monthlyWithdrawn, .note, document: index, row: document.firstRow, line: document.firstLine,
        column: nil,
        [posted.store.keyText(index)])
    }
  }

  /// A rejected document comes back under the key that it had, with the rows that it had. A spreadsheet program takes
  /// leading zeros away, and under another key it would be posted now, and once more when the export brings it again; and
  /// of a document that lost a row, or has one twice, half or double the amount would be posted.
  fileprivate mutating func refuseChangedRejects(_ state: StateStore) throws(StateError) {
    guard !rejectNumbers.isEmpty else { return }
    for (index, document) in posted.store.documents.enumerated() where !document.nameless {
      guard let number = rejectNumbers[document] else { continue }
      guard let reject = try state.reject(number) else {
        findings.add(
          .rejectNumberUnknown, .warning, document: index, row: document.firstRow, line: document.firstLine,
          column: nil, [number])
        continue
      }
      let change: (FindingCode, [String])
      if !reject.key.isEmpty, reject.key != Array(posted.store.key(index)) {
        change = (.rejectKeyChanged, [DocumentStore.text(ofKey: reject.key), posted.store.keyText(index)])
      } else if reject.closed == nil, Int(document.records) != reject.rows,
        // Of what the file had twice one is to be left out.
        !reject.rejectFile.hasSuffix(".raw"), reject.cause.code != FindingCode.xmlDocumentTwice.rawValue
      {
        change = (.rejectRowsChanged, [String(reject.rows), String(document.records)])
      } else {
        continue
      }
      posted.store.documents[index].verdict = .rejected
      findings.add(
        change.0, .reject, document: index, row: document.firstRow, line: document.firstLine, column: nil,
        [number] + change.1)
    }
  }

  /// Verdicts that fall at the end of a file, or after it: a stopped file's rows are all rejected, and so are documents
  /// whose vouchers would break a contract.
  fileprivate mutating func settle(_ refused: [[UInt8]: Finding]) {
    if stop != nil {
      for index in posted.store.documents.indices { posted.store.documents[index].verdict = .rejected }
    }
    guard !refused.isEmpty else { return }
    for index in posted.store.documents.indices where posted.store.documents[index].makesVouchers {
      guard let finding = refused[Array(posted.store.key(index))] else { continue }
      posted.store.documents[index].verdict = .rejected
      findings.add(
        finding.code, .reject, document: index, row: posted.store.documents[index].firstRow,
        line: posted.store.documents[index].firstLine, column: nil, finding.arguments)
    }
  }
}

extension Conversion {
  /// What a run of that day would make of things; nothing of it is committed.
  init(
    rehearsing definitions: CompiledDefinitions, on day: Day, _ state: StateStore, _ workspace: Workspace
  ) throws {
    self.init(
      definitions: definitions, run: 0, today: day, state: state,
      spilling: Spilling(folder: workspace.inside), entries: ArchivedEntries(workspace: workspace),
      closed: try ClosedPeriods(state, workspace))
  }
}
