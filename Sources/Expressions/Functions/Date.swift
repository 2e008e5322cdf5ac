import Findings
import Ledger

extension Function {
  static let dateDocumentation = FunctionDocumentation(
    "date(text, pattern)",
    "The day that a text is. In the pattern `yyyy` or `yy`, `mm`, `m` or `mmm` (Jan, Feb …), `dd` or `d` stand for the parts, all else for itself.",
    arguments: 2...2,
    examples: [
      ("date(\"05.03.2026\", \"dd.mm.yyyy\")", "2026-03-05"),
      ("date(\"5-Mar-26 9:31\", \"d-mmm-yy\")", "2026-03-05"),
      ("date(\"D20260305\", \"Dyyyymmdd\")", "2026-03-05"),
    ])

  static func compileDate(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    guard case .text(let parts, _) = arguments[1], arguments[1].isConstant,
      let pattern = DatePattern(parts.reduce(into: "") { if case .literal(let text) = $1 { $0 += text } })
    else {
      builder.fault(
        .typeMismatch, [builder.shown(arguments[1]), "\"dd.mm.yyyy\", \"d/m/yy\", \"d-mmm-yyyy\" …"],
        at: arguments[1])
      return nil
    }
    guard let value = builder.text(arguments[0]), value.slot >= 0 else { return nil }
    let required = value.type.presence != .optional
    var result = value.with(
      builder.emit(.parseDate(value.slot, format: .pattern(pattern), required: required), .date), .date)
    result.type.presence = required ? .always : .optional
    return result
  }
}
