import Findings
import Testing

@testable import Expressions

/// Conditions that no value can meet, and those that every value meets.
struct ContradictionTests {
  private func syntax(_ text: String) throws -> Syntax {
    try Parser.expression(source(text)).get()
  }

  @Test(arguments: [
    #"kind == "A" and kind == "B""#, #"kind == "A" and no == "1" and kind != "A""#,
    #"kind in ["A", "B"] and kind == "C""#,
    #"kind in ["A"] and not kind in ["A", "B"]"#, #"kind == """#, "x > 5 and x < 5", "x >= 5 and 5 > x",
    "x > 5 and x == 4.99", "x < -1 and x > 0",
    #"(kind == "A" and kind == "B") or x > 1 and x < 1"#, #"not (kind != "A" or kind == "A")"#,
    #"class(item) == "A" and class(item) == "B""#, #"`类 型` == "A" and `类 型` == "B""#,
  ])
  func never(_ text: String) throws { #expect(try syntax(text).isNeverTrue) }

  @Test(arguments: [
    #"kind != "A" or kind != "B""#, #"kind != """#, #"not (kind == "A" and kind == "B")"#, "x >= 5 or x < 5",
    #"kind == "A" or kind != "A""#, #"not kind in ["A"] or not kind in ["B"]"#,
  ])
  func always(_ text: String) throws { #expect(try syntax(text).isAlwaysTrue) }

  @Test(arguments: [
    #"kind == "A" or kind == "B""#, #"kind == "A" and no == "B""#, #"kind in ["A", "B"] and kind != "A""#,
    "x >= 5 and x <= 5", "x > 5 and y < 5", "x > 5 or x < 4", #"kind != "A" and kind != "B""#, "present(x)",
    #"class(item) == "A" and class(other) == "B""#, #"x == y and x != "A""#,
    #"kind == "A" and (kind == "A" or x > 1)"#,
    #"kind == no"#, "x > 5 and x == 5.01", #"kind in customers and kind == "A""#,
  ])
  func possible(_ text: String) throws {
    #expect(try !syntax(text).isNeverTrue)
    #expect(try !syntax(text).isAlwaysTrue)
  }
}
