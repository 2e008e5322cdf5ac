import Expressions
import Findings
import Readers
import Testing

@testable import Mapping

struct InterfaceCompilerTests {
  /// What is wrong, as `line:column code arguments`.
  private func told(_ pieces: [String: String]) -> [String] {
    Workbench.compiler(replacing: pieces).builder.findings.map { finding in
      "\(finding.place.line ?? 0):\(finding.place.column ?? 0) \(finding.code.rawValue) "
        + finding.arguments.joined(separator: ", ")
    }
  }

  @Test func `nothing is wrong with the mapping as it stands`() {
    #expect(told([:]).isEmpty)
    let interface = Workbench().interface
    #expect(interface.layout.columns == ["单号", "日期", "状态", "客户", "金额", "税额", "成本", "打印", "账套"])
    #expect(interface.layout.keyColumns == [0])
    #expect(interface.measures.map(\.name) == ["gross", "net", "cost"])
    #expect(interface.checks.map(\.severity) == [.stopFile, .hold, .reject, .warning])
    #expect(interface.checks.map(\.ofDocument) == [false, true, false, false])
    #expect(interface.document.same.map(\.name) == ["customer", "status", "date"])
  }

  @Test(arguments: [
    (["key: [no]": "key: [nr]"], ["20:9 unknown-name nr, no"]),
    (
      ["key: [no]": "key: [gross]"], ["20:9 type-mismatch number, text", "16:16 counted-by-record gross"]
    ),
    (["key: [no]": "key: [status]"], ["20:9 type-mismatch text?, text"]),
    (["  date: date\n  same": "  date: no\n  same"], ["21:9 type-mismatch text, date"]),
    (["same: [customer, status]": "same: [costumer, status]"], ["22:10 unknown-name costumer, customer"]),
    (
      ["measures: [gross, net, cost]": "measures: [gros, no]"],
      ["25:12 unknown-name gros, gross", "25:18 type-mismatch text, number"]
    ),
    (["ignore: status == \"草稿\"": "ignore: status"], ["24:11 type-mismatch text?, bool"]),
    (["ignore: status == \"草稿\"": "ignore: gross == 0"], ["24:11 level-mismatch gross"]),
    (["ignore: status": "complete: gross > 0\n  ignore: status"], ["24:13 level-mismatch gross"]),
    (
      ["ignore: status == \"草稿\"": "ignore: date(no) > 0"],
      ["24:11 wrong-arguments date, date(text, pattern)"]
    ),
    (["tax <= gross:": "tax <= sum(gross):"], ["29:19 level-mismatch tax"]),
    (["tax <= gross:": "sum(no) == 1:"], ["29:23 type-mismatch text, number"]),
    (["tax <= gross:": "tax <= grss:"], ["29:26 unknown-name grss, gross"]),
    (["tax <= gross:": "tax <= cost:"], ["29:26 optional-unguarded cost"]),
    (["大于 {gross}": "大于 {gros}"], ["29:52 unknown-name gros, gross"]),
    (
      ["encoding: utf-8 }": "encoding: utf-8, fill_down: [日期, 客户] }"],
      ["20:9 bad-value no, read.fill_down: […, 单号]"]
    ),
    (["encoding: utf-8 }": "encoding: utf-8, fill_down: [单号, 日期] }"], []),
    (
      ["  same:": "  sign: if print == 1 then -1 else 1\n  same:"],
      ["22:9 bad-value print, document.sign: fields above gross"]
    ),
    // `paid` would be gross less a discount that counts backwards.
    (
      [
        "cost: money? = 成本":
          "cost: money? = 成本\n  disc: money = 折扣\n  fee: money = 运费\n  paid: money = fee - disc",
        "  same:": "  sign: if status == \"退\" then -1 else 1\n  same:",
        "measures: [gross, net, cost]": "measures: [gross, tax, net, cost, disc, paid]",
      ],
      ["20:17 bad-value fee, document.sign: measures: […, fee]"]
    ),
    (
      [
        "net: money = gross - tax": "net: money = gross - tax", "  same: [customer": "  same: [tax, customer",
      ],
      ["16:16 counted-by-record tax"]
    ),
    (
      ["  same:": "  sign: if status == \"退\" then -1 else 2\n  same:"],
      ["22:9 bad-value 2, 1 | -1", "16:16 bad-value tax, document.sign: measures: […, tax]"]
    ),
    (
      ["print: int? = 打印": "print: int? = 打印\n  rate: decimal(2) = customers(customer)"],
      ["2:0 table-value 甲, number", "3:0 table-value 乙, number"]
    ),
    (
      ["print: int? = 打印": "print: int? = 打印\n  b: money = cost\n  c: money = print + no"],
      ["19:14 optional-unguarded cost", "20:14 optional-unguarded print"]
    ),
  ])
  func `faults of a mapping, each with its place`(_ pieces: [String: String], _ expected: [String]) {
    #expect(told(pieces) == expected)
  }

  @Test func `the sources of key and date are those of their columns`() throws {
    var compiler = Workbench.compiler(replacing: ["no: text = 单号": "raw: text = 单号\n  no: text = upper(raw)"])
    let rule = try #require(compiler.documentRule)
    #expect(Set(rule.sources.map(compiler.builder.sourceName)) == ["单号\u{1F}text", "日期\u{1F}date"])
    #expect(compiler.finish()?.layout.keyColumns == [0])
  }
}
