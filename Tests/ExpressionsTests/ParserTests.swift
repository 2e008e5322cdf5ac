import Findings
import Testing

@testable import Expressions

struct ParserTests {
  /// The tree with a bracket for every operation.
  private func shape(_ syntax: Syntax) -> String {
    switch syntax {
    case .number(let units, let scale, _): "\(units)e-\(scale)"
    case .name(let name, let quoted, _): quoted ? "`\(name)`" : name
    case .text(let parts, _): "\"" + parts.map(shape).joined() + "\""
    case .call(let name, let items, _): name + "(" + items.map(shape).joined(separator: ", ") + ")"
    case .list(let items, _): "[" + items.map(shape).joined(separator: ", ") + "]"
    case .unary(let operation, let operand, _): "(\(operation.rawValue) \(shape(operand)))"
    case .binary(let operation, let left, let right, _):
      "(\(shape(left)) \(operation.rawValue) \(shape(right)))"
    case .condition(let condition, let then, let otherwise, _):
      "(if \(shape(condition)) then \(shape(then)) else \(shape(otherwise)))"
    }
  }

  private func shape(_ part: TextPart) -> String {
    switch part {
    case .literal(let text): text
    case .hole(let syntax): "{" + shape(syntax) + "}"
    }
  }

  @Test(arguments: [
    ("a + b * c", "(a + (b * c))"), ("a - b - c", "((a - b) - c)"), ("a / b / c", "((a / b) / c)"),
    ("(a + b) * c", "((a + b) * c)"), ("-a * b", "((- a) * b)"), ("- -a", "(- (- a))"),
    ("a - -b", "(a - (- b))"),
    ("a or b and c", "(a or (b and c))"), ("a and b or c", "((a and b) or c)"),
    ("not a and b", "((not a) and b)"),
    ("not a == b", "(not (a == b))"), ("not not a", "(not (not a))"),
    ("a and not b or c", "((a and (not b)) or c)"),
    ("not a in t", "(not (a in t))"), ("a == b and c != d", "((a == b) and (c != d))"),
    ("a + b <= c * d", "((a + b) <= (c * d))"), ("a ?? b + c", "(a ?? (b + c))"),
    ("a ?? b == c", "((a ?? b) == c)"),
    ("a ?? b ?? c", "((a ?? b) ?? c)"), ("a == (b == c)", "(a == (b == c))"),
    ("if a then b else c + d", "(if a then b else (c + d))"),
    ("if a then b else if c then d else e", "(if a then b else (if c then d else e))"),
    ("(if a then b else c) + d", "((if a then b else c) + d)"), ("a in [b, \"c\"]", "(a in [b, \"c\"])"),
    ("f()", "f()"), ("f(a, g(b))", "f(a, g(b))"), ("单据编号", "单据编号"), ("`含税 金额`", "`含税 金额`"),
    ("voucher.date", "voucher.date"), ("entry.dimension(\"客户\")", "entry.dimension(\"客户\")"),
    ("0.05", "5e-2"), ("13%", "13e-2"), ("13.5%", "135e-3"), ("a<b", "(a < b)"), ("a>=b", "(a >= b)"),
    ("\"{no} 退货 {a + b}\"", "\"{no} 退货 {(a + b)}\""), ("\"{{x}}\"", "\"{x}\""),
    ("\"a\\\"b\\\\\"", "\"a\"b\\\""),
    ("\"\"", "\"\""), ("_a1", "_a1"), ("ifx", "ifx"), ("a　+　b", "(a + b)"),
  ])
  func `an expression's tree`(_ text: String, _ expected: String) throws {
    let syntax = try Parser.expression(source(text)).get()
    #expect(shape(syntax) == expected)
    #expect(syntax.range.upperBound <= text.count)
  }

  @Test func `nodes know their characters`() throws {
    let text = "if 金额 > 0 then left(no, 1) else \"x\""
    guard
      case .condition(.binary(_, let name, _, let test), let then, let otherwise, let all) =
        try Parser.expression(source(text)).get()
    else {
      Issue.record("no condition")
      return
    }
    #expect(all == 0..<text.count)
    #expect(name.range == 3..<5)
    #expect(test == 3..<9)
    #expect(then.range == 15..<26)
    #expect(otherwise.range == 32..<35)
  }

