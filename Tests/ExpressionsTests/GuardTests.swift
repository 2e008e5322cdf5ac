import Testing

@testable import Expressions

/// What a branch that is not taken does, or a side that is missing: nothing.
struct GuardTests {
  private func bench() -> Bench {
    var bench = Bench(tables: [table("stock", keys: ["class"], [["01", "1405"], ["02", "1406"]])])
    bench.field("class", .text, "类")
    bench.field("cost", .money, optional: true, "成本")
    bench.field("qty", .quantity, "数量")
    bench.field("gift", .bool, "赠品")
    return bench
  }

  private let rows = [
    ["类": "01", "成本": "5", "数量": "2", "赠品": "否"], ["类": "99", "成本": "", "数量": "0", "赠品": "是"],
    ["类": "02", "成本": "x", "数量": "4", "赠品": "否"],
  ]

  private func run(_ kind: FieldType.Kind, _ expression: String, optional: Bool = false) -> (
    [String?], [String]
  ) {
    var bench = bench()
    let slot = bench.field("out", kind, optional: optional, expression)
    #expect(bench.faults.isEmpty, "\(bench.faults)")
    let outcome = bench.run(rows)
    return (outcome.texts(slot), outcome.failures.filter { $0 != "2 bad-number x" })
  }

  @Test(arguments: [
    "if gift then \"none\" else stock(class)", "if not gift then stock(class) else \"none\"",
    "if class == \"99\" then \"none\" else stock(class)", "if class in stock then stock(class) else \"none\"",
    "if gift then \"none\" else (if qty > 0 then stock(class) else stock(\"no\"))",
  ])
  func `a table miss in a branch that is not taken is no failure`(_ expression: String) {
    let (texts, failures) = run(.text, expression)
    #expect(texts == ["1405", "none", "1406"])
    #expect(failures.isEmpty)
  }

  @Test func `in a branch that is taken it is one`() {
    let (texts, failures) = run(.text, "if gift then stock(class) else \"none\"")
    #expect(texts == ["none", "!", "none"])
    #expect(failures == ["1 code-not-found 99"])
  }

  @Test func `the right side of ?? is looked at only where the left is missing`() {
    var bench = Bench(tables: [table("stock", keys: ["class"], [["01", "1405"]])])
    bench.field("class", .text, "类")
    let slot = bench.field("out", .text, "备注 ?? stock(class)")
    let outcome = bench.run([
      ["备注": "x", "类": "99"], ["备注": "", "类": "01"], ["备注": "", "类": "99"], ["备注": "1E+10", "类": "99"],
    ])
    #expect(outcome.texts(slot) == ["x", "1405", "!", "1E+10"])
    #expect(outcome.failures == ["2 code-not-found 99"])
  }

  @Test func `division by zero behind a test for it`() {
    #expect(run(.decimal(2), "if qty != 0 then 1 / qty else 0").0 == ["0.50", "0.00", "0.25"])
    #expect(run(.bool, "qty != 0 and 1 / qty > 0.3").0 == ["是", "否", "否"])
    #expect(run(.bool, "qty == 0 or 1 / qty > 0.3").0 == ["是", "是", "否"])
    #expect(run(.bool, "qty != 0 and 1 / qty > 0.3").1.isEmpty)
    #expect(run(.bool, "1 / qty > 0.3 and qty != 0").1 == ["1 division-by-zero "])
  }

  @Test func `and, or with sides that failed or are missing`() {
    #expect(run(.bool, "present(cost) and cost > 1").0 == ["是", "否", "!"])
    #expect(run(.bool, "not present(cost) or cost > 9").0 == ["否", "是", "!"])
    #expect(run(.bool, "gift and present(cost)").0 == ["否", "否", "否"])
    #expect(run(.bool, "gift or present(cost)").0 == ["是", "是", "!"])
    #expect(run(.money, "cost ?? 7").0 == ["5.00", "7.00", "!"])
    #expect(run(.money, "if present(cost) then cost else -1").0 == ["5.00", "-1.00", "!"])
  }

  @Test func `texts compare with nothing as the design says`() {
    var bench = Bench()
    bench.field("a", .text, optional: true, "甲")
    let slots = [
      bench.field("p", .bool, "a == \"x\""), bench.field("q", .bool, "a != \"x\""),
      bench.field("r", .bool, "乙 == 甲"),
      bench.field("s", .bool, "乙 != 甲"), bench.field("t", .bool, "a in [\"x\", \"y\"]"),
      bench.field("u", .bool, "not (a in [\"x\", \"y\"])"), bench.field("v", .bool, "present(a)"),
    ]
    #expect(bench.faults.isEmpty)
    let outcome = bench.run([["甲": "x", "乙": "x"], ["甲": "", "乙": ""], ["甲": "z", "乙": ""]])
    #expect(slots.map { outcome.text($0, 0) } == ["是", "否", "是", "否", "是", "否", "是"])
    #expect(slots.map { outcome.text($0, 1) } == ["否", "是", "否", "是", "否", "是", "否"])
    #expect(slots.map { outcome.text($0, 2) } == ["否", "是", "否", "是", "否", "是", "是"])
    #expect(outcome.failures.isEmpty)
  }

  @Test func `texts have the order of their bytes`() {
    var bench = Bench()
    bench.field("a", .text, "甲")
    let slots = ["<", "<=", ">", ">=", "==", "!="].map { bench.field("f\($0)", .bool, "a \($0) \"0100\"") }
    let outcome = bench.run([["甲": "0099"], ["甲": "0100"], ["甲": "01000"], ["甲": "客"]])
    #expect(slots.map { outcome.text($0, 0) } == ["是", "是", "否", "否", "否", "是"])
    #expect(slots.map { outcome.text($0, 1) } == ["否", "是", "否", "是", "是", "否"])
    #expect(slots.map { outcome.text($0, 2) } == ["否", "否", "是", "是", "否", "是"])
    #expect(slots.map { outcome.text($0, 3) } == ["否", "否", "是", "是", "否", "是"])
  }

  @Test func `an amount behind a condition is worked on only where that is true`() throws {
    var bench = bench()
    let condition = source("present(cost)")
    let parsed = bench.builder.parse(condition)
    let syntax = try #require(parsed)
    let compiled = bench.builder.value(syntax, of: condition, .flag, site: "cost")
    let flag = try #require(compiled)
    let amount = bench.builder.guarding((flag.slot, syntax)) { builder in
      builder.amount(source("cost * qty"), site: "cost", scale: 2)
    }
    let slot = try #require(amount).slot
    let outcome = bench.run([rows[0], rows[1]])
    #expect(outcome.texts(slot) == ["10.00", nil])
    #expect(outcome.failures.isEmpty)
  }

  @Test func `an amount is proven to fit, and is never silently nothing`() throws {
    var bench = bench()
    let amounts = ["qty * 0 + 1000000000000 * 1000000000000", "round(成本)"].map {
      bench.builder.amount(source($0), site: "x", scale: 2)
    }
    let (wide, cell) = (try #require(amounts[0]), try #require(amounts[1]))
    let outcome = bench.run([rows[0], rows[1]])
    #expect(outcome.texts(wide.slot) == ["!", "!"])
    #expect(outcome.texts(cell.slot) == ["5.00", "!"])
    #expect(outcome.failures.contains("1 value-missing "))
  }
}
