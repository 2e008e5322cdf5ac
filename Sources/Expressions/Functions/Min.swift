extension Function {
  static let minDocumentation = FunctionDocumentation(
    "min(value)", "The least number, or the earliest date, of the document's records.",
    arguments: 1...1,
    examples: [("min(x)", "-2.00")])

  static func compileMin(
    _ builder: inout ProgramBuilder, _ arguments: [Syntax], _ call: Syntax
  ) -> Compiled? {
    builder.aggregate(.min, arguments[0], call) { $0.ordered($1) }
  }
}
