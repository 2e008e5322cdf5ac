import Findings
import Ledger
import Mapping
import Posting
import Readers
import State

/// The dates of which a full snapshot (全量导出) has all documents.
private struct SnapshotSpan {
  private let days: ClosedRange<Day>
  /// `nil`: all days in between.
  private let months: Set<Period>?

  /// - Returns: `nil` where no document has a date.
  init?(_ documents: [Document], _ span: DocumentRule.MissingRule.Span) {
    // A date that could not be read is day 0.
    let dates = documents.map(\.day).filter { $0.number != 0 }
    guard let first = dates.min(), let last = dates.max() else { return nil }
    switch span {
    case .days: (days, months) = (first...last, nil)
    case .month: (days, months) = (first.period.firstDay...last.monthEnd, Set(dates.map(\.period)))
    }
  }

  func contains(_ day: Day) -> Bool { days.contains(day) && months?.contains(day.period) != false }
}

/// What a full snapshot says by what it does not have: posted, held and waiting documents of its dates.
struct SnapshotJudgement {
  let rule: DocumentRule.MissingRule
  let past: Past

  private struct Posted {
    var key: [UInt8]
    var run: Int
    var day: Day
  }

  /// Adds the posted documents that are missing, to be taken back or warned of. More of them than the mapping allows
  /// stop the file: a truncated export must not reverse a month.
  ///
  /// - Parameter sha256: of the file's bytes.
  func judge(_ file: inout ConvertedFile, sha256: [UInt8]) throws(StateError) {
    // What came back from the operator is a part, and a part says nothing of the rest.
    guard file.stop == nil, file.header.rejectNumberCaption == nil, file.rejectNumbers.isEmpty else { return }
    let nameless = file.posted.store.documents.count(where: \.nameless)
    guard nameless == 0 else { return file.say(.snapshotUnreadable, .warning, [String(nameless)]) }
    if let earlier = try runThatJudged(sha256) {
      return file.say(.snapshotRepeated, .note, [String(earlier)])
    }
    guard let span = SnapshotSpan(file.posted.store.documents, rule.span) else { return }
    let own = file.posted.store.sortedKeys
    var (posted, gone, changed) = (0, [Posted](), [Posted]())
    var next = own.startIndex
    try past.forEachPosted { key, document, isChanged in
      guard let number = document.day, case let day = Day(number: Int32(number)), span.contains(day) else {
        return
      }
      posted += 1
      while next < own.endIndex, own[next].lexicographicallyPrecedes(key) { next += 1 }
      if next < own.endIndex, own[next] == key[...] { return }
      let lacking = Posted(key: key, run: document.run, day: day)
      if isChanged { changed.append(lacking) } else { gone.append(lacking) }
    }
    if rule.policy == .reverse, gone.count * 10_000 > posted * rule.limit, gone.count > 1 {
      let first = gone.prefix(3).map { DocumentStore.text(ofKey: $0.key) }.joined(separator: ", ")
      file.stop = FileStop(
        finding: Finding(
          .snapshotIncomplete, .stopFile, at: Place(file: file.posted.name),
          [String(gone.count), String(posted), first]))
      return
    }
    for document in gone { add(document, to: &file, isTakenBack: rule.policy == .reverse) }
    // What this run posts has no number yet by which it could be taken back: a person must say what is right.
    for document in changed { add(document, to: &file, isTakenBack: false) }
    file.lacks = try waiting(outside: Set(own.map(Array.init)), of: span)
    file.lacks.hasChanged = rule.policy == .reverse && !changed.isEmpty
  }

  /// The run that has taken the same bytes, and did not reject them as a whole.
  private func runThatJudged(_ sha256: [UInt8]) throws(StateError) -> Int? {
    guard let (run, digest) = try past.state.digest(of: sha256),
      let file = try past.state.files(of: run).first(where: { $0.sequence == digest.sequence }),
      FileSummary(json: file.outcome)?.stopped != true
    else { return nil }
    return run
  }