  @Test(arguments: [
    ("", 0..<1, "a name, a number or a text"), ("a +", 3..<4, "a name, a number or a text"),
    ("a b", 2..<3, "an operator, or the end"), ("(a", 2..<3, "“)”"), ("a)", 1..<2, "an operator, or the end"),
    ("f(a b)", 4..<5, "“,”"), ("f(a,)", 4..<5, "a name, a number or a text"),
    ("f(a", 3..<4, "“,”"), ("[a", 2..<3, "“,”"), ("f(", 2..<3, "a name, a number or a text"),
    ("a == b == c", 7..<9, "“and” between two comparisons"),
    ("a < b in c", 6..<8, "“and” between two comparisons"), ("if a b", 5..<6, "“then”"),
    ("if a then b", 11..<12, "“else”"), ("a + if b then c else d", 4..<6, "a name, a number or a text"),
    ("a and", 5..<6, "a name, a number or a text"), ("* a", 0..<1, "a name, a number or a text"),
    ("a = b", 2..<3, "an operator or a name, not “=”"), ("a # b", 2..<3, "an operator or a name, not “#”"),
    ("a ！ b", 2..<3, "an operator or a name, not “！”"), ("\"abc", 0..<4, "a closing quote"),
    ("\"abc\\\"", 0..<6, "a closing quote"), ("`abc", 0..<4, "a closing back-tick"),
    ("1.2.3", 0..<5, "a number of at most 18 digits"), ("1.", 0..<2, "a number of at most 18 digits"),
    ("1234567890123456789", 0..<19, "a number of at most 18 digits"),
    ("3abc", 1..<4, "an operator, or the end"),
    ("a.", 2..<3, "a name behind the point"), ("a.1", 2..<3, "a name behind the point"),
    ("x + \"{no\"", 5..<8, "a closing “}”"), ("\"{}\"", 2..<3, "a name, a number or a text"),
    ("\"{a b}\"", 4..<5, "an operator, or the end"), ("then", 0..<4, "a name, a number or a text"),
    ("a ?? ", 5..<6, "a name, a number or a text"),
  ])
  func `what is no expression, and where it stops being one`(
    _ text: String, _ characters: Range<Int>, _ expected: String
  ) {
    guard case .failure(let fault) = Parser.expression(source(text)) else {
      Issue.record("“\(text)” was read")
      return
    }
    #expect(Fault(fault.finding) == Fault(.expressionSyntax, characters, [expected]))
    #expect(fault.finding.severity == .error)
    #expect(fault.finding.place.line == 7)
  }

  @Test func `a template's holes and its faults`() throws {
    let parts = try Parser.template(source("销售出库 {no}，共 {{{gross}}}")).get()
    #expect(parts.map(shape).joined() == "销售出库 {no}，共 {{gross}}")
    guard case .failure(let fault) = Parser.template(source("出库 {no +}")) else {
      Issue.record("a broken hole was read")
      return
    }
    #expect(Fault(fault.finding).characters == 8..<9)
  }

  @Test(arguments: [
    String(repeating: "(", count: 100_000), String(repeating: "-", count: 100_000) + "1",
    String(repeating: "not ", count: 100_000) + "a", "1" + String(repeating: "+1", count: 100_000),
    String(repeating: "f(", count: 100_000), String(repeating: "if a then ", count: 100_000),
    "a" + String(repeating: ".b", count: 100_000) + "[",
  ])
  func `an endless expression is refused, not followed`(_ text: String) {
    guard case .failure = Parser.expression(source(text)) else {
      Issue.record("it was read")
      return
    }
  }

  @Test func `an expression as long as people write them is read and compiled`() {
    var bench = Bench()
    bench.field("a", .int, "列")
    bench.field("b", .int, "a" + String(repeating: " + a", count: 400))
    #expect(bench.faults.isEmpty)
    #expect(bench.run([["列": "3"]]).text(bench.builder.field("b")!.slot) == "1203")
  }
}
