import Findings
import Ledger

@testable import Reconciliation

/// A run of one file with ten documents, whose books tie.
struct Sample {
  var report: ReconciliationReport

  static func tally(file: String?) -> Tally {
    var tally = Tally(interface: "sales-issue", file: file, measures: [("含税金额", 2), ("数量", 3)])
    tally.add(.read, documents: 10, rows: 25, sums: [1_234_567_89, 100_000])
    tally.add(.released, documents: 1, rows: 2, sums: [10_00, 1_000])
    tally.add(.posted, documents: 6, rows: 15, sums: [1_234_500_00, 90_000])
    tally.add(.rejected, documents: 2, rows: 5, sums: [70_00, 8_000])
    tally.add(.held, documents: 1, rows: 3, sums: [5_00, 1_000])
    tally.add(.repeated, documents: 1, rows: 2, sums: [1_00, 1_000])
    tally.add(.ignored, documents: 1, rows: 2, sums: [89, 1_000])
    tally.add(.pending, documents: 0, rows: 0, sums: [1_00, 0])
    tally[measure: 0].unreadable = 2
    tally.layoutRows = 3
    return tally
  }

  init() {
    var tally = Self.tally(file: "销售出库.csv")
    tally.controls = [
      ControlTotal(
        column: "含税金额", declared: Decimal(units: 1_234_567_89, scale: 2),
        summed: Decimal(units: 1_234_567_89, scale: 2))
    ]
    var findings = FindingLog()
    for line in 2...23 {
      findings.add(
        Finding(
          .badNumber, .reject, at: Place(file: "销售出库.csv", line: line, column: 4, field: "含税金额"),
          ["1,2", "gross"], excerpt: "1,2"))
    }
    findings.add(Finding(.documentRepeated, .note, at: Place(file: "b.csv", line: 9), ["XS-7", "3"]))
    report = ReconciliationReport(
      run: 17, clock: "2026-03-05 09:31:00",
      files: [
        FileReport(
          name: "销售出库.csv", interface: "sales-issue", sha256: String(repeating: "ab", count: 32),
          size: 123_456,
          outcome: .done, tally: tally, rejectFiles: ["退回_sales-issue_000017.csv"]),
        FileReport(
          name: "note.txt", interface: nil, sha256: String(repeating: "0", count: 64), size: 3,
          outcome: .unrecognised),
      ],
      interfaces: [Self.tally(file: nil)],
      postings: [
        PostingReport(
          book: "main", interface: "sales-issue", posting: "revenue", vouchers: 6, entries: 18,
          debits: 1_234_500_00, credits: 1_234_500_00, ids: "A-XS-R-00000001"..."A-XS-R-00000006"),
        PostingReport(
          book: "main", interface: "sales-issue", posting: "cost", vouchers: 0, entries: 0, debits: 0,
          credits: 0,
          ids: nil),
      ],
      accounts: [
        AccountReport(book: "main", code: "1122", name: "应收账款", debits: 1_234_500_00, credits: 0),
        AccountReport(book: "main", code: "5001", name: "主营业务收入", debits: 0, credits: 1_234_500_00),
      ],
      findings: findings,
      publications: [
        Publication(
          name: "main_sales-issue_凭证_2026-03_000017.csv", size: 9_876,
          sha256: String(repeating: "cd", count: 32))
      ])
    report.note {
      DocumentNote(
        file: "销售出库.csv", line: 2, key: "XS-1", bucket: .rejected, code: .badNumber, reason: "“1,2”不是数字")
    }
  }
}
