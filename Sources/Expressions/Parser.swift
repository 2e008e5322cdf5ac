public import Findings

/// Reads an expression. Its grammar, loosest first:
///
///     if a then b else c  ·  or  ·  and  ·  not  ·  == != < <= > >= in  ·  ??  ·  + -  ·  * /  ·  -x
///
/// and at the leaves: names, `odd names` in back-ticks, numbers (`0.05`, `13%`), "text with {holes}",
/// [lists], calls of functions and code tables, and (parentheses).
public struct Parser {
  private var lexer: Lexer
  private var token: Token
  private var depth = 0
  private var words = 0
  /// Deeper nesting than this is refused, so that no expression can exhaust the stack.
  private static let depthLimit = 64
  /// A chain of operations is a tree as deep as it is long, and is walked like any other.
  private static let wordLimit = 2000

  /// The tree of `source`, or the finding that says where it stops being an expression.
  public static func expression(_ source: SourceText) -> Result<Syntax, ExpressionFault> {
    let characters = Array(source.text)
    return result(source) { () throws(SyntaxError) in
      try whole(characters, range: 0..<characters.count)
    }
  }

  /// The pieces of a text with `{holes}` that stands outside of an expression, as messages and memos do.
  public static func template(_ source: SourceText) -> Result<[TextPart], ExpressionFault> {
    let characters = Array(source.text)
    return result(source) { () throws(SyntaxError) in
      try parts(characters, range: 0..<characters.count, escapes: false)
    }
  }

  private static func result<T>(_ source: SourceText, _ body: () throws(SyntaxError) -> T) -> Result<
    T, ExpressionFault
  > {
    do {
      return .success(try body())
    } catch {
      return .failure(
        ExpressionFault(finding: source.finding(.expressionSyntax, [error.expected], characters: error.range))
      )
    }
  }

  private static func whole(_ characters: [Character], range: Range<Int>) throws(SyntaxError) -> Syntax {
    var parser = try Parser(characters, range: range)
    let syntax = try parser.expression()
    guard parser.token.kind == .end else {
      throw SyntaxError(expected: "an operator, or the end", range: parser.token.range)
    }
    return syntax
  }

  private init(_ characters: [Character], range: Range<Int>) throws(SyntaxError) {
    lexer = Lexer(characters, range: range)
    token = try lexer.next()
  }

  private mutating func advance() throws(SyntaxError) {
    words += 1
    guard words <= Self.wordLimit else {
      throw SyntaxError(
        expected: "a shorter expression (at most \(Self.wordLimit) words)", range: token.range)
    }
    token = try lexer.next()
  }

