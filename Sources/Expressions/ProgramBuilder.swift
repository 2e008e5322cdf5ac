public import Findings
public import Ledger

/// An expression as the program knows it: where its value will be, and what it depends on.
public struct Compiled: Sendable, Hashable {
  public var slot: Slot
  public var type: ValueType
  /// The source values that it is made of: slots of fields that parse one cell, and of cells' texts.
  /// A table's answer is none of them, but the keys that were asked for are.
  public var sources: Set<Slot>
  /// The first name in it that has a value of its own in every record, where there is one.
  public var recordName: String?
  /// Kept apart, since values are handed down as deep as an expression is nested.
  var notes: Notes?

  public init(slot: Slot, type: ValueType, sources: Set<Slot> = [], recordName: String? = nil) {
    self.slot = slot
    self.type = type
    self.sources = sources
    self.recordName = recordName
  }
}

/// Type-checks expressions and compiles them into one program: every fault is collected, none stops the rest.
public struct ProgramBuilder {
  public internal(set) var program = Program()
  public internal(set) var findings: [Finding] = []
  var fields: [String: Compiled] = [:]
  var columnSlots: [Int: Slot] = [:]
  /// For each source value: the column that it is read from.
  public internal(set) var sourceColumns: [Slot: Int] = [:]
  /// For each field that reads a cell: its column.
  public private(set) var fieldColumns: [String: Int] = [:]
  /// Where each column was first asked for.
  public private(set) var columnSources: [SourceText] = []
  /// Fields that have one value a document.
  let documentFields: Set<String>
  /// The slot of the document's date, once its field is compiled: the day on which tables must be valid.
  public var dateSlot: Slot?
  /// Optional fields that are known to be present where the compiler stands.
  var narrowed: Set<String> = []
  var guarded: Slot?
  var site = 0
  var source = SourceText("", at: Place(file: ""))
  /// Fields of the document's key: an aggregate can't be computed before they are.
  let keyFields: [String]
  /// Whether a name that is neither field nor table may be a column's.
  var columnsAllowed = true
  /// Whether a column that no field reads needs back-ticks.
  public var namesFieldsOnly = false

  /// - Parameters:
  ///   - documentFields: fields of the document's key, and those that must be the same in all its records.
  ///   - keyFields: those of the key.
  ///   - decimalMark: how numbers are written in the file.
  public init(
    tables: [CodeTable], documentFields: Set<String>, keyFields: [String] = [],
    decimalMark: DecimalMark = .point
  ) {
    program.tables = tables
    program.decimalMark = decimalMark
    self.keyFields = keyFields
    self.documentFields = documentFields
  }

  public mutating func report(_ finding: Finding) { findings.append(finding) }

  /// The field with that name, where it compiled.
  public func field(_ name: String) -> Compiled? { fields[name] }

  public var fieldNames: [String] { fields.keys.sorted() }

  /// The fields of the document's key: records in which they are equal are one document.
  public mutating func setDocumentKeys(_ slots: [Slot]) { program.documentKeys = slots }

  public var tableNames: [String] { program.tables.map(\.name) }

  // MARK: - Signs

  /// Exports that write returns positive: `-1` where the documents' measures and quantities count backwards.
  public var sign: SourceText?
  /// Fields that the sign is given to, beside all quantities.
  public var signedFields: Set<String> = []
  /// The names of all fields, those that are not compiled yet among them.
  public var declared: Set<String> = []
  /// Whether it does, once it is compiled.
  var isNegative: Compiled?

  // MARK: - Fields

  /// Compiles `name: type = expression`. What it gives is usable by every expression that follows.
  public mutating func addField(_ name: SourceText, type: FieldType, expression: SourceText) {
    columnsAllowed = true
    guard let syntax = parse(expression) else {
      fields[name.text] = stand(for: type)
      return
    }
    source = expression
    site = program.sites.count
    let own = site
    program.sites.append(FailureSite(name: name.text, column: directColumn(syntax), scale: type.scale ?? 0))
    let value = compile(syntax, textFor: type).flatMap { convert($0, to: type, at: syntax) }
    var field = value ?? stand(for: type)
    if isCell(syntax), let column = program.sites[site].column {
      field.sources = [field.slot]
      sourceColumns[field.slot] = column
    }
    if case .number = field.type.kind, !field.sign.isSigned, !field.sources.isEmpty {
      field.sign.plainName = name.text
    }
    field = signed(field, name.text, type)
    if let column = program.sites[own].column { fieldColumns[name.text] = column }
    if documentFields.contains(name.text) {
      field.recordName = nil
    } else if field.recordName != nil {
      field.recordName = name.text
    }
    fields[name.text] = field
  }

  /// A name whose definition is faulty: what uses it has no fault of its own.
  public mutating func addBroken(_ name: String) { fields[name] = placeholder(FieldType(.text)) }

