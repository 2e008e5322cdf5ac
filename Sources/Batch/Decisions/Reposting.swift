package import Findings
package import Ledger
import Mapping
import Posting
import State

/// A person's decision that posted documents are posted anew by today's mapping: nothing else ever applies a changed
/// mapping to them. What was posted is taken back in red where today's entries are others, and only there.
package struct Reposting: Sendable {
  package enum Selection: Sendable {
    /// Keys, as the log shows them.
    case documents([String])
    /// Documents of these dates.
    case period(Period)

    /// - Parameter period: `2026-03`; anything else gives `nil`.
    package init?(period: String) {
      guard let period = Period(period) else { return nil }
      self = .period(period)
    }
  }

  package let interface: String
  package let selection: Selection
  package let by: String
  package let reason: String

  package init(_ interface: String, _ selection: Selection, by: String, reason: String) {
    (self.interface, self.selection, self.by, self.reason) = (interface, selection, by, reason)
  }

  /// What would come of it.
  package struct Preview: Sendable {
    /// In order of key.
    package var changes: [Change] = []
    package var unchanged = 0
    /// Keys of those that are unchanged, or that something speaks against.
    var judged: Set<String> = []
    /// What speaks against posting a document anew.
    package var findings: [Finding] = []
    /// Keys of documents that today's mapping does not post, or of whose rows it makes other documents.
    package var leftOut: [String] = []
    /// Keys of documents whose rows are not in the archive, or were put together from several files.
    package var withoutRows: [String] = []
    /// Keys that were named and are not posted.
    package var unknown: [String] = []
  }

  /// One document's part in one posting.
  package struct Change: Sendable {
    package var document: String
    package var posting: String
    /// Where the interface's documents go to several; else empty.
    package var book: String
    /// That is taken back; empty where nothing was posted.
    package var voucher: String
    /// What is taken back, as it was posted, with the red voucher's date; and what comes in its place.
    package var was: [Entry]
    package var becomes: [Entry]
  }

  package struct Entry: Sendable {
    package var date: String
    /// `debit` or `credit`.
    package var side: String
    package var account: String
    package var amount: String
    package var dimensions: [String: String]
  }

  package enum Refusal: Sendable {
    case unknownInterface
    /// Nothing would be posted otherwise.
    case nothing(Preview)
  }
}

/// Posted documents with the rows that they came with.
struct RepostedDocuments {
  var interface: String
  var documents: [HeldDocument] = []
  var finding: Finding
}

extension Pipeline {
  /// What `repost` would do: nothing is changed.
  /// - Returns: `nil` where there is no such interface.
  package func preview(_ reposting: Reposting) throws(WorldError) -> Reposting.Preview? {
    try Self.typed(workspace) { () -> Reposting.Preview? in
      let definitions = try CompiledDefinitions(of: workspace)
      guard definitions.findings.isEmpty else {
        throw WorldError.definitions(definitions.findings, definitions.language)
      }
      guard let state = try StateStore.openToRead(at: workspace.state.description) else {
        return reposting.isOf(definitions) ? Reposting.Preview() : nil
      }
      defer { try? state.close() }
      let taken = try definitions.takenCodes(since: state, workspace)
      guard taken.isEmpty else { throw WorldError.definitions(taken, definitions.language) }
      return try judge(reposting, definitions, state, clock.text(in: definitions.workspace.timeZone.text))?
        .preview
    }
  }

  /// A run in which documents are posted anew.
  package func repost(_ reposting: Reposting) throws(WorldError) -> Decided<Reposting.Refusal> {
    try decide { definitions, state, now in
      guard let (documents, preview) = try judge(reposting, definitions, state, now) else {
        return .refused(.unknownInterface)
      }
      return preview.changes.isEmpty ? .refused(.nothing(preview)) : .granted(.reposting(documents))
    }
  }

  private func judge(
    _ reposting: Reposting, _ definitions: CompiledDefinitions, _ state: StateStore, _ now: String
  ) throws -> (documents: RepostedDocuments, preview: Reposting.Preview)? {
    guard let compiled = definitions.interfaces.first(where: { $0.interface.name == reposting.interface })
    else { return nil }
    var preview = Reposting.Preview()
    let documents = try reposting.select(compiled, state, workspace, &preview)
    var conversion = try Conversion(rehearsing: definitions, on: Day(ofClock: now), state, workspace)
    conversion.reposted = documents
    var result = try conversion.convert([], progress: { _, _ in })
    var counters = try state.counters()
    result.numberOwn(&counters)
    for interface in result.interfaces {
      for place in interface.parts.indices where interface.parts[place].isReposted {
        preview.add(interface, part: place, result.dimensions)
      }
    }
    preview.changes.sort {
      ($0.document, $0.posting, $0.becomes.count, $0.book)
        < ($1.document, $1.posting, $1.becomes.count, $1.book)
    }
    let judged = Set(preview.changes.map(\.document)).union(preview.judged)
    preview.leftOut = documents.documents.map { DocumentStore.text(ofKey: $0.key) }
      .filter { !judged.contains($0) }
    return (documents, preview)
  }
}

