/// An expression as it was written: a tree whose nodes know their characters in the source text.
public indirect enum Syntax: Sendable, Hashable {
  case text([TextPart], Range<Int>)
  case number(units: Int128, scale: Int, Range<Int>)
  /// A field, a column or a table; in back-ticks only a column.
  case name(String, quoted: Bool, Range<Int>)
  /// A function, or a code table called with its keys.
  case call(String, [Syntax], Range<Int>)
  case list([Syntax], Range<Int>)
  case unary(UnaryOperator, Syntax, Range<Int>)
  case binary(BinaryOperator, Syntax, Syntax, Range<Int>)
  case condition(if: Syntax, then: Syntax, else: Syntax, Range<Int>)

  /// A number or a plain text: it can't fail.
  var isConstant: Bool {
    switch self {
    case .number: true
    case .text(let parts, _): parts.allSatisfy { if case .literal = $0 { true } else { false } }
    default: false
    }
  }

  /// Characters of the source text, counted from 0.
  public var range: Range<Int> {
    switch self {
    case .text(_, let range), .number(_, _, let range), .name(_, _, let range), .call(_, _, let range),
      .list(_, let range), .unary(_, _, let range), .binary(_, _, _, let range),
      .condition(_, _, _, let range):
      range
    }
  }
}

/// A piece of a text with `{holes}`.
public enum TextPart: Sendable, Hashable {
  case literal(String)
  case hole(Syntax)
}

public enum UnaryOperator: String, Sendable, Hashable {
  case minus = "-"
  case not
}

public enum BinaryOperator: String, Sendable, Hashable {
  case or
  case and
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case contained = "in"
  case otherwise = "??"
  case plus = "+"
  case minus = "-"
  case times = "*"
  case over = "/"

  /// Binds tighter the higher it is.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual, .contained: 4
    case .otherwise: 5
    case .plus, .minus: 6
    case .times, .over: 7
    }
  }

  var isComparison: Bool { precedence == 4 }
}

/// How tight `not` binds: between `and` and the comparisons.
let precedenceOfNot = 3

extension Syntax {
  /// The condition without what it says of presence alone.
  public var withoutPresent: Syntax {
    switch self {
    case .call("present", _, let range): .list([], range)
    case .unary(let operation, let operand, let range): .unary(operation, operand.withoutPresent, range)
    case .binary(let operation, let left, let right, let range):
      .binary(operation, left.withoutPresent, right.withoutPresent, range)
    default: self
    }
  }
}
