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
  /// For each of the rule's dimensions the field that it is read from.
  private let fields: [Int]
  private var lastDetail = EntryDetail()
  private var lastDetailNumber: Int32 = 0
  /// Of a rule with one dimension the set of each value, by its number; -1 where there is none yet.
  private var setsOfOne: [Int32] = []
  private var sets: [UInt64: Int32] = [:]
  private var lastKey: UInt64 = 0
  private var lastSet: Int32 = 0
  private(set) var lines: [Entry] = []
  var ofDocument: Bool { rule.ofDocument }
  /// Whether anything is wrong with any record.
  private(set) var hasBad = false
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

  init(_ rule: EntryRule, index: Int, book: Book, codes: DimensionCodes, dimensions: inout Dimensions) {
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
    fields = rule.dimensions.map { codes.field($0.slot) }
    template = Entry(account: 0, side: rule.side, amount: 0, rule: Int16(index))
    keepsQuantity = chart.accounts.map(\.keepsQuantity)
    isCash = chart.accounts.map(\.cash)
    ownCurrency = Array(book.currency.utf8)
  }

  mutating func run(
    _ evaluation: Evaluation, _ batch: RecordBatch, _ codes: inout DimensionCodes,
    _ dimensions: inout Dimensions
  ) {
    badRates.removeAll()
    badCurrencies.removeAll()
    badAccounts.removeAll()
    let count = batch.count
    if lines.count < count { lines = Array(repeating: template, count: count) }
    let amounts = evaluation.slots[rule.amount]
    batch.bytes.withUnsafeBufferPointer { bytes in
      readAccounts(evaluation, count)
      for field in fields { codes.read(field, evaluation, count, bytes, &dimensions.codes) }
      var lines: [Entry] = []
      swap(&lines, &self.lines)
      lines.withUnsafeMutableBufferPointer { lines in
        for i in 0..<count {
          lines[i].amount =
            amounts.state(i) == Presence.present ? Int64(truncatingIfNeeded: amounts.number(i)) : 0
        }
        readSets(lines, count, codes, &dimensions)
      }
      swap(&lines, &self.lines)
      if rule.quantity != nil { readQuantities(evaluation, count, bytes, &dimensions.codes) }
    }
    if !rule.split.isEmpty || rule.foreign != nil || rule.memo != nil || rule.cashFlow != nil {
      readDetails(evaluation, batch, &dimensions)
    }
    hasBad = !badAccounts.isEmpty || !badRates.isEmpty || !badCurrencies.isEmpty
  }

  private mutating func readAccounts(_ evaluation: Evaluation, _ count: Int) {
    switch rule.account {
    case .fixed(let account):
      lines.withUnsafeMutableBufferPointer { lines in
        for i in 0..<count { lines[i].account = account }
      }
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

  /// The records' dimension sets, projected onto what their accounts allow.
  private mutating func readSets(
    _ lines: UnsafeMutableBufferPointer<Entry>, _ count: Int, _ codes: DimensionCodes,
    _ dimensions: inout Dimensions
  ) {
    guard fields.count == 1 else {
      let columns = fields.map { codes.codes[$0] }
      for i in 0..<count {
        lines[i].dimensions =
          lines[i].account >= 0 ? set(i, account: lines[i].account, columns, &dimensions) : 0
      }
      return
    }
    codes.codes[fields[0]].withUnsafeBufferPointer { values in
      for i in 0..<count {
        let (account, code) = (Int(lines[i].account), Int(values[i]))
        guard account >= 0, allowed[account] != 0 else {
          lines[i].dimensions = 0
          continue
        }
        if code + 1 >= setsOfOne.count {
          setsOfOne += Array(repeating: -1, count: max(1 << 8, setsOfOne.count, code + 2 - setsOfOne.count))
        }
        if setsOfOne[code + 1] < 0 {
          let value = Dimensions.Value(dimension: dimensionIndices[0], code: values[i])
          setsOfOne[code + 1] = dimensions.intern(code < 0 ? [] : [value])
        }
        lines[i].dimensions = setsOfOne[code + 1]
      }
    }
  }

  private mutating func set(
    _ record: Int, account: Int32, _ codes: [[Int32]], _ dimensions: inout Dimensions
  ) -> Int32 {
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
