import Findings
import Ledger
import Readers

@testable import Expressions

/// A definition's text as if it stood alone on line 7 of a mapping, beginning in column 11.
func source(_ text: String) -> SourceText {
  SourceText(text, at: Place(file: "m.yaml", line: 7, column: 11), line: "  field:  \(text)")
}

/// A finding as a test states it: its code, the characters that the caret marks (from 0), and its arguments.
struct Fault: Equatable, CustomStringConvertible {
  var code: FindingCode
  var characters: Range<Int>
  var arguments: [String]

  init(_ code: FindingCode, _ characters: Range<Int>, _ arguments: [String]) {
    self.code = code
    self.characters = characters
    self.arguments = arguments
  }

  init(_ finding: Finding) {
    let start = (finding.place.column ?? 0) - 11
    self.init(finding.code, start..<start + finding.width, finding.arguments)
  }

  var description: String { "\(code.rawValue) \(characters) \(arguments)" }
}

/// Fields, tables and records in a few lines, for tests of the language.
struct Bench {
  var builder: ProgramBuilder
  private(set) var evaluation: Evaluation?

  init(tables: [CodeTable] = [], documentFields: Set<String> = []) {
    builder = ProgramBuilder(tables: tables, documentFields: documentFields)
  }

  @discardableResult
  mutating func field(_ name: String, _ kind: FieldType.Kind, optional: Bool = false, _ expression: String)
    -> Slot
  {
    builder.addField(
      source(name), type: FieldType(kind, optional: optional), expression: source(expression))
    return builder.field(name)?.slot ?? -1
  }

  var faults: [Fault] { builder.findings.map(Fault.init) }

  /// Runs the program over records, each a cell a column of the program.
  mutating func run(_ rows: [[String: String]]) -> Outcome {
    var evaluation = evaluation ?? Evaluation(builder.program)
    var batch = RecordBatch(columns: builder.program.columns, rows)
    evaluation.run(over: &batch)
    self.evaluation = evaluation
    return Outcome(evaluation: evaluation, batch: batch)
  }
}

/// What a program made of a batch.
struct Outcome {
  var evaluation: Evaluation
  var batch: RecordBatch

  /// A slot's value as people read it; `nil` where it is missing, `!` where it failed.
  func text(_ slot: Slot, _ record: Int = 0) -> String? {
    switch evaluation.slots[slot].state(record) {
    case Presence.missing: return nil
    case Presence.failed: return "!"
    default:
      var text: [UInt8] = []
      evaluation.appendValue(of: slot, evaluation.program.kinds[slot], record, batch, to: &text)
      return String(decoding: text, as: UTF8.self)
    }
  }

  func texts(_ slot: Slot) -> [String?] { (0..<batch.count).map { text(slot, $0) } }

  /// The failures as `record code text`.
  var failures: [String] {
    evaluation.failures.map { "\($0.record) \($0.code.rawValue) \(batch.text($0.text))" }
  }
}

extension RecordBatch {
  init(columns captions: [String], _ rows: [[String: String]]) {
    self.init()
    count = rows.count
    columns = captions.map { caption in
      rows.map { row in
        let text = Array((row[caption] ?? "").utf8)
        let start = bytes.count
        bytes.append(contentsOf: text)
        return TextRange(start: Int32(start), length: Int32(text.count))
      }
    }
    self.rows = rows.indices.map { Int32($0 + 1) }
    lines = rows.indices.map { Int32($0 + 2) }
    starts = rows.indices.map { Int64($0 * 10) }
    ends = rows.indices.map { Int64($0 * 10 + 9) }
  }
}

/// A table whose rows are keys, then one value, then the days from and to where it has them.
func table(
  _ name: String, keys: [String], valid: Bool = false, _ rows: [[String]], findings: inout [Finding]
) -> CodeTable {
  CodeTable(
    name: name, file: "\(name).csv", keys: keys, values: ["value"], hasValidity: valid,
    rows: rows.enumerated().map { index, row in
      CodeTable.Row(
        line: index + 2, keys: Array(row.prefix(keys.count)), values: [row[keys.count]],
        from: valid ? Day(row[keys.count + 1]) : nil, to: valid ? Day(row[keys.count + 2]) : nil)
    }, findings: &findings)
}

func table(_ name: String, keys: [String], valid: Bool = false, _ rows: [[String]]) -> CodeTable {
  var findings: [Finding] = []
  let made = table(name, keys: keys, valid: valid, rows, findings: &findings)
  precondition(findings.isEmpty, "the test's table is ambiguous")
  return made
}
