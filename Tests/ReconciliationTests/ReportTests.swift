import Findings
import Ledger
import Testing

@testable import Reconciliation

@Suite struct ReportTests {
  /// The report without its findings, which the catalogue words.
  private var quiet: ReconciliationReport {
    var report = Sample().report
    report.findings = FindingLog()
    return report
  }

  @Test func chineseLogIsPinned() {
    #expect(
      ReportText.render(quiet, in: .chinese) == """
        对账单 · 批次 17 · 2026-03-05 09:31:00
        结论  全部相符：每一行来源等于去向，差额为 0
              读入 + 解挂 = 入账 + 退回 + 挂起 + 重复 + 忽略 + 待入账

        一、文件
          销售出库.csv · 接口 sales-issue · 已处理
            SHA-256 abababababababababababababababababababababababababababababababab · 123,456 字节
                              读入   解挂          入账   退回   挂起   重复   忽略  待入账   差额
            行数                25      2            15      5      3      2      2       0      0
            单据                10      1             6      2      1      1      1       0      0
            含税金额  1,234,567.89  10.00  1,234,500.00  70.00   5.00   1.00   0.89    1.00   0.00
            数量           100.000  1.000        90.000  8.000  1.000  1.000  1.000   0.000  0.000
            不计入：版式行 3 行（标题、表头、跳过、合计）
            无法读出：含税金额 有 2 处，不计入金额
            控制合计 含税金额：表列 1,234,567.89，累计 1,234,567.89，相符
            退回文件：退回_sales-issue_000017.csv
          note.txt · 未识别，留在收件箱
            SHA-256 0000000000000000000000000000000000000000000000000000000000000000 · 3 字节

        二、整批合计（入账数取自写出的分录）
          接口 sales-issue
                              读入   解挂          入账   退回   挂起   重复   忽略  待入账   差额
            行数                25      2            15      5      3      2      2       0      0
            单据                10      1             6      2      1      1      1       0      0
            含税金额  1,234,567.89  10.00  1,234,500.00  70.00   5.00   1.00   0.89    1.00   0.00
            数量           100.000  1.000        90.000  8.000  1.000  1.000  1.000   0.000  0.000
            不计入：版式行 3 行（标题、表头、跳过、合计）
            无法读出：含税金额 有 2 处，不计入金额

        三、凭证（按入账种类）
          账套  入账种类             凭证  分录          借方          贷方  首张业务号       末张业务号
          main  sales-issue.revenue     6    18  1,234,500.00  1,234,500.00  A-XS-R-00000001  A-XS-R-00000006
          main  sales-issue.cost        0     0          0.00          0.00

        四、科目发生额
          账套  科目编码  科目名称              借方          贷方
          main  1122      应收账款      1,234,500.00          0.00
          main  5001      主营业务收入          0.00  1,234,500.00
          main  合计                    1,234,500.00  1,234,500.00

        五、问题
          无

        六、需要处理的单据
          结论  单据号  位置            代码        原因
          退回  XS-1    销售出库.csv:2  bad-number  “1,2”不是数字

        七、批次结束后仍挂起或退回（按原因）
          无

        八、交付文件
          SHA-256                                                            字节  文件
          cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd  9,876  main_sales-issue_凭证_2026-03_000017.csv

        """)
  }

  @Test func whatDoesNotTieStandsAtTheTop() {
    var report = quiet
    report.files[0].tally?[measure: 0][.held] -= 5_00
    report.files[0].tally?.controls[0].declared = Decimal(units: 1_234_567_00, scale: 2)
    let lines = ReportText.render(report, in: .english).split(separator: "\n").map(String.init)
    #expect(lines[1] == "RESULT  2 line(s) DO NOT TIE: nothing of this run is published")
    #expect(
      lines[4]
        == "  销售出库.csv, 含税金额: 1,234,577.89 in, 1,234,572.89 out, difference 5.00")
    #expect(
      lines[5] == "  sales-issue, 含税金额, held: the files add up to 0.00, the run to 5.00")
    #expect(lines.filter { $0.hasSuffix("5.00  ◄ DOES NOT TIE") }.count == 1)
    #expect(
      lines.contains(
        "    control total 含税金额: stated 1,234,567.00, summed 1,234,567.89 — DIFFERS by 0.89"))
    #expect(ReportText.render(report, in: .chinese).contains("◄ 不平"))
  }

  @Test func absorbedShowsWhereThereIsAny() {
    var report = quiet
    #expect(!ReportText.render(report, in: .english).contains("absorbed"))
    report.interfaces[0][measure: 0].absorbed = -3
    #expect(ReportText.render(report, in: .english).contains(" -0.03 "))
  }

  @Test func findingsAreWordedAndCapped() {
    let text = ReportText.render(Sample().report, in: .english)
    #expect(text.contains("  bad-number         reject       22\n"))
    #expect(text.contains("  … and 2 more, not listed\n"))
    #expect(text.components(of: "reject[bad-number]") == 20)
  }

  @Test func nothingOfAFileDrivesTheTerminal() {
    var report = quiet
    report.files[1].name = "a\u{1B}[2Jb\nc"
    report.accounts[0].name = "x\ty"
    let text = ReportText.render(report, in: .english)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(text.contains("a␛[2Jb␊c"))
  }

  @Test func csvHasALineForEachBucket() {
    var report = quiet
    report.interfaces = []
    let lines = ReportCSV.render(report).split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "run,interface,file,subject,bucket,amount")
    #expect(lines.count == 1 + 9 + 9 + 11 + 11 + 1 + 2 + 1)
    #expect(lines.contains("17,sales-issue,销售出库.csv,含税金额,posted,1234500.00"))
    #expect(lines.contains("17,sales-issue,销售出库.csv,rows,layout,3"))
    #expect(lines.contains("17,sales-issue,销售出库.csv,含税金额,declared,1234567.89"))
    #expect(lines.last == "")
  }

  @Test func csvQuotesAndGuardsNames() {
    var tally = Tally(interface: "i", file: "=cmd,\"x\".csv", measures: [])
    tally.add(.read, documents: 0, rows: 0, sums: [])
    let report = ReconciliationReport(
      run: 1, clock: "",
      files: [FileReport(name: "f", interface: "i", sha256: "", size: 0, outcome: .done, tally: tally)])
    #expect(ReportCSV.render(report).contains("1,i,\"'=cmd,\"\"x\"\".csv\",rows,read,0\r\n"))
  }

  @Test func jsonLinesArePinned() {
    var report = quiet
    report.files[0].tally = nil
    report.interfaces = []
    report.postings.removeLast()
    report.accounts.removeLast()
    var log = FindingLog()
    log.add(
      Finding(
        .fileStopped, .stopFile, at: Place(file: "a\"b\\.csv", line: 3), ["x"], excerpt: "tab\tline\u{85}"))
    report.findings = log
    let lines = ReportJSON.render(report, in: .english).split(separator: "\n").map(String.init)
    #expect(
      lines[0]
        == #"{"kind":"run","run":17,"clock":"2026-03-05 09:31:00","ties":false,"untied":1,"files":2,"vouchers":6,"entries":18,"findings":1,"documents":1,"published":1}"#
    )
    #expect(
      lines[2]
        == #"{"kind":"file","run":17,"file":"note.txt","interface":null,"outcome":"unrecognised","size":3,"sha256":"0000000000000000000000000000000000000000000000000000000000000000","reject_files":[]}"#
    )
    #expect(
      lines[3]
        == #"{"kind":"posting","run":17,"book":"main","interface":"sales-issue","posting":"revenue","vouchers":6,"entries":18,"debits":"1234500.00","credits":"1234500.00","absorbed":"0.00","first_id":"A-XS-R-00000001","last_id":"A-XS-R-00000006"}"#
    )
    #expect(
      lines[4]
        == #"{"kind":"account","run":17,"book":"main","account":"1122","name":"应收账款","debits":"1234500.00","credits":"0.00"}"#
    )
    #expect(
      lines[5] == #"{"kind":"finding_count","run":17,"code":"file-stopped","severity":"stop-file","times":1}"#
    )
    #expect(
      lines[6].hasPrefix(
        #"{"kind":"finding","run":17,"code":"file-stopped","severity":"stop-file","file":"a\"b\\.csv","line":3,"message":"#
      ))
    #expect(lines[6].hasSuffix(#""excerpt":"tab\tline\u0085"}"#))
    #expect(lines.count == 9)
  }

  @Test func tallyLinesOfJSONHaveEveryBucket() throws {
    let lines = ReportJSON.render(quiet, in: .english).split(separator: "\n")
    let measure = try #require(lines.first { $0.contains("\"subject\":\"含税金额\"") })
    #expect(
      measure
        == #"{"kind":"tally","run":17,"interface":"sales-issue","file":"销售出库.csv","subject":"含税金额","read":"1234567.89","released":"10.00","posted":"1234500.00","rejected":"70.00","held":"5.00","repeated":"1.00","ignored":"0.89","pending":"1.00","unreadable":2,"absorbed":"0.00","difference":"0.00","ties":true}"#
    )
  }

  @Test(arguments: [
    (0, 2, "0.00"), (-5, 2, "-0.05"), (100_000, 0, "100,000"), (999, 0, "999"),
    (-123_456_789, 2, "-1,234,567.89"),
    (1_000_000, 3, "1,000.000"),
  ])
  func amountsAreGrouped(_ units: Int, _ scale: Int, _ text: String) {
    #expect(printed(Int128(units), scale: scale) == text)
  }
}

extension String {
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
