public import Expressions
public import Findings
public import Ledger
public import Readers

/// What gathering must know of a posting: when it applies, and what its entries are made of.
public struct PostingInputs: Sendable {
  public var name: String
  /// Records for which this is false take no part; `nil` when all do.
  public var when: Slot?
  /// While one of these is missing in a record, the posting is pending for the whole document.
  public var waitsFor: [Slot]
  /// Source values that its entries are made of, each with the name by which it is known for ever.
  public var sources: [(name: String, slot: Slot)]

  public init(name: String, when: Slot?, waitsFor: [Slot], sources: [(name: String, slot: Slot)]) {
    self.name = name
    self.when = when
    self.waitsFor = waitsFor
    self.sources = sources
  }
}

/// What is known of a document from before: by the state, which knows all that was posted or is held.
public enum Prior: Sendable, Hashable {
  case unknown
  /// Posted or held with the same content by that run: nothing is to be done.
  case repeated(run: Int)
  /// Posted with other content: held until corrections are built.
  case changed(run: Int)
  /// Posted in another fiscal year under the same key.
  case otherYear(posted: Int, now: Int)
  /// Posted in part: the postings whose bits are set are done, the others waited for a value and have it now.
  case partly(done: UInt32)
}

/// Gathers records into documents, and finds each document's verdict as far as its own rows and the past decide it.
public struct DocumentGatherer {
  /// Stands between the fields of a key.
  public static let keySeparator: UInt8 = 0x1F

  public let interface: Interface
  let program: Program
  let postings: [PostingInputs]
  /// What is known of a document by key, content, pending postings and date.
  let prior: (ArraySlice<UInt8>, ArraySlice<ContentHash>, UInt32, Day) -> Prior
  public var store: DocumentStore
  public var findings = RecordFindings()
  /// The first check of level stop-file that failed: its message. Then every row of the file is rejected.
  public private(set) var stop: String?
  private var hashing: ContentHashing
  private var seen: Set<ContentHash> = []

  public init(
    _ interface: Interface, program: Program, postings: [PostingInputs],
    prior: @escaping (ArraySlice<UInt8>, ArraySlice<ContentHash>, UInt32, Day) -> Prior
  ) {
    self.prior = prior
    self.interface = interface
    self.program = program
    self.postings = postings
    store = DocumentStore(measures: interface.measures.count, postings: postings.count)
    hashing = ContentHashing(sources: postings.map(\.sources))
  }

  /// A document's records are not together in the file: its line, and where the document began.
  public struct Scattered: Error {
    public var line: Int32
  }

  /// Adds the documents of a batch.
  /// - Returns: for each new document its records in the batch.
  public mutating func gather(
    _ batch: RecordBatch, _ evaluation: Evaluation
  ) throws(Scattered) -> [Range<Int>] {
    hashing.run(evaluation, batch)
    let first = store.documents.count
    let ranges = try group(batch, evaluation)
    let troubles = Troubles(batch, evaluation)
    for (offset, records) in ranges.enumerated() {
      let index = first + offset
      sum(records, evaluation)
      hash(records)
      let unreadable = troubles.isUnreadable(records)
      let ignored = unreadable ? nil : ignoreReason(index, records, evaluation)
      var known = Prior.unknown
      if !unreadable, !store.documents[index].nameless {
        store.documents[index].pending = pending(records, evaluation)
        known = prior(
          store.key(index), store.hashes(index), store.documents[index].pending, store.documents[index].day)
      }
      decide(index, records, known, ignored, troubles, batch, evaluation)
    }
    return ranges
  }

  // MARK: - Grouping

