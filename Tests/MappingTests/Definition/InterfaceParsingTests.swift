import Expressions
import Findings
import Ledger
import Readers
import Testing

@testable import Mapping

@Suite struct InterfaceParsingTests {
  @Test func everythingIsTaken() throws {
    let set = FolderOfTexts().load()
    #expect(set.findings == [])
    #expect(set.workspace.language == .english)
    #expect(set.workspace.settle == 5)
    #expect(set.workspace.timeZone.text == "Asia/Shanghai")
    let interface = try #require(set.interfaces.first)
    #expect(interface.read.encoding == .gb18030)
    #expect(interface.read.delimiter == 0x3B)
    #expect(interface.read.skips.first?.marks.map(\.text) == ["小计"])
    #expect(interface.read.trailer?.sums.map(\.text) == ["金额"])
    #expect(
      interface.fields.map(\.type) == [
        FieldType(.text), FieldType(.percent(.whole), optional: true), FieldType(.decimal(3)),
      ])
    #expect(interface.document.start == Day(year: 2026, month: 1, day: 1))
    #expect(interface.document.ignore?.text == "状态 != \"已审核\"")
    #expect(interface.checks.map(\.level) == [.stopFile, .hold])
    let posting = try #require(interface.postings.first)
    guard case .fields(let fields) = posting.per else {
      Issue.record("per")
      return
    }
    #expect(fields.map(\.text) == ["no"])
    #expect(posting.entries.map(\.side) == [.debit, .credit])
    #expect(posting.entries[0].by.map(\.dimension.text) == ["客户"])
    #expect(posting.entries[0].quantity?.text == "qty")
    #expect(posting.entries[1].account.text == "revenue(class, dept)")
    #expect(interface.broken.isEmpty)
    #expect(interface.tables.map { $0.loaded?.count } == [1, 3])
  }

  /// Whatever is wrong later is shown where it stands, so the places of the parts must be right.
  @Test func partsKnowTheirPlaces() throws {
    let interface = try #require(FolderOfTexts().load().interfaces.first)
    func at(_ text: SourceText) -> String { "\(text.place.line ?? 0):\(text.place.column ?? 0) \(text.text)" }
    #expect(
      interface.fields.map { at($0.expression) } == ["17:14 单号", "18:27 税率", "19:22 round(金额, 2)"])
    #expect(
      interface.fields.map { at($0.typeText) } == ["17:7 text", "18:9 percent(whole)?", "19:9 decimal(3)"])
    #expect(interface.checks.map { at($0.condition) } == ["28:22 账套 == \"001\"", "29:19 no in customers"])
    #expect(interface.checks.map { at($0.message) } == ["28:36 not ours", "29:37 {no}"])
    #expect(at(interface.postings[0].entries[1].account) == "39:20 revenue(class, dept)")
    #expect(at(interface.postings[0].memo) == "36:11 销售 {no}")
    #expect(interface.postings[0].memo.place.field == "postings.revenue.memo")
  }

  @Test(arguments: [
    ("code: XS", "code: xs-long", ["sales.yaml:3:7 bad-value xs-long, 1–6 × A–Z 0–9"]),
    ("code: XS", "code: XSXSXSX", ["sales.yaml:3:7 bad-value XSXSXSX, 1–6 × A–Z 0–9"]),
    ("code: XS\n", "", ["sales.yaml:1:1 missing-key code"]),
    ("language: 1", "language: 2", ["sales.yaml:1:11 language-version 2"]),
    ("language: 1\n", "", ["sales.yaml:1:1 missing-key language"]),
    ("interface: sales", "interface: \"a/b\"", ["sales.yaml:2:13 bad-value a/b, letters, digits, - and _"]),
    ("book: main", "book: mian", ["sales.yaml:5:7 unknown-reference book, mian, main"]),
    ("measures:", "mesures:", ["sales.yaml:26:1 unknown-key mesures, measures"]),
    ("measures: [net]", "measures: [net]\nmeasures: [no]", ["sales.yaml:27:1 doubled-key measures"]),
  ])
  func headFaults(old: String, new: String, expected: [String]) {
    #expect(FolderOfTexts().with(new, for: old).told == expected)
  }

  @Test(arguments: [
    ("encoding: gb18030", "encoding: gbk", ["sales.yaml:9:13 bad-value gbk, utf-8 | gb18030"]),
    ("  encoding: gb18030\n", "", ["sales.yaml:6:1 missing-key encoding"]),
    (
      "format: csv", "format: xml",
      [
        "sales.yaml:6:1 missing-key document", "sales.yaml:6:1 missing-key record",
        "sales.yaml:9:3 unknown-key encoding, ", "sales.yaml:10:3 unknown-key delimiter, ",
        "sales.yaml:11:3 unknown-key skip, ", "sales.yaml:12:3 unknown-key trailer, ",
      ]
    ),
    ("delimiter: ;", "delimiter: '#'", ["sales.yaml:10:15 bad-value #, , | ; | tab | |"]),
    ("delimiter: ;", "control_file: x", ["sales.yaml:10:3 not-built-yet read.control_file"]),
    ("delimiter: ;", "encodng: x", ["sales.yaml:10:3 unknown-key encodng, encoding"]),
    (
      "marks: [小计]", "mark: 小计",
      ["sales.yaml:11:3 missing-key marks", "sales.yaml:11:23 unknown-key mark, marks"]
    ),
    ("金额: sum", "金额: avg", ["sales.yaml:12:50 bad-value avg, sum"]),
    ("files: [\"销售*.csv\"]", "files: [[a]]", ["sales.yaml:7:11 wrong-shape a text"]),
  ])
  func readFaults(old: String, new: String, expected: [String]) {
    #expect(FolderOfTexts().with(new, for: old).told == expected)
  }

  @Test(arguments: [
    ("no: text = 单号", "no: txet = 单号", "sales.yaml:17:7 bad-value txet, text | int | decimal(N) | money"),
    ("no: text = 单号", "no: text", "sales.yaml:17:7 wrong-shape TYPE = EXPRESSION"),
    ("no: text = 单号", "no: text =", "sales.yaml:17:7 wrong-shape TYPE = EXPRESSION"),
    ("no: text = 单号", "no:", "sales.yaml:17:3 wrong-shape TYPE = EXPRESSION"),
    ("no: text = 单号", "no: [text]", "sales.yaml:17:7 wrong-shape TYPE = EXPRESSION"),
    ("decimal(3)", "decimal(99)", "sales.yaml:19:9 bad-value decimal(99), text | int"),
  ])
  func fieldFaults(old: String, new: String, expected: String) throws {
    let folder = FolderOfTexts().with(new, for: old)
    #expect(folder.told.count == 1)
    #expect(folder.told.first?.hasPrefix(expected) == true, "\(folder.told)")
    let interface = try #require(folder.load().interfaces.first)
    #expect(interface.broken.count == 1)
  }

  @Test(arguments: [
    (
      "key: [no]", "keys: [no]", ["sales.yaml:20:1 missing-key key", "sales.yaml:21:3 unknown-key keys, key"]
    ),
    ("start: 2026-01-01", "start: 2026-02-30", ["sales.yaml:24:10 bad-value 2026-02-30, YYYY-MM-DD"]),
    ("same: [no]", "changed: hold", []),
    ("same: [no]", "changed: reverse", []),
    ("same: [no]", "withdrawn: reverse", []),
    ("same: [no]", "withdrawn: hold", ["sales.yaml:23:14 bad-value hold, warn | reverse"]),
    ("same: [no]", "changed: hodl", ["sales.yaml:23:12 bad-value hodl, hold | reject | reverse"]),
    (
      "same: [no]", "max_missing: 1%",
      ["sales.yaml:23:3 bad-value max_missing, max_missing + missing: reverse"]
    ),
    (
      "same: [no]", "sign: 1\n  missing: warn",
      ["sales.yaml:24:3 bad-value missing, read.snapshot + document.missing"]
    ),
    (
      "same: [no]", "missing: reverse\n  max_missing: 1",
      [
        "sales.yaml:23:3 bad-value missing, read.snapshot + document.missing",
        "sales.yaml:24:16 bad-value 1, 0%–100%",
      ]
    ),
    (
      "same: [no]", "version: 1\n  sign: x",
      ["sales.yaml:23:3 not-built-yet document.version"]
    ),
  ])
  func documentFaults(old: String, new: String, expected: [String]) {
    #expect(FolderOfTexts().with(new, for: old).told == expected)
  }
}
