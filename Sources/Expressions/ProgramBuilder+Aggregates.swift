import Findings

/// How the values that a document's records have become one.
public enum Aggregate: String, Sendable, Hashable {
  case sum, count, min, max, first, last, all, any
}

extension ProgramBuilder {
  /// Compiles an aggregate: one value for all records of a document. What it is made of is computed for each of them,
  /// whatever stands before the call.
  ///
  /// - Parameter compile: compiles the argument, of the type that the aggregate needs.
  mutating func aggregate(
    _ aggregate: Aggregate, _ argument: Syntax?, _ call: Syntax,
    _ compile: (inout ProgramBuilder, Syntax) -> Compiled?
  ) -> Compiled? {
    guard knowsDocuments(call) else { return nil }
    let before = (guarded, narrowed)
    (guarded, narrowed) = (nil, [])
    defer { (guarded, narrowed) = before }
    var input: Compiled?
    if let argument {
      guard var value = compile(&self, argument), value.slot >= 0 else { return nil }
      // A header's total that stands on three lines is never added up three times.
      guard value.recordName != nil || value.sources.isEmpty else {
        fault(.typeMismatch, ["a value of the whole document", "a value of its records"], at: argument)
        return nil
      }
      if aggregate != .first, aggregate != .last { value = required(value) }
      input = value
    }
    var result = input ?? Compiled(slot: 0, type: ValueType(.number(scale: 0)))
    if aggregate == .count { result.type = ValueType(.number(scale: 0)) }
    result.recordName = nil
    let kind = result.type.kind
    return result.with(emit(.aggregate(aggregate, input?.slot), kind), kind)
  }

  /// Compiles what spreads a document's total over its records. As in an aggregate, the weight is computed for each of them.
  mutating func allocate(_ total: Syntax, by weight: Syntax, _ call: Syntax) -> Compiled? {
    guard knowsDocuments(call) else { return nil }
    let before = (guarded, narrowed)
    (guarded, narrowed) = (nil, [])
    defer { (guarded, narrowed) = before }
    guard let whole = number(total), whole.slot >= 0, let part = number(weight), part.slot >= 0 else {
      return nil
    }
    if let name = whole.recordName {
      fault(.levelMismatch, [name], at: total)
      return nil
    }
    let (value, weights) = (required(whole), required(part))
    var result = merged(
      [value, weights], slot: emit(.allocate(value.slot, by: weights.slot), value.type.kind), value.type.kind)
    // Each record has a share of its own, also where they all weigh the same.
    result.recordName = part.recordName ?? shown(call)
    return result
  }

  /// Which records are one document is known by the key.
  private mutating func knowsDocuments(_ call: Syntax) -> Bool {
    for name in keyFields where field(name) == nil {
      fault(.levelMismatch, [name], at: call)
      return false
    }
    return true
  }

  /// A number or a date that is there for sure.
  mutating func ordered(_ syntax: Syntax) -> Compiled? {
    guard let value = compile(syntax), value.slot >= 0 else { return nil }
    guard value.type.kind == .date else { return number(value, syntax) }
    guard value.type.presence != .optional else {
      fault(.optionalUnguarded, [shown(syntax)], at: syntax)
      return nil
    }
    return value
  }
}

extension Syntax {
  /// Whether it has an aggregate in it, so that it is about a document and not about a record.
  public var holdsAggregate: Bool {
    switch self {
    case .number, .name: false
    case .text(let parts, _):
      parts.contains { if case .hole(let inner) = $0 { inner.holdsAggregate } else { false } }
    case .call(let name, let arguments, _):
      Aggregate(rawValue: name) != nil || arguments.contains(where: \.holdsAggregate)
    case .list(let items, _): items.contains(where: \.holdsAggregate)
    case .unary(_, let operand, _): operand.holdsAggregate
    case .binary(_, let left, let right, _): left.holdsAggregate || right.holdsAggregate
    case .condition(let condition, let then, let otherwise, _):
      condition.holdsAggregate || then.holdsAggregate || otherwise.holdsAggregate
    }
  }
}
