import Findings
import Ledger
import Testing

@testable import Expressions

/// One value of a document's records, for each document of a batch.
struct AggregateTests {
  private func bench() -> Bench {
    var bench = Bench(documentFields: ["no", "total"])
    let key = bench.field("no", .text, "单号")
    bench.builder.setDocumentKeys([key])
    bench.field("total", .money, "合计")
    bench.field("x", .money, "金额")
    bench.field("cost", .money, optional: true, "成本")
    bench.field("day", .date, "日期")
    bench.field("kind", .text, optional: true, "类")
    return bench
  }

  private func rows(_ rows: (no: String, x: String)...) -> [[String: String]] {
    rows.enumerated().map { index, row in
      ["单号": row.no, "金额": row.x, "合计": "9", "日期": "2026-03-0\(index % 9 + 1)", "类": index == 1 ? "" : row.x]
    }
  }

  private func values(_ expression: String, _ rows: [[String: String]]) -> ([String?], [String]) {
    var bench = bench()
    let value = bench.builder.value(source(expression), site: "check", optional: true)
    #expect(bench.faults.isEmpty, "\(expression): \(bench.faults)")
    let outcome = bench.run(rows)
    return (value.map { outcome.texts($0.slot) } ?? [], outcome.failures)
  }

  @Test(arguments: [
    ("sum(x)", ["3.50", "3.50", "5.00", "-1.00"]), ("count()", ["2", "2", "1", "1"]),
    ("count(x < 0)", ["0", "0", "0", "1"]), ("min(x)", ["1.00", "1.00", "5.00", "-1.00"]),
    ("max(x)", ["2.50", "2.50", "5.00", "-1.00"]), ("max(x) - min(x)", ["1.50", "1.50", "0.00", "0.00"]),
    ("min(day)", ["2026-03-01", "2026-03-01", "2026-03-03", "2026-03-04"]),
    ("max(day)", ["2026-03-02", "2026-03-02", "2026-03-03", "2026-03-04"]),
    ("first(kind) ?? \"-\"", ["1.00", "1.00", "5.00", "-1.00"]),
    ("last(kind) ?? \"-\"", ["-", "-", "5.00", "-1.00"]), ("all(x > 1)", ["否", "否", "是", "否"]),
    ("any(x > 1)", ["是", "是", "是", "否"]), ("sum(x * 2) == total", ["否", "否", "否", "否"]),
    ("sum(x) + total", ["12.50", "12.50", "14.00", "8.00"]),
    ("sum(cost ?? 1)", ["2.00", "2.00", "1.00", "1.00"]),
    ("if total > 100 then 0 else sum(x)", ["3.50", "3.50", "5.00", "-1.00"]),
    ("total < 100 and any(kind == \"5.00\")", ["否", "否", "是", "否"]),
    ("\"{sum(x)} of {count()}\"", ["3.50 of 2", "3.50 of 2", "5.00 of 1", "-1.00 of 1"]),
  ])
  func `each document has its own value, in all its records`(_ expression: String, _ expected: [String]) {
    let (texts, failures) = values(
      expression, rows(("A", "1.00"), ("A", "2.50"), ("B", "5.00"), ("C", "-1.00")))
    #expect(texts == expected)
    #expect(failures.isEmpty)
  }

