import Findings
import Testing

@testable import Expressions

/// Each fault of an expression's types, with the characters that the caret marks.
struct TypeCheckTests {
  private let tables = [
    table("stock", keys: ["class"], [["01", "1405"]]),
    table("revenue", keys: ["class", "dept"], [["01", "*", "5001"]]),
    table("dated", keys: ["class"], valid: true, [["01", "1405", "2026-01-01", "2026-12-31"]]),
  ]

  /// Fields of each type, required and optional.
  private func bench() -> Bench {
    var bench = Bench(tables: tables, documentFields: ["no"])
    bench.field("no", .text, "单据编号")
    bench.field("gross", .money, "含税金额")
    bench.field("cost", .money, optional: true, "成本金额")
    bench.field("qty", .quantity, "数量")
    bench.field("note", .text, optional: true, "备注")
    bench.field("day", .date, "日期")
    bench.field("late", .date, optional: true, "到期")
    bench.field("gift", .bool, "赠品")
    bench.field("flag", .bool, optional: true, "标志")
    return bench
  }

  private func faults(_ expression: String, _ kind: ValueType.Kind? = nil, optional: Bool = false) -> [Fault]
  {
    var bench = bench()
    let value = bench.builder.value(source(expression), kind, site: "test", optional: optional)
    // What doesn't compile says why.
    #expect(value != nil || !bench.faults.isEmpty, "\(expression) was dropped without a word")
    return bench.faults
  }

  @Test(arguments: [
    "gross + qty", "gross * 13%", "not gift", "gift and gross > 0", "no == \"a\"", "note == \"a\"",
    "note != \"a\"",
    "note == no", "gross in [1, 2.5]", "no in [\"a\", \"b\"]", "no in stock", "stock(no)",
    "revenue(no, \"x\")",
    "if gift then gross else 0", "cost ?? 0", "note ?? \"x\"", "present(cost)", "day == day", "late ?? day",
    "gift == true_flag", "abs(gross)", "round(gross / qty, 4)", "\"{cost} {note} {day} {gift}\"", "-gross",
    "present(cost) and cost > 0", "not present(cost) or cost > 0", "if present(cost) then cost else 0",
    "if not present(cost) then 0 else cost", "present(cost) and present(late) and (cost > 0 or late == day)",
    "if present(cost) and gift then cost else 0", "(not present(cost) or not present(late)) or late == day",
    "if not present(cost) or gift then 0 else cost", "present(cost) and not (cost > 0)",
    "present(flag) and flag", "if present(cost) then (if gift then cost else 1) else 2",
  ])
  func `what makes sense`(_ expression: String) {
    var bench = bench()
    bench.field("true_flag", .bool, "真")
    let value = bench.builder.value(source(expression), site: "test", optional: true)
    #expect(value != nil)
    #expect(bench.faults.isEmpty, "\(expression): \(bench.faults)")
  }

  @Test(arguments: [
    ("no + gross", 0..<2, ["text", "number"]), ("gross + no", 8..<10, ["text", "number"]),
    ("gross * gift", 8..<12, ["bool", "number"]), ("-no", 1..<3, ["text", "number"]),
    ("not gross", 4..<9, ["number", "bool"]), ("gift and no", 9..<11, ["text", "bool"]),
    ("gross or gift", 0..<5, ["number", "bool"]), ("gross == no", 0..<11, ["number", "text"]),
    ("day < gross", 0..<11, ["date", "number"]), ("gift < gift", 0..<11, ["bool", "== or != between bools"]),
    ("if gross then 1 else 2", 3..<8, ["number", "bool"]),
    ("if gift then 1 else no", 0..<22, ["number", "text"]), ("no ?? 1", 0..<7, ["text", "number"]),
    ("no in [1]", 0..<9, ["text", "number"]),
    ("no in []", 6..<8, ["an empty list", "a value to compare with"]),
    ("[no]", 0..<4, ["list", "a single value"]),
    ("stock + 1", 0..<5, ["a code table", "a value; call it: stock(…)"]),
    ("stock(gross)", 6..<11, ["number", "text"]), ("abs(no)", 4..<6, ["text", "number"]),
    ("left(gross, 1)", 5..<10, ["number", "text"]),
    ("left(no, gross)", 9..<14, ["gross", "a whole number from 1 to 1000"]),
    ("left(no, 0)", 9..<10, ["0", "a whole number from 1 to 1000"]),
    ("round(gross, 13)", 13..<15, ["13", "a whole number from 0 to 12"]),
    ("round(gross, 1.5)", 13..<16, ["1.5", "a whole number from 0 to 12"]),
    ("month_end(no)", 10..<12, ["text", "date"]), ("month_end(late)", 10..<14, ["date?", "date"]),
    ("qty * qty * qty * qty * qty", 0..<27, ["30 decimals", "at most 24; round() a factor"]),
  ])
  func `type mismatches`(_ expression: String, _ characters: Range<Int>, _ arguments: [String]) {
    #expect(faults(expression) == [Fault(.typeMismatch, characters, arguments)])
  }

