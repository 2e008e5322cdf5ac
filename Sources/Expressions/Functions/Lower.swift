extension Function {
  static let lowerDocumentation = FunctionDocumentation(
    "lower(text)", "The text in small letters.", arguments: 1...1, examples: [("lower(\"WH01A\")", "wh01a")])

  static func compileLower(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    builder.textFunction(.lower, arguments)
  }
}
