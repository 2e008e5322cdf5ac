extension Function {
  static let lastDocumentation = FunctionDocumentation(
    "last(value)", "The value in the document's last record, by the order of the file.",
    arguments: 1...1,
    examples: [("last(x)", "3.00")])

  static func compileLast(
    _ builder: inout ProgramBuilder, _ arguments: [Syntax], _ call: Syntax
  ) -> Compiled? {
    builder.aggregate(.last, arguments[0], call) { $0.compile($1) }
  }
}
