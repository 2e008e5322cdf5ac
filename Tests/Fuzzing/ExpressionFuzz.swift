import Expressions
import Findings
import Ledger
import Readers

/// An expression: it compiles or says where it does not, and gives each record the same value whether the record is
/// alone or among others.
enum ExpressionFuzz {
  static func fault(in input: [UInt8]) -> String? {
    var choices = Choices(input)
    let type = FieldType(
      choices.of([.money, .text, .bool, .date, .quantity, .int, .price, .decimal(12), .percent(.whole)]),
      optional: choices.below(2) == 1)
    let seed = choices.below(256)
    let text = String(decoding: choices.rest, as: UTF8.self)
    var builder = ProgramBuilder(tables: tables, documentFields: ["no"])
    for (name, kind, optional) in fields {
      builder.addField(
        source(name), type: FieldType(kind, optional: optional), expression: source("`\(name)`"))
    }
    builder.dateSlot = builder.field("day")?.slot
    precondition(builder.findings.isEmpty, "the fuzzer's own fields are sound")
    builder.addField(source("out"), type: type, expression: source(text))
    let condition = builder.value(source(text), .flag, site: "check")
    if !builder.findings.isEmpty { return told(builder.findings, text) }
    guard let out = builder.field("out")?.slot, out >= 0 else { return "a field without a slot" }
    return compare(builder.program, [out] + (condition.map { [$0.slot] } ?? []), seed)
  }

  private static func told(_ findings: [Finding], _ text: String) -> String? {
    // What is wrong with a table's text stands in the table's file.
    for finding in findings where finding.code != .tableValue {
      guard let column = finding.place.column, finding.place.line == 1, (1...text.count + 1).contains(column)
      else {
        return "\(finding.code.rawValue) at \(finding.place)"
      }
      if finding.text(in: .chinese).unicodeScalars.contains(where: { $0.isControl && $0 != "\n" }) {
        return "a control character in \(finding.code.rawValue)"
      }
    }
    return nil
  }

  private static func compare(_ program: Program, _ slots: [Slot], _ seed: Int) -> String? {
    let rows = (0..<7).map { row in
      program.columns.indices.map { cells[(seed + row * 7 + $0 * 3 + row * $0) % cells.count] }
    }
    var together = Evaluation(program)
    var all = batch(rows)
    together.run(over: &all)
    var alone = Evaluation(program)
    for (row, cells) in rows.enumerated() {
      var one = batch([cells])
      alone.run(over: &one)
      for slot in slots {
        let (left, right) = (value(together, slot, row, all), value(alone, slot, 0, one))
        if left != right { return "among others \(left), alone \(right)" }
      }
      let failures = together.failures.filter { $0.record == Int32(row) }.map(\.code)
      if failures != alone.failures.map(\.code) {
        return "among others \(failures), alone \(alone.failures.map(\.code))"
      }
    }
    return nil
  }

  private static func value(_ evaluation: Evaluation, _ slot: Slot, _ record: Int, _ batch: RecordBatch)
    -> String
  {
    let column = evaluation.slots[slot]
    guard column.state(record) == Presence.present else { return "state \(column.state(record))" }
    switch evaluation.program.kinds[slot] {
    case .number(let scale): return Decimal(units: column.number(record), scale: scale).description
    case .flag: return "\(column.flag(record))"
    case .date: return Day(number: column.day(record)).description
    case .text:
      let range = column.text(record)
      return String(decoding: batch.bytes[Int(range.start)..<Int(range.start + range.length)], as: UTF8.self)
    }
  }

  private static func batch(_ rows: [[String]]) -> RecordBatch {
    var batch = RecordBatch()
    batch.count = rows.count
    batch.columns = (rows.first ?? []).indices.map { column in
      rows.map { row in
        let start = batch.bytes.count
        batch.bytes += row[column].utf8
        return TextRange(start: Int32(start), length: Int32(batch.bytes.count - start))
      }
    }
    batch.rows = rows.indices.map { Int32($0 + 1) }
    batch.lines = batch.rows
    batch.starts = rows.map { _ in 0 }
    batch.ends = rows.map { _ in 0 }
    return batch
  }

  private static func source(_ text: String) -> SourceText {
    SourceText(text, at: Place(file: "f.yaml", line: 1, column: 1))
  }

  private static let fields: [(String, FieldType.Kind, Bool)] = [
    ("no", .text, false), ("gross", .money, false), ("cost", .money, true), ("qty", .quantity, true),
    ("day", .date, false), ("due", .date, true), ("ok", .bool, false), ("note", .text, true),
    ("rate", .percent(.whole), false),
  ]

  private static let cells = [
    "", "1", "是", "2026-02-28", "-12.50", "99999999999999.99", "13", "甲", "0", "1E+11", "2024-02-29", "no",
    " x ", "0.005",
    "-0", "999999999999999999", "=\"007\"", "12,345.67", "\u{3000}", "2026/1/5", "乙", "(3.00)", "n/a",
  ]

  private static let tables: [CodeTable] = {
    var findings: [Finding] = []
    let tables = [
      CodeTable(
        name: "names", file: "names.csv", keys: ["code"], values: ["name", "group"], hasValidity: false,
        rows: [
          CodeTable.Row(line: 2, keys: ["甲"], values: ["first", ""]),
          CodeTable.Row(line: 3, keys: ["*"], values: ["any", "x"]),
        ], findings: &findings),
      CodeTable(
        name: "dated", file: "dated.csv", keys: ["a", "b"], values: ["value"], hasValidity: true,
        rows: [CodeTable.Row(line: 2, keys: ["1", "*"], values: ["one"], from: nil, to: Day("2026-02-28"))],
        findings: &findings),
    ]
    precondition(findings.isEmpty, "the fuzzer's own tables are sound")
    return tables
  }()
}