  private mutating func group(_ batch: RecordBatch, _ evaluation: Evaluation) throws(Scattered) -> [Range<
    Int
  >] {
    var ranges: [Range<Int>] = []
    var start = 0
    var last: Range<Int>?
    for i in 0..<batch.count {
      let key = readKey(i, batch, evaluation)
      if let key, let last, store.keys[key] == store.keys[last] {
        store.keys.removeSubrange(key)
        continue
      }
      if i > 0 { ranges.append(start..<i) }
      start = i
      last = key
      if let key, !seen.insert(fingerprint(of: key)).inserted { throw Scattered(line: batch.lines[i]) }
      store.documents.append(
        Document(
          key: key ?? store.keys.count..<store.keys.count, verdict: .posted, nameless: key == nil,
          day: Day(number: 0),
          firstRow: batch.rows[i], firstLine: batch.lines[i], records: 0, bytes: 0..<0, pending: 0, skipped: 0
        ))
    }
    if batch.count > 0 { ranges.append(start..<batch.count) }
    let first = store.documents.count - ranges.count
    let dates = evaluation.slots[interface.document.date]
    for (offset, records) in ranges.enumerated() {
      store.documents[first + offset].records = Int32(records.count)
      store.documents[first + offset].bytes =
        batch.starts[records.lowerBound]..<batch.ends[records.upperBound - 1]
      if let dated = records.first(where: { dates.state($0) == Presence.present }) {
        store.documents[first + offset].day = Day(number: dates.day(dated))
      }
    }
    return ranges
  }

  /// Appends the record's key to the store's keys; `nil` where it can't be read.
  private mutating func readKey(_ record: Int, _ batch: RecordBatch, _ evaluation: Evaluation) -> Range<Int>?
  {
    let start = store.keys.count
    for (index, slot) in interface.document.key.enumerated() {
      let column = evaluation.slots[slot]
      guard column.state(record) == Presence.present else {
        store.keys.removeSubrange(start...)
        return nil
      }
      if index > 0 { store.keys.append(Self.keySeparator) }
      let text = column.text(record)
      store.keys.append(contentsOf: batch.bytes[Int(text.start)..<Int(text.start + text.length)])
    }
    return start..<store.keys.count
  }

  private func fingerprint(of key: Range<Int>) -> ContentHash {
    store.keys[key].withUnsafeBufferPointer {
      ContentHash(low: contentHash($0), high: contentHash($0, seed: 0x4528_21E6_38D0_1377))
    }
  }

  // MARK: - Sums and hashes

  private mutating func sum(_ records: Range<Int>, _ evaluation: Evaluation) {
    for measure in interface.measures {
      let column = evaluation.slots[measure.slot]
      var sum: Int128 = 0
      var unreadable: Int32 = 0
      for i in records {
        switch column.state(i) {
        case Presence.present: sum += column.number(i)
        case Presence.failed: unreadable += 1
        default: break
        }
      }
      store.measureSums.append(sum)
      store.unreadable.append(unreadable)
    }
  }

  private mutating func hash(_ records: Range<Int>) {
    for hashes in hashing.records {
      var sum = ContentHash(low: 0, high: UInt64(records.count))
      for i in records {
        sum.low &+= hashes[i].low
        sum.high &+= hashes[i].high
      }
      store.hashes.append(sum)
    }
  }

  private func pending(_ records: Range<Int>, _ evaluation: Evaluation) -> UInt32 {
    var bits: UInt32 = 0
    for (index, posting) in postings.enumerated() {
      for slot in posting.waitsFor {
        let column = evaluation.slots[slot]
        guard !column.complete else { continue }
        if records.contains(where: { column.state($0) == Presence.missing }) { bits |= 1 << UInt32(index) }
      }
    }
    return bits
  }

  // MARK: - Verdicts

  private func ignoreReason(_ index: Int, _ records: Range<Int>, _ evaluation: Evaluation) -> FindingCode?? {
    let document = store.documents[index]
    if let start = interface.document.start, document.day < start, document.day.number != 0 {
      return .some(.documentBeforeStart)
    }
    if let ignore = interface.document.ignore, evaluation.isTrue(ignore, records.lowerBound) {
      return .some(nil)
    }
    return nil
  }

