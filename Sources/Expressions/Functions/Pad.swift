extension Function {
  static let padDocumentation = FunctionDocumentation(
    "pad(text, length)", "The text with zeros before it, so that it has at least so many characters.",
    arguments: 2...2, examples: [("pad(\"123\", 6)", "000123"), ("pad(\"1234567\", 6)", "1234567")])

  static func compilePad(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    guard let length = builder.literal(arguments[1], in: 1...1000) else { return nil }
    return builder.textFunction(.pad(length), [arguments[0]])
  }
}
