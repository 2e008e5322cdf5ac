extension Function {
  static let replaceDocumentation = FunctionDocumentation(
    "replace(text, old, new)", "The text with every occurrence of one text replaced by another.",
    arguments: 3...3,
    examples: [("replace(\"17850.0\", \".0\", \"\")", "17850")])

  static func compileReplace(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    builder.textFunction(.replace, arguments)
  }
}
