extension Function {
  static let sumDocumentation = FunctionDocumentation(
    "sum(number)", "The numbers of all records of the document, added up.",
    arguments: 1...1,
    examples: [("sum(x)", "2.50"), ("sum(abs(x))", "6.50"), ("sum(2)", "6")])

  static func compileSum(
    _ builder: inout ProgramBuilder, _ arguments: [Syntax], _ call: Syntax
  ) -> Compiled? {
    builder.aggregate(.sum, arguments[0], call) { $0.number($1) }
  }
}
