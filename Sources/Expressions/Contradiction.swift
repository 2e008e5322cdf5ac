import Ledger

extension Syntax {
  /// Whether the condition can be true for no value at all, as its comparisons with stated texts and numbers show:
  /// `kind == "A" and kind == "B"`. What they don't show counts as possible.
  public var isNeverTrue: Bool { isNever(negated: false) }

  /// The same of its contrary: it can't be false.
  public var isAlwaysTrue: Bool { isNever(negated: true) }

  private func isNever(negated: Bool) -> Bool {
    let parts = conjuncts(negated: negated)
    if parts.count > 1, parts.contains(where: { $0.isNever(negated: $1) }) { return true }
    if let (part, negated) = parts.first, parts.count == 1,
      case .binary(let operation, let left, let right, _) = part, operation == (negated ? .and : .or)
    {
      return left.isNever(negated: negated) && right.isNever(negated: negated)
    }
    var limits: [String: Limits] = [:]
    for (part, negated) in parts {
      guard let (subject, limit) = part.limit(negated: negated) else { continue }
      limits[subject, default: Limits()].add(limit)
    }
    return limits.values.contains(where: \.isEmpty)
  }

  /// What must all be true, each with whether it is meant the other way round.
  private func conjuncts(negated: Bool) -> [(Syntax, negated: Bool)] {
    switch self {
    case .unary(.not, let operand, _): operand.conjuncts(negated: !negated)
    case .binary(let operation, let left, let right, _) where operation == (negated ? .or : .and):
      left.conjuncts(negated: negated) + right.conjuncts(negated: negated)
    default: [(self, negated)]
    }
  }

  /// What a comparison with a constant demands, and of what.
  private func limit(negated: Bool) -> (subject: String, Limit)? {
    guard case .binary(let operation, let left, let right, _) = self else { return nil }
    if operation == .contained {
      guard case .list(let items, _) = right, let subject = left.subject else { return nil }
      let texts = items.compactMap(\.plainText)
      guard texts.count == items.count else { return nil }
      return (subject, negated ? .noneOf(Set(texts)) : .oneOf(Set(texts)))
    }
    guard operation.isComparison else { return nil }
    if let subject = left.subject, let limit = right.limit(operation, negated) { return (subject, limit) }
    guard let subject = right.subject, let limit = left.limit(operation.mirrored, negated) else { return nil }
    return (subject, limit)
  }

  /// What a comparison with this constant demands of the other side.
  private func limit(_ operation: BinaryOperator, _ negated: Bool) -> Limit? {
    let meant = negated ? operation.contrary : operation
    if let text = plainText {
      return meant == .equal ? .oneOf([text]) : meant == .unequal ? .noneOf([text]) : nil
    }
    guard let number = plainNumber else { return nil }
    switch meant {
    case .equal: return .between(number, number, open: false)
    case .less: return .between(nil, number, open: true)
    case .lessOrEqual: return .between(nil, number, open: false)
    case .greater: return .between(number, nil, open: true)
    case .greaterOrEqual: return .between(number, nil, open: false)
    default: return nil
    }
  }

  /// A name, or a call of names and constants: the same text is the same value.
  private var subject: String? {
    switch self {
    case .name(let name, let quoted, _): return quoted ? "`\(name)`" : name
    case .call(let name, let arguments, _):
      let parts = arguments.compactMap { $0.subject ?? $0.plainText ?? $0.plainNumber?.description }
      return parts.count == arguments.count ? "\(name)(\(parts.joined(separator: ",")))" : nil
    default: return nil
    }
  }

  private var plainText: String? {
    guard isConstant, case .text(let parts, _) = self else { return nil }
    return parts.map { if case .literal(let text) = $0 { text } else { "" } }.joined()
  }

  /// The numbers that the expression states as its own result.
  var statedResults: [Decimal] {
    if let plainNumber { return [plainNumber] }
    guard case .condition(_, let then, let otherwise, _) = self else { return [] }
    return then.statedResults + otherwise.statedResults
  }

  private var plainNumber: Decimal? {
    switch self {
    case .number(let units, let scale, _): Decimal(units: units, scale: scale)
    case .unary(.minus, .number(let units, let scale, _), _): Decimal(units: 0 &- units, scale: scale)
    default: nil
    }
  }
}

private enum Limit {
  case oneOf(Set<String>)
  case noneOf(Set<String>)
  case between(Decimal?, Decimal?, open: Bool)
}

/// What all comparisons together leave of one value.
private struct Limits {
  private var allowed: Set<String>?
  private var refused: Set<String> = []
  private var low: (value: Decimal, open: Bool)?
  private var high: (value: Decimal, open: Bool)?

  mutating func add(_ limit: Limit) {
    switch limit {
    case .oneOf(let texts):
      // A text without a character equals none.
      let texts = texts.subtracting([""])
      allowed = allowed?.intersection(texts) ?? texts
    case .noneOf(let texts): refused.formUnion(texts)
    case .between(let from, let to, let open):
      if let from, low.map({ ($0.value, $0.open ? 1 : 0) < (from, open ? 1 : 0) }) ?? true {
        low = (from, open)
      }
      if let to, high.map({ (to, open ? 0 : 1) < ($0.value, $0.open ? 0 : 1) }) ?? true { high = (to, open) }
    }
  }

  var isEmpty: Bool {
    if let allowed, allowed.isSubset(of: refused) { return true }
    guard let low, let high else { return false }
    return low.value > high.value || (low.value == high.value && (low.open || high.open))
  }
}

extension BinaryOperator {
  /// With its sides exchanged.
  fileprivate var mirrored: BinaryOperator {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }

  fileprivate var contrary: BinaryOperator {
    switch self {
    case .equal: .unequal
    case .unequal: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    default: self
    }
  }
}
