extension Function {
  static let upperDocumentation = FunctionDocumentation(
    "upper(text)", "The text in capital letters.", arguments: 1...1, examples: [("upper(\"wh01a\")", "WH01A")]
  )

  static func compileUpper(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    builder.textFunction(.upper, arguments)
  }
}
