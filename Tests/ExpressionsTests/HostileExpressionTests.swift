import Findings
import Testing

@testable import Expressions

/// Expressions that nobody wrote for people: refused at their place, or worked out, without exhausting the stack.
@Suite struct HostileExpressionTests {
  @Test(arguments: ["(", "-", "not ", "[", "abs(", "if ", "a ?? (", "\"{\"{\"{"])
  func tenThousandOf(opening: String) {
    var bench = Bench()
    bench.field("a", .money, "A")
    bench.field("x", .money, String(repeating: opening, count: 10_000) + "a")
    #expect(bench.faults.map(\.code) == [.expressionSyntax])
  }

  @Test func tenThousandParentheses() {
    var bench = Bench()
    bench.field(
      "x", .money, String(repeating: "(", count: 10_000) + "A" + String(repeating: ")", count: 10_000))
    #expect(bench.faults.map(\.code) == [.expressionSyntax])
    #expect(bench.faults[0].arguments == ["less nesting (at most 64 levels)"])
  }

  @Test(arguments: [" + ", " * ", " and ", " ?? ", " == "])
  func chains(operation: String) {
    for length in [500, 999, 10_000] {
      var bench = Bench()
      bench.field("a", .money, "A")
      bench.field("f", .bool, "F")
      let operand = operation == " and " ? "f" : "a"
      bench.field(
        "x", operation == " and " || operation == " == " ? .bool : .money,
        Array(repeating: operand, count: length).joined(separator: operation))
      if length == 10_000 { #expect(bench.faults.map(\.code) == [.expressionSyntax]) }
      if operation == " + ", length < 1000 {
        #expect(bench.faults == [])
        let sum = bench.builder.field("x")!.slot
        #expect(bench.run([["A": "0.01", "F": "是"]]).text(sum) == (length == 500 ? "5.00" : "9.99"))
      }
    }
  }

  @Test func aHundredDigits() {
    let digits = String(repeating: "9", count: 100)
    var bench = Bench()
    bench.field("x", .money, digits)
    #expect(bench.faults.map(\.arguments) == [["a number of at most 18 digits"]])
    var cells = Bench()
    let amount = cells.field("x", .money, "A")
    for text in [digits, "-" + digits, "0." + digits, digits + ".5", "1E" + digits, digits + "%"] {
      #expect(cells.run([["A": text]]).text(amount) == "!", "\(text)")
    }
  }

  @Test func holesWithoutEnd() {
    var bench = Bench()
    bench.field("a", .text, "A")
    bench.field("x", .text, "\"" + String(repeating: "{a}", count: 5000) + "\"")
    bench.field("y", .text, "\"" + String(repeating: "{", count: 10_001) + "\"")
    #expect(bench.faults.map(\.code) == [.expressionSyntax])
  }
}
