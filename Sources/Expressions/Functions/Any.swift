extension Function {
  static let anyDocumentation = FunctionDocumentation(
    "any(condition)", "Whether the condition is true for one record of the document or more.",
    arguments: 1...1,
    examples: [("any(x < 0)", "是"), ("any(x == 0)", "否")])

  static func compileAny(
    _ builder: inout ProgramBuilder, _ arguments: [Syntax], _ call: Syntax
  ) -> Compiled? {
    builder.aggregate(.any, arguments[0], call) { $0.flag($1) }
  }
}
