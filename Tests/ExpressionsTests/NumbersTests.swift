import Testing

@testable import Expressions

/// Cells and expressions as numbers of declared types.
struct NumbersTests {
  private func outcome(_ kind: FieldType.Kind, _ cells: [String]) -> (texts: [String?], failures: [String]) {
    var bench = Bench()
    let slot = bench.field("a", kind, optional: true, "列")
    let outcome = bench.run(cells.map { ["列": $0] })
    return (outcome.texts(slot), outcome.failures)
  }

  @Test func `a percentage must say that it is one, unless its form is declared`() {
    let signed = outcome(.percent(.signed), ["13%", "13.5 %", "0", "0%", "13", "0.13", "-3%", "", "１３％"])
    #expect(signed.texts == ["0.13", "0.135", "0", "0", "!", "!", "-0.03", nil, "0.13"])
    #expect(signed.failures == ["4 percent-undeclared 13", "5 percent-undeclared 0.13"])
    #expect(
      outcome(.percent(.whole), ["13", "13%", "0.5", "-6"]).texts == ["0.13", "0.13", "0.005", "-0.06"])
    #expect(outcome(.percent(.fraction), ["0.13", "13%", "1", "0"]).texts == ["0.13", "0.13", "1", "0"])
    #expect(outcome(.percent(.whole), ["0.12345"]).failures == ["0 too-many-decimals 0.12345"])
    #expect(outcome(.money, ["13%"]).failures == ["0 bad-number 13%"])
  }

  @Test func `digits that a type does not keep are refused, zeros at the end are not digits`() {
    let money = outcome(.money, ["1.50", "1.5000", "1.505", "1,234.5", "￥12.00-", "1E+5", "x", "一", "-0.00"])
    #expect(money.texts == ["1.50", "1.50", "!", "1234.50", "-12.00", "!", "!", "!", "0.00"])
    #expect(
      money.failures == [
        "2 too-many-decimals 1.505", "5 excel-scientific 1E+5", "6 bad-number x", "7 bad-number 一",
      ])
    #expect(outcome(.int, ["7", "7.0", "7.1"]).texts == ["7", "7", "!"])
    #expect(outcome(.quantity, ["0.000001", "0.0000001"]).texts == ["0.000001", "!"])
    #expect(outcome(.price, ["0.00000001"]).texts == ["0.00000001"])
    #expect(outcome(.decimal(3), ["1.234", "1.2345"]).texts == ["1.234", "!"])
  }

  @Test func `a value of a declared type has fewer than 19 digits`() {
    let money = outcome(
      .money, ["9999999999999999.99", "10000000000000000", "-9999999999999999.99", "-10000000000000000"])
    #expect(money.texts == ["9999999999999999.99", "!", "-9999999999999999.99", "!"])
    #expect(
      money.failures == [
        "1 number-out-of-range 10000000000000000", "3 number-out-of-range -10000000000000000",
      ])
    #expect(outcome(.int, ["999999999999999999"]).texts == ["999999999999999999"])
  }

  @Test func `codes and flags and dates`() {
    let codes = outcome(.text, ["00123", "=\"00123\"", "1.23457E+11", " A　", "=\"\"", "1E5", "="])
    #expect(codes.texts == ["00123", "00123", "!", "A", nil, "1E5", "="])
    #expect(codes.failures == ["2 excel-scientific 1.23457E+11"])
    let flags = outcome(.bool, ["是", "Y", "TRUE", "1", "√", "否", "no", "0", "", "maybe"])
    #expect(flags.texts == ["是", "是", "是", "是", "是", "否", "否", "否", nil, "!"])
    #expect(flags.failures == ["9 bad-flag maybe"])
    #expect(
      outcome(.date, ["2026-3-5", "2026-3-5", "2026-02-30", "2026-02-30", "", "2026-3-5"]).texts
        == ["2026-03-05", "2026-03-05", "!", "!", nil, "2026-03-05"])
  }

  @Test func `what is empty though its type is not optional is a finding where it happens`() {
    var bench = Bench()
    let slots = [
      bench.field("a", .money, "甲"), bench.field("b", .text, "乙"), bench.field("c", .date, "丙"),
      bench.field("d", .bool, "丁"), bench.field("e", .text, "replace(甲, \"x\", \"\")"),
      bench.field("f", .text, "\"{甲}{乙}\""), bench.field("g", .text, "if d then b else \"\""),
    ]
    #expect(bench.faults.isEmpty)
    let outcome = bench.run([["甲": "1", "乙": "x", "丙": "2026-1-1", "丁": "是"], [:]])
    #expect(slots.map { outcome.text($0, 0) } == ["1.00", "x", "2026-01-01", "是", "1", "1x", "x"])
    #expect(slots.map { outcome.text($0, 1) } == Array(repeating: "!", count: 7))
    // Who depends on a value that failed has not failed by himself.
    #expect(outcome.failures == Array(repeating: "1 value-missing ", count: 6))
  }

  @Test func `a table's empty answer is a finding where a text is needed`() {
    var bench = Bench(tables: [table("dept", keys: ["name"], [["销售", "S"], ["仓库", ""]])])
    bench.field("name", .text, "部门")
    let dept = bench.field("dept_code", .text, "dept(name)")
    let outcome = bench.run([["部门": "销售"], ["部门": "仓库"], ["部门": "无"]])
    #expect(outcome.texts(dept) == ["S", "!", "!"])
    #expect(outcome.failures == ["2 code-not-found 无", "1 value-missing "])
  }

  @Test func `an assignment rounds once, half away from zero`() {
    var bench = Bench()
    bench.field("q", .quantity, "数量")
    bench.field("p", .price, "单价")
    let money = bench.field("m", .money, "q * p")
    let third = bench.field("t", .money, "q / 3")
    let outcome = bench.run([
      ["数量": "3", "单价": "0.335"], ["数量": "-3", "单价": "0.335"], ["数量": "1", "单价": "0.00499999"],
      ["数量": "0.01", "单价": "0.5"], ["数量": "-0.01", "单价": "0.5"],
    ])
    #expect(outcome.texts(money) == ["1.01", "-1.01", "0.00", "0.01", "-0.01"])
    #expect(outcome.texts(third) == ["1.00", "-1.00", "0.33", "0.00", "0.00"])
  }

  @Test func `overflow and division by zero are findings of the records where they happen`() {
    var bench = Bench()
    bench.field("a", .int, "甲")
    let cube = bench.field("c", .decimal(0), optional: true, "a * a * a")
    let inverse = bench.field("i", .decimal(6), optional: true, "1 / a")
    let beyond = bench.field("b", .money, optional: true, "a * 1000000")
    let back = bench.field("r", .money, optional: true, "round(a * a * a * a / 1000000 , 0)")
    #expect(bench.faults.isEmpty)
    let outcome = bench.run([
      ["甲": "2"], ["甲": "0"], ["甲": "999999999999999999"], ["甲": "100000"], ["甲": "-3"],
    ])
    #expect(outcome.texts(cube) == ["8", "0", "!", "1000000000000000", "-27"])
    #expect(outcome.texts(inverse) == ["0.5", "!", "0", "0.00001", "-0.333333"])
    #expect(outcome.texts(beyond) == ["2000000.00", "0.00", "!", "100000000000.00", "-3000000.00"])
    #expect(outcome.texts(back) == ["0.00", "0.00", "!", "100000000000000.00", "0.00"])
    #expect(
      outcome.failures == [
        "2 number-out-of-range ", "1 division-by-zero ", "2 number-out-of-range ", "2 number-out-of-range ",
      ])
  }

  @Test func `a negated overflow is no trap`() {
    var bench = Bench()
    bench.field("a", .int, "甲")
    bench.field("b", .int, "乙")
    // 2^64 × 2^63 leaves exactly -2^127, the one number without an opposite.
    let product = "(a * a * 4 * (b * b * 2))"
    let slot = bench.field("c", .decimal(0), optional: true, "-\(product) + abs(\(product))")
    let outcome = bench.run([["甲": "2147483648", "乙": "2147483648"], ["甲": "1", "乙": "1"]])
    #expect(outcome.texts(slot) == ["!", "0"])
  }
}