  @Test(arguments: [
    ("cost", 0..<4, "cost"), ("cost + 1", 0..<4, "cost"), ("1 + cost * 2", 4..<8, "cost"),
    ("cost > 0", 0..<4, "cost"), ("0 == cost", 5..<9, "cost"), ("-cost", 1..<5, "cost"),
    ("abs(cost)", 4..<8, "cost"),
    ("late == day", 0..<4, "late"), ("flag and gift", 0..<4, "flag"), ("gift and flag", 9..<13, "flag"),
    ("not flag", 4..<8, "flag"), ("if flag then 1 else 2", 3..<7, "flag"), ("note < no", 0..<4, "note"),
    ("stock(note)", 6..<10, "note"), ("note in stock", 0..<4, "note"), ("round(cost)", 6..<10, "cost"),
    ("present(cost) or cost > 0", 17..<21, "cost"), ("not present(cost) and cost > 0", 22..<26, "cost"),
    ("cost > 0 and present(cost)", 0..<4, "cost"), ("(present(cost) or gift) and cost > 0", 28..<32, "cost"),
    ("if present(cost) then 1 else -cost", 30..<34, "cost"),
    ("if not present(cost) then -cost else 1", 27..<31, "cost"),
    ("(present(cost) and cost > 0) or cost < 0", 32..<36, "cost"),
    ("present(late) and cost > 0", 18..<22, "cost"),
    ("(if present(cost) then 1 else 2) + cost", 35..<39, "cost"),
    ("if gift then cost else 0", 0..<24, "if gift then cost else 0"),
    ("cost ?? cost", 0..<12, "cost ?? cost"), ("left(note, 1)", 0..<13, "left(note, 1)"),
    ("replace(no, note, \"\")", 0..<21, "replace(no, note, \"\")"),
    ("present(`cost`) and cost > 0", 20..<24, "cost"), ("cost in [1]", 0..<4, "cost"),
  ])
  func `what may be missing must be guarded`(_ expression: String, _ characters: Range<Int>, _ shown: String)
  {
    #expect(faults(expression) == [Fault(.optionalUnguarded, characters, [shown])])
  }

  @Test(arguments: [
    ("gros + 1", 0..<4, FindingCode.unknownName, ["gros", "gross"]),
    ("xyzzy == no", 0..<5, .unknownName, ["xyzzy", ""]),
    ("1 + 含税金颔", 4..<8, .unknownName, ["含税金颔", "含税金额"]),
    ("rond(gross)", 0..<11, .unknownFunction, ["rond", "round"]),
    ("stok(no)", 0..<8, .unknownFunction, ["stok", "stock"]),
    ("sqrt(gross) + 1", 0..<11, .unknownFunction, ["sqrt", ""]),
    ("date(gross) + 1", 0..<11, .wrongArguments, ["date", "date(text, pattern)"]),
    ("no in stok", 6..<10, .unknownReference, ["table", "stok", "stock"]),
    ("no in no", 6..<8, .unknownReference, ["table", "no", ""]),
    ("abs()", 0..<5, .wrongArguments, ["abs", "abs(number)"]),
    ("1 + abs(1, 2)", 4..<13, .wrongArguments, ["abs", "abs(number)"]),
    ("left(no)", 0..<8, .wrongArguments, ["left", "left(text, count)"]),
    ("stock()", 0..<7, .wrongArguments, ["stock", "class"]),
    ("\"x\" == revenue(no)", 7..<18, .wrongArguments, ["revenue", "class, dept"]),
    ("no in revenue", 0..<2, .wrongArguments, ["revenue", "class, dept"]),
    ("dated(no)", 0..<9, .levelMismatch, ["document.date"]),
  ])
  func `unknown names and wrong counts`(
    _ expression: String, _ characters: Range<Int>, _ code: FindingCode, _ arguments: [String]
  ) {
    #expect(faults(expression) == [Fault(code, characters, arguments)])
  }

