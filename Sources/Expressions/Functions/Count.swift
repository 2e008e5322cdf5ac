extension Function {
  static let countDocumentation = FunctionDocumentation(
    "count(), count(condition)",
    "How many records the document has, or for how many of them the condition is true.",
    arguments: 0...1,
    examples: [("count()", "3"), ("count(x > 0)", "2")])

  static func compileCount(
    _ builder: inout ProgramBuilder, _ arguments: [Syntax], _ call: Syntax
  ) -> Compiled? {
    builder.aggregate(.count, arguments.first, call) { $0.flag($1) }
  }
}
