public import Expressions
import Findings
public import Ledger
public import Readers

/// What gathering must know of a posting: when it applies, and what its entries are made of.
public struct PostingInputs: Sendable {
  public var name: String
  /// Records for which this is false take no part; `nil` when all do.
  public var when: Slot?
  /// While one of these is missing in a record, the posting is pending for the whole document.
  public var waitsFor: [(name: String, slot: Slot)]
  /// Source values that its entries are made of, each with the name by which it is known for ever.
  public var sources: [(name: String, slot: Slot)]
  /// How many days after the end of the document's month it is made; `nil`: at once.
  public var gatherDays: Int?

  public init(
    name: String, when: Slot?, waitsFor: [(name: String, slot: Slot)],
    sources: [(name: String, slot: Slot)], gatherDays: Int? = nil
  ) {
    self.name = name
    self.when = when
    self.waitsFor = waitsFor
    self.sources = sources
    self.gatherDays = gatherDays
  }

  /// Whether the month of a document of `day` is not over yet for this posting.
  public func isDeferred(_ day: Day, today: Day) -> Bool {
    gatherDays.map { Int(day.monthEnd.number) + $0 > Int(today.number) } ?? false
  }
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
  /// The run that posted all of these records as a part of the document, where there is one.
  let pieceOf: (ArraySlice<UInt8>, ArraySlice<ContentHash>) -> Int?
  public var store: DocumentStore
  public var findings = RecordFindings()
  /// The codes that tables lack, with the indices of the documents that have them.
  public var missing: [MissingCode: [Int32]] = [:]
  /// The first check of level stop-file that failed: its message. Then every row of the file is rejected.
  public internal(set) var stop: String?
  /// The rows were put in order of their documents. A document that comes back all the same is longer than a reader
  /// takes, for which the file is rejected.
  public var isRegrouped = false
  /// The rows are those of one XML file, in which an element bounds each document.
  public var countsElements = false
  /// Keys of documents of which a change is a correction, whatever the mapping does with changes.
  public var accepted: Set<[UInt8]> = []
  /// The run's day, by which a month is over.
  public var today = Day(number: .max)
  /// A person has the documents posted anew: that is a correction, whatever the mapping does with changes.
  public var isReposting = false
  /// The documents were posted elsewhere, also what has changed of them.
  public var isAdopting = false
  private var hashing: ContentHashing
  private var seen = SeenKeys()
  /// Of the batch at hand, by record.
  private var changes: [Bool] = []

