import Expressions
import Findings
import Ledger
import Mapping
import Posting
import Readers

/// An expression with what it came to in one record.
package struct Arithmetic: Codable, Sendable {
  /// As the mapping has it.
  package var expression: String
  /// The same with values in place of names, but for those that an aggregate takes from all records.
  package var values: String
  /// What was rounded on the way: each value as it was, and as it became.
  package var roundings: [Rounding]
  /// What it was before `document.sign` made it negative.
  package var unsigned: String?
  /// Empty where there is none.
  package var value: String

  package struct Rounding: Codable, Sendable {
    package var from: String
    package var to: String
  }
}

/// A field of a record.
package struct ExplainedField: Codable, Sendable {
  package var name: String
  package var type: String
  /// Where the mapping defines it: `mappings/sales.yaml:19`.
  package var place: String
  package var arithmetic: Arithmetic
}

/// A row of a code table that a record used.
package struct ExplainedTableRow: Codable, Sendable {
  package var table: String
  /// Where the row stands.
  package var place: String
  /// What was looked for, and the keys that the row has.
  package var sought: [String]
  package var keys: [String]
  /// By the table's value columns.
  package var answers: [String: String]
  /// The first and the last day on which the row is valid, where it says so.
  package var from: String?
  package var to: String?
}

/// One source row, as far as it has to do with what is explained.
package struct ExplainedRecord: Codable, Sendable {
  package struct Cell: Codable, Sendable {
    package var column: String
    package var text: String
  }

  package var row: Int
  package var line: Int
  package var cells: [Cell]
  package var fields: [ExplainedField]
  package var tables: [ExplainedTableRow]
}

/// What an entry rule made of one source row.
package struct ExplainedTerm: Codable, Sendable {
  /// Where the mapping has the rule.
  package var rule: String
  package var line: Int
  package var amount: Arithmetic
  /// Where the entry has one.
  package var quantity: Arithmetic?
  /// The amount in another currency, and its rate.
  package var foreign: Arithmetic?
  package var rate: Arithmetic?
}

extension ReplayedDocument {
  /// A record with those of its columns, fields and table rows that the rules of a posting are made of.
  /// - Parameter rules: indices of the posting's rules; `nil`: everything of the record.
  func record(_ index: Int, _ rules: (posting: Int, of: Set<Int>)?) -> ExplainedRecord {
    let slots = rules.map { compiled.postings[$0.posting].slots(ofRules: $0.of) }
    let steps = compiled.program.steps(behind: slots ?? Set(0..<compiled.program.kinds.count))
    let computed = Set(steps.map(\.result))
    let columns = Set(
      steps.compactMap { if case .loadText(let column, _, _) = $0.operation { column } else { nil } })
    var tables: [ExplainedTableRow] = []
    for step in steps {
      guard case .lookUp(let table, let keys, _) = step.operation,
        evaluation.slots[step.result].state(index) == Presence.present
      else { continue }
      let row = tableRow(Int(evaluation.slots[step.result].day(index)), of: table, keys, index)
      if !tables.contains(where: { $0.place == row.place && $0.sought == row.sought }) { tables.append(row) }
    }
    return ExplainedRecord(
      row: Int(batch.rows[index]), line: Int(batch.lines[index]),
      cells: columns.sorted().map {
        ExplainedRecord.Cell(column: compiled.program.columns[$0], text: batch.text(batch.columns[$0][index]))
      },
      fields: zip(compiled.fields, definition.fields).filter { computed.contains($0.0.slot) }.map {
        ExplainedField(
          name: $0.name, type: $1.typeText.text, place: $1.name.place.text,
          arithmetic: arithmetic($1.expression, slot: $0.slot, $0.kind, index))
      }, tables: tables)
  }

  /// What a line of a posting's rules is made of.
  func term(_ line: Line, posting: Int) -> ExplainedTerm {
    let written = definition.postings[posting % definition.postings.count].entries[line.rule]
    let (rule, entry) = (compiled.postings[posting].entries[line.rule], line.entry)
    func made(_ text: SourceText?, _ slot: Slot?, scale: Int, _ isThere: Bool) -> Arithmetic? {
      guard isThere, let text, let slot else { return nil }
      return arithmetic(text, slot: slot, .number(scale: scale), line.record)
    }
    return ExplainedTerm(
      rule: written.account.place.text, line: Int(batch.lines[line.record]),
      amount: arithmetic(
        written.amount, slot: rule.amount, .number(scale: Entry.amountScale), line.record),
      quantity: made(
        written.quantity, rule.quantity, scale: Entry.quantityScale, entry.quantity != nil),
      foreign: made(
        written.foreign?.amount, rule.foreign?.amount, scale: Entry.amountScale, entry.foreign != nil),
      rate: made(written.foreign?.rate, rule.foreign?.rate, scale: Entry.rateScale, entry.foreign != nil))
  }

  private func arithmetic(_ text: SourceText, slot: Slot, _ kind: ValueType.Kind, _ record: Int) -> Arithmetic
  {
    var values = text.text
    if case .success(let syntax) = Parser.expression(text) {
      var characters = Array(text.text)
      for (range, value) in names(in: syntax, record).sorted(by: { $0.range.lowerBound > $1.range.lowerBound }
      ) {
        characters.replaceSubrange(range, with: Array(value))
      }
      values = String(characters)
    }
    // What a rule takes as it is was rounded where its field was made.
    let isTaken = compiled.fields.contains { $0.slot == slot && $0.name == text.text }
    return Arithmetic(
      expression: text.text, values: values, roundings: isTaken ? [] : roundings(before: slot, record),
      unsigned: isTaken ? nil : unsigned(slot, kind, record), value: value(slot, kind, record))
  }

