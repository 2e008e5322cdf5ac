import Definitions
import Findings
import Ledger

extension PostingDefinition {
  init?(entry: Node.Entry, faults: Faults) {
    let keys = Keys(of: entry.value, owner: entry.key, faults: faults)
    let code = keys.text("code") ?? keys.missing
    checkVoucherCode(code, faults)
    // The numbers of rejects have it in the same place: they would take the vouchers' numbers.
    if code.text == rejectCode {
      faults.report(.badValue, at: code, [code.text, "1–6 × A–Z 0–9, not \(rejectCode)"])
    }
    let when = keys.optionalText("when")
    let per = keys.required("per").flatMap { VoucherGrouping(node: $0, faults: faults) }
    let date = keys.text("date")
    let memo = keys.text("memo")
    _ = keys.required("entries")
    let rules = keys.items("entries")
    if rules.isEmpty, let place = keys.keyText("entries") {
      faults.report(.wrongShape, at: place, ["a list with an entry"])
    }
    let entries = rules.compactMap { EntryRuleDefinition(item: $0, faults: faults) }
    let type = keys.optionalText("type")
    let attachments = keys.optionalText("attachments")
    let gather = keys.optionalText("gather")
    if let gather, gather.text != "month" { faults.report(.badValue, at: gather, [gather.text, "month"]) }
    keys.finish()
    guard let per, let date, let memo else { return nil }
    self.init(
      name: entry.key, code: code, when: when, per: per, date: date, memo: memo, type: type,
      attachments: attachments, gathersMonth: gather != nil, entries: entries)
  }
}

extension VoucherGrouping {
  fileprivate init?(node: Node, faults: Faults) {
    if case .scalar(let text) = node.content {
      switch text.text {
      case "document": self = .document
      case "file": self = .file
      default:
        faults.report(.badValue, at: text, [text.text, "document | file | [FIELD, …]"])
        return nil
      }
      return
    }
    guard case .list(let items) = node.content, !items.isEmpty else {
      faults.report(.wrongShape, at: node.source, ["a list"])
      return nil
    }
    var fields: [SourceText] = []
    for item in items {
      if case .scalar(let field) = item.content {
        fields.append(field)
      } else {
        faults.report(.wrongShape, at: item.source, ["a text"])
      }
    }
    self = .fields(fields)
  }
}

extension EntryRuleDefinition {
  fileprivate init?(item: Node, faults: Faults) {
    let keys = Keys(of: item, faults: faults)
    let debit = keys.optionalText("debit")
    let credit = keys.optionalText("credit")
    let amount = keys.text("amount")
    let by = keys.optionalMap("by")
    var dimensions: [(dimension: SourceText, value: SourceText)] = []
    for dimension in keys.entries("by") {
      if let value = by?.text(dimension.key.text) { dimensions.append((dimension.key, value)) }
    }
    let split = keys.optionalTexts("split") ?? []
    let quantity = keys.optionalText("quantity")
    let unit = keys.optionalText("unit")
    let memo = keys.optionalText("memo")
    let cashFlow = keys.optionalText("cash_flow")
    let absorbs = keys.choice("absorb", default: Answer.no) == .yes
    let foreign = Self.foreign(keys)
    keys.finish()
    if debit != nil, credit != nil, let second = keys.keyText("credit") {
      faults.report(.wrongShape, at: second, ["debit or credit, one of them"])
      return nil
    }
    guard let account = debit ?? credit else {
      faults.report(.missingKey, at: keys.owner, ["debit | credit"])
      return nil
    }
    guard let amount else { return nil }
    self.init(
      side: debit == nil ? .credit : .debit, account: account, amount: amount, by: dimensions, split: split,
      quantity: quantity, unit: unit, foreign: foreign, memo: memo, cashFlow: cashFlow,
      absorb: absorbs ? keys.keyText("absorb") : nil)
  }

  /// `currency:`, `rate:` and `foreign:`, of which none makes sense alone.
  private static func foreign(_ keys: Keys) -> Foreign? {
    let parts = ["currency", "rate", "foreign"].map { keys.optionalText($0) }
    guard parts.contains(where: { $0 != nil }) else { return nil }
    guard let currency = parts[0], let rate = parts[1], let amount = parts[2] else {
      for (name, part) in zip(["currency", "rate", "foreign"], parts) where part == nil {
        _ = keys.required(name)
      }
      return nil
    }
    return Foreign(currency: currency, rate: rate, amount: amount)
  }
}

extension CheckDefinition {
  /// `- level unless condition: "message"`: a map with one entry.
  init?(item: Node, faults: Faults) {
    guard case .map(let entries) = item.content, let entry = entries.first else {
      faults.report(.wrongShape, at: item.source, [Self.shape])
      return nil
    }
    for more in entries.dropFirst() { faults.report(.wrongShape, at: more.key, [Self.shape]) }
    guard case .scalar(let message) = entry.value.content, !message.text.isEmpty else {
      faults.report(.wrongShape, at: entry.key, [Self.shape])
      return nil
    }
    let key = entry.key
    let word = key.text.prefix { $0 != " " }
    guard let level = CheckLevel(rawValue: String(word)) else {
      let allowed = CheckLevel.allCases.map(\.rawValue).joined(separator: " | ")
      faults.report(.badValue, at: key, [String(word), allowed], characters: 0..<word.count)
      return nil
    }
    let behind = key.text.dropFirst(word.count).drop { $0 == " " }
    let unless = behind.prefix { $0 != " " }
    let unlessAt = key.text.count - behind.count
    guard unless == "unless" else {
      faults.report(
        .badValue, at: key, [String(unless), "unless"], characters: unlessAt..<unlessAt + max(1, unless.count)
      )
      return nil
    }
    let condition = behind.dropFirst(unless.count).drop { $0 == " " }
    guard !condition.isEmpty else {
      faults.report(.wrongShape, at: key, [Self.shape])
      return nil
    }
    self.init(level: level, condition: key.from(key.text.count - condition.count), message: message)
  }

  private static let shape = "LEVEL unless CONDITION: \"MESSAGE\""
}
