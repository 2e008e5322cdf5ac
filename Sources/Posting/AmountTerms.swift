import Expressions
package import Findings
package import Mapping

/// An amount as a sum of what it is made of, as far as that is exact: `gross - tax` of money fields is; what is multiplied
/// or chosen is a term of its own.
package struct AmountTerms {
  private var times: [String: Int] = [:]

  package init() {}

  /// - Returns: `nil` where the amount can't be parsed, which is told elsewhere.
  package init?(_ amount: SourceText, _ fields: [FieldDefinition]) {
    guard case .success(let syntax) = Parser.expression(amount) else { return nil }
    let known = Dictionary(fields.map { ($0.name.text, $0) }, uniquingKeysWith: { first, _ in first })
    add(syntax, of: amount, times: 1, known, depth: 0)
  }

  /// The one term that does not cancel, with its factor; `nil` where there is none or are several.
  package var single: String? {
    guard times.count == 1, let (name, factor) = times.first else { return nil }
    switch factor {
    case 1: return name
    case -1: return "-" + name
    default: return "\(factor) × \(name)"
    }
  }

  package mutating func add(_ other: AmountTerms, times factor: Int) {
    for (name, own) in other.times { add(name, factor * own) }
  }

  private mutating func add(_ name: String, _ factor: Int) {
    let sum = times[name, default: 0] + factor
    times[name] = sum == 0 ? nil : sum
  }

  /// How many definitions lead from a field to another at most.
  private static let deepest = 64

  private mutating func add(
    _ syntax: Syntax, of source: SourceText, times factor: Int, _ fields: [String: FieldDefinition],
    depth: Int
  ) {
    switch syntax {
    case .number(units: 0, _, _): return
    case .unary(.minus, let inner, _): add(inner, of: source, times: -factor, fields, depth: depth)
    case .binary(let sign, let left, let right, _) where sign == .plus || sign == .minus:
      add(left, of: source, times: factor, fields, depth: depth)
      add(right, of: source, times: sign == .plus ? factor : -factor, fields, depth: depth)
    case .binary(.times, .number(let units, scale: 0, _), let other, _),
      .binary(.times, let other, .number(let units, scale: 0, _), _):
      // Times a whole number is exact, as long as the factors stay small.
      guard let whole = Int(exactly: units), (1...1000).contains(whole), abs(factor) <= 1000 else {
        return add(String(Array(source.text)[syntax.range]), factor)
      }
      add(other, of: source, times: factor * whole, fields, depth: depth)
    case .name(let name, quoted: false, _):
      // Only a sum of money is money without being rounded.
      guard depth < Self.deepest, let field = fields[name], field.type.kind == .money,
        case .success(let made) = Parser.expression(field.expression), Self.isSum(made, fields)
      else { return add(name, factor) }
      add(made, of: field.expression, times: factor, fields, depth: depth + 1)
    default: add(String(Array(source.text)[syntax.range]), factor)
    }
  }

  private static func isSum(_ syntax: Syntax, _ fields: [String: FieldDefinition]) -> Bool {
    switch syntax {
    case .name(let name, quoted: false, _): fields[name]?.type.kind == .money
    case .unary(.minus, let inner, _): isSum(inner, fields)
    case .binary(let sign, let left, let right, _) where sign == .plus || sign == .minus:
      isSum(left, fields) && isSum(right, fields)
    default: false
    }
  }
}
