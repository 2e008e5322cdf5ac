import Findings

extension Function {
  static let matchesDocumentation = FunctionDocumentation(
    "matches(text, pattern)",
    "Whether the whole text is as the pattern has it: `*` is any text, `?` one character.", arguments: 2...2,
    examples: [
      ("matches(\"XS-2026\", \"XS*\")", "是"), ("matches(\"XS1\", \"XS??\")", "否"),
      ("matches(\"退货单\", \"*货?\")", "是"),
    ])

  static func compileMatches(_ builder: inout ProgramBuilder, _ arguments: [Syntax]) -> Compiled? {
    guard case .text(let parts, _) = arguments[1], arguments[1].isConstant else {
      builder.fault(.typeMismatch, [builder.shown(arguments[1]), "a text in quotes"], at: arguments[1])
      return nil
    }
    let pattern = parts.reduce(into: "") { if case .literal(let text) = $1 { $0 += text } }
    guard let value = builder.text(arguments[0]), value.slot >= 0 else { return nil }
    guard value.type.presence != .optional else {
      builder.fault(.optionalUnguarded, [builder.shown(arguments[0])], at: arguments[0])
      return nil
    }
    return value.with(builder.emit(.matches(value.slot, pattern: Array(pattern.utf8)), .flag), .flag)
  }
}
