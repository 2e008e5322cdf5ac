package import Findings
import Ledger
import Mapping
import Posting
import State

/// What became of one row of a file that a run took: the entries that it gave, or why it gave none.
package struct RowExplanation: Codable, Sendable {
  package enum Verdict: String, Codable, Sendable {
    case posted, held, rejected, ignored, repeated, adopted, void, withdrawn
    /// What the finance system said of a voucher.
    case answer
    /// A title, header, skipped or trailer row, or no row at all.
    case layout
    /// The file, the record or the definitions of the run are not in the archive as they were.
    case unknown
  }

  /// A part of an entry that the row gave.
  package struct Given: Codable, Sendable {
    package var voucher: String
    /// Whether that was refused outside and voided, so that it counts as never posted.
    package var isVoid: Bool
    /// Its number in the voucher; `nil` where what documents gave comes to zero.
    package var entry: Int?
    package var account: String
    package var side: String
    package var term: ExplainedTerm
  }

  /// What a later run made of the row without another file: of one that was held, that waited for its month's end, or that
  /// somebody has had posted anew.
  package struct Later: Codable, Sendable {
    package var run: Int
    package var clock: String
    package var verdict: DocumentHistory.Version.Verdict
    package var reasons: [DocumentHistory.Reason]
    package var gave: [Given]
    package var arithmetic: Explanation.Shown
  }

  package var file: SourceFile
  package var line: Int
  /// Other runs that took a file of that name: the archive's name says which is meant.
  package var otherRuns: [Int]
  package var interface: String
  /// `nil` where the row is of none, or its key can't be read.
  package var document: String?
  package var verdict: Verdict
  package var reasons: [DocumentHistory.Reason]
  /// The number by which a rejected document is known, and the file in which it went back.
  package var reject: String?
  package var rejectFile: String?
  /// Of a document that is ignored, the mapping's condition.
  package var condition: String?
  package var record: ExplainedRecord?
  /// Whether other records begin on the line of this one, which is the last of them.
  package var isLastOfSeveral = false
  package var gave: [Given]
  package var arithmetic: Explanation.Shown
  /// Of a document that was posted before, or rejected and then posted from another file: its vouchers.
  package var stands: [DocumentHistory.Posted]
  /// Of one that was held before with the same content: the run.
  package var heldSince: Int?
  /// In order of runs.
  package var later: [Later] = []
  /// What was taken back of the document since, or by this row, in order of runs.
  package var corrections: [CorrectionLink] = []

  /// - Parameters:
  ///   - file: as it was dropped or as the archive has it, with its folders or without.
  /// - Returns: `nil` where no run took such a file; of several the newest.
  package static func find(
    _ file: String, line: Int, in workspace: Workspace, language: Language
  ) throws(WorldError) -> RowExplanation? {
    try Pipeline.typed(workspace) {
      guard let state = try workspace.readState() else { return nil }
      defer { try? state.close() }
      let name = file.hasPrefix("archive/") ? file.dropFirst("archive/".count) : file[...]
      let taken = try state.takenFiles(named: Array(name.utf8))
      guard let newest = taken.first, let archive = try RunArchive(newest.run, state, workspace),
        let file = try state.files(of: newest.run).first(where: { $0.sequence == newest.sequence })
      else { return nil }
      var reader = RowReader(file, line, archive, state, workspace, language)
      reader.found.otherRuns = Set(taken.map(\.run)).subtracting([newest.run]).sorted()
      try reader.read()
      return reader.found
    }
  }
}

/// Finds out what became of a row.
private struct RowReader {
  var found: RowExplanation
  private let taken: RunFile
  private let archive: RunArchive
  private let state: StateStore
  private let workspace: Workspace
  private var history: HistoryReader
  private var known: [DocumentHistory.Version]?

  init(
    _ file: RunFile, _ line: Int, _ archive: RunArchive, _ state: StateStore, _ workspace: Workspace,
    _ language: Language
  ) {
    (taken, self.archive, self.state, self.workspace) = (file, archive, state, workspace)
    history = HistoryReader(file.interface, state, workspace, language)
    found = RowExplanation(
      file: SourceFile(file, run: archive.run.number, row: nil), line: line, otherRuns: [],
      interface: file.interface, verdict: .unknown, reasons: [], gave: [], arithmetic: .gone, stands: [])
  }

