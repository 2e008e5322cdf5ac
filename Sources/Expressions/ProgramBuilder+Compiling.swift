import Findings
import Ledger

extension ProgramBuilder {
  /// - Parameter type: the declared type that the value is meant for, so that a cell that Excel mangled is known.
  mutating func compile(_ syntax: Syntax, textFor type: FieldType? = nil) -> Compiled? {
    switch syntax {
    case .number(let units, let scale, _):
      return Compiled(
        slot: constant(.number(units), .number(scale: scale)), type: ValueType(.number(scale: scale)))
    case .text(let parts, let range): return join(parts, range)
    case .name(let name, let quoted, _): return self.name(name, quoted: quoted, syntax, textFor: type)
    case .call(let name, let arguments, let range): return call(name, arguments, range, syntax)
    case .list:
      fault(.typeMismatch, ["list", "a single value"], at: syntax)
      return nil
    case .unary(.minus, let operand, _):
      guard let value = number(operand) else { return nil }
      return value.with(emit(.negate(value.slot), value.type.kind), value.type.kind)
    case .unary(.not, let operand, _):
      guard let value = flag(operand) else { return nil }
      return value.with(emit(.not(value.slot), .flag), .flag)
    case .binary(let operation, let left, let right, _): return binary(operation, left, right, syntax)
    case .condition(let condition, let then, let otherwise, _):
      return select(condition, then, otherwise, syntax)
    }
  }

  // MARK: - Names and calls

  private mutating func name(_ name: String, quoted: Bool, _ syntax: Syntax, textFor type: FieldType?)
    -> Compiled?
  {
    if !quoted, let field = fields[name] {
      var value = field
      if value.type.presence == .optional, narrowed.contains(name) { value.type.presence = .always }
      return value
    }
    if !quoted, tableNames.contains(name) {
      fault(.typeMismatch, ["a code table", "a value; call it: \(name)(…)"], at: syntax)
      return nil
    }
    if !quoted, !columnsAllowed, !program.columns.contains(name) {
      let near = nearest(to: name, among: fieldNames + program.columns)
      // Where a posting's text lacks its quotes, a column of that name would be missed by the first file only.
      if !near.isEmpty || namesFieldsOnly || name.allSatisfy(\.isASCII) {
        fault(.unknownName, [name, near], at: syntax)
        return nil
      }
    }
    let index = column(name, at: syntax.range)
    if let type, type.kind == .text {
      // A text field reads its cell itself, so that it can refuse what Excel made of a code, and an empty cell.
      let text = load(index, rejectScientific: true, required: !type.optional)
      return Compiled(
        slot: text, type: ValueType(.text, type.optional ? .cell : .always), sources: [text], recordName: name
      )
    }
    let text = columnSlots[index] ?? load(index, rejectScientific: false, required: false)
    columnSlots[index] = text
    return Compiled(slot: text, type: ValueType(.text, .cell), sources: [text], recordName: name)
  }

  private mutating func load(_ column: Int, rejectScientific: Bool, required: Bool) -> Slot {
    let text = slot(.text)
    program.steps.append(
      Step(
        operation: .loadText(column: column, rejectScientific: rejectScientific, required: required),
        result: text,
        guarded: nil, site: site))
    sourceColumns[text] = column
    return text
  }

  private mutating func call(
    _ name: String, _ arguments: [Syntax], _ range: Range<Int>, _ syntax: Syntax
  ) -> Compiled? {
    if let table = table(of: name) {
      guard let value = valueColumn(name, of: table, syntax), let row = lookUp(table, arguments, range) else {
        return nil
      }
      var answer = row.with(emit(.tableText(table: table, value: value, row: row.slot), .text), .text)
      if program.tables[table].texts(of: value).contains("") { answer.type.presence = .cell }
      return answer
    }
    if let function = Function(rawValue: name) { return function.compile(&self, arguments, syntax) }
    let names = Function.allCases.map(\.rawValue) + tableNames
    fault(.unknownFunction, [name, nearest(to: name, among: names)], at: syntax)
    return nil
  }

  /// The table that a call names: `tax(…)`, or with one of its value columns `tax.percent(…)`.
  func table(of called: String) -> Int? {
    let name = called.prefix { $0 != "." }
    return program.tables.firstIndex { $0.name == called } ?? program.tables.firstIndex { $0.name == name }
  }

  /// Which of the table's value columns a call asks for.
  mutating func valueColumn(_ called: String, of table: Int, _ call: Syntax) -> Int? {
    let values = program.tables[table].values
    let column = called.dropFirst(program.tables[table].name.count + 1)
    if column.isEmpty, values.count == 1 { return 0 }
    if let index = values.firstIndex(of: String(column)) { return index }
    fault(
      .unknownReference,
      [
        "column of \(program.tables[table].name)", String(column), nearest(to: String(column), among: values),
      ],
      at: call)
    return nil
  }

  /// The row of a code table for keys.
  mutating func lookUp(_ table: Int, _ arguments: [Syntax], _ range: Range<Int>) -> Compiled? {
    guard let keys = keys(of: table, arguments, range) else { return nil }
    let row = emit(.lookUp(table: table, keys: keys.map(\.slot), date: validity(table, range)), .date)
    return merged(keys, slot: row, .date)
  }

  private mutating func keys(of table: Int, _ arguments: [Syntax], _ range: Range<Int>) -> [Compiled]? {
    let expected = program.tables[table].keys
    guard arguments.count == expected.count else {
      findings.append(
        source.finding(
          .wrongArguments, [program.tables[table].name, expected.joined(separator: ", ")], characters: range))
      return nil
    }
    var keys: [Compiled] = []
    for argument in arguments {
      guard let key = text(argument) else { continue }
      if key.type.presence == .optional {
        fault(.optionalUnguarded, [shown(argument)], at: argument)
      } else if key.slot >= 0 {
        keys.append(key)
      }
    }
    return keys.count == arguments.count ? keys : nil
  }

