import Findings

extension Function {
  static let periodDocumentation = FunctionDocumentation(
    "period(date)", "The date's year and month as a text, such as `2026-03`.", arguments: 1...1,
    examples: [("period(date(\"05.03.2026\", \"dd.mm.yyyy\"))", "2026-03")])

  static func compilePeriod(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    guard let value = builder.compile(arguments[0]), value.slot >= 0 else { return nil }
    guard value.type.kind == .date, value.type.presence == .always else {
      builder.fault(.typeMismatch, [value.type.name, "date"], at: arguments[0])
      return nil
    }
    let text = builder.emit(.text(.join([.value(0, .date)]), [value.slot]), .text)
    return value.with(builder.emit(.text(.left(7), [text]), .text), .text)
  }
}
