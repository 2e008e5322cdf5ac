/// What others want to know of expressions, and make of values that they have.
extension ProgramBuilder {
  /// Whether both are true, as a value of its own.
  public mutating func both(_ a: Compiled, _ b: Compiled) -> Compiled {
    merged([a, b], slot: emit(.and(a.slot, b.slot), .flag), .flag)
  }

  /// Whether a text is `word`, as a value of its own.
  public mutating func equals(_ text: Compiled, _ word: String) -> Compiled {
    let slot = emit(.compareTexts(.equal, text.slot, constant(.text(word), .text)), .flag)
    var result = text.with(slot, .flag)
    result.type.presence = .always
    return result
  }

  /// All texts that an expression can give, where it says so itself: quoted ones, and those of a table's column.
  public mutating func possibleTexts(of syntax: Syntax) -> [String]? {
    switch syntax {
    case .text(let parts, _):
      guard syntax.isConstant else { return nil }
      return [parts.reduce(into: "") { if case .literal(let text) = $1 { $0 += text } }]
    case .condition(_, let then, let otherwise, _):
      return possibleTexts(of: [then, otherwise])
    case .binary(.otherwise, let left, let right, _):
      return possibleTexts(of: [left, right])
    case .call(let called, _, _):
      guard let table = table(of: called), let value = valueColumn(called, of: table, syntax) else {
        return nil
      }
      return program.tables[table].texts(of: value)
    default: return nil
    }
  }

  private mutating func possibleTexts(of all: [Syntax]) -> [String]? {
    var texts: [String] = []
    for syntax in all {
      guard let more = possibleTexts(of: syntax) else { return nil }
      texts += more
    }
    return texts
  }

  /// A column's cells as they stand there.
  public mutating func text(ofColumn column: Int) -> Slot? {
    let text = slot(.text)
    program.steps.append(
      Step(
        operation: .loadText(column: column, rejectScientific: false, required: false), result: text,
        guarded: nil,
        site: site))
    return text
  }

  /// The condition's opposite, as a value of its own.
  public mutating func negated(_ condition: Compiled) -> Compiled {
    condition.with(emit(.not(condition.slot), .flag), .flag)
  }

  /// The source values that a field's slot is made of.
  public func sources(of slot: Slot) -> Set<Slot> {
    fields.values.first { $0.slot == slot }?.sources ?? []
  }
}
