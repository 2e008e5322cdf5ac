import Definitions
import Expressions
import Findings
import Ledger

extension FieldDefinition {
  /// `name: type = expression`.
  init?(entry: Node.Entry, faults: Faults) {
    guard case .scalar(let text) = entry.value.content else {
      faults.report(.wrongShape, at: entry.value.source, [Self.shape])
      return nil
    }
    guard let equals = text.text.firstIndex(of: "=") else {
      faults.report(.wrongShape, at: text.text.isEmpty ? entry.key : text, [Self.shape])
      return nil
    }
    let typeName = text.text[..<equals].trimmed
    let behind = text.text[text.text.index(after: equals)...]
    let expression = behind.drop { $0 == " " }
    guard !expression.isEmpty else {
      faults.report(.wrongShape, at: text, [Self.shape])
      return nil
    }
    var typeText = text
    typeText.text = typeName
    guard let type = FieldType(typeName) else {
      faults.report(
        .badValue, at: typeText.text.isEmpty ? text : typeText,
        [typeName, FieldType.spellings.joined(separator: " | ")])
      return nil
    }
    self.init(
      name: entry.key, type: type, typeText: typeText,
      expression: text.from(text.text.count - expression.count))
  }

  private static let shape = "TYPE = EXPRESSION"
}

extension FieldType {
  static let spellings = [
    "text", "int", "decimal(N)", "money", "quantity", "price", "percent", "percent(whole)",
    "percent(fraction)",
    "date", "date(dmy)", "date(mdy)", "date(excel)", "bool",
  ]

  /// Reads a type as it is written: `money`, `decimal(3)?`.
  init?(_ text: String) {
    let optional = text.last == "?"
    let name = optional ? String(text.dropLast()) : text
    let kind: Kind
    var order = DateOrder.yearMonthDay
    switch name {
    case "text": kind = .text
    case "int": kind = .int
    case "money": kind = .money
    case "quantity": kind = .quantity
    case "price": kind = .price
    case "percent": kind = .percent(.signed)
    case "percent(whole)": kind = .percent(.whole)
    case "percent(fraction)": kind = .percent(.fraction)
    case "date": kind = .date
    case "date(dmy)": (kind, order) = (.date, .dayMonthYear)
    case "date(mdy)": (kind, order) = (.date, .monthDayYear)
    case "date(excel)": (kind, order) = (.date, .serial)
    case "bool": kind = .bool
    default:
      guard name.hasPrefix("decimal("), name.last == ")", let digits = Int(name.dropFirst(8).dropLast()),
        (0...12).contains(digits)
      else { return nil }
      kind = .decimal(digits)
    }
    self.init(kind, optional: optional, order: order)
  }
}