  mutating func read() throws {
    guard let record = try archive.record(), let definitions = try archive.definitions(),
      let replay = try Replay(taken, of: record, definitions, workspace)
    else { return }
    guard let place = try replay.record(onLine: found.line) else {
      found.verdict = .layout
      return
    }
    (found.file.row, found.isLastOfSeveral) = (place.row, place.isLastOfSeveral)
    let document = replay.converted.posted.store.documents[place.document]
    let key = document.nameless ? [] : Array(replay.converted.posted.store.key(place.document))
    if !document.nameless { found.document = DocumentStore.text(ofKey: key) }
    let kept = try replay.kept(place.document)
    let replayed = try kept.flatMap {
      try ReplayedDocument($0, replay.compiled, replay.definition, today: replay.today)
    }
    found.record = replayed?.record(place.record, nil)
    try decide(key, place.document, kept, replay, record)
    if found.verdict == .posted, let replayed {
      let versions = try versions(key).filter { $0.run == archive.run.number }
      found.stands += versions.flatMap(\.vouchers).filter { $0.run != archive.run.number }
      (found.gave, found.arithmetic) = try given(key, place.record, replayed, archive, versions)
    }
    if let kept { try follow(key, place.record, kept) }
    guard !key.isEmpty else { return }
    // Mended it came in another file, with other rows.
    if found.verdict == .rejected, found.later.isEmpty, let last = try versions(key).last,
      last.run > archive.run.number
    {
      found.stands = last.vouchers
    }
    let tookBack = [.void, .withdrawn].contains(found.verdict)
    found.corrections = try state.corrections(taken.interface, key: key).reversed()
      .filter { $0.run > archive.run.number || ($0.run == archive.run.number && tookBack) }
      .flatMap(CorrectionLink.all)
      .filter { !$0.voucher.isEmpty && !$0.red.isEmpty }
  }

  /// All that is known of the row's document.
  private mutating func versions(_ key: [UInt8]) throws -> [DocumentHistory.Version] {
    if let known { return known }
    let named = try RecordSearch(state: state, workspace: workspace).runs(naming: [key])[key] ?? []
    let register = try state.register(of: taken.interface)
    let found = try history.read(key, register, named: named)?.versions ?? []
    known = found
    return found
  }

  /// What later runs made of the file's own rows.
  private mutating func follow(_ key: [UInt8], _ record: Int, _ kept: HeldDocument) throws {
    guard !key.isEmpty else { return }
    for version in try versions(key)
    where version.run > archive.run.number && version.file?.archived == found.file.archived {
      var later = RowExplanation.Later(
        run: version.run, clock: version.clock, verdict: version.verdict, reasons: version.reasons, gave: [],
        arithmetic: .gone)
      if version.verdict == .posted, let then = try RunArchive(version.run, state, workspace),
        let definitions = try then.definitions(),
        let compiled = definitions.interface(named: taken.interface),
        let definition = definitions.definition(of: taken.interface),
        let replayed = try ReplayedDocument(
          kept, compiled, definition, today: Day(ofClock: then.run.clock))
      {
        (later.gave, later.arithmetic) = try given(key, record, replayed, then, [version])
      }
      found.later.append(later)
    }
  }