extension Reposting {
  fileprivate func isOf(_ definitions: CompiledDefinitions) -> Bool {
    definitions.interfaces.contains { $0.interface.name == interface }
  }

  private func isSelected(_ key: [UInt8], _ document: PostedDocument) -> Bool {
    switch selection {
    case .documents(let keys): keys.contains(DocumentStore.text(ofKey: key))
    case .period(let period):
      document.day.flatMap { Int32(exactly: $0) }.map { Day(number: $0).period == period } ?? false
    }
  }

  fileprivate func select(
    _ compiled: CompiledInterface, _ state: StateStore, _ workspace: Workspace, _ preview: inout Preview
  ) throws -> RepostedDocuments {
    var found: [(key: [UInt8], run: Int)] = []
    try state.register(of: interface).visit { key, document in
      if document.isPosted, isSelected(key, document) { found.append((key, document.run)) }
    }
    if case .documents(let keys) = selection {
      let known = Set(found.map { DocumentStore.text(ofKey: $0.key) })
      preview.unknown = keys.filter { !known.contains($0) }
    }
    var documents: [HeldDocument] = []
    for (run, keys) in Dictionary(grouping: found, by: \.run).sorted(by: { $0.key < $1.key }) {
      let record = try RunArchive(run, state, workspace)?.record()
      let definitions = try record.flatMap { try ArchivedDefinitions($0.decision.definitions, workspace) }
      var replays = Replays(definitions, record, state, workspace, by: compiled)
      for (key, _) in keys {
        if let rows = try replays.rows(of: key, interface) {
          documents.append(rows)
        } else {
          preview.withoutRows.append(DocumentStore.text(ofKey: key))
        }
      }
    }
    return RepostedDocuments(
      interface: interface, documents: documents,
      finding: Finding(
        .repostOrdered, .note, at: Place(file: "archive"),
        [interface, String(documents.count), by, reason]))
  }
}

extension VoucherSet {
  /// For each draft of a file the date of its voucher.
  fileprivate func dates(ofFile file: Int) -> [Int32: Day] {
    var dates: [Int32: Day] = [:]
    for voucher in batch.vouchers.indices {
      for draft in drafts(ofVoucher: voucher) where draft.file == file {
        dates[draft.draft] = batch.vouchers[voucher].date
      }
    }
    return dates
  }
}

extension Reposting.Preview {
  fileprivate mutating func add(
    _ interface: Conversion.InterfaceResult, part place: Int, _ dimensions: Dimensions
  ) {
    let (part, compiled) = (interface.parts[place], interface.compiled)
    let file = part.file
    // Numbering may have raised them.
    let dates = interface.vouchers.dates(ofFile: place)
    var drafts: [Int32: [Draft]] = [:]
    for (index, var draft) in file.posted.drafts.drafts.enumerated()
    where file.posted.store.documents[Int(draft.document)].makesVouchers {
      draft.day = dates[Int32(index)] ?? draft.day
      drafts[draft.document, default: []].append(draft)
    }
    for (index, document) in file.posted.store.documents.enumerated() {
      let own = drafts[Int32(index)] ?? []
      if own.isEmpty, document.verdict == .held, document.isUnchanged {
        unchanged += 1
        judged.insert(file.posted.store.keyText(index))
      }
      for posting in compiled.postings.indices {
        let red = own.first { Int($0.posting) == posting && $0.reverses != 0 }
        let new = own.first { Int($0.posting) == posting && $0.reverses == 0 }
        guard red != nil || new != nil else { continue }
        let chart = compiled.books[compiled.postings[posting].book].book.chart
        func entries(_ draft: Draft?, _ sign: Int64) -> [Reposting.Entry] {
          guard let draft else { return [] }
          return file.posted.drafts.entries[draft.entries].map { entry in
            let kept = KeptEntries.KeptEntry(entry, chart: chart, dimensions: dimensions)
            let amount = Decimal(units: Int128(kept.amount * sign), scale: Ledger.Entry.amountScale)
            return Reposting.Entry(
              date: draft.day.description, side: kept.side == .debit ? "debit" : "credit",
              account: kept.account, amount: amount.description, dimensions: kept.dimensions)
          }
        }
        changes.append(
          Reposting.Change(
            document: file.posted.store.keyText(index), posting: compiled.postings[posting].name,
            book: compiled.books.count == 1 ? "" : compiled.books[compiled.postings[posting].book].book.name,
            voucher: red.map { voucherID(prefix: compiled.idPrefix(posting: posting), number: $0.reverses) }
              ?? "", was: entries(red, -1), becomes: entries(new, 1)))
      }
    }
    let name = String(decoding: part.name, as: UTF8.self)
    for item in file.findings.items where item.code == .repostKept {
      judged.insert(file.posted.store.keyText(Int(item.document)))
      findings.append(file.finding(item, name: name))
    }
  }
}

