extension Function {
  static let leftDocumentation = FunctionDocumentation(
    "left(text, count)", "The first characters of the text.", arguments: 2...2,
    examples: [("left(\"8.8.4.002\", 3)", "8.8"), ("left(\"销售单\", 2)", "销售")])

  static func compileLeft(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    guard let length = builder.literal(arguments[1], in: 1...1000) else { return nil }
    return builder.textFunction(.left(length), [arguments[0]])
  }
}