  private mutating func decide(
    _ index: Int, _ records: Range<Int>, _ known: Prior, _ ignored: FindingCode??, _ troubles: Troubles,
    _ batch: RecordBatch, _ evaluation: Evaluation
  ) {
    let document = store.documents[index]
    let row = batch.rows[records.lowerBound]
    let line = batch.lines[records.lowerBound]
    let key = store.keyText(index)
    if case .repeated(let run) = known {
      store.documents[index].verdict = .repeated
      findings.add(
        .documentRepeated, .note, document: index, row: row, line: line, column: nil, [key, String(run)])
      return
    }
    if case .some(let code) = ignored {
      store.documents[index].verdict = .ignored
      if let code, let start = interface.document.start {
        findings.add(
          code, .note, document: index, row: row, line: line, column: nil,
          [key, document.day.description, start.description])
      }
      return
    }
    var worst = report(index, records, troubles, batch, evaluation)
    func hold(_ code: FindingCode, _ arguments: [String]) {
      guard worst < .reject else { return }
      findings.add(code, .hold, document: index, row: row, line: line, column: nil, arguments)
      worst = .hold
    }
    switch known {
    case .unknown, .repeated: break
    case .changed(let run): hold(.documentChanged, [key, String(run)])
    case .otherYear(let posted, let now): hold(.documentOtherYear, [key, String(posted), String(now)])
    case .partly(let done): store.documents[index].skipped = done
    }
    store.documents[index].verdict = worst >= .reject ? .rejected : worst == .hold ? .held : .posted
  }

  /// Reports what is wrong with a document's records, and gives the worst severity.
  private mutating func report(
    _ index: Int, _ records: Range<Int>, _ troubles: Troubles, _ batch: RecordBatch, _ evaluation: Evaluation
  ) -> Severity {
    var worst = Severity.note
    for trouble in troubles.unreadable(records) {
      findings.add(
        trouble.code, .reject, document: index, row: batch.rows[Int(trouble.index)], line: trouble.line,
        column: nil, cell: trouble.column, trouble.arguments)
      worst = .reject
    }
    for failure in troubles.failures(records) {
      let severity: Severity = failure.code == .codeNotFound ? .hold : .reject
      let site = program.sites[Int(failure.site)]
      findings.add(
        failure.code, severity, document: index, row: batch.rows[Int(failure.record)],
        line: batch.lines[Int(failure.record)], column: site.column,
        arguments(of: failure, site, batch))
      worst = max(worst, severity)
    }
    for field in interface.document.same {
      worst = max(worst, reportDisagreement(of: field, index, records, batch, evaluation))
    }
    for check in interface.checks {
      worst = max(worst, report(check, index, records, batch, evaluation))
    }
    return worst
  }

  private func arguments(of failure: Failure, _ site: FailureSite, _ batch: RecordBatch) -> [String] {
    let text = batch.text(failure.text)
    switch failure.code {
    case .codeNotFound: return [program.tables[Int(failure.table)].name, text]
    case .valueMissing, .numberOutOfRange, .divisionByZero: return [site.name]
    case .tooManyDecimals: return [text, site.name, String(site.scale)]
    default: return [text, site.name]
    }
  }

  private mutating func reportDisagreement(
    of field: DocumentRule.SameField, _ index: Int, _ records: Range<Int>, _ batch: RecordBatch,
    _ evaluation: Evaluation
  ) -> Severity {
    guard records.count > 1 else { return .note }
    let column = evaluation.slots[field.slot]
    let first = records.lowerBound
    for i in records.dropFirst() where !column.same(first, i, field.kind, batch) {
      guard column.state(i) != Presence.failed, column.state(first) != Presence.failed else { continue }
      var (before, now): ([UInt8], [UInt8]) = ([], [])
      evaluation.appendValue(of: field.slot, field.kind, first, batch, to: &before)
      evaluation.appendValue(of: field.slot, field.kind, i, batch, to: &now)
      findings.add(
        .documentDisagrees, .reject, document: index, row: batch.rows[i], line: batch.lines[i],
        column: field.column,
        [field.name, String(decoding: before, as: UTF8.self), String(decoding: now, as: UTF8.self)])
      return .reject
    }
    return .note
  }

