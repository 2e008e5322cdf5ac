import Ledger

/// A word of an expression, and the characters it takes.
struct Token: Equatable {
  enum Kind: Equatable {
    case name(String)
    case column(String)
    case number(units: Int128, scale: Int)
    /// The characters between the quotes, as they stand.
    case text
    case symbol(String)
    case end
  }

  var kind: Kind
  var range: Range<Int>
}

/// What an expression's text can't be, and where.
struct SyntaxError: Error {
  var expected: String
  var range: Range<Int>
}

/// Cuts an expression's text into tokens.
struct Lexer {
  let characters: [Character]
  private var at: Int
  private let end: Int

  init(_ characters: [Character], range: Range<Int>) {
    self.characters = characters
    at = range.lowerBound
    end = range.upperBound
  }

  mutating func next() throws(SyntaxError) -> Token {
    while at < end, characters[at].isWhitespace { at += 1 }
    guard at < end else { return Token(kind: .end, range: end..<end) }
    let start = at
    let first = characters[at]
    if first == "\"" { return try text(from: start) }
    if first == "`" { return try column(from: start) }
    if first.isASCII, first.isNumber { return try number(from: start) }
    if Self.isNameStart(first) {
      while at < end, Self.isNamePart(characters[at]) || isInnerPoint { at += 1 }
      return Token(kind: .name(String(characters[start..<at])), range: start..<at)
    }
    for symbol in ["==", "!=", "<=", ">=", "??"] where text(at: start, is: symbol) {
      at += 2
      return Token(kind: .symbol(symbol), range: start..<at)
    }
    at += 1
    guard "+-*/<>(),.[]".contains(first) else {
      throw SyntaxError(expected: "an operator or a name, not “\(first)”", range: start..<at)
    }
    return Token(kind: .symbol(String(first)), range: start..<at)
  }

  /// `tax.percent`, a column of a code table.
  private var isInnerPoint: Bool {
    characters[at] == "." && at + 1 < end && Self.isNameStart(characters[at + 1])
  }

  private func text(at start: Int, is symbol: String) -> Bool {
    start + 2 <= end && String(characters[start..<start + 2]) == symbol
  }

  private mutating func text(from start: Int) throws(SyntaxError) -> Token {
    at += 1
    while at < end, characters[at] != "\"" { at += characters[at] == "\\" ? 2 : 1 }
    guard at < end else { throw SyntaxError(expected: "a closing quote", range: start..<end) }
    at += 1
    return Token(kind: .text, range: start..<at)
  }

  private mutating func column(from start: Int) throws(SyntaxError) -> Token {
    at += 1
    while at < end, characters[at] != "`" { at += 1 }
    guard at < end else { throw SyntaxError(expected: "a closing back-tick", range: start..<end) }
    at += 1
    return Token(kind: .column(String(characters[start + 1..<at - 1])), range: start..<at)
  }

  private mutating func number(from start: Int) throws(SyntaxError) -> Token {
    while at < end, characters[at].isASCII, characters[at].isNumber || characters[at] == "." { at += 1 }
    let digits = String(characters[start..<at])
    guard case .number(let units, let scale, false) = NumberText(digits) else {
      throw SyntaxError(expected: "a number of at most 18 digits", range: start..<at)
    }
    guard at < end, characters[at] == "%" else {
      return Token(kind: .number(units: units, scale: scale), range: start..<at)
    }
    at += 1
    return Token(kind: .number(units: units, scale: scale + 2), range: start..<at)
  }

  private static func isNameStart(_ character: Character) -> Bool { character.isLetter || character == "_" }

  private static func isNamePart(_ character: Character) -> Bool {
    character.isLetter || character == "_" || character.isNumber
  }
}