  /// What the run's commit says of the document; where it says nothing, the document was posted or held before.
  private mutating func decide(
    _ key: [UInt8], _ index: Int, _ kept: HeldDocument?, _ replay: Replay, _ record: CommitRecord
  ) throws {
    let interface = taken.interface
    let document = replay.converted.posted.store.documents[index]
    let isJoined = replay.compiled.interface.document.complete != nil
    if let reject = record.decision.rejects.last(where: {
      $0.closed == nil && $0.interface == interface && $0.fileName == taken.name
        && (key.isEmpty ? $0.line == Int(document.firstLine) : $0.key == key)
    }) {
      found.verdict = .rejected
      found.reasons = [history.reason(reject.cause.code, reject.cause.arguments)]
      (found.reject, found.rejectFile) = (reject.number, reject.rejectFile)
    } else if let stop = replay.converted.stop {
      found.verdict = .rejected
      found.reasons = [history.reason(stop.finding.code.rawValue, stop.finding.arguments)]
    } else if let held = record.decision.heldPut.last(where: {
      $0.interface == interface && $0.key == key && ($0.fileName == taken.name || isJoined)
    }) {
      found.verdict = .held
      found.reasons = held.causes.map { history.reason($0.code, $0.arguments) }
    } else if replay.compiled.interface.acknowledge != nil {
      found.verdict = .answer
    } else if let posted = try record.decision.registers.first(where: { $0.interface == interface })?.find(
      key),
      posted.file == taken.sequence || (posted.file == 0 && isJoined)
    {
      let cause = try state.corrections(interface, key: key).first { $0.run == record.run && !$0.isRemark }?
        .cause
      found.verdict = cause == .void ? .void : cause == .withdrawn ? .withdrawn : .posted
      if record.isAdoption { found.verdict = .adopted }
    } else {
      try decideUnnamed(key, index, kept, replay, record)
    }
  }

  /// A document that the commit does not name.
  private mutating func decideUnnamed(
    _ key: [UInt8], _ index: Int, _ kept: HeldDocument?, _ replay: Replay, _ record: CommitRecord
  ) throws {
    let findings = replay.converted.findings
    if replay.converted.posted.store.documents[index].verdict == .ignored {
      found.verdict = .ignored
      found.reasons = findings.items.filter { Int($0.document) == index }
        .map { history.reason($0.code.rawValue, findings.arguments(of: $0)) }
      if found.reasons.isEmpty {
        found.condition = replay.definition.document.ignore.map { "\($0.place.text): \($0.text)" }
      }
      return
    }
    let before = try versions(key).last {
      $0.run <= record.run && [.posted, .adopted, .void, .withdrawn, .missing].contains($0.verdict)
    }
    var origins = DocumentOrigins(state: state, workspace: workspace)
    if let held = try origins.held(key, taken.interface, before: record.run),
      held.contentHash == kept?.contentHash,
      before.map({ $0.run < held.sinceRun }) ?? true
    {
      (found.verdict, found.heldSince) = (.repeated, held.sinceRun)
    } else if let before {
      (found.verdict, found.stands) = (.repeated, before.vouchers)
    } else {
      // A later file of the run brought it again, and took its place.
      found.verdict = .ignored
    }
  }

  /// The parts of entries that a record of a document gave in one of its versions.
  private func given(
    _ key: [UInt8], _ record: Int, _ replayed: ReplayedDocument, _ archive: RunArchive,
    _ versions: [DocumentHistory.Version]
  ) throws -> ([RowExplanation.Given], Explanation.Shown) {
    var gave: [RowExplanation.Given] = []
    var shown = Explanation.Shown.shown
    for posted in versions.flatMap(\.vouchers) where posted.run == archive.run.number {
      guard let posting = replayed.compiled.posting(ofVoucher: posted.voucher),
        let block = try archive.entries(of: posted.voucher)
      else { continue }
      let made = PublishedVoucher(block, replayed.compiled, posting: posting)
      for (document, places) in zip(block.documents, made.places) where document.key == key {
        guard replayed.gives(document.entries, posting: posting) else {
          shown = .unlike
          continue
        }
        for (part, place) in zip(document.entries, places) {
          for line in replayed.lines[posting] ?? []
          where line.record == record && !line.isNothing && line.entry.isMerged(with: part) {
            gave.append(
              RowExplanation.Given(
                voucher: posted.voucher, isVoid: posted.isVoid, entry: place.map { $0 + 1 },
                account: part.account,
                side: part.side == .debit ? "debit" : "credit", term: replayed.term(line, posting: posting)))
          }
        }
      }
    }
    return (gave, shown)
  }
}
