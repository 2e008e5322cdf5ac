import Findings

extension Function {
  static let monthEndDocumentation = FunctionDocumentation(
    "month_end(date)", "The last day of the date's month.", arguments: 1...1,
    examples: [("month_end(date(\"05.02.2028\", \"dd.mm.yyyy\"))", "2028-02-29")])

  static func compileMonthEnd(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    guard let value = builder.compile(arguments[0]), value.slot >= 0 else { return nil }
    guard value.type.kind == .date, value.type.presence == .always else {
      builder.fault(.typeMismatch, [value.type.name, "date"], at: arguments[0])
      return nil
    }
    return value.with(builder.emit(.monthEnd(value.slot), .date), .date)
  }
}
