extension Function {
  static let firstDocumentation = FunctionDocumentation(
    "first(value)", "The value in the document's first record, by the order of the file.",
    arguments: 1...1,
    examples: [("first(x)", "1.50"), ("first(x) + last(x)", "4.50")])

  static func compileFirst(
    _ builder: inout ProgramBuilder, _ arguments: [Syntax], _ call: Syntax
  ) -> Compiled? {
    builder.aggregate(.first, arguments[0], call) { $0.compile($1) }
  }
}