  /// The names of an expression that have one value in the record, with that value.
  private func names(in syntax: Syntax, _ record: Int) -> [(range: Range<Int>, value: String)] {
    switch syntax {
    case .number: return []
    case .text(let parts, _):
      return parts.flatMap { part -> [(range: Range<Int>, value: String)] in
        guard case .hole(let hole) = part else { return [] }
        return names(in: hole, record)
      }
    case .name(let name, let quoted, let range):
      if !quoted, let field = compiled.fields.first(where: { $0.name == name }) {
        return [(range, Self.written(value(field.slot, field.kind, record), field.kind))]
      }
      guard let column = compiled.program.columns.firstIndex(of: name) else { return [] }
      return [(range, Self.written(batch.text(batch.columns[column][record]), .text))]
    case .call(let name, let arguments, _):
      let takesAllRecords = Aggregate(rawValue: name) != nil || name == Function.allocate.rawValue
      return takesAllRecords ? [] : arguments.flatMap { names(in: $0, record) }
    case .list(let items, _): return items.flatMap { names(in: $0, record) }
    case .unary(_, let operand, _): return names(in: operand, record)
    case .binary(_, let left, let right, _): return names(in: left, record) + names(in: right, record)
    case .condition(let condition, let then, let otherwise, _):
      return [condition, then, otherwise].flatMap { names(in: $0, record) }
    }
  }

  /// A value within an expression.
  private static func written(_ value: String, _ kind: ValueType.Kind) -> String {
    switch kind {
    case .text: "\"\(value)\""
    case .number where value.hasPrefix("-"): "(\(value))"
    default: value.isEmpty ? "—" : value
    }
  }

  private func value(_ slot: Slot, _ kind: ValueType.Kind, _ record: Int) -> String {
    var text: [UInt8] = []
    evaluation.appendValue(of: slot, kind, record, batch, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The roundings of the expression that gave a slot its value.
  private func roundings(before slot: Slot, _ record: Int) -> [Arithmetic.Rounding] {
    let steps = compiled.program.steps(behind: [slot])
    guard let site = steps.last?.site else { return [] }
    return steps.compactMap { step in
      let (from, scale, newScale): (Slot, Int, Int)
      switch step.operation {
      case .assignNumber(let slot, let old, let new, _): (from, scale, newScale) = (slot, old, new)
      case .round(let slot, let old, let new): (from, scale, newScale) = (slot, old, new)
      default: return nil
      }
      let (before, after) = (evaluation.slots[from], evaluation.slots[step.result])
      guard step.site == site, scale > newScale, before.state(record) == Presence.present,
        after.state(record) == Presence.present
      else { return nil }
      let (exact, rounded) = (
        Decimal(units: before.number(record), scale: scale).trimmed,
        Decimal(units: after.number(record), scale: newScale)
      )
      guard exact != rounded else { return nil }
      // The last digit of a quotient says only that more would follow.
      let isCut = exact.scale >= Program.quotientScale
      let shown = isCut ? String(exact.description.dropLast()) + "…" : exact.description
      return Arithmetic.Rounding(from: shown, to: rounded.description)
    }
  }

  /// What a value was before the document's sign turned it round: less its absolute value it is chosen then.
  private func unsigned(_ slot: Slot, _ kind: ValueType.Kind, _ record: Int) -> String? {
    func step(_ slot: Slot) -> Step? { compiled.program.steps.first { $0.result == slot } }
    guard definition.document.sign != nil,
      case .select(let isNegative, let red, let plain)? = step(slot)?.operation,
      case .negate(let size)? = step(red)?.operation, case .absolute(plain)? = step(size)?.operation,
      evaluation.isTrue(isNegative, record)
    else { return nil }
    return value(plain, kind, record)
  }

  private func tableRow(_ row: Int, of table: Int, _ keys: [Slot], _ record: Int) -> ExplainedTableRow {
    let known = compiled.program.tables[table]
    let (from, to) = known.validity(ofRow: row)
    return ExplainedTableRow(
      table: known.name, place: known.place(ofRow: row).text, sought: keys.map { value($0, .text, record) },
      keys: known.keys(ofRow: row),
      answers: Dictionary(
        known.values.enumerated().map { ($1, known.texts(of: $0)[row]) },
        uniquingKeysWith: { first, _ in first }),
      from: from?.description, to: to?.description)
  }
}

extension PostingRule {
  /// The slots that entries of some of its rules are made of.
  fileprivate func slots(ofRules wanted: Set<Int>) -> Set<Slot> {
    var slots: Set<Slot> = [date]
    if let when = inputs.when { slots.insert(when) }
    for index in wanted where entries.indices.contains(index) {
      let rule = entries[index]
      slots.insert(rule.amount)
      if case .table(let row, _) = rule.account { slots.insert(row) }
      slots.formUnion(rule.dimensions.map(\.slot) + rule.split.map(\.slot) + (rule.memo?.inputs ?? []))
      slots.formUnion([rule.quantity, rule.unit, rule.cashFlow].compactMap(\.self))
      if let foreign = rule.foreign { slots.formUnion([foreign.currency, foreign.rate, foreign.amount]) }
    }
    return slots
  }
}

extension Place {
  /// `mappings/sales.yaml:57`.
  var text: String { line.map { "\(file):\($0)" } ?? file }
}
