extension Function {
  static let allocateDocumentation = FunctionDocumentation(
    "allocate(total, weight)",
    "The record's share of what the document has, by weight, to the total's digits; the shares add up to the total. What is "
      + "left over goes to the largest remainders, earlier records first. Where the weights add up to nothing, all weigh the same.",
    arguments: 2...2,
    examples: [
      ("allocate(10.00, 1)", "3.34"), ("first(allocate(7.55, x))", "4.53"),
      ("last(allocate(7.55, x))", "9.06"), ("sum(allocate(7.55, x))", "7.55"),
    ])

  static func compileAllocate(
    _ builder: inout ProgramBuilder, _ arguments: [Syntax], _ call: Syntax
  ) -> Compiled? {
    builder.allocate(arguments[0], by: arguments[1], call)
  }
}
