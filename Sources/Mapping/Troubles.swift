import Expressions
import Readers

/// What went wrong in a batch, by record.
struct Troubles {
  private let unreadableRecords: [UnreadableRecord]
  private let sorted: [Failure]
  private var disagreeing: [Disagreement] = []
  private var unmet: [Part] = []

  /// A record whose field has another value than its document's first record, though it must be the same.
  struct Disagreement {
    var record: Int
    var first: Int
    /// Index among the interface's fields that must be the same.
    var field: Int
  }

  /// A record that a check is not content with.
  struct Part {
    var record: Int
    /// Index among the interface's checks.
    var part: Int
  }

  /// - Parameter countsElements: whether the rows are those of one XML file: put together from several, a document is in
  ///   several elements.
  init(
    _ batch: RecordBatch, _ evaluation: Evaluation, _ interface: Interface, _ documents: [Range<Int>],
    countsElements: Bool
  ) {
    unreadableRecords = batch.unreadable
    sorted = evaluation.failures.sorted { ($0.record, $0.site) < ($1.record, $1.site) }
    // What stands in a record that could not be read is not known, so nothing else is wrong with it.
    let bad = Set(batch.unreadable.map { Int($0.index) })
    for (index, field) in interface.document.same.enumerated()
    where countsElements || field.name != XMLShape.elementCaption {
      let column = evaluation.slots[field.slot]
      for records in documents where records.count > 1 {
        guard let first = records.first(where: { !bad.contains($0) }), column.state(first) != Presence.failed
        else { continue }
        let other = records.dropFirst().first {
          column.state($0) != Presence.failed && !column.same(first, $0, field.kind, batch)
            && !bad.contains($0)
        }
        if let other { disagreeing.append(Disagreement(record: other, first: first, field: index)) }
      }
    }
    for (part, check) in interface.checks.enumerated() {
      let condition = evaluation.slots[check.condition]
      if check.ofDocument {
        for records in documents {
          guard let first = records.first(where: { !bad.contains($0) }), condition.isUnmet(first) else {
            continue
          }
          if check.hasAggregate, records.contains(where: bad.contains) { continue }
          unmet.append(Part(record: first, part: part))
        }
      } else {
        for record in condition.unmet(batch.count) where !bad.contains(record) {
          unmet.append(Part(record: record, part: part))
        }
      }
    }
    disagreeing.sort { ($0.record, $0.field) < ($1.record, $1.field) }
    unmet.sort { ($0.record, $0.part) < ($1.record, $1.part) }
  }

  func disagreements(_ records: Range<Int>) -> ArraySlice<Disagreement> {
    slice(disagreeing, records) { $0.record }
  }

  func failedChecks(_ records: Range<Int>) -> ArraySlice<Part> { slice(unmet, records) { $0.record } }

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
  /// Whether a condition does not hold for a record. One that has failed says nothing.
  func isUnmet(_ record: Int) -> Bool {
    switch state(record) {
    case Presence.present: !flag(record)
    case Presence.missing: true
    default: false
    }
  }

  /// The records, of so many, for which a condition does not hold.
  func unmet(_ count: Int) -> [Int] {
    guard complete else { return (0..<count).filter(isUnmet) }
    return flags.withUnsafeBufferPointer { flags in (0..<count).filter { !flags[$0 &* stride] } }
  }

  /// Whether two records have the same value, or both none.
  func same(_ a: Int, _ b: Int, _ kind: ValueType.Kind, _ batch: RecordBatch) -> Bool {
    guard state(a) == state(b) else { return false }
    guard state(a) == Presence.present else { return true }
    switch kind {
    case .number: return number(a) == number(b)
    case .date: return day(a) == day(b)
    case .flag: return flag(a) == flag(b)
    case .text: return sameText(a, b, batch)
    }
  }
}
