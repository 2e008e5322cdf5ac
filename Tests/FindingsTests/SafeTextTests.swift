import Testing

@testable import Findings

@Suite struct SafeTextTests {
  @Test(arguments: [
    ("plain 中文", "plain 中文"), ("a\tb\n", "a␉b␊"), ("\u{1B}[2J", "␛[2J"), ("\u{0}", "␀"), ("\u{7F}", "␡"),
    ("\u{9B}31m", "\\u{9b}31m"), ("x\u{202E}gpj", "x\\u{202e}gpj"),
    ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
    ("a\u{2028}b", "a\\u{2028}b"), ("\u{200F}", "\\u{200f}"), ("👨‍👩‍👧", "👨‍👩‍👧"),
  ])
  func printable(_ text: String, _ shown: String) {
    #expect(text.printable == shown)
    #expect(shown.printable == shown)
  }

  @Test func jsonStaysJSON() {
    #expect("{\"a\":\"x\u{7F}\u{85}\u{202E}\"}".printableJSON == "{\"a\":\"x\\u007f\\u0085\\u202e\"}")
    #expect("{\"a\":\"中\"}".printableJSON == "{\"a\":\"中\"}")
  }

  @Test(arguments: [
    "=1", "+1", "-x", "@x", "\tx", "\nx", "\rx", " =1", "\u{A0}=1", "\u{3000}+1", "\u{FEFF}=1", "\u{200B}@x",
    "\u{202E}=1",
    "\u{61C}=1", "\u{2060}-x", "＝1", "＋1", "－1", "＠x", "-1+1", "-", "--1", "-1.", "-.5", "-1,5", "\u{0}=1",
    "\u{AD}=1",
  ])
  func formulas(_ text: String) {
    #expect(text.guardedFromSpreadsheets == "'" + text)
  }

  @Test(arguments: [
    "", "x=1", "1", "-1", "-12.50", "0100", "'=1", "（1）", "：=", "中=", "\"=1\"", "#=1", "é", " ", "\u{3000}",
  ])
  func noFormulas(_ text: String) {
    #expect(text.guardedFromSpreadsheets == text)
  }

  @Test func shortened() {
    #expect("abc".shortened(to: 3) == "abc")
    #expect("中文字".shortened(to: 3) == "中文字")
    #expect("中文字符".shortened(to: 3) == "中文字…")
    let finding = Finding(
      .badNumber, .reject, at: Place(file: "f"), [String(repeating: "9", count: 5_000_000), "x"])
    #expect(finding.text(in: .english).count < 1200)
  }

  @Test func namesOfMegabytesAreNearToNone() {
    let long = String(repeating: "a", count: 3_000_000)
    #expect(nearest(to: long, among: [long + "b", "a"]) == "")
    #expect(nearest(to: "amount", among: [long, "amuont"]) == "amuont")
  }
}