extension Past {
  /// All that was posted of a document that a person has posted anew is taken back, as if it had changed. Under a key
  /// that was not asked for nothing is posted: the mapping makes another key of the rows now.
  func repostedPrior(_ key: ArraySlice<UInt8>, _ pending: UInt32, _ day: Day) -> Prior {
    guard reposted.contains(Array(key)), posted.find(key.span) == nil, let before = known(key) else {
      return .waiting(run: run)
    }
    let year = compiled.fiscalYear(of: day)
    guard before.year == year else { return .otherYear(posted: before.year, now: year) }
    if isKeptForMonthEnd(key) { revised.insert(Array(key)) }
    var back: UInt32 = 0
    for posting in compiled.postings.indices where before.hash(posting: slot(of: posting)) != nil {
      // What is still to be made for its month is made anew, and takes the place of what was kept of it.
      if before.voucher(posting: slot(of: posting)) == nil, isStillToBeMade(posting, key, day) { continue }
      back |= 1 << UInt32(posting)
    }
    return .changed(run: before.run, done: 0, back: back)
  }

  private func isKeptForMonthEnd(_ key: ArraySlice<UInt8>) -> Bool {
    do throws(StateError) {
      return try state.deferredDocument(compiled.interface.name, key: Array(key)) != nil
    } catch {
      failure = failure ?? error
      return false
    }
  }

  /// Whether what would wait for the end of the document's month waits for it already.
  fileprivate func waitsAlready(_ document: Document, _ key: [UInt8]) throws(StateError) -> Bool {
    guard document.awaitsMonthEnd != 0 else { return true }
    let kept = try state.deferredDocument(compiled.interface.name, key: key)?.causes.map(\.code) ?? []
    let now = compiled.postings.indices.filter { document.awaitsMonthEnd >> UInt32($0) & 1 != 0 }
    return Set(kept) == Set(now.map { compiled.postings[$0].code })
  }
}

extension ConvertedFile {
  /// What today's mapping rejects, leaves out or calls otherwise was posted, and stays so.
  fileprivate mutating func keepRejected() {
    for index in posted.store.documents.indices {
      let document = posted.store.documents[index]
      if [.rejected, .repeated].contains(document.verdict)
        || (document.verdict == .ignored && !document.takesBack)
      {
        posted.store.documents[index].verdict = .held
      }
    }
  }

  /// Of documents that are posted anew, what would be posted as it was stays; and a document stays as it is altogether
  /// where nothing else is left of it, or something speaks against it.
  mutating func keepUnchanged(_ past: Past, _ language: Language) throws(StateError) {
    keepRejected()
    var byPart: [[Int32]: (red: Int?, new: Int?)] = [:]
    for (index, draft) in posted.drafts.drafts.enumerated() {
      let part = [draft.document, draft.posting]
      if draft.reverses == 0 { byPart[part, default: (nil, nil)].new = index }
      if draft.reverses != 0 { byPart[part, default: (nil, nil)].red = index }
    }
    var forgotten: Set<Int> = []
    for index in posted.store.documents.indices where posted.store.documents[index].verdict == .posted {
      var isUnchanged = true
      for posting in past.compiled.postings.indices {
        let bit = UInt32(1) << UInt32(posting)
        let isBack = posted.store.documents[index].takenBack & bit != 0
        switch byPart[[Int32(index), Int32(posting)]] {
        case (let red?, let new?)?
        where posted.drafts.isUndone(
          posted.drafts.drafts[new], by: posted.drafts.drafts[red],
          isRaised: past.compiled.books[past.compiled.postings[posting].book].number == .own):
          forgotten.formUnion([red, new])
        case (nil, let new?)? where isBack && posted.drafts.isNothing(posted.drafts.drafts[new]):
          // What was nothing had no voucher; where there was one, it is of another book.
          guard past.known(posted.store.key(index))?.voucher(posting: past.slot(of: posting)) == nil else {
            isUnchanged = false
            continue
          }
          forgotten.insert(new)
        case nil where isBack && posted.store.documents[index].waits & bit == 0: break
        case nil where !isBack: continue
        default:
          isUnchanged = false
          continue
        }
        posted.store.documents[index].takenBack &= ~bit
        posted.store.documents[index].done |= bit
      }
      let document = posted.store.documents[index]
      guard isUnchanged, try past.waitsAlready(document, Array(posted.store.key(index))) else { continue }
      posted.store.documents[index].verdict = .held
      posted.store.documents[index].isUnchanged = true
    }
    posted.drafts.forget(forgotten)
    let kept = Set(
      posted.store.documents.indices.filter { posted.store.documents[$0].verdict == .held }.map { Int32($0) })
    findings.withdraw([.documentReposted], of: kept)
    for (index, item) in findings.withdrawObstacles(of: kept).sorted(by: { $0.key < $1.key }) {
      let obstacle = finding(item, name: posted.name).message(in: language)
      findings.add(
        .repostKept, .warning, document: Int(index), row: item.row, line: item.line, column: nil,
        [posted.store.keyText(Int(index)), obstacle])
    }
  }
}