  /// A field whose expression is faulty, but whose type is known: what uses it is checked all the same.
  private mutating func stand(for type: FieldType) -> Compiled {
    Compiled(slot: slot(type.valueType.kind), type: type.valueType)
  }

  private func placeholder(_ type: FieldType) -> Compiled { Compiled(slot: -1, type: type.valueType) }

  /// Whether an expression is just a column's cell.
  private func isCell(_ syntax: Syntax) -> Bool {
    guard case .name(let name, let quoted, _) = syntax else { return false }
    return quoted || fields[name] == nil
  }

  private mutating func directColumn(_ syntax: Syntax) -> Int? {
    switch syntax {
    case .name(let name, _, _) where isCell(syntax): column(name, at: syntax.range)
    case .call(_, let arguments, _) where !arguments.isEmpty: directColumn(arguments[0])
    case .binary(.otherwise, let left, _, _): directColumn(left)
    default: nil
    }
  }

  // MARK: - Expressions of checks, postings and documents

  /// Compiles an expression that must give `kind`; `nil` when there was a fault, which is then in `findings`.
  public mutating func value(
    _ expression: SourceText, _ kind: ValueType.Kind? = nil, site name: String, optional: Bool = false
  ) -> Compiled? {
    guard let syntax = parse(expression) else { return nil }
    return value(syntax, of: expression, kind, site: name, optional: optional)
  }

  public mutating func value(
    _ syntax: Syntax, of expression: SourceText, _ kind: ValueType.Kind? = nil, site name: String,
    optional: Bool = false
  ) -> Compiled? {
    begin(expression, site: name)
    guard let value = compile(syntax), value.slot >= 0 else { return nil }
    if let kind, !sameKind(value.type.kind, kind) {
      fault(.typeMismatch, [value.type.name, ValueType(kind).name], at: syntax)
      return nil
    }
    if !optional, value.type.presence == .optional {
      fault(.optionalUnguarded, [expression.text], at: syntax)
      return nil
    }
    return optional || value.type.kind == .flag ? value : required(value)
  }

  /// Compiles a text with `{holes}` that stands outside of an expression and is for people.
  public mutating func template(_ text: SourceText, site name: String) -> Compiled? {
    switch Parser.template(text) {
    case .failure(let fault):
      findings.append(fault.finding)
      return nil
    case .success(let parts):
      begin(text, site: name)
      return join(parts, 0..<text.text.count, isMessage: true)
    }
  }

  /// Compiles a text with `{holes}` that is put together only where somebody asks for it: the values are computed for
  /// every record, the text is not.
  public mutating func deferredTemplate(
    _ text: SourceText, site name: String
  ) -> (template: TextTemplate, recordName: String?)? {
    switch Parser.template(text) {
    case .failure(let fault):
      findings.append(fault.finding)
      return nil
    case .success(let parts):
      begin(text, site: name)
      return pieces(parts).map {
        (
          TextTemplate(pieces: $0.pieces, inputs: $0.values.map(\.slot)),
          $0.values.compactMap(\.recordName).first
        )
      }
    }
  }

  /// Compiles an account expression: a call of a code table, of which the row is what counts.
  public mutating func tableRow(
    _ expression: SourceText, site name: String
  ) -> (row: Compiled, table: Int, value: Int)? {
    guard let syntax = parse(expression) else { return nil }
    begin(expression, site: name)
    guard case .call(let called, let arguments, let range) = syntax,
      let table = table(of: called)
    else {
      let names = tableNames
      if case .call(let called, _, _) = syntax {
        fault(.unknownReference, ["table", called, nearest(to: called, among: names)], at: syntax)
      } else {
        fault(
          .typeMismatch, ["an expression", "a role, an account code, or the call of a code table"], at: syntax
        )
      }
      return nil
    }
    guard let value = valueColumn(called, of: table, syntax) else { return nil }
    return lookUp(table, arguments, range).map { (required($0), table, value) }
  }

  /// Whatever `body` compiles is worked on only for records where `condition` is true, and what the condition proves
  /// to be present counts as present.
  public mutating func guarding<T>(
    _ condition: (slot: Slot, syntax: Syntax)?, _ body: (inout ProgramBuilder) -> T
  ) -> T {
    guard let condition else { return body(&self) }
    let before = (guarded, narrowed)
    guarded = condition.slot
    narrowed.formUnion(presentNames(condition.syntax, when: true))
    defer { (guarded, narrowed) = before }
    return body(&self)
  }

  /// The value, of which a record that lacks it makes a finding: needed where a cell or a table's answer may be empty.
  mutating func required(_ value: Compiled) -> Compiled {
    guard value.type.presence == .cell else { return value }
    var result = value.with(emit(.assign(value.slot, optional: false), value.type.kind), value.type.kind)
    result.type.presence = .always
    return result
  }

