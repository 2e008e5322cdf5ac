import Ledger

@testable import Expressions

/// The language, one record at a time, over integers without a limit: slow, and without a thought for columns.
struct ReferenceInterpreter {
  enum Value {
    case number(BigInteger, scale: Int)
    case flag(Bool)
    case missing(scale: Int)
    case failed(scale: Int)

    var scale: Int {
      switch self {
      case .number(_, let scale), .missing(let scale), .failed(let scale): scale
      case .flag: 0
      }
    }
  }

  /// A record's cells, as values of their declared types.
  var numbers: [Value]
  var optionals: [Value]
  var flag: Value
  /// How often something failed that was worked on.
  var failures = 0

  mutating func value(_ sample: Sample) -> Value {
    switch sample {
    case .number(let units, let scale): return .number(BigInteger(units), scale: scale)
    case .column(let index): return numbers[index]
    case .optional(let index): return optionals[index]
    case .flagColumn: return flag
    case .calculation(let operation, let left, let right):
      return operation == "*"
        ? product(value(left), value(right)) : sum(value(left), value(right), operation == "-")
    case .negated(let operand): return mapped(value(operand)) { -$0 }
    case .absolute(let operand): return mapped(value(operand)) { $0.magnitude }
    case .rounded(let operand, let digits): return rescaled(value(operand), digits)
    case .quotient(let left, let right, let digits): return quotient(value(left), value(right), digits)
    case .compared(let operation, let left, let right): return compared(operation, value(left), value(right))
    case .and(let left, let right): return connected(value(left), right, decisive: false)
    case .or(let left, let right): return connected(value(left), right, decisive: true)
    case .not(let operand):
      if case .flag(let flag) = value(operand) { return .flag(!flag) } else { return .failed(scale: 0) }
    case .present(let index):
      switch optionals[index] {
      case .failed: return .failed(scale: 0)
      case .missing: return .flag(false)
      default: return .flag(true)
      }
    case .chosen(let condition, let then, let otherwise):
      let scale = max(scaleOf(then), scaleOf(otherwise))
      guard case .flag(let chosen) = value(condition) else { return .failed(scale: scale) }
      return rescaled(value(chosen ? then : otherwise), scale)
    case .otherwise(let index, let right):
      let scale = max(optionals[index].scale, scaleOf(right))
      if case .missing = optionals[index] { return rescaled(value(right), scale) }
      return rescaled(optionals[index], scale)
    }
  }

  /// The scale that an expression has whatever its value is.
  func scaleOf(_ sample: Sample) -> Int {
    switch sample {
    case .number(_, let scale): scale
    case .column(let index): numbers[index].scale
    case .optional(let index): optionals[index].scale
    case .calculation("*", let left, let right): scaleOf(left) + scaleOf(right)
    case .calculation(_, let left, let right), .chosen(_, let left, let right):
      max(scaleOf(left), scaleOf(right))
    case .negated(let operand), .absolute(let operand): scaleOf(operand)
    case .rounded(_, let digits), .quotient(_, _, let digits): digits
    case .otherwise(let index, let right): max(optionals[index].scale, scaleOf(right))
    default: 0
    }
  }

  /// As a field of a declared type keeps it.
  mutating func assigned(_ value: Value, scale: Int) -> Value {
    let kept = rescaled(value, scale)
    if case .number(let units, _) = kept, !(units.magnitude < .tenTo(18)) { return failure(scale) }
    return kept
  }

  private mutating func failure(_ scale: Int) -> Value {
    failures += 1
    return .failed(scale: scale)
  }

  /// A number that 128 bits can't hold has failed.
  private mutating func checked(_ units: BigInteger, _ scale: Int) -> Value {
    units.int128 == nil ? failure(scale) : .number(units, scale: scale)
  }

  private mutating func rescaled(_ value: Value, _ scale: Int) -> Value {
    guard case .number(let units, let old) = value else {
      if case .missing = value { return .missing(scale: scale) }
      return .failed(scale: scale)
    }
    if old == scale { return value }
    if old < scale { return checked(units * .tenTo(scale - old), scale) }
    return .number(.rounded(units, over: .tenTo(old - scale)), scale: scale)
  }

  private func mapped(_ value: Value, _ body: (BigInteger) -> BigInteger) -> Value {
    if case .number(let units, let scale) = value { .number(body(units), scale: scale) } else { value }
  }

  private mutating func sum(_ left: Value, _ right: Value, _ minus: Bool) -> Value {
    let scale = max(left.scale, right.scale)
    guard case .number(let a, _) = rescaled(left, scale), case .number(let b, _) = rescaled(right, scale)
    else {
      return .failed(scale: scale)
    }
    return checked(minus ? a - b : a + b, scale)
  }

  private mutating func product(_ left: Value, _ right: Value) -> Value {
    let scale = left.scale + right.scale
    guard case .number(let a, _) = left, case .number(let b, _) = right else { return .failed(scale: scale) }
    return checked(a * b, scale)
  }

  private mutating func quotient(_ left: Value, _ right: Value, _ digits: Int) -> Value {
    guard case .number(let a, let x) = left, case .number(let b, let y) = right else {
      return .failed(scale: digits)
    }
    guard !b.isZero else { return failure(digits) }
    // The program's dividend or divisor has the quotient's digits too, and must fit with them.
    let shift = Program.quotientScale + y - x
    let scaled = shift >= 0 ? a * .tenTo(shift) : b * .tenTo(-shift)
    guard scaled.int128 != nil else { return failure(digits) }
    return .number(.rounded(a * .tenTo(digits + y), over: b * .tenTo(x)), scale: digits)
  }

  private mutating func compared(_ operation: String, _ left: Value, _ right: Value) -> Value {
    let scale = max(left.scale, right.scale)
    guard case .number(let a, _) = rescaled(left, scale), case .number(let b, _) = rescaled(right, scale)
    else {
      return .failed(scale: 0)
    }
    switch operation {
    case "==": return .flag(a == b)
    case "!=": return .flag(a != b)
    case "<": return .flag(a < b)
    case "<=": return .flag(a < b || a == b)
    case ">": return .flag(b < a)
    default: return .flag(b < a || a == b)
    }
  }

  /// The right side is worked on only where the left one has not decided, and is there.
  private mutating func connected(_ left: Value, _ right: Sample, decisive: Bool) -> Value {
    guard case .flag(let first) = left else { return .failed(scale: 0) }
    if first == decisive { return .flag(decisive) }
    return value(right)
  }
}
