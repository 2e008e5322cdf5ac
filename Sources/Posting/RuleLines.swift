import Expressions
import Ledger
import Mapping
import Readers

/// What one entry rule makes of every record of a batch, column by column: a line for each, before any are added up.
struct RuleLines {
  private let rule: EntryRule
  /// For each account the rule's dimensions that the chart allows there: a bit each.
  private let allowed: [UInt32]
  private let dimensionIndices: [Int32]
  /// For each of the rule's dimensions the value met last: rows of a document repeat it.
  private var lastCodes: [Int32]
  private var lastUnit: Int32 = -1
  private var lastSplit: Int32 = -1
  private var sets: [UInt64: Int32] = [:]
  private(set) var lines: [Entry] = []
  private let template: Entry
  private let keepsQuantity: [Bool]

  init(_ rule: EntryRule, index: Int, chart: Chart, dimensions: inout Dimensions) {
    self.rule = rule
    allowed = chart.accounts.map { account in
      rule.dimensions.enumerated().reduce(0) { bits, dimension in
        account.dimensions.contains(dimension.element.name) ? bits | 1 << UInt32(dimension.offset) : bits
      }
    }
    var indices: [Int32] = []
    for dimension in rule.dimensions { indices.append(dimensions.dimension(named: dimension.name)) }
    dimensionIndices = indices
    lastCodes = Array(repeating: -1, count: rule.dimensions.count)
    template = Entry(account: 0, side: rule.side, amount: 0, rule: Int16(index))
    keepsQuantity = chart.accounts.map(\.keepsQuantity)
  }

  mutating func run(_ evaluation: Evaluation, _ batch: RecordBatch, _ dimensions: inout Dimensions) {
    if lines.count < batch.count { lines = Array(repeating: template, count: batch.count) }
    let amounts = evaluation.slots[rule.amount]
    let quantities = rule.quantity.map { evaluation.slots[$0] }
    let units = rule.unit.map { evaluation.slots[$0] }
    let columns = rule.dimensions.map { evaluation.slots[$0.slot] }
    batch.bytes.withUnsafeBufferPointer { bytes in
      for i in 0..<batch.count {
        var line = template
        if amounts.state(i) == Presence.present { line.amount = Int64(truncatingIfNeeded: amounts.number(i)) }
        switch rule.account {
        case .fixed(let account): line.account = account
        case .table(let row, let accounts):
          let rows = evaluation.slots[row]
          line.account = rows.state(i) == Presence.present ? accounts[Int(rows.day(i))] : -1
        }
        guard line.account >= 0 else {
          lines[i] = line
          continue
        }
        line.dimensions = set(columns, i, account: line.account, bytes, &dimensions)
        if keepsQuantity[Int(line.account)] {
          if let quantities, quantities.state(i) == Presence.present {
            line.quantity = Int64(truncatingIfNeeded: quantities.number(i))
          }
          if let units, units.state(i) == Presence.present {
            lastUnit = dimensions.codes.intern(units.text(i).text(in: bytes), after: lastUnit)
            line.unit = lastUnit
          }
        }
        lines[i] = line
      }
    }
    if !rule.split.isEmpty { split(evaluation, batch, &dimensions) }
  }

  private mutating func split(_ evaluation: Evaluation, _ batch: RecordBatch, _ dimensions: inout Dimensions)
  {
    var text: [UInt8] = []
    for i in 0..<batch.count {
      text.removeAll(keepingCapacity: true)
      for field in rule.split {
        evaluation.appendValue(of: field.slot, field.kind, i, batch, to: &text)
        text.append(DocumentGatherer.keySeparator)
      }
      lastSplit = text.withUnsafeBufferPointer { dimensions.codes.intern($0, after: lastSplit) }
      lines[i].split = lastSplit
    }
  }

  /// The record's dimension set, projected onto what the account allows.
  private mutating func set(
    _ columns: [ColumnOfValues], _ record: Int, account: Int32, _ bytes: UnsafeBufferPointer<UInt8>,
    _ dimensions: inout Dimensions
  ) -> Int32 {
    let mask = allowed[Int(account)]
    guard mask != 0 else { return 0 }
    // A rule's first two dimensions fit a key of 64 bits (0: no value); rules with more go the long way.
    var key: UInt64 = 0
    for index in columns.indices
    where mask >> UInt32(index) & 1 == 1 && columns[index].state(record) == Presence.present {
      lastCodes[index] = dimensions.codes.intern(
        columns[index].text(record).text(in: bytes), after: lastCodes[index])
      if index < 2 { key |= UInt64(UInt32(bitPattern: lastCodes[index]) + 1) << (index == 0 ? 0 : 32) }
    }
    if columns.count <= 2, let known = sets[key] { return known }
    var values: [Dimensions.Value] = []
    for index in columns.indices
    where mask >> UInt32(index) & 1 == 1 && columns[index].state(record) == Presence.present {
      values.append(Dimensions.Value(dimension: dimensionIndices[index], code: lastCodes[index]))
    }
    let set = dimensions.intern(values.sorted { $0.dimension < $1.dimension })
    if columns.count <= 2 { sets[key] = set }
    return set
  }
}

extension TextRange {
  func text(in bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[Int(start)..<Int(start + length)])
  }
}

extension Codes {
  /// The number of `text`, which is often the one given last.
  mutating func intern(_ text: UnsafeBufferPointer<UInt8>, after last: Int32) -> Int32 {
    last >= 0 && holds(last, text) ? last : intern(text)
  }
}