  mutating func begin(_ text: SourceText, site name: String) {
    source = text
    columnsAllowed = false
    site = program.sites.count
    program.sites.append(FailureSite(name: name))
  }

  public mutating func parse(_ text: SourceText) -> Syntax? {
    switch Parser.expression(text) {
    case .success(let syntax): return syntax
    case .failure(let fault):
      findings.append(fault.finding)
      return nil
    }
  }

  // MARK: - Slots

  mutating func slot(_ kind: ValueType.Kind) -> Slot {
    program.kinds.append(kind)
    return program.kinds.count - 1
  }

  mutating func emit(_ operation: Operation, _ kind: ValueType.Kind, unguarded: Bool = false) -> Slot {
    let result = slot(kind)
    program.steps.append(
      Step(operation: operation, result: result, guarded: unguarded ? nil : guarded, site: site))
    return result
  }

  mutating func constant(_ value: Program.Constant, _ kind: ValueType.Kind) -> Slot {
    let result = slot(kind)
    program.constants.append(Program.SlotConstant(slot: result, value: value))
    return result
  }

  /// The index of a column among those that the reader must give.
  public mutating func column(_ caption: String, at range: Range<Int>) -> Int {
    if let known = program.columns.firstIndex(of: caption) { return known }
    program.columns.append(caption)
    var text = source
    text.text = caption
    if let start = text.place.column { text.place.column = start + range.lowerBound }
    columnSources.append(text)
    return program.columns.count - 1
  }

  /// A column that the layout needs (skip, trailer), though no field names it.
  public mutating func column(_ caption: SourceText) -> Int {
    source = caption
    return column(caption.text, at: 0..<caption.text.count)
  }

  /// A day that is the same for every record.
  public mutating func constant(_ day: Day) -> Compiled {
    Compiled(slot: constant(.date(day.number), .date), type: ValueType(.date))
  }

  mutating func fault(_ code: FindingCode, _ arguments: [String], at syntax: Syntax) {
    findings.append(source.finding(code, arguments, characters: syntax.range))
  }
}

/// The names of fields and columns that an expression mentions.
public func names(in syntax: Syntax) -> Set<String> {
  switch syntax {
  case .number: []
  case .name(let name, _, _): [name]
  case .text(let parts, _): names(in: parts)
  case .call(_, let items, _), .list(let items, _): items.reduce(into: []) { $0.formUnion(names(in: $1)) }
  case .unary(_, let operand, _): names(in: operand)
  case .binary(_, let left, let right, _): names(in: left).union(names(in: right))
  case .condition(let condition, let then, let otherwise, _):
    names(in: condition).union(names(in: then)).union(names(in: otherwise))
  }
}

/// The names that the holes of a text mention.
public func names(in parts: [TextPart]) -> Set<String> {
  parts.reduce(into: []) { if case .hole(let syntax) = $1 { $0.formUnion(names(in: syntax)) } }
}

/// Whether two kinds are one type: every number is, whatever its digits.
func sameKind(_ a: ValueType.Kind, _ b: ValueType.Kind) -> Bool {
  if case .number = a, case .number = b { return true }
  return a == b
}

/// The optional fields that are present wherever `condition` is true (or false).
public func presentNames(_ condition: Syntax, when truth: Bool) -> Set<String> {
  switch condition {
  case .call("present", let arguments, _) where truth:
    if case .name(let name, quoted: false, _)? = arguments.first { [name] } else { [] }
  case .unary(.not, let inner, _): presentNames(inner, when: !truth)
  case .binary(.and, let left, let right, _) where truth:
    presentNames(left, when: true).union(presentNames(right, when: true))
  case .binary(.or, let left, let right, _) where !truth:
    presentNames(left, when: false).union(presentNames(right, when: false))
  default: []
  }
}

extension ProgramBuilder {
  /// The name by which a source value is known for ever: its column's caption, and what it is read as.
  public func sourceName(_ source: Slot) -> String {
    let column = sourceColumns[source].map { program.columns[$0] } ?? ""
    return column + "\u{1F}" + ValueType(program.kinds[source]).name
  }

  /// Compiles an expression whose value is rounded once to `scale` digits, as an entry's amount or quantity is.
  public mutating func amount(_ expression: SourceText, site name: String, scale: Int) -> Compiled? {
    guard let syntax = parse(expression),
      let value = value(syntax, of: expression, .number(scale: scale), site: name)
    else { return nil }
    reportMixed(value, at: expression)
    // A field of that scale was rounded, and its range proven, when it was assigned.
    if value.scale == scale, case .name = syntax { return value }
    return convert(value, to: FieldType(.decimal(scale)), at: syntax)
  }
}
