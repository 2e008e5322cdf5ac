import Findings
import Testing

@Suite struct RenderingTests {
  @Test func definitionFaultsHaveACaretUnderTheText() {
    let place = Place(file: "mappings/sales-issue.yaml", line: 12, column: 14, field: "postings.cost")
    let finding = Finding(
      .unknownName, .error, at: place, ["grsso", "gross"], excerpt: "    amount: \"grsso - tax\"", width: 5)
    #expect(
      finding.text(in: .english) == """
        mappings/sales-issue.yaml:12:14: error[unknown-name]: unknown name "grsso"
          12 |     amount: "grsso - tax"
             |              ^^^^^
          help: did you mean "gross"?
        """)
    #expect(
      finding.text(in: .chinese) == """
        mappings/sales-issue.yaml:12:14: 错误[unknown-name]: 没有名为“grsso”的列、字段或编码表
          12 |     amount: "grsso - tax"
             |              ^^^^^
          办法: 是不是“gross”？
        """)
  }

  @Test func wideCharactersTakeTwoColumns() {
    let place = Place(file: "mappings/a.yaml", line: 3, column: 6)
    let finding = Finding(.unknownName, .error, at: place, ["税额", ""], excerpt: "含税 - 税额", width: 2)
    #expect(
      finding.text(in: .english) == """
        mappings/a.yaml:3:6: error[unknown-name]: unknown name "税额"
          3 | 含税 - 税额
            |        ^^^^
          help: name an earlier field, a column or a table; an odd header goes in back-ticks, a text of your own in quotes
        """)
  }

  @Test func longLinesAreCutAroundTheCaret() {
    let line = String(repeating: "a", count: 150) + "BAD" + String(repeating: "z", count: 150)
    let finding = Finding(
      .unknownName, .error, at: Place(file: "m.yaml", line: 1, column: 151), ["BAD", ""], excerpt: line,
      width: 3)
    let lines = finding.text(in: .english).split(separator: "\n")
    #expect(
      lines[1] == "  1 | …" + String(repeating: "a", count: 33) + "BAD" + String(repeating: "z", count: 64)
        + "…")
    #expect(lines[2] == "    | " + String(repeating: " ", count: 34) + "^^^")
  }

  @Test func dataFaultsNameTheCell() {
    let finding = Finding(
      .badNumber, .reject, at: Place(file: "销售出库.csv", line: 7, column: 5, field: "含税金额"),
      ["12a", "gross"], excerpt: "12a")
    #expect(
      finding.text(in: .chinese) == """
        销售出库.csv:7: 单元格 5 (含税金额): 退回[bad-number]: “12a”不是数字（gross）
          | 12a
          办法: 请按文件中其他行的写法填写（1234.50；小数用逗号的文件写成 1234,50），再把退回文件重新放入 inbox
        """)
    #expect(finding.text(in: .english).hasPrefix("销售出库.csv:7: cell 5 (含税金额): reject[bad-number]: "))
  }

  @Test func valuesThatBreakAContractAreShownWithoutCaret() {
    let place = Place(file: "mappings/profiles/voucher-csv.yaml", line: 40, column: 3, field: "摘要")
    let finding = Finding(
      .contractBreach, .reject, at: place, ["voucher-csv", "摘要", "很长", "bytes_max 4"], excerpt: "很长")
    #expect(
      finding.text(in: .english) == """
        mappings/profiles/voucher-csv.yaml:40:3: reject[contract-breach]: voucher-csv does not take "很长" in "摘要": bytes_max 4
          | 很长
          help: correct the value in the document, or shorten what the mapping makes of it
        """)
  }

  @Test func aPlaceMayBeAFileAlone() {
    let finding = Finding(.fileEmpty, .error, at: Place(file: "a.csv"))
    #expect(
      finding.text(in: .english) == """
        a.csv: error[file-empty]: the file is empty
          help: export it again; it stays in the inbox
        """)
  }

  @Test func nothingDrivesTheTerminal() {
    let escape = "\u{1B}[2J\r\n\u{9B}31m\u{7F}"
    let data = Finding(
      .badNumber, .reject, at: Place(file: "a\u{7}.csv", line: 1, column: 1, field: escape),
      [escape, escape],
      excerpt: escape)
    let definition = Finding(
      .badValue, .error, at: Place(file: "a.yaml", line: 1, column: 5), [escape, escape],
      excerpt: "x: " + escape,
      width: 40)
    for finding in [data, definition] {
      let controls = finding.text(in: .english).unicodeScalars.filter {
        $0.properties.generalCategory == .control
      }
      #expect(controls.allSatisfy { $0 == "\n" })
    }
  }

  @Test func marksOutsideTheLineStayInSight() {
    for column in [0, 1, 4, 99] {
      let finding = Finding(
        .missingKey, .error, at: Place(file: "a.yaml", line: 1, column: column), ["x"], excerpt: "abc",
        width: 0)
      #expect(finding.text(in: .english).contains("^"))
    }
  }

  @Test func oneOfTheAllowedValuesIsSuggested() {
    let finding = Finding(
      .badValue, .error, at: Place(file: "a.yaml", line: 1, column: 1), ["hodl", "warn | hold | reject"])
    #expect(finding.remedy(in: .english) == "did you mean \"hold\"? allowed: warn | hold | reject")
    #expect(finding.remedy(in: .chinese) == "是不是“hold”？可以写：warn | hold | reject")
  }

  @Test func findingsAreToldInReadingOrderAndOnce() {
    func finding(_ code: FindingCode, _ file: String, _ line: Int, _ column: Int) -> Finding {
      Finding(code, .error, at: Place(file: file, line: line, column: column))
    }
    let told = inReadingOrder([
      finding(.unknownKey, "b.yaml", 1, 1), finding(.badValue, "a.yaml", 9, 2),
      finding(.badValue, "a.yaml", 9, 1),
      finding(.badValue, "a.yaml", 9, 2), finding(.expressionSyntax, "a.yaml", 3, 7),
      finding(.yamlSyntax, "a.yaml", 3, 5),
    ])
    #expect(told.map(\.code) == [.yamlSyntax, .badValue, .badValue, .unknownKey])
  }
}
