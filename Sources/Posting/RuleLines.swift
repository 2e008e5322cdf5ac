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
  /// For each of the rule's dimensions the numbers of its values, one a record.
  private var codes: [[Int32]]
  private var lastDetail = EntryDetail()
  private var lastDetailNumber: Int32 = 0
  private var sets: [UInt64: Int32] = [:]
  private var lastKey: UInt64 = 0
  private var lastSet: Int32 = 0
  private(set) var lines: [Entry] = []
  /// Records whose account is none of this book: what the table gives them.
  private(set) var badAccounts: [Int: String] = [:]
  /// Records of which a foreign amount has no exchange rate above zero.
  private(set) var badRates: Set<Int> = []
  /// Records of which the currency is no code of ISO 4217: what they have instead.
  private(set) var badCurrencies: [Int: String] = [:]
  private let template: Entry
  private let keepsQuantity: [Bool]
  private let isCash: [Bool]
  private let ownCurrency: [UInt8]
  private var text: [UInt8] = []

  init(_ rule: EntryRule, index: Int, book: Book, dimensions: inout Dimensions) {
    let chart = book.chart
    self.rule = rule
    allowed = chart.accounts.map { account in
      rule.dimensions.enumerated().reduce(0) { bits, dimension in
        account.dimensions.contains(dimension.element.name) ? bits | 1 << UInt32(dimension.offset) : bits
      }
    }
    var indices: [Int32] = []
    for dimension in rule.dimensions { indices.append(dimensions.dimension(named: dimension.name)) }
    dimensionIndices = indices
    codes = Array(repeating: [], count: rule.dimensions.count)
    template = Entry(account: 0, side: rule.side, amount: 0, rule: Int16(index))
    keepsQuantity = chart.accounts.map(\.keepsQuantity)
    isCash = chart.accounts.map(\.cash)
    ownCurrency = Array(book.currency.utf8)
  }

  mutating func run(_ evaluation: Evaluation, _ batch: RecordBatch, _ dimensions: inout Dimensions) {
    badRates.removeAll()
    badCurrencies.removeAll()
    badAccounts.removeAll()
    let count = batch.count
    if lines.count < count { lines = Array(repeating: template, count: count) }
    let amounts = evaluation.slots[rule.amount]
    batch.bytes.withUnsafeBufferPointer { bytes in
      readAccounts(evaluation, count)
      for index in rule.dimensions.indices {
        read(evaluation.slots[rule.dimensions[index].slot], index, count, bytes, &dimensions.codes)
      }
      for i in 0..<count {
        lines[i].amount =
          amounts.state(i) == Presence.present ? Int64(truncatingIfNeeded: amounts.number(i)) : 0
        lines[i].dimensions = lines[i].account >= 0 ? set(i, account: lines[i].account, &dimensions) : 0
      }
      if rule.quantity != nil { readQuantities(evaluation, count, bytes, &dimensions.codes) }
    }
    if !rule.split.isEmpty || rule.foreign != nil || rule.memo != nil || rule.cashFlow != nil {
      readDetails(evaluation, batch, &dimensions)
    }
  }

  private mutating func readAccounts(_ evaluation: Evaluation, _ count: Int) {
    switch rule.account {
    case .fixed(let account): for i in 0..<count { lines[i].account = account }
    case .table(let row, let accounts):
      let rows = evaluation.slots[row]
      for i in 0..<count {
        lines[i].account = rows.state(i) == Presence.present ? accounts[Int(rows.day(i))] : -1
        if !rule.strangers.isEmpty, lines[i].account < 0, rows.state(i) == Presence.present {
          badAccounts[i] = rule.strangers[rows.day(i)]
        }
      }
    }
  }

  /// The numbers of a dimension's values, -1 where there is none.
  private mutating func read(
    _ column: ColumnOfValues, _ index: Int, _ count: Int, _ bytes: UnsafeBufferPointer<UInt8>,
    _ known: inout Codes
  ) {
    if codes[index].count < count { codes[index] = Array(repeating: -1, count: count) }
    var last: Int32 = -1
    codes[index].withUnsafeMutableBufferPointer { codes in
      for i in 0..<count {
        guard column.state(i) == Presence.present else {
          codes[i] = -1
          continue
        }
        // Rows of a document repeat its customer, department and so on.
        last = known.intern(column.text(i).text(in: bytes), after: last)
        codes[i] = last
      }
    }
  }

  private mutating func readQuantities(
    _ evaluation: Evaluation, _ count: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ known: inout Codes
  ) {
    let quantities = rule.quantity.map { evaluation.slots[$0] }
    let units = rule.unit.map { evaluation.slots[$0] }
    var last: Int32 = -1
    for i in 0..<count {
      lines[i].quantity = Entry.noQuantity
      lines[i].unit = -1
      guard lines[i].account >= 0, keepsQuantity[Int(lines[i].account)] else { continue }
      if let quantities, quantities.state(i) == Presence.present {
        lines[i].quantity = Int64(truncatingIfNeeded: quantities.number(i))
      }
      if let units, units.state(i) == Presence.present {
        last = known.intern(units.text(i).text(in: bytes), after: last)
        lines[i].unit = last
      }
    }
  }

  private mutating func readDetails(
    _ evaluation: Evaluation, _ batch: RecordBatch, _ dimensions: inout Dimensions
  ) {
    for i in 0..<batch.count where lines[i].account >= 0 {
      var detail = EntryDetail()
      if !rule.split.isEmpty {
        text.removeAll(keepingCapacity: true)
        for (place, field) in rule.split.enumerated() {
          if place > 0 { text.append(DocumentGatherer.keySeparator) }
          evaluation.appendValue(of: field.slot, field.kind, i, batch, to: &text)
        }
        detail.split = intern(after: lastDetail.split, &dimensions)
      }
      if let memo = rule.memo {
        text.removeAll(keepingCapacity: true)
        evaluation.append(memo, i, batch, to: &text)
        detail.memo = intern(after: lastDetail.memo, &dimensions)
      }
      if let slot = rule.cashFlow, isCash[Int(lines[i].account)], read(slot, i, evaluation, batch) {
        detail.cashFlow = intern(after: lastDetail.cashFlow, &dimensions)
      }
      lines[i].foreign = 0
      if let foreign = rule.foreign, read(foreign.currency, i, evaluation, batch), text != ownCurrency {
        detail.currency = intern(after: lastDetail.currency, &dimensions)
        if text.count != 3 || !text.allSatisfy({ (0x41...0x5A).contains($0) }) {
          badCurrencies[i] = String(decoding: text, as: UTF8.self)
        }
        detail.rate = number(foreign.rate, i, evaluation)
        if detail.rate <= 0 { badRates.insert(i) }
        lines[i].foreign = number(foreign.amount, i, evaluation)
      }
      if detail != lastDetail {
        lastDetail = detail
        lastDetailNumber = dimensions.intern(detail)
      }
      lines[i].detail = lastDetailNumber
    }
  }

  /// Reads a text into `text`; whether there is one.
  private mutating func read(_ slot: Slot, _ record: Int, _ evaluation: Evaluation, _ batch: RecordBatch)
    -> Bool
  {
    let column = evaluation.slots[slot]
    guard column.state(record) == Presence.present else { return false }
    text.removeAll(keepingCapacity: true)
    batch.bytes.withUnsafeBufferPointer { text.append(contentsOf: column.text(record).text(in: $0)) }
    return !text.isEmpty
  }

  private func number(_ slot: Slot, _ record: Int, _ evaluation: Evaluation) -> Int64 {
    let column = evaluation.slots[slot]
    return column.state(record) == Presence.present ? Int64(truncatingIfNeeded: column.number(record)) : 0
  }

  private func intern(after last: Int32, _ dimensions: inout Dimensions) -> Int32 {
    text.withUnsafeBufferPointer { dimensions.codes.intern($0, after: last) }
  }

  /// The record's dimension set, projected onto what the account allows.
  private mutating func set(_ record: Int, account: Int32, _ dimensions: inout Dimensions) -> Int32 {
    let mask = allowed[Int(account)]
    guard mask != 0 else { return 0 }
    // A rule's first two dimensions fit a key of 64 bits (0: no value); rules with more go the long way.
    var key: UInt64 = 0
    for index in codes.indices.prefix(2) where mask >> UInt32(index) & 1 == 1 {
      key |= UInt64(UInt32(bitPattern: codes[index][record]) &+ 1) << (index == 0 ? 0 : 32)
    }
    if codes.count <= 2 {
      if key == lastKey { return lastSet }
      if let known = sets[key] {
        (lastKey, lastSet) = (key, known)
        return known
      }
    }
    var values: [Dimensions.Value] = []
    for index in codes.indices where mask >> UInt32(index) & 1 == 1 && codes[index][record] >= 0 {
      values.append(Dimensions.Value(dimension: dimensionIndices[index], code: codes[index][record]))
    }
    let set = dimensions.intern(values.sorted { $0.dimension < $1.dimension })
    if codes.count <= 2 { sets[key] = set }
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
