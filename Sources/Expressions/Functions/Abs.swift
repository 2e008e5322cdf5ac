extension Function {
  static let absDocumentation = FunctionDocumentation(
    "abs(number)", "The number without its sign.", arguments: 1...1,
    examples: [("abs(-12.50)", "12.50"), ("abs(3)", "3")])

  static func compileAbs(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    guard let value = builder.number(arguments[0]) else { return nil }
    var result = value.with(builder.emit(.absolute(value.slot), value.type.kind), value.type.kind)
    if value.sign.isSigned { result.sign = Compiled.Sign(plainName: builder.shown(arguments[0])) }
    return result
  }
}