  private mutating func validity(_ table: Int, _ range: Range<Int>) -> Slot? {
    guard program.tables[table].hasValidity else { return nil }
    if dateSlot == nil {
      findings.append(source.finding(.levelMismatch, ["document.date"], characters: range))
    }
    return dateSlot
  }

  // MARK: - Operators

  private mutating func binary(
    _ operation: BinaryOperator, _ left: Syntax, _ right: Syntax, _ syntax: Syntax
  ) -> Compiled? {
    switch operation {
    case .and, .or: return connect(operation, left, right)
    case .contained: return contained(left, right, syntax)
    case .otherwise: return coalesce(left, right, syntax)
    case .plus, .minus, .times, .over: return arithmetic(operation, left, right, syntax)
    default: return compare(operation, left, right, syntax)
    }
  }

  private mutating func connect(_ operation: BinaryOperator, _ left: Syntax, _ right: Syntax) -> Compiled? {
    guard let a = flag(left) else { return nil }
    let truth = operation == .and
    let condition = truth ? a.slot : emit(.not(a.slot), .flag)
    let before = (guarded, narrowed)
    guarded = condition
    narrowed.formUnion(presentNames(left, when: truth))
    let right = flag(right)
    (guarded, narrowed) = before
    guard let b = right else { return nil }
    return merged([a, b], slot: emit(truth ? .and(a.slot, b.slot) : .or(a.slot, b.slot), .flag), .flag)
  }

  private mutating func select(
    _ condition: Syntax, _ then: Syntax, _ otherwise: Syntax, _ syntax: Syntax
  ) -> Compiled? {
    guard let chosen = flag(condition) else { return nil }
    let not = emit(.not(chosen.slot), .flag)
    let before = (guarded, narrowed)
    guarded = chosen.slot
    narrowed = before.1.union(presentNames(condition, when: true))
    let first = compile(then)
    guarded = not
    narrowed = before.1.union(presentNames(condition, when: false))
    let second = compile(otherwise)
    (guarded, narrowed) = before
    guard var a = first, var b = second, unify(&a, &b, syntax) else { return nil }
    let slot = emit(.select(chosen.slot, then: a.slot, else: b.slot), a.type.kind)
    var result = merged([chosen, a, b], slot: slot, a.type.kind)
    result.type.presence = weaker(chosen.type.presence, weaker(a.type.presence, b.type.presence))
    return result
  }

  private mutating func coalesce(_ left: Syntax, _ right: Syntax, _ syntax: Syntax) -> Compiled? {
    guard var a = compile(left) else { return nil }
    let before = guarded
    if a.slot >= 0, !right.isConstant { guarded = emit(.not(emit(.present(a.slot), .flag)), .flag) }
    let second = compile(right)
    guarded = before
    guard var b = second, unify(&a, &b, syntax) else { return nil }
    var result = merged([a, b], slot: emit(.coalesce(a.slot, b.slot), a.type.kind), a.type.kind)
    result.type.presence = b.type.presence
    return result
  }

  private mutating func contained(_ left: Syntax, _ right: Syntax, _ syntax: Syntax) -> Compiled? {
    if case .list(let items, _) = right {
      guard !items.isEmpty else {
        fault(.typeMismatch, ["an empty list", "a value to compare with"], at: right)
        return nil
      }
      var result: Compiled?
      for item in items {
        guard let one = compare(.equal, left, item, syntax) else { return nil }
        result = result.map { merged([$0, one], slot: emit(.or($0.slot, one.slot), .flag), .flag) } ?? one
      }
      return result
    }
    guard case .name(let name, false, let range) = right,
      let table = program.tables.firstIndex(where: { $0.name == name })
    else {
      fault(
        .unknownReference, ["table", shown(right), nearest(to: shown(right), among: tableNames)], at: right)
      return nil
    }
    guard let keys = keys(of: table, [left], left.range) else { return nil }
    let slot = emit(.contains(table: table, keys: keys.map(\.slot), date: validity(table, range)), .flag)
    return merged(keys, slot: slot, .flag)
  }

  private mutating func compare(
    _ operation: BinaryOperator, _ left: Syntax, _ right: Syntax, _ syntax: Syntax
  ) -> Compiled? {
    guard var a = compile(left), var b = compile(right), unify(&a, &b, syntax) else { return nil }
    let isText = a.type.kind == .text
    // An empty text simply differs from any other; an empty number or date has no answer.
    let tolerant = isText && (operation == .equal || operation == .unequal)
    for (value, part) in [(a, left), (b, right)] where !tolerant && value.type.presence == .optional {
      fault(.optionalUnguarded, [shown(part)], at: part)
      return nil
    }
    if a.type.kind == .flag, operation != .equal, operation != .unequal {
      fault(.typeMismatch, [ValueType(.flag).name, "== or != between bools"], at: syntax)
      return nil
    }
    let slot =
      switch a.type.kind {
      case .text: emit(.compareTexts(operation, a.slot, b.slot), .flag)
      case .number: emit(.compareNumbers(operation, a.slot, b.slot), .flag)
      case .date: emit(.compareDates(operation, a.slot, b.slot), .flag)
      case .flag: emit(.compareFlags(operation == .equal, a.slot, b.slot), .flag)
      }
    var result = merged([a, b], slot: slot, .flag)
    if tolerant { result.type.presence = .always }
    return result
  }
}
