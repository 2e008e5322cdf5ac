extension Function {
  static let maxDocumentation = FunctionDocumentation(
    "max(value)", "The greatest number, or the latest date, of the document's records.",
    arguments: 1...1,
    examples: [("max(x)", "3.00")])

  static func compileMax(
    _ builder: inout ProgramBuilder, _ arguments: [Syntax], _ call: Syntax
  ) -> Compiled? {
    builder.aggregate(.max, arguments[0], call) { $0.ordered($1) }
  }
}
