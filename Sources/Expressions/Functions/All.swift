extension Function {
  static let allDocumentation = FunctionDocumentation(
    "all(condition)", "Whether the condition is true for all records of the document.",
    arguments: 1...1,
    examples: [("all(x > 0)", "否"), ("all(x != 0)", "是")])

  static func compileAll(
    _ builder: inout ProgramBuilder, _ arguments: [Syntax], _ call: Syntax
  ) -> Compiled? {
    builder.aggregate(.all, arguments[0], call) { $0.flag($1) }
  }
}
