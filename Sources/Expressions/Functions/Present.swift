extension Function {
  static let presentDocumentation = FunctionDocumentation(
    "present(name)",
    "Whether there is a value. Behind `present(x) and` the value counts as one that is there.",
    arguments: 1...1, examples: [("present(\"\")", "否"), ("present(0)", "是")])

  static func compilePresent(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    guard var value = builder.compile(arguments[0]), value.slot >= 0 else { return nil }
    value.type.presence = .always
    return value.with(builder.emit(.present(value.slot), .flag), .flag)
  }
}
