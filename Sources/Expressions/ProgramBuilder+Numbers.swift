import Findings
import Ledger

extension ProgramBuilder {
  /// More digits than this behind the point are refused: round first.
  static let scaleLimit = 24

  mutating func arithmetic(
    _ operation: BinaryOperator, _ left: Syntax, _ right: Syntax, _ syntax: Syntax
  ) -> Compiled? {
    guard let a = number(left), let b = number(right) else { return nil }
    return combined(operation, a, b, syntax)
  }

  /// Apart from `arithmetic`, of which each level of an expression has one on the stack.
  private mutating func combined(
    _ operation: BinaryOperator, _ first: Compiled, _ second: Compiled, _ syntax: Syntax
  ) -> Compiled? {
    var (a, b) = (first, second)
    var result: Compiled
    switch operation {
    case .plus, .minus:
      guard unify(&a, &b, syntax) else { return nil }
      let kind = a.type.kind
      result = merged(
        [a, b], slot: emit(operation == .plus ? .add(a.slot, b.slot) : .subtract(a.slot, b.slot), kind), kind)
      if let name = documentName(first, second, syntax) { result.addedName = name }
      return result
    case .times:
      let scale = a.scale + b.scale
      guard scale <= Self.scaleLimit else {
        fault(
          .typeMismatch, ["\(scale) decimals", "at most \(Self.scaleLimit); round() a factor"], at: syntax)
        return nil
      }
      result = merged(
        [a, b], slot: emit(.multiply(a.slot, b.slot), .number(scale: scale)), .number(scale: scale))
    default:
      let kind = ValueType.Kind.number(scale: Program.quotientScale)
      let shift = Program.quotientScale + b.scale - a.scale
      result = merged([a, b], slot: emit(.divide(a.slot, b.slot, shift: shift), kind), kind)
    }
    if a.notes != nil || b.notes != nil { result.sign = a.sign.times(b.sign) }
    return result
  }

  /// Which amount of a document a sum adds to a value of each record.
  private func documentName(_ a: Compiled, _ b: Compiled, _ sum: Syntax) -> String? {
    guard case .binary(_, let left, let right, _) = sum else { return nil }
    if a.recordName != nil, b.recordName == nil, b.isMoney { return names(in: right).sorted().first }
    if b.recordName != nil, a.recordName == nil, a.isMoney { return names(in: left).sorted().first }
    return nil
  }

  /// A number that is there for sure.
  mutating func number(_ syntax: Syntax) -> Compiled? {
    guard let value = compile(syntax) else { return nil }
    return number(value, syntax)
  }

  mutating func number(_ value: Compiled, _ syntax: Syntax) -> Compiled? {
    guard value.slot >= 0 else { return nil }
    guard case .number = value.type.kind else {
      fault(.typeMismatch, [value.type.name, "number"], at: syntax)
      return nil
    }
    return guardedValue(value, syntax)
  }

  mutating func flag(_ syntax: Syntax) -> Compiled? {
    guard let value = compile(syntax), value.slot >= 0 else { return nil }
    guard value.type.kind == .flag else {
      fault(.typeMismatch, [value.type.name, "bool"], at: syntax)
      return nil
    }
    return guardedValue(value, syntax)
  }

  mutating func text(_ syntax: Syntax) -> Compiled? {
    guard let value = compile(syntax), value.slot >= 0 else { return nil }
    guard value.type.kind == .text else {
      fault(.typeMismatch, [value.type.name, "text"], at: syntax)
      return nil
    }
    return value
  }

  private mutating func guardedValue(_ value: Compiled, _ syntax: Syntax) -> Compiled? {
    if value.type.presence == .optional {
      fault(.optionalUnguarded, [shown(syntax)], at: syntax)
      return nil
    }
    return value
  }

  /// Brings two values to one kind, numbers to the finer scale; false where they have none in common.
  mutating func unify(_ a: inout Compiled, _ b: inout Compiled, _ syntax: Syntax) -> Bool {
    guard a.slot >= 0, b.slot >= 0 else { return false }
    guard sameKind(a.type.kind, b.type.kind) else {
      fault(.typeMismatch, [a.type.name, b.type.name], at: syntax)
      return false
    }
    guard case .number(let left) = a.type.kind, case .number(let right) = b.type.kind else { return true }
    if left < right { a = rescaled(a, to: right) } else { b = rescaled(b, to: left) }
    return true
  }

  func isConstant(_ slot: Slot) -> Int? { program.constants.firstIndex { $0.slot == slot } }

  mutating func rescaled(_ value: Compiled, to scale: Int) -> Compiled {
    guard value.scale != scale else { return value }
    let kind = ValueType.Kind.number(scale: scale)
    if let known = isConstant(value.slot), case .number(let units) = program.constants[known].value,
      let wide = Decimal(units: units, scale: value.scale).rescaled(to: scale), scale > value.scale
    {
      return value.with(constant(.number(wide.units), kind), kind)
    }
    return value.with(emit(.round(value.slot, fromScale: value.scale, toScale: scale), kind), kind)
  }

