extension Function {
  static let roundDocumentation = FunctionDocumentation(
    "round(number), round(number, digits)",
    "The number with so many digits behind the point (2 where none are stated), half away from zero. "
      + "Of a column: the cell's number, which may then have more digits than its field keeps.",
    arguments: 1...2,
    examples: [
      ("round(2.345)", "2.35"), ("round(-2.345, 2)", "-2.35"), ("round(2.5, 0)", "3"),
      ("round(10 / 3, 4)", "3.3333"),
    ])

  static func compileRound(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    var digits = 2
    if arguments.count == 2 {
      guard let stated = builder.literal(arguments[1], in: 0...12) else { return nil }
      digits = stated
    }
    guard var value = builder.compile(arguments[0]), value.slot >= 0 else { return nil }
    if value.type.presence == .cell, value.type.kind == .text {
      let (type, kind) = (FieldType(.decimal(digits), optional: true), ValueType.Kind.number(scale: digits))
      value = value.with(builder.emit(.parseNumber(value.slot, type, rounded: true), kind), kind)
    }
    guard let number = builder.number(value, arguments[0]) else { return nil }
    return builder.rescaled(number, to: digits)
  }
}