  @Test func `the kind that a place wants`() {
    #expect(faults("gross", .flag) == [Fault(.typeMismatch, 0..<5, ["number", "bool"])])
    #expect(faults("gift", .flag).isEmpty)
    #expect(faults("qty", .number(scale: 2)).isEmpty)
  }

  @Test func `a field's declared type`() {
    var bench = bench()
    bench.field("a", .money, "cost")
    bench.field("b", .text, "gross")
    bench.field("c", .date, "day == day")
    bench.field("d", .money, optional: true, "cost")
    bench.field("e", .money, "gross +")
    #expect(
      bench.faults == [
        Fault(.optionalUnguarded, 0..<4, ["cost"]), Fault(.typeMismatch, 0..<5, ["number", "text"]),
        Fault(.typeMismatch, 0..<10, ["bool", "date"]),
        Fault(.expressionSyntax, 7..<8, ["a name, a number or a text"]),
      ])
  }

  @Test func `whoever uses a field that is wrong isn't wrong as well`() {
    var bench = Bench(tables: tables)
    bench.field("bad", .money, "gross +")
    bench.builder.addBroken("lost")
    bench.field("l", .money, "lost + 1")
    bench.field("m", .bool, "not lost and lost > 0 and lost == \"x\" and present(lost)")
    bench.field("n", .text, "stock(lost) ?? \"{lost}\"")
    bench.field("o", .date, "if lost then lost else month_end(lost)")
    bench.field("a", .money, "bad + 1")
    bench.field("b", .text, optional: true, "\"{bad}\"")
    bench.field("c", .bool, "bad > 0 and present(bad)")
    bench.field("d", .money, "if bad > 0 then bad else bad ?? 0")
    bench.field("worse", .text, "x x")
    bench.field("e", .text, "stock(worse)")
    bench.field("f", .text, "left(worse ?? \"x\", 1)")
    bench.field("g", .bool, "worse in stock or worse in [\"x\"]")
    #expect(bench.faults.map(\.code) == [.expressionSyntax, .expressionSyntax])
  }

  @Test func `levels and sources follow the fields`() throws {
    var bench = bench()
    let values = ["no == \"x\"", "no == \"x\" and gross + qty > 1", "stock(no)"].map {
      bench.builder.value(source($0), site: "test")
    }
    let header = try #require(values[0])
    #expect(header.recordName == nil)
    let mixed = try #require(values[1])
    #expect(mixed.recordName == "gross")
    #expect(
      Set(mixed.sources.map(bench.builder.sourceName)) == [
        "单据编号\u{1F}text", "含税金额\u{1F}number", "数量\u{1F}number",
      ])
    let looked = try #require(values[2])
    #expect(looked.sources.map(bench.builder.sourceName) == ["单据编号\u{1F}text"])
  }

  @Test func `a column knows where it was first asked for`() {
    var bench = Bench()
    let first = SourceText("甲", at: Place(file: "m.yaml", line: 3, column: 20), line: "  a: money = 甲")
    bench.builder.addField(source("a"), type: FieldType(.money), expression: first)
    let second = SourceText(
      "a + round(乙)", at: Place(file: "m.yaml", line: 4, column: 20), line: "  b: money = a + round(乙)")
    bench.builder.addField(source("b"), type: FieldType(.money), expression: second)
    #expect(bench.builder.program.columns == ["甲", "乙"])
    #expect(bench.builder.columnSources.map(\.text) == ["甲", "乙"])
    #expect(bench.builder.columnSources.map(\.place.line) == [3, 4])
    #expect(bench.builder.columnSources.map(\.place.column) == [20, 30])
  }

  @Test func `a number as wide as numbers get is scaled without a trap`() {
    var bench = bench()
    let value = bench.builder.value(source("123456789012345678 + qty * qty * qty * qty"), site: "test")
    #expect(value != nil)
    _ = bench.run([["数量": "1"]])
  }
}