  /// The value as a field of `type` holds it. A text is parsed, a number rounded once; what is empty although the type
  /// is not optional is a finding when it happens, unless it comes from a declared optional: that is a fault now.
  mutating func convert(_ value: Compiled, to type: FieldType, at syntax: Syntax) -> Compiled? {
    guard value.slot >= 0 else { return nil }
    if value.type.presence == .optional, !type.optional {
      fault(.optionalUnguarded, [shown(syntax)], at: syntax)
      return nil
    }
    let target = type.valueType
    if value.type.kind == .text, target.kind != .text {
      guard reportUnreadable(in: syntax, as: type) else { return nil }
      let parse: Operation =
        switch target.kind {
        case .number: .parseNumber(value.slot, type, rounded: false)
        case .date: .parseDate(value.slot, format: .order(type.order), required: !type.optional)
        default: .parseFlag(value.slot, required: !type.optional)
        }
      var parsed = value.with(emit(parse, target.kind), target.kind)
      parsed.type = target
      return parsed
    }
    let converted = value
    guard sameKind(converted.type.kind, target.kind) else {
      fault(.typeMismatch, [value.type.name, target.name], at: syntax)
      return nil
    }
    if target.kind == .text, value.type.presence == .always || type.optional {
      var same = value
      same.type = target
      return same
    }
    let assign: Operation =
      if let scale = type.scale {
        .assignNumber(converted.slot, fromScale: converted.scale, toScale: scale, optional: type.optional)
      } else {
        .assign(converted.slot, optional: type.optional)
      }
    var result = converted.with(emit(assign, target.kind), target.kind)
    result.type = target
    return result
  }

  /// A code table's texts are known now: one that is no value of the type is the table's fault, not the export's.
  /// - Returns: whether all are.
  private mutating func reportUnreadable(in syntax: Syntax, as type: FieldType) -> Bool {
    guard case .call(let called, _, _) = syntax, let index = table(of: called),
      let column = valueColumn(called, of: index, syntax)
    else { return true }
    let table = program.tables[index]
    let before = findings.count
    for (row, text) in table.texts(of: column).enumerated()
    where !text.isEmpty && !type.reads(text, mark: program.decimalMark) {
      let place = Place(file: table.file, line: table.lines[row], field: table.values[column])
      findings.append(Finding(.tableValue, .error, at: place, [text, type.valueType.name], excerpt: text))
    }
    return findings.count == before
  }

  // MARK: - Texts

  mutating func join(_ parts: [TextPart], _ range: Range<Int>, isMessage: Bool = false) -> Compiled? {
    if parts.count == 1, case .literal(let text) = parts[0] {
      return Compiled(slot: constant(.text(text), .text), type: ValueType(.text))
    }
    guard let (pieces, values) = pieces(parts) else { return nil }
    var result = merged(
      values, slot: emit(.text(isMessage ? .message(pieces) : .join(pieces), values.map(\.slot)), .text),
      .text)
    let certain = pieces.count > values.count || values.contains { $0.type.presence == .always }
    result.type.presence = certain ? .always : .cell
    return result
  }

  /// A text's pieces, and the values in its holes.
  mutating func pieces(_ parts: [TextPart]) -> (pieces: [TextPiece], values: [Compiled])? {
    var pieces: [TextPiece] = []
    var values: [Compiled] = []
    for part in parts {
      switch part {
      case .literal(let text): pieces.append(.literal(Array(text.utf8)))
      case .hole(let syntax):
        guard let value = compile(syntax), value.slot >= 0 else { return nil }
        pieces.append(.value(values.count, value.type.kind))
        values.append(value)
      }
    }
    return (pieces, values)
  }

  // MARK: - Dependencies

  func merged(_ values: [Compiled], slot: Slot, _ kind: ValueType.Kind) -> Compiled {
    var result = Compiled(slot: slot, type: ValueType(kind))
    for value in values {
      result.sources.formUnion(value.sources)
      result.recordName = result.recordName ?? value.recordName
      if value.type.presence == .cell { result.type.presence = .cell }
      guard case .number = kind, case .number = value.type.kind, value.notes != nil else { continue }
      result.addedName = result.addedName ?? value.addedName
      result.sign = result.sign.joined(value.sign)
    }
    return result
  }

  func weaker(_ a: ValueType.Presence, _ b: ValueType.Presence) -> ValueType.Presence {
    a == .optional || b == .optional ? .optional : a == .cell || b == .cell ? .cell : .always
  }

  /// An expression's own characters, for findings.
  func shown(_ syntax: Syntax) -> String {
    let characters = Array(source.text)
    let range = syntax.range.clamped(to: 0..<characters.count)
    return String(characters[range])
  }
}

extension Compiled {
  /// Digits behind the point; 0 for what is no number.
  var scale: Int { if case .number(let scale) = type.kind { scale } else { 0 } }

  /// Whether it is an amount of a document, as far as its digits tell: rates and prices have more.
  fileprivate var isMoney: Bool { type.kind == .number(scale: 2) && !sources.isEmpty }

  func with(_ slot: Slot, _ kind: ValueType.Kind) -> Compiled {
    var copy = self
    copy.slot = slot
    copy.type.kind = kind
    return copy
  }
}
