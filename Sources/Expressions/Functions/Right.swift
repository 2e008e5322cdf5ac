extension Function {
  static let rightDocumentation = FunctionDocumentation(
    "right(text, count)", "The last characters of the text.", arguments: 2...2,
    examples: [("right(\"XC20260301\", 4)", "0301")])

  static func compileRight(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    guard let length = builder.literal(arguments[1], in: 1...1000) else { return nil }
    return builder.textFunction(.right(length), [arguments[0]])
  }
}
