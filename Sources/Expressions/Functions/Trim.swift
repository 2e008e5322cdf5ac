extension Function {
  static let trimDocumentation = FunctionDocumentation(
    "trim(text)", "The text without white space at its ends, full-width spaces included.", arguments: 1...1,
    examples: [("trim(\"  A 1　\")", "A 1")])

  static func compileTrim(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    builder.textFunction(.trim, arguments)
  }
}