  public init(
    _ interface: Interface, program: Program, postings: [PostingInputs],
    prior: @escaping (ArraySlice<UInt8>, ArraySlice<ContentHash>, UInt32, Day) -> Prior,
    pieceOf: @escaping (ArraySlice<UInt8>, ArraySlice<ContentHash>) -> Int? = { _, _ in nil }
  ) {
    self.prior = prior
    self.pieceOf = pieceOf
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
    let troubles = Troubles(batch, evaluation, interface, ranges, countsElements: countsElements)
    sum(ranges, evaluation)
    for (offset, records) in ranges.enumerated() {
      let index = first + offset
      hash(records)
      let unreadable = troubles.isUnreadable(records)
      let ignored = unreadable ? nil : ignoreReason(index, records, evaluation)
      var known = Prior.unknown
      if !unreadable, !store.documents[index].nameless {
        store.documents[index].pending = pending(records, evaluation)
        store.documents[index].deferred = deferred(store.documents[index].day)
        known = prior(
          store.key(index), store.hashes(index), store.documents[index].pending, store.documents[index].day)
        if known.isChanged, isIncomplete(records, evaluation),
          let run = pieceOf(store.key(index), store.recordHashes.suffix(records.count))
        {
          known = .repeated(run: run)
        }
      }
      if known != .unknown, !unreadable {
        let void = interface.document.void.map { evaluation.isTrue($0, records.lowerBound) } ?? false
        store.documents[index].isWithdrawn = void || ignored != nil
        store.documents[index].isNotApproved = !void && ignored != nil
        if ignored != nil { known = known.ofPosted }
      }
      if let book = interface.books.firstIndex(where: { evaluation.isTrue($0, records.lowerBound) }) {
        store.documents[index].book = Int16(book)
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
    findChanges(batch, evaluation)
    for i in 0..<batch.count {
      if last != nil, !changes[i] { continue }
      let key = readKey(i, batch, evaluation)
      if let key, let last, store.keys[key] == store.keys[last] {
        store.keys.removeSubrange(key)
        continue
      }
      if i > 0 { ranges.append(start..<i) }
      start = i
      last = key
      if let key, !seen.insert(key, of: store), !isRegrouped {
        throw Scattered(line: batch.lines[i])
      }
      store.documents.append(
        Document(
          key: key ?? store.keys.count..<store.keys.count, verdict: .posted, nameless: key == nil,
          day: Day(number: 0),
          firstRow: batch.rows[i], firstLine: batch.lines[i], records: 0, bytes: 0..<0, pending: 0, done: 0,
          skipped: 0
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

  /// Notes of each record whether its key fields are others than those of the record before.
  private mutating func findChanges(_ batch: RecordBatch, _ evaluation: Evaluation) {
    changes.removeAll(keepingCapacity: true)
    changes.append(contentsOf: repeatElement(false, count: batch.count))
    for slot in interface.document.key {
      let column = evaluation.slots[slot]
      for i in 0..<batch.count where i > 0 && !column.sameText(i - 1, i, batch) { changes[i] = true }
    }
  }

  /// Appends the record's key to the store's keys; `nil` where it can't be read.
  private mutating func readKey(_ record: Int, _ batch: RecordBatch, _ evaluation: Evaluation) -> Range<Int>?
  {
    let start = store.keys.count
    for (index, slot) in interface.document.key.enumerated() {
      guard evaluation.slots[slot].state(record) == Presence.present else {
        store.keys.removeSubrange(start...)
        return nil
      }
      if index > 0 { store.keys.append(Self.keySeparator) }
      let text = evaluation.slots[slot].text(record)
      store.keys.append(contentsOf: batch.bytes[Int(text.start)..<Int(text.start + text.length)])
    }
    return start..<store.keys.count
  }

  // MARK: - Sums and hashes

  private mutating func sum(_ ranges: [Range<Int>], _ evaluation: Evaluation) {
    let columns = interface.measures.map { evaluation.slots[$0.slot] }
    for records in ranges {
      for measure in columns.indices {
        var sum: Int128 = 0
        for i in interface.measures[measure].ofDocument ? records.prefix(1) : records {
          if columns[measure].state(i) == Presence.present { sum += columns[measure].number(i) }
        }
        store.measureSums.append(sum)
      }
    }
  }

  private mutating func hash(_ records: Range<Int>) {
    for posting in hashing.records.indices {
      let hashes = hashing.records[posting]
      var sum = ContentHash(low: 0, high: UInt64(records.count))
      for i in records {
        sum.low &+= hashes[i].low
        sum.high &+= hashes[i].high
      }
      store.hashes.append(sum)
    }
    guard interface.document.complete != nil else { return }
    for i in records {
      store.recordHashes.append(
        hashing.records.reduce(ContentHash(low: 0, high: 0)) { $0.joined(with: $1[i]) })
    }
  }

  private func pending(_ records: Range<Int>, _ evaluation: Evaluation) -> UInt32 {
    var bits: UInt32 = 0
    for (index, posting) in postings.enumerated() {
      for (_, slot) in posting.waitsFor {
        let column = evaluation.slots[slot]
        guard !column.complete else { continue }
        if records.contains(where: { column.state($0) == Presence.missing }) { bits |= 1 << UInt32(index) }
      }
    }
    return bits
  }

  private func deferred(_ day: Day) -> UInt32 {
    postings.indices.reduce(0) { bits, posting in
      postings[posting].isDeferred(day, today: today) ? bits | 1 << UInt32(posting) : bits
    }
  }

  // MARK: - Verdicts

  private func ignoreReason(_ index: Int, _ records: Range<Int>, _ evaluation: Evaluation) -> FindingCode?? {
    let dates = evaluation.slots[interface.document.date]
    if let start = interface.document.start, store.documents[index].day < start,
      records.contains(where: { dates.state($0) == Presence.present })
    {
      return .some(.documentBeforeStart)
    }
    if let ignore = interface.document.ignore, evaluation.isTrue(ignore, records.lowerBound) {
      return .some(nil)
    }
    return nil
  }

  /// Whether the rest of the document is still to come. A condition that has failed says nothing.
  private func isIncomplete(_ records: Range<Int>, _ evaluation: Evaluation) -> Bool {
    guard let complete = interface.document.complete else { return false }
    let condition = evaluation.slots[complete]
    return condition.state(records.lowerBound) != Presence.failed
      && !evaluation.isTrue(complete, records.lowerBound)
  }

  private mutating func decide(
    _ index: Int, _ records: Range<Int>, _ known: Prior, _ ignored: FindingCode??, _ troubles: Troubles,
    _ batch: RecordBatch, _ evaluation: Evaluation
  ) {
    let document = store.documents[index]
    let row = batch.rows[records.lowerBound]
    let line = batch.lines[records.lowerBound]
    var key: String { store.keyText(index) }
    func note(_ code: FindingCode, _ severity: Severity, _ arguments: [String]) {
      findings.add(code, severity, document: index, row: row, line: line, column: nil, arguments)
    }
    let isVoid =
      interface.document.void.map { evaluation.isTrue($0, records.lowerBound) } == true
      && !troubles.isUnreadable(records)
    func wait(_ run: Int) {
      store.documents[index].verdict = .held
      note(.documentLaterVersion, .hold, [key, String(run)])
    }
    if !isVoid, case .some(nil) = ignored, let run = known.posted {
      let isTakenBack = interface.document.withdrawn == .reverse
      if isTakenBack, known.isOfThisRun { return wait(run) }
      store.documents[index].takenBack = isTakenBack ? .max : 0
      store.documents[index].isLeftOut = isTakenBack
      store.documents[index].verdict = !known.isChanged && !isTakenBack ? .repeated : .ignored
      return note(.documentWithdrawn, isTakenBack ? .note : .warning, [key, String(run)])
    }
    switch known {
    case .waiting(let run, _):
      store.documents[index].verdict = .repeated
      return note(.documentWaiting, .note, [key, String(run)])
    case .olderThanHeld(let run, _) where !isVoid:
      store.documents[index].verdict = .repeated
      return note(.documentOlder, .warning, [key, String(run)])
    case .repeated(let run), .laterVersion(let run, isEqual: true):
      store.documents[index].verdict = .repeated
      return note(.documentRepeated, .note, [key, String(run)])
    default: break
    }
    if isVoid {
      if case .otherYear(let posted, let now) = known {
        store.documents[index].verdict = .held
        return note(.documentOtherYear, .hold, [key, String(posted), String(now)])
      }
      if let run = known.posted, known.isOfThisRun { return wait(run) }
      (store.documents[index].verdict, store.documents[index].isVoid) = (.ignored, true)
      guard let run = known.posted else { return note(.documentVoid, .note, [key]) }
      store.documents[index].takenBack = .max
      return note(.documentVoided, .note, [key, String(run)])
    }
    if case .some(let code) = ignored {
      store.documents[index].verdict = .ignored
      store.documents[index].isLeftOut = code == nil
      if let code, let start = interface.document.start {
        note(code, .note, [key, document.day.description, start.description])
      }
      return
    }
    var worst = report(index, records, troubles, batch, evaluation)
    func hold(_ code: FindingCode, _ arguments: [String]) {
      guard worst < .reject else { return }
      note(code, .hold, arguments)
      worst = .hold
    }
    if isIncomplete(records, evaluation) { hold(.documentIncomplete, [key]) }
    switch known {
    case .unknown, .repeated, .waiting, .olderThanHeld: break
    case .changed(let run, _, _), .laterVersion(let run, _):
      let isOrdered = isReposting || isAdopting || accepted.contains(Array(store.key(index)))
      switch isOrdered ? .reverse : interface.document.changed {
      case .reverse:
        if case .changed(_, let done, let back) = known {
          guard worst < .hold else { break }
          (store.documents[index].done, store.documents[index].takenBack) = (done, back)
          note(isReposting ? .documentReposted : .documentCorrected, .note, [key, String(run)])
        } else {
          hold(.documentLaterVersion, [key, String(run)])
        }
      case .hold: hold(.documentChanged, [key, String(run)])
      case .reject:
        note(.documentChanged, .reject, [key, String(run)])
        worst = .reject
      }
    case .reverted(let run, _): hold(.documentReverted, [key, String(run)])
    case .otherYear(let posted, let now): hold(.documentOtherYear, [key, String(posted), String(now)])
    case .partly(_, let done, _): store.documents[index].done = done
    }
    store.documents[index].verdict = worst >= .reject ? .rejected : worst == .hold ? .held : .posted
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
