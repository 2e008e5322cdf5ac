import Findings
import Ledger
import Testing

@testable import Expressions

struct CodeTableTests {
  private func value(_ table: CodeTable, _ keys: [String], on day: String? = nil) -> String? {
    let row = table.row(keys, on: day.flatMap { Day($0) })
    return row < 0 ? nil : table.texts(of: 0)[Int(row)]
  }

  @Test func `the leftmost exact key wins over any number of exact keys to its right`() {
    let rules = table(
      "t", keys: ["a", "b", "c"],
      [
        ["*", "*", "*", "none"], ["*", "*", "3", "c"], ["*", "2", "3", "bc"], ["1", "*", "*", "a"],
        ["1", "*", "3", "ac"], ["*", "2", "*", "b"], ["1", "2", "*", "ab"],
      ])
    #expect(value(rules, ["9", "9", "9"]) == "none")
    #expect(value(rules, ["9", "9", "3"]) == "c")
    #expect(value(rules, ["9", "2", "3"]) == "bc")
    #expect(value(rules, ["9", "2", "9"]) == "b")
    #expect(value(rules, ["1", "9", "9"]) == "a")
    #expect(value(rules, ["1", "9", "3"]) == "ac")
    #expect(value(rules, ["1", "2", "3"]) == "ab")
  }

  @Test func `every lookup agrees with scoring all rows`() {
    var random = SplitMix(seed: 11)
    for _ in 0..<60 {
      var rows: [[String]] = []
      for number in 0..<Int.random(in: 0...12, using: &random) {
        let keys = (0..<3).map { _ in ["1", "2", "*"].randomElement(using: &random)! }
        if !rows.contains(where: { Array($0.prefix(3)) == keys }) { rows.append(keys + ["v\(number)"]) }
      }
      let made = table("t", keys: ["a", "b", "c"], rows)
      for keys in [
        ["1", "1", "1"], ["1", "2", "1"], ["2", "1", "3"], ["3", "3", "3"], ["2", "2", "2"], ["3", "1", "2"],
      ] {
        let fitting = rows.filter { row in (0..<3).allSatisfy { row[$0] == "*" || row[$0] == keys[$0] } }
        let best = fitting.max { left, right in
          let score = { (row: [String]) in (0..<3).map { row[$0] == "*" ? 0 : 1 } }
          return score(left).lexicographicallyPrecedes(score(right))
        }
        #expect(value(made, keys) == best?[3])
      }
    }
  }

  @Test func `days of validity are inclusive, and where an exact row is not valid a wider one may be`() {
    let rates = table(
      "t", keys: ["a"], valid: true,
      [
        ["1", "old", "", "2025-12-31"], ["1", "new", "2026-01-01", "2026-06-30"],
        ["*", "any", "2026-01-01", ""],
      ])
    #expect(value(rates, ["1"], on: "1999-01-01") == "old")
    #expect(value(rates, ["1"], on: "2025-12-31") == "old")
    #expect(value(rates, ["1"], on: "2026-01-01") == "new")
    #expect(value(rates, ["1"], on: "2026-06-30") == "new")
    #expect(value(rates, ["1"], on: "2026-07-01") == "any")
    #expect(value(rates, ["2"], on: "2025-12-31") == nil)
  }

  @Test func `two rows that could both win are a fault, found when the table is built`() {
    var findings: [Finding] = []
    _ = table(
      "t", keys: ["a", "b"], valid: true,
      [
        ["1", "*", "x", "2026-01-01", "2026-03-31"], ["1", "*", "y", "2026-03-31", "2026-12-31"],
        ["1", "2", "z", "", ""], ["*", "*", "w", "", ""], ["1", "*", "v", "2027-01-01", ""],
        ["1", "*", "u", "", "2025-12-31"],
      ], findings: &findings)
    #expect(findings.map(\.code) == [.tableAmbiguous])
    #expect(findings.first?.arguments == ["2", "3", "1, *"])
    #expect(findings.first?.place.line == 3)
    findings = []
    _ = table("t", keys: ["a"], [["1", "x"], ["2", "x"], ["1", "x"]], findings: &findings)
    #expect(findings.map(\.arguments) == [["2", "4", "1"]])
  }

  @Test func `days between two rows of a key are a fault, where no wider row has them`() {
    var findings: [Finding] = []
    _ = table(
      "t", keys: ["a"], valid: true,
      [
        ["1", "y", "2026-03-05", ""], ["1", "x", "", "2026-02-28"], ["2", "x", "2026-01-01", "2026-01-31"],
        ["2", "y", "2026-02-01", "2026-02-28"], ["3", "x", "2026-05-01", "2026-05-31"],
      ], findings: &findings)
    #expect(findings.map(\.code) == [.tableGap])
    #expect(findings.first?.arguments == ["1", "2026-03-01", "2026-03-04", "3", "2"])
    #expect(findings.first?.place.line == 2)
    findings = []
    _ = table(
      "t", keys: ["a"], valid: true,
      [["1", "x", "", "2026-02-28"], ["1", "y", "2026-03-05", ""], ["*", "z", "2026-01-01", ""]],
      findings: &findings)
    #expect(findings.isEmpty)
  }

  @Test func `keys are whole texts`() {
    let made = table("t", keys: ["a", "b"], [["1", "23", "x"], ["12", "3", "y"], ["", "3", "z"]])
    #expect(value(made, ["1", "23"]) == "x")
    #expect(value(made, ["12", "3"]) == "y")
    #expect(value(made, ["", "3"]) == "z")
    #expect(value(made, ["123", ""]) == nil)
  }

  @Test func `over a batch: hits, misses with their keys, empty keys, days, and the value that is empty`() {
    var bench = Bench(
      tables: [
        table(
          "rate", keys: ["class", "dept"], valid: true,
          [
            ["01", "*", "13", "", ""], ["01", "B", "", "2026-02-01", ""],
            ["02", "A", "9", "2026-01-10", "2026-01-20"],
          ]),
        table("known", keys: ["code"], [["01", "yes"]]),
      ])
    bench.builder.dateSlot = bench.field("d", .date, "日期")
    let rate = bench.field("r", .text, optional: true, "rate(类, 部门)")
    let known = bench.field("k", .bool, optional: true, "类 in known")
    #expect(bench.faults.isEmpty)
    func row(_ code: String, _ dept: String, _ day: String) -> [String: String] {
      ["类": code, "部门": dept, "日期": day]
    }
    let first = [
      row("01", "A", "2026-01-01"), row("01", "B", "2026-01-31"), row("01", "B", "2026-02-01"),
      row("02", "A", "2026-01-20"), row("02", "A", "2026-01-21"), row("", "A", "2026-01-01"),
      row("03", "A", "x"),
    ]
    let outcome = bench.run(first)
    #expect(outcome.texts(rate) == ["13", "13", nil, "9", "!", nil, "!"])
    #expect(outcome.texts(known) == ["是", "是", "是", "否", "否", nil, "否"])
    #expect(outcome.failures == ["6 bad-date x", "4 code-not-found 02, A"])
    let again = bench.run(Array(first.reversed()))
    #expect(again.texts(rate) == outcome.texts(rate).reversed())
    #expect(again.texts(known) == outcome.texts(known).reversed())
  }
}