  private mutating func nested<T>(
    _ body: (inout Parser) throws(SyntaxError) -> T
  ) throws(SyntaxError) -> T {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw SyntaxError(expected: "less nesting (at most \(Self.depthLimit) levels)", range: token.range)
    }
    return try body(&self)
  }

  private mutating func take(symbol: String) throws(SyntaxError) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    try advance()
    return true
  }

  private mutating func expect(symbol: String) throws(SyntaxError) {
    guard try take(symbol: symbol) else { throw SyntaxError(expected: "“\(symbol)”", range: token.range) }
  }

  private mutating func expect(word: String) throws(SyntaxError) {
    guard token.kind == .name(word) else { throw SyntaxError(expected: "“\(word)”", range: token.range) }
    try advance()
  }

  private mutating func expression() throws(SyntaxError) -> Syntax {
    try nested { (parser) throws(SyntaxError) in try parser.choice() }
  }

  private mutating func choice() throws(SyntaxError) -> Syntax {
    guard token.kind == .name("if") else { return try operation(tighterThan: 0) }
    let start = token.range.lowerBound
    try advance()
    let condition = try expression()
    try expect(word: "then")
    let then = try expression()
    try expect(word: "else")
    let otherwise = try expression()
    return .condition(if: condition, then: then, else: otherwise, start..<otherwise.range.upperBound)
  }

  private mutating func operation(tighterThan floor: Int) throws(SyntaxError) -> Syntax {
    var left = try operand()
    while let next = infix, next.precedence > floor {
      try advance()
      let right = try operation(tighterThan: next.precedence)
      if next.isComparison, let after = infix, after.isComparison {
        throw SyntaxError(expected: "“and” between two comparisons", range: token.range)
      }
      left = .binary(next, left, right, left.range.lowerBound..<right.range.upperBound)
    }
    return left
  }

  private var infix: BinaryOperator? {
    switch token.kind {
    case .symbol(let symbol): BinaryOperator(rawValue: symbol)
    case .name(let word) where ["or", "and", "in"].contains(word): BinaryOperator(rawValue: word)
    default: nil
    }
  }

  private mutating func operand() throws(SyntaxError) -> Syntax {
    let start = token.range.lowerBound
    if token.kind == .name("not") {
      try advance()
      let operand = try nested { (parser) throws(SyntaxError) in
        try parser.operation(tighterThan: precedenceOfNot - 1)
      }
      return .unary(.not, operand, start..<operand.range.upperBound)
    }
    if try take(symbol: "-") {
      let operand = try nested { (parser) throws(SyntaxError) in try parser.operand() }
      return .unary(.minus, operand, start..<operand.range.upperBound)
    }
    return try leaf()
  }

  private mutating func leaf() throws(SyntaxError) -> Syntax {
    let leaf = token
    switch leaf.kind {
    case .number(let units, let scale):
      try advance()
      return .number(units: units, scale: scale, leaf.range)
    case .text:
      try advance()
      let inside = leaf.range.lowerBound + 1..<leaf.range.upperBound - 1
      return .text(try Self.parts(lexer.characters, range: inside, escapes: true), leaf.range)
    case .column(let name):
      try advance()
      return .name(name, quoted: true, leaf.range)
    case .name(let name) where !Self.words.contains(name):
      return try nameOrCall(name, leaf.range)
    case .symbol("("):
      try advance()
      let inner = try expression()
      try expect(symbol: ")")
      return inner
    case .symbol("["):
      try advance()
      let items = try list(until: "]")
      return .list(items.0, leaf.range.lowerBound..<items.end)
    default:
      throw SyntaxError(expected: "a name, a number or a text", range: leaf.range)
    }
  }

  static let words: Set<String> = ["if", "then", "else", "and", "or", "not", "in"]

  private mutating func nameOrCall(_ name: String, _ range: Range<Int>) throws(SyntaxError) -> Syntax {
    var name = name
    var range = range
    try advance()
    while try take(symbol: ".") {
      guard case .name(let part) = token.kind else {
        throw SyntaxError(expected: "a name behind the point", range: token.range)
      }
      name += "." + part
      range = range.lowerBound..<token.range.upperBound
      try advance()
    }
    guard try take(symbol: "(") else { return .name(name, quoted: false, range) }
    let arguments = try list(until: ")")
    return .call(name, arguments.0, range.lowerBound..<arguments.end)
  }

  private mutating func list(until close: String) throws(SyntaxError) -> ([Syntax], end: Int) {
    var items: [Syntax] = []
    while token.kind != .symbol(close) {
      if !items.isEmpty { try expect(symbol: ",") }
      items.append(try expression())
    }
    let end = token.range.upperBound
    try advance()
    return (items, end)
  }

  /// Literal text and holes. `{{` and `}}` stand for braces; in a quoted text `\"` and `\\` for quote and backslash.
  private static func parts(
    _ characters: [Character], range: Range<Int>, escapes: Bool
  ) throws(SyntaxError) -> [TextPart] {
    var parts: [TextPart] = []
    var literal = ""
    var at = range.lowerBound
    func doubled(_ brace: Character) -> Bool {
      characters[at] == brace && at + 1 < range.upperBound && characters[at + 1] == brace
    }
    while at < range.upperBound {
      let character = characters[at]
      if escapes, character == "\\", at + 1 < range.upperBound {
        literal.append(characters[at + 1])
        at += 2
      } else if doubled("{") || doubled("}") {
        literal.append(character)
        at += 2
      } else if character == "{" {
        guard let close = characters[at..<range.upperBound].firstIndex(of: "}") else {
          throw SyntaxError(expected: "a closing “}”", range: at..<range.upperBound)
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = ""
        parts.append(.hole(try whole(characters, range: at + 1..<close)))
        at = close + 1
      } else {
        literal.append(character)
        at += 1
      }
    }
    if !literal.isEmpty || parts.isEmpty { parts.append(.literal(literal)) }
    return parts
  }
}

/// An expression that can't be read or doesn't make sense, as the finding that says so.
public struct ExpressionFault: Error, Hashable {
  public var finding: Finding
}
