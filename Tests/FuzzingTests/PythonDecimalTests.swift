import Expressions
import Findings
import Ledger
import Readers
import Testing

/// Exact arithmetic against Python's `decimal`, whose ROUND_HALF_UP is our 四舍五入.
@Suite struct PythonDecimalTests {
  private func number(_ dice: inout Dice, digits: Int, scale: Int) -> Decimal {
    var units: Int128 = 0
    for _ in 0..<1 + dice.below(digits) { units = units * 10 + Int128(dice.below(10)) }
    // Fives and nines are where rounding goes wrong.
    if dice.below(4) == 0 { units = units / 1000 * 1000 + [500, 499, 999, 5][dice.below(4)] }
    return Decimal(units: dice.below(2) == 0 ? units : -units, scale: scale)
  }

  @Test(.enabled(if: Python.isThere), arguments: 1...4)
  func sumsRoundingAndOrder(seed: UInt64) throws {
    let script = """
      import decimal, sys
      decimal.getcontext().prec = 120
      for line in open(sys.argv[1]):
          a, b, digits = line.split()
          a, b = decimal.Decimal(a), decimal.Decimal(b)
          kept = a.quantize(decimal.Decimal(1).scaleb(-int(digits)), rounding=decimal.ROUND_HALF_UP)
          # Python keeps the sign of a zero.
          kept = abs(kept) if kept == 0 else kept
          total = a + b
          total = abs(total) if total == 0 else total
          print(f'{kept:f} {total:f} {a < b} {a == b}')
      """
    var dice = Dice(seed: seed)
    var input = ""
    var expected: [String] = []
    for _ in 0..<5_000 {
      let a = number(&dice, digits: 18, scale: dice.below(13))
      let b =
        dice.below(10) == 0 ? a.rescaled(to: a.scale + 3)! : number(&dice, digits: 18, scale: dice.below(13))
      let digits = dice.below(13)
      input += "\(a) \(b) \(digits)\n"
      let sum = a + b
      let kept = try #require(a.rescaled(to: digits))
      let total = try #require(sum)
      expected.append("\(kept) \(total) \(a < b ? "True" : "False") \(a == b ? "True" : "False")")
    }
    #expect(try Python.lines(script, on: Array(input.utf8)) == expected)
  }

  /// Products and quotients as a mapping's expressions compute them, rounded once.
  @Test(.enabled(if: Python.isThere), arguments: 1...4)
  func expressions(seed: UInt64) throws {
    let script = """
      import decimal, sys
      decimal.getcontext().prec = 120
      def cents(value):
          kept = value.quantize(decimal.Decimal('0.01'), rounding=decimal.ROUND_HALF_UP)
          return f'{abs(kept) if kept == 0 else kept:f}'
      for line in open(sys.argv[1]):
          a, b = map(decimal.Decimal, line.split())
          print(cents(a * b), cents(a / b) if b else '-', cents(a - b * 3 / 8))
      """
    var builder = ProgramBuilder(tables: [], documentFields: [])
    func source(_ text: String) -> SourceText {
      SourceText(text, at: Place(file: "f.yaml", line: 1, column: 1))
    }
    let fields: [(String, FieldType.Kind, String)] = [
      ("a", .money, "A"), ("b", .quantity, "B"), ("product", .money, "a * b"), ("quotient", .money, "a / b"),
      ("mixed", .money, "a - b * 3 / 8"),
    ]
    for (name, kind, text) in fields {
      builder.addField(source(name), type: FieldType(kind), expression: source(text))
    }
    #expect(builder.findings == [])
    var dice = Dice(seed: seed)
    let pairs = (0..<5_000).map { _ in
      (number(&dice, digits: 9, scale: 2), number(&dice, digits: 8, scale: 6))
    }
    var batch = RecordBatch()
    batch.count = pairs.count
    batch.columns = [[], []]
    for (a, b) in pairs {
      for (column, value) in [a, b].enumerated() {
        let text = Array(value.description.utf8)
        batch.columns[column].append(TextRange(start: Int32(batch.bytes.count), length: Int32(text.count)))
        batch.bytes += text
      }
    }
    var evaluation = Evaluation(builder.program)
    evaluation.run(over: &batch)
    let slots = try ["product", "quotient", "mixed"].map { try #require(builder.field($0)?.slot) }
    let results = pairs.indices.map { record in
      slots.map { slot in
        let column = evaluation.slots[slot]
        guard column.state(record) == Presence.present else { return "-" }
        return Decimal(units: column.number(record), scale: 2).description
      }.joined(separator: " ")
    }
    let input = pairs.map { "\($0) \($1)\n" }.joined()
    let expected = try Python.lines(script, on: Array(input.utf8))
    for (record, (result, line)) in zip(results, expected).enumerated() where result != line {
      Issue.record("\(pairs[record]): \(result), Python has \(line)")
    }
    #expect(results.count == expected.count)
  }
}
