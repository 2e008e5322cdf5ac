import Findings
import Foundation
import Testing

@testable import Expressions

struct FunctionTests {
  /// An example knows no name but `x`, which the document's records have.
  private func value(_ expression: String) -> (text: String?, faults: [Fault]) {
    var bench = Bench()
    bench.field("x", .money, "列")
    guard let value = bench.builder.value(source(expression), site: "example", optional: true) else {
      return (nil, bench.faults)
    }
    return (
      bench.run(FunctionDocumentation.records.map { ["列": $0] }).text(value.slot), bench.faults
    )
  }

  @Test(arguments: Function.allCases)
  func `every example gives the value that is stated`(_ function: Function) {
    let documentation = function.documentation
    #expect(documentation.signature.hasPrefix(function.rawValue + "("))
    #expect(!documentation.meaning.isEmpty)
    for example in documentation.examples {
      let (text, faults) = value(example.expression)
      #expect(text ?? "" == example.value, "\(example.expression): \(faults)")
    }
  }

  @Test func `every function has an example`() {
    for function in Function.allCases { #expect(!function.documentation.examples.isEmpty) }
  }

  @Test(arguments: [
    ("31.04.2026", "dd.mm.yyyy"), ("5.3.2026", "dd.mm.yyyy"), ("05.03.2026x", "dd.mm.yyyy"),
    ("2026-03-05", "dd.mm.yyyy"), ("05-Mrz-2026", "dd-mmm-yyyy"), ("", "dd.mm.yyyy"),
    ("05.03.20261", "d.m.yyyy"),
  ])
  func `a text that is no such date is a finding`(_ text: String, _ pattern: String) {
    var bench = Bench()
    let date = bench.field("d", .date, "date(日期, \"\(pattern)\")")
    #expect(bench.faults.isEmpty)
    #expect(bench.run([["日期": text]]).text(date) == "!")
  }

  @Test(arguments: ["dd.mm", "dd.mm.yyy", "ddd.mm.yyyy", "dd.mm.yyyy dd", ""])
  func `a pattern names day, month and year once each`(_ pattern: String) {
    #expect(value("date(\"05.03.2026\", \"\(pattern)\")").faults.map(\.code) == [.typeMismatch])
  }

  /// What the manual shows of functions is what they do, and it shows all of them.
  @Test func `the manual's examples give what it says`() throws {
    let manual = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/MAPPING.md")
    let text = try String(contentsOf: manual, encoding: .utf8)
    var shown: Set<String> = []
    for example in text.matches(of: /`((\w+)\([^`]*\))` → `([^`]*)`/) {
      let (text, faults) = value(String(example.output.1))
      #expect(text ?? "" == String(example.output.3), "\(example.output.1): \(faults)")
      shown.insert(String(example.output.2))
    }
    for function in Function.allCases where !function.documentation.examples.isEmpty {
      #expect(shown.contains(function.rawValue))
    }
    for function in Function.allCases { #expect(text.contains("`\(function.rawValue)(")) }
  }

  @Test func period() {
    var bench = Bench()
    bench.field("d", .date, "日期")
    let period = bench.field("p", .text, "period(d)")
    #expect(bench.faults.isEmpty)
    #expect(bench.run([["日期": "2026-3-5"]]).text(period) == "2026-03")
  }

  @Test func `month_end`() {
    var bench = Bench()
    bench.field("d", .date, "日期")
    let end = bench.field("e", .date, "month_end(d)")
    #expect(bench.faults.isEmpty)
    let outcome = bench.run([["日期": "2024-2-1"], ["日期": "2026年12月31日"], ["日期": "x"], [:]])
    #expect(outcome.texts(end) == ["2024-02-29", "2026-12-31", "!", "!"])
    #expect(outcome.failures == ["2 bad-date x", "3 value-missing "])
  }

  @Test func `text functions over cells, by characters, with nothing for nothing`() {
    var bench = Bench()
    let slots = [
      bench.field("a", .text, optional: true, "left(列, 2)"),
      bench.field("b", .text, optional: true, "right(列, 2)"),
      bench.field("c", .text, optional: true, "upper(列)"),
      bench.field("d", .text, optional: true, "replace(列, \"b\", \"\")"),
      bench.field("e", .text, optional: true, "trim(列)"),
    ]
    #expect(bench.faults.isEmpty)
    let outcome = bench.run([["列": "　客户ab "], ["列": ""], ["列": "b"], ["列": "é1"]])
    #expect(slots.map { outcome.text($0, 0) } == ["客户", "ab", "客户AB", "客户a", "客户ab"])
    #expect(slots.map { outcome.text($0, 1) } == [nil, nil, nil, nil, nil])
    #expect(slots.map { outcome.text($0, 2) } == ["b", "b", "B", nil, "b"])
    #expect(slots.map { outcome.text($0, 3) } == ["é1", "é1", "É1", "é1", "é1"])
    #expect(outcome.failures.isEmpty)
  }

  @Test func `round of a cell takes digits that its field would not keep, and large amounts`() {
    var bench = Bench()
    let money = bench.field("a", .money, "round(列)")
    #expect(bench.faults.isEmpty)
    let outcome = bench.run([
      ["列": "2.345"], ["列": "-2.345"], ["列": "1,234,567.891"], ["列": "999999999999999.994"],
      ["列": "0.1234567890123"],
      ["列": "x"], [:],
    ])
    #expect(
      outcome.texts(money) == ["2.35", "-2.35", "1234567.89", "999999999999999.99", "0.12", "!", "!"])
    #expect(
      outcome.failures == ["5 bad-number x", "6 value-missing "])
  }
}