  private func add(_ document: Posted, to file: inout ConvertedFile, isTakenBack: Bool) {
    let index = file.posted.store.appendMissing(
      key: document.key, day: document.day, isTakenBack: isTakenBack)
    file.say(
      isTakenBack ? .documentMissingReversed : .documentMissing, isTakenBack ? .note : .warning,
      [file.posted.store.keyText(index), String(document.run)], document: index)
  }

  /// Held documents that are not there any more leave hold, where what is missing is taken back; and nobody waits for a
  /// draft to be approved that is gone.
  private func waiting(outside own: Set<[UInt8]>, of span: SnapshotSpan) throws(StateError) -> MissingWaiting
  {
    func isGone(_ key: [UInt8], _ day: Int?) -> Bool {
      !own.contains(key) && day.flatMap { Int32(exactly: $0) }.map { span.contains(Day(number: $0)) } == true
    }
    let name = past.compiled.interface.name
    let held = rule.policy == .reverse ? past.heldDocuments.filter { isGone($0.key, $0.day) }.map(\.key) : []
    let now =
      rule.policy == .reverse
      ? past.heldNow.filter { isGone($0.key, Int($0.value.day.number)) }.map(\.key) : []
    let unposted = try past.state.unposted(of: name).filter { $0.kind == .ignored && isGone($0.key, $0.day) }
    return MissingWaiting(
      held: held, heldNow: now.sorted { $0.lexicographicallyPrecedes($1) }, unposted: Set(unposted.map(\.key))
    )
  }
}

/// Keys of documents that wait and that a full snapshot does not have any more.
struct MissingWaiting: Sendable {
  var held: [[UInt8]] = []
  /// Held by earlier files of the run.
  var heldNow: [[UInt8]] = []
  var unposted: Set<[UInt8]> = []
  /// Whether any that should be taken back was changed by an earlier file of the run.
  var hasChanged = false
}

extension Past {
  /// Goes through the documents that earlier runs have posted and this one has not taken back, in order of key.
  /// - Parameter body: gets whether an earlier file of this run has changed the document.
  fileprivate func forEachPosted(_ body: ([UInt8], PostedDocument, Bool) -> Void) throws(StateError) {
    try register.visit { key, document in
      guard document.isPosted else { return }
      guard let index = posted.find(key.span) else { return body(key, document, false) }
      let stands = slotCodes.indices.contains { posted.hash(posting: $0, of: index) != nil }
      if stands { body(key, document, true) }
    }
  }
}

extension DocumentStore {
  fileprivate var sortedKeys: [ArraySlice<UInt8>] {
    documents.indices.map(key).sorted { $0.lexicographicallyPrecedes($1) }
  }
}

extension ConvertedFile {
  mutating func say(
    _ code: FindingCode, _ severity: Severity, _ arguments: [String], document: Int = -1
  ) {
    findings.add(code, severity, document: document, row: 0, line: 0, column: nil, arguments)
  }

  /// What can't be taken back of missing documents stands, and is told as a warning: they have no rows that could be held
  /// or rejected.
  mutating func keepMissing() {
    var kept: Set<Int32> = []
    for index in posted.store.documents.indices where posted.store.documents[index].isMissing {
      guard posted.store.documents[index].verdict != .ignored else { continue }
      posted.store.documents[index].verdict = .ignored
      posted.store.documents[index].takenBack = 0
      kept.insert(Int32(index))
    }
    findings.withdraw([.documentMissingReversed], of: kept)
    findings.soften(of: kept)
  }

  /// Whether any of them should have been taken back, and can't be.
  var keepsMissing: Bool {
    lacks.hasChanged
      || findings.items.contains { item in
        [.entriesLost, .accountGone, .postingGone, .refusedToCorrect].contains(item.code)
          && posted.store.documents[Int(item.document)].isMissing
      }
  }
}
