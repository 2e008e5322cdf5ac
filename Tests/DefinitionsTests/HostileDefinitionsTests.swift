import Findings
import Testing

@testable import Definitions

/// Definitions that nobody wrote for people: each is refused at a place, in bounded memory and time.
@Suite struct HostileDefinitionsTests {
  private func told(_ text: String) -> [String] {
    let faults = Faults()
    _ = parseDefinition(Array(text.utf8), file: "a.yaml", faults: faults)
    for finding in faults.findings { #expect(finding.place.line != nil) }
    return faults.findings.map { "\($0.code.rawValue) \($0.place.line ?? 0): \($0.arguments.joined())" }
  }

  @Test(arguments: ["[", "{a: ", "- ", "? "])
  func nesting(opening: String) {
    for depth in [200, 1000, 4000] {
      let text = String(repeating: opening, count: depth)
      let lines = told("a:\n " + text + "\n")
      #expect(depth == 200 || lines.count == 1, "\(opening) \(depth): \(lines)")
      #expect(depth == 200 || lines[0].hasPrefix("yaml-syntax"), "\(lines)")
    }
  }

  @Test func nestingByIndentation() {
    let text = (0..<1200).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(told(text).map { $0.hasPrefix("yaml-syntax") } == [true])
  }

  @Test func aliasesThatStandForOneAnother() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<40 {
      text +=
        "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
        + "]\n"
    }
    #expect(told(text + "? *a39\n: 1\n").map { $0.hasSuffix("write it out") } == [true])
  }

  @Test func starsOfProductsAreNoAliases() {
    let text = (0..<50).map { "a\($0): gross * rate\nb\($0): gross *rate\nc\($0): \"*\"\n" }.joined()
    #expect(told(text) == [])
    #expect(told("marks: [\"*\", '*', x]\n") == [])
  }

  @Test func sizes() {
    let long = String(repeating: "x", count: 8190)
    #expect(told("a: \(long)\n") == ["yaml-syntax 1: a line of more than 8192 bytes"])
    #expect(told("b: 1\na: \(long.dropLast(1))\n") == [])
    let many = String(repeating: "# a line\n", count: (1 << 20) / 9 - 1)
    #expect(told(many + "a: 1\n") == [])
    #expect(told(many + many) == ["yaml-syntax 1: a file of more than 1048576 bytes"])
  }

  @Test func manyPiecesInLongLines() {
    let list = "[" + Array(repeating: "单", count: 2000).joined(separator: ",") + "]\n"
    let text = (0..<20).map { "k\($0): " + list }.joined()
    #expect(told(text) == [])
  }

  @Test func doubledKeysWithoutEnd() {
    let lines = told(String(repeating: "a: 1\n", count: 5000))
    #expect(lines.count <= DefinitionLimits.doubledKeys + 1)
    #expect(lines.allSatisfy { $0.hasPrefix("doubled-key") })
  }

  @Test(arguments: [
    "\u{0}", "\u{7}", "a: \u{0}\n", "\u{FFFE}", "a: \"\\x00\"\n", "%YAML 9.9\n---\na: 1\n", "---\n---\n",
    "*a", "&a", "!!binary x", "? ? ?", ":", "- -", "\t", "a: b: c: d",
  ])
  func oddities(text: String) { _ = told(text) }
}
