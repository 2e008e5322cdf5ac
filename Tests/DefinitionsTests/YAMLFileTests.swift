import Findings
import Testing

@testable import Definitions

/// What is found, as `code line:column arguments`.
func told(_ findings: [Finding]) -> [String] {
  findings.map { finding in
    let place = finding.place
    let at = [place.line, place.column].map { $0.map(String.init) ?? "-" }.joined(separator: ":")
    return
      ([finding.code.rawValue, at]
      + (finding.arguments.isEmpty ? [] : [finding.arguments.joined(separator: ", ")]))
      .joined(separator: " ")
  }
}

@Suite struct YAMLFileTests {
  private func parse(_ text: String) -> (tree: Node?, told: [String]) {
    let faults = Faults()
    let tree = parseDefinition(Array(text.utf8), file: "a.yaml", faults: faults)
    return (tree, told(faults.findings))
  }

  private func value(_ key: String, of tree: Node?) -> SourceText? {
    guard case .map(let entries)? = tree?.content,
      case .scalar(let text)? = entries.first(where: { $0.key.text == key })?.value.content
    else { return nil }
    return text
  }

  @Test(arguments: [
    "no", "0100", "1e3", "~", "null", "2026-01-01", "0x1F", "1_000", "yes", "12:30:45", ".inf",
  ])
  func everyScalarIsText(text: String) {
    let (tree, told) = parse("a: \(text)\n")
    #expect(told.isEmpty)
    #expect(value("a", of: tree)?.text == text)
  }

  @Test func placesCountFromTheTextItself() throws {
    let (tree, told) = parse("# 注释\n客户: \"a, b\"\nc: 'd'\n  \ne: |\n  first\n  second\n")
    #expect(told.isEmpty)
    let quoted = try #require(value("客户", of: tree))
    #expect(quoted.place == Place(file: "a.yaml", line: 2, column: 6, field: "客户"))
    #expect(quoted.line == "客户: \"a, b\"")
    #expect(value("c", of: tree)?.place.column == 5)
    let block = try #require(value("e", of: tree))
    #expect(block.text == "first\nsecond\n")
    #expect(block.place == Place(file: "a.yaml", line: 6, column: 3, field: "e"))
  }

  @Test func columnsCountCharactersAndNotScalars() {
    let (tree, told) = parse("{ 👨‍👩‍👧: a, e\u{301}: b }\n")
    #expect(told.isEmpty)
    #expect(value("e\u{301}", of: tree)?.place.column == 12)
  }

  @Test func lineEndsAndByteOrderMarkDoNotMatter() {
    let (tree, told) = parse("\u{FEFF}a: 1\r\nb: 2\rc: 3\r\n")
    #expect(told.isEmpty)
    #expect(value("a", of: tree)?.place.column == 4)
    #expect(value("b", of: tree)?.place.line == 2)
    #expect(value("c", of: tree)?.text == "3")
  }

  @Test func pathsOfKeysAreKept() {
    let (tree, _) = parse("a:\n  - { b: { c: x } }\n")
    guard case .map(let root)? = tree?.content, case .list(let items) = root[0].value.content,
      case .map(let inner) = items[0].content, case .map(let last) = inner[0].value.content
    else {
      Issue.record("shape")
      return
    }
    #expect(last[0].value.source.place.field == "a.b.c")
  }

  @Test func everyDoubledKeyIsFoundAndTheFirstKept() {
    let (tree, told) = parse("a: 1\nb: { x: 1, \"x\": 2, x: 3 }\na: 4\nc: { y: 1, y: 2 }\nd: 5\n")
    #expect(
      told == ["doubled-key 2:13 x", "doubled-key 2:20 x", "doubled-key 3:1 a", "doubled-key 4:12 y"])
    #expect(value("a", of: tree)?.text == "1")
    #expect(value("d", of: tree)?.text == "5")
  }

  @Test func anchorsAndTagsAreRefused() {
    let (_, told) = parse("a: &x [1, 2]\nb: !!int 5\nc: &y z\nd: !!str 5\n")
    #expect(
      told == [
        "yaml-syntax 1:4 anchors (&) and aliases (*) are not allowed; write it out",
        "yaml-syntax 2:4 tags (!) are not allowed; every scalar is text",
        "yaml-syntax 3:4 anchors (&) and aliases (*) are not allowed; write it out",
      ])
  }

  @Test func aBombOfAliasesCostsNothing() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...30 {
      let alias = "*a\(level - 1)"
      text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
    }
    #expect(
      parse(text).told == ["yaml-syntax 2:1 anchors (&) and aliases (*) are not allowed; write it out"])
  }

  @Test func aCutExpressionIsNamedOnce() {
    let (tree, told) = parse("e: { credit: revenue(class, dept), amount: net }\nf: x == \"a #b\"\n")
    #expect(
      told == [
        "yaml-syntax 1:21 ( is left open: close it, or quote this expression",
        "yaml-syntax 2:9 \" is left open: close it, or quote this expression",
      ])
    guard case .map(let root)? = tree?.content, case .map(let entries) = root[0].value.content else {
      Issue.record("shape")
      return
    }
    #expect(entries.map(\.key.text) == ["credit", "amount"])
  }

  @Test(arguments: [
    ("a: \"open\nb: 1\n", "yaml-syntax 1:4 \" is left open: close it, or quote this expression"),
    ("a: [1, 2\nb: 1\n", "yaml-syntax 1:4 [ is left open: close it, or quote this expression"),
    ("a: b: c\n", "yaml-syntax 1:5 mapping values are not allowed in this context"),
    (
      "a:\n\tb: 1\n",
      "yaml-syntax 2:1 while scanning for the next token, found character that cannot start any token"
    ),
    ("a: 1\n---\nb: 2\n", "yaml-syntax 2:1 but found another document"),
    ("a: 1\n  b: 2\n", "yaml-syntax 2:4 mapping values are not allowed in this context"),
    ("? [a, b]\n: c\n", "wrong-shape 1:3 a text as key"),
    ("a: 1\nb: \u{0}\n", "yaml-syntax 2:4 control characters are not allowed"),
  ])
  func syntaxErrorsHaveAPlace(text: String, expected: String) {
    #expect(parse(text).told == [expected])
  }

  @Test func bytesThatAreNotUTF8HaveAPlace() {
    let faults = Faults()
    #expect(parseDefinition(Array("a: 1\nb: x".utf8) + [0xD6, 0xD0], file: "a.yaml", faults: faults) == nil)
    #expect(told(faults.findings) == ["yaml-syntax 2:5 a byte that is not UTF-8"])
  }

  @Test(arguments: ["", "# nothing\n", "---\n"])
  func anEmptyFileIsAnEmptyMap(text: String) {
    let (tree, told) = parse(text)
    #expect(told.isEmpty)
    guard case .map(let entries)? = tree?.content else {
      Issue.record("shape")
      return
    }
    #expect(entries.isEmpty)
  }

  @Test func deepNestingIsRefusedAndDoesNotCrash() {
    #expect(parse(String(repeating: "[", count: 100_000)).tree == nil)
  }
}