  private mutating func report(
    _ check: Check, _ index: Int, _ records: Range<Int>, _ batch: RecordBatch, _ evaluation: Evaluation
  ) -> Severity {
    let condition = evaluation.slots[check.condition]
    let message = evaluation.slots[check.message]
    var worst = Severity.note
    for i in check.ofDocument ? records.prefix(1) : records {
      let state = condition.state(i)
      guard state != Presence.failed, state == Presence.missing || !condition.flag(i) else { continue }
      let text = message.state(i) == Presence.present ? batch.text(message.text(i)) : ""
      findings.add(
        .checkFailed, check.severity, document: index, row: batch.rows[i], line: batch.lines[i], column: nil,
        [text])
      worst = check.severity
      if check.severity == .stopFile, stop == nil { stop = text }
    }
    return worst
  }
}

/// What went wrong in a batch, by record.
struct Troubles {
  private let unreadableRecords: [UnreadableRecord]
  private let sorted: [Failure]

  init(_ batch: RecordBatch, _ evaluation: Evaluation) {
    unreadableRecords = batch.unreadable
    sorted = evaluation.failures.sorted { ($0.record, $0.site) < ($1.record, $1.site) }
  }

  func isUnreadable(_ records: Range<Int>) -> Bool { !unreadable(records).isEmpty }

  func unreadable(_ records: Range<Int>) -> ArraySlice<UnreadableRecord> {
    slice(unreadableRecords, records) { Int($0.index) }
  }

  /// Failures of records that could be read: of the others the reader has said what is wrong.
  func failures(_ records: Range<Int>) -> [Failure] {
    let failures = slice(sorted, records) { Int($0.record) }
    guard isUnreadable(records) else { return Array(failures) }
    let bad = Set(unreadable(records).map(\.index))
    return failures.filter { !bad.contains($0.record) }
  }

  private func slice<T>(_ items: [T], _ records: Range<Int>, _ record: (T) -> Int) -> ArraySlice<T> {
    guard !items.isEmpty else { return [] }
    let start = lowerBound(items) { record($0) >= records.lowerBound }
    let end = lowerBound(items) { record($0) >= records.upperBound }
    return items[start..<end]
  }

  private func lowerBound<T>(_ items: [T], _ reached: (T) -> Bool) -> Int {
    var (low, high) = (0, items.count)
    while low < high {
      let middle = (low + high) / 2
      if reached(items[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension ColumnOfValues {
  /// Whether two records have the same value, or both none.
  fileprivate func same(_ a: Int, _ b: Int, _ kind: ValueType.Kind, _ batch: RecordBatch) -> Bool {
    guard state(a) == state(b) else { return false }
    guard state(a) == Presence.present else { return true }
    switch kind {
    case .number: return number(a) == number(b)
    case .date: return day(a) == day(b)
    case .flag: return flag(a) == flag(b)
    case .text:
      let (x, y) = (text(a), text(b))
      return batch.bytes[Int(x.start)..<Int(x.start + x.length)]
        == batch.bytes[Int(y.start)..<Int(y.start + y.length)]
    }
  }
}

extension DocumentGatherer {
  /// Reports something about a document as a whole, at its first record.
  public mutating func report(
    _ code: FindingCode, _ severity: Severity, _ document: Int, _ arguments: [String]
  ) {
    findings.add(
      code, severity, document: document, row: store.documents[document].firstRow,
      line: store.documents[document].firstLine, column: nil, arguments)
  }
}

extension DocumentGatherer {
  /// A record's key as the store keeps it, or `nil` where it can't be read.
  public static func key(
    of record: Int, _ interface: Interface, _ batch: RecordBatch, _ evaluation: Evaluation
  ) -> [UInt8]? {
    var key: [UInt8] = []
    for (index, slot) in interface.document.key.enumerated() {
      let column = evaluation.slots[slot]
      guard column.state(record) == Presence.present else { return nil }
      if index > 0 { key.append(keySeparator) }
      let text = column.text(record)
      key.append(contentsOf: batch.bytes[Int(text.start)..<Int(text.start + text.length)])
    }
    return key
  }
}