  @Test func `a total of the document is spread over its records, to the last unit`() {
    let given = rows(
      ("A", "1.00"), ("A", "1.00"), ("A", "1.00"), ("B", "0"), ("B", "0"), ("C", "-1.00"), ("C", "-3.00"),
      ("D", "5.00"), ("D", "-5.00"), ("E", "8.00"))
    #expect(
      values("allocate(round(total / 0.9), x)", given).0 == [
        "3.34", "3.33", "3.33", "5.00", "5.00", "2.50", "7.50", "5.00", "5.00", "10.00",
      ])
    #expect(
      values("allocate(-total, x)", given).0 == [
        "-3.00", "-3.00", "-3.00", "-4.50", "-4.50", "-2.25", "-6.75", "-4.50", "-4.50", "-9.00",
      ])
    #expect(values("allocate(total, x) - sum(x)", rows(("A", "1.00"), ("A", "2.00"))).0 == ["0.00", "3.00"])
  }

  /// Against sums of exact fractions: no share is a unit or more from its exact one, those that got a unit more have no
  /// smaller remainder than those that did not, and nothing is lost.
  @Test func `shares are those of the largest remainders`() {
    var random = SplitMix(seed: 5)
    for _ in 0..<400 {
      let weights = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        Int.random(in: 0...999, using: &random)
      }
      let total = Int.random(in: -99_999...99_999, using: &random)
      let text = { (units: Int) in Decimal(units: Int128(units), scale: 2).description }
      let given = weights.map { ["单号": "A", "金额": text($0), "合计": text(total)] }
      let shares = values("allocate(total, x)", given).0.map {
        Int(($0 ?? "").replacing(".", with: "")) ?? .max
      }
      #expect(shares.reduce(0, +) == total)
      let sum = weights.reduce(0, +)
      let (parts, whole) = sum == 0 ? (weights.map { _ in 1 }, weights.count) : (weights, sum)
      let excess = zip(shares, parts).map { abs($0) * whole - abs(total) * $1 }
      #expect(excess.allSatisfy { abs($0) < whole })
      let (more, less) = (excess.indices.filter { excess[$0] > 0 }, excess.indices.filter { excess[$0] <= 0 })
      for one in more {
        // The larger the remainder, the less a unit more exceeds it.
        for other in less where excess[other] < 0 { #expect(whole - excess[one] >= -excess[other]) }
      }
    }
  }

  @Test func `one record that fails makes its document's value fail, and no other's`() {
    let (texts, failures) = values("sum(x)", rows(("A", "1.00"), ("A", "y"), ("B", "5.00"), ("A", "2")))
    #expect(texts == ["!", "!", "5.00", "2.00"])
    #expect(failures == ["1 bad-number y"])
  }

  @Test func `records without a key are documents of their own`() {
    let (texts, _) = values("count()", rows(("", "1.00"), ("", "2.00"), ("B", "5.00")))
    #expect(texts == ["1", "1", "1"])
  }

  @Test func `a sum is exact as long as it has room, and is none where it hasn't`() {
    let most = ["单号": "A", "金额": "999999999999999.99", "合计": "9", "日期": "2026-03-05", "类": ""]
    let other = most.merging(["单号": "B", "金额": "1.00"]) { $1 }
    let exact = values("sum(x * x * 1000)", Array(repeating: most, count: 10) + [other])
    #expect(
      exact.0 == Array(repeating: "9999999999999999800000000000000001", count: 10) + ["1000"])
    #expect(exact.1.isEmpty)
    // Told once a document.
    let beyond = values("sum(x * x * 1000)", [other] + Array(repeating: most, count: 20))
    #expect(beyond.0 == ["1000"] + Array(repeating: "!", count: 20))
    #expect(beyond.1 == ["1 number-out-of-range "])
  }

  @Test(arguments: [101, 102, 103]) func `what is added up is what a slow adder adds up`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var given: [[String: String]] = []
    var sums: [Int: BigInteger] = [:]
    var counts: [Int: Int] = [:]
    for document in 0..<40 {
      for _ in 0...Int.random(in: 0..<5, using: &random) {
        let units = Int64.random(in: -999_999_999_999_999_999...999_999_999_999_999_999, using: &random)
        sums[document, default: BigInteger(Int128(0))] =
          (sums[document] ?? BigInteger(Int128(0))) + BigInteger(Int128(units))
        counts[document, default: 0] += 1
        let text = Decimal(units: Int128(units), scale: 2).description
        given.append(["单号": "\(document)", "金额": text, "合计": "9", "日期": "2026-03-05", "类": ""])
      }
    }
    let (texts, failures) = values("sum(x)", given)
    #expect(failures.isEmpty)
    for (row, text) in zip(given, texts) {
      let sum = sums[Int(row["单号"]!)!]?.int128
      #expect(text == sum.map { Decimal(units: $0, scale: 2).description })
    }
    #expect(values("count()", given).0 == given.map { "\(counts[Int($0["单号"]!)!]!)" })
  }

  @Test(arguments: [
    (
      "sum(total)", 4..<9, FindingCode.typeMismatch,
      ["a value of the whole document", "a value of its records"]
    ),
    ("sum(sum(x))", 4..<10, .typeMismatch, ["a value of the whole document", "a value of its records"]),
    ("sum(cost)", 4..<8, .optionalUnguarded, ["cost"]),
    ("allocate(x, x)", 9..<10, .levelMismatch, ["x"]),
    ("allocate(total, kind)", 16..<20, .typeMismatch, ["text?", "number"]),
    ("sum(day)", 4..<7, .typeMismatch, ["date", "number"]),
    ("min(kind)", 4..<8, .typeMismatch, ["text?", "number"]),
    ("all(x)", 4..<5, .typeMismatch, ["number", "bool"]),
    ("count(x)", 6..<7, .typeMismatch, ["number", "bool"]),
    ("present(cost) and sum(cost) > 0", 22..<26, .optionalUnguarded, ["cost"]),
    ("sum()", 0..<5, .wrongArguments, ["sum", "sum(number)"]),
    ("first(cost) > 0", 0..<11, .optionalUnguarded, ["first(cost)"]),
  ])
  func `what an aggregate is not made of`(
    _ expression: String, _ characters: Range<Int>, _ code: FindingCode, _ arguments: [String]
  ) {
    var bench = bench()
    _ = bench.builder.value(source(expression), site: "check")
    #expect(bench.faults == [Fault(code, characters, arguments)])
  }
}
