import Findings
public import Readers

extension Evaluation {
  /// One value for all records of a document, which each of them then has. Where one of them has failed, all have.
  mutating func aggregate(_ step: Step, _ aggregate: Aggregate, _ a: Slot?, _ batch: RecordBatch) {
    var out = begin(step)
    for records in documents(of: batch) {
      if let a, let failed = failure(of: a, records) {
        for i in records { out.mark(i, failed, count) }
        continue
      }
      let source = a.map { slots[$0] } ?? ColumnOfValues()
      switch aggregate {
      case .sum: sum(step, source, records, &out)
      case .count:
        let number = a == nil ? records.count : records.count { source.flag($0) }
        for i in records { out.numbers[i] = Int128(number) }
      case .all:
        let flag = records.allSatisfy { source.flag($0) }
        for i in records { out.flags[i] = flag }
      case .any:
        let flag = records.contains { source.flag($0) }
        for i in records { out.flags[i] = flag }
      case .first: spread(records.lowerBound, source, records, &out)
      case .last: spread(records.upperBound - 1, source, records, &out)
      case .min, .max:
        let sign = aggregate == .min ? 1 : -1
        let isDate = program.kinds[step.result] == .date
        let chosen = records.min { left, right in
          isDate
            ? sign * Int(source.day(left)) < sign * Int(source.day(right))
            : Int128(sign) * source.number(left) < Int128(sign) * source.number(right)
        }
        spread(chosen ?? records.lowerBound, source, records, &out)
      }
    }
    end(step, out)
  }

  private mutating func sum(
    _ step: Step, _ source: ColumnOfValues, _ records: Range<Int>, _ out: inout ColumnOfValues
  ) {
    var sum: Int128 = 0
    for i in records {
      let (next, overflow) = sum.addingReportingOverflow(source.number(i))
      if overflow {
        fail(step, records.lowerBound, .numberOutOfRange, in: &out)
        for other in records { out.mark(other, Presence.failed, count) }
        return
      }
      sum = next
    }
    for i in records { out.numbers[i] = sum }
  }

  /// A document's total over its records by weight, so that the shares add up to it: each gets the whole units of its
  /// exact share, and those with the largest remainders one more, earlier records first.
  mutating func allocate(_ step: Step, _ total: Slot, _ weight: Slot, _ batch: RecordBatch) {
    var out = begin(step)
    for records in documents(of: batch) {
      if let failed = failure(of: total, records) ?? failure(of: weight, records) {
        for i in records { out.mark(i, failed, count) }
        continue
      }
      let weights = slots[weight]
      if let shares = Self.shares(
        of: slots[total].number(records.lowerBound), by: records.map { weights.number($0) })
      {
        for (i, share) in zip(records, shares) { out.numbers[i] = share }
      } else {
        fail(step, records.lowerBound, .numberOutOfRange, in: &out)
        for i in records { out.mark(i, Presence.failed, count) }
      }
    }
    end(step, out)
  }

  /// `nil` where it doesn't fit.
  private static func shares(of total: Int128, by weights: [Int128]) -> [Int128]? {
    var weights = weights
    guard var sum = added(weights) else { return nil }
    if sum == 0 { (weights, sum) = (weights.map { _ in 1 }, Int128(weights.count)) }
    // With total and sum above zero, a share is rounded down and what is left over is above zero too.
    guard let amount = Int128(exactly: total.magnitude), let whole = Int128(exactly: sum.magnitude) else {
      return nil
    }
    var shares: [Int128] = []
    var remainders: [Int128] = []
    for weight in weights {
      let (product, overflow) = amount.multipliedReportingOverflow(by: sum < 0 ? 0 &- weight : weight)
      guard !overflow else { return nil }
      var (share, remainder) = product.quotientAndRemainder(dividingBy: whole)
      if remainder < 0 { (share, remainder) = (share - 1, remainder + whole) }
      shares.append(share)
      remainders.append(remainder)
    }
    guard let given = added(shares) else { return nil }
    let ranked = remainders.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
    for index in ranked.prefix(Int(amount - given)) { shares[index] += 1 }
    return total < 0 ? shares.map { 0 &- $0 } : shares
  }

  private static func added(_ numbers: [Int128]) -> Int128? {
    var sum: Int128 = 0
    for number in numbers {
      let (next, overflow) = sum.addingReportingOverflow(number)
      guard !overflow else { return nil }
      sum = next
    }
    return sum
  }

  private func spread(
    _ record: Int, _ source: ColumnOfValues, _ records: Range<Int>, _ out: inout ColumnOfValues
  ) {
    for i in records {
      copy(source, record, to: i, in: &out)
      if source.state(record) != Presence.present { out.mark(i, source.state(record), count) }
    }
  }

  /// That a value of the records has failed; a missing one is told by the record that it is taken from.
  private func failure(of slot: Slot, _ records: Range<Int>) -> UInt8? {
    let column = slots[slot]
    guard !column.complete else { return nil }
    return records.contains { column.state($0) == Presence.failed } ? Presence.failed : nil
  }

  /// Whether a record is the first of its document; one whose key can't be read is a document of its own.
  public func beginsDocument(_ record: Int, _ batch: RecordBatch) -> Bool {
    guard record > 0 else { return true }
    return !program.documentKeys.allSatisfy { slot in
      let key = slots[slot]
      return key.state(record) == Presence.present && key.state(record - 1) == Presence.present
        && key.sameText(record - 1, record, batch)
    }
  }

  /// The batch's documents: runs of records with equal keys, which no batch cuts. A record without a key is a document
  /// of its own.
  private mutating func documents(of batch: RecordBatch) -> [Range<Int>] {
    if let ranges = documentRanges { return ranges }
    let keys = program.documentKeys.map { slots[$0] }
    var ranges: [Range<Int>] = []
    var start = 0
    for i in 0..<count where i > 0 && !keys.allSatisfy({ $0.sameText(i - 1, i, batch) }) {
      ranges.append(start..<i)
      start = i
    }
    if count > 0 { ranges.append(start..<count) }
    documentRanges = ranges
    return ranges
  }
}
