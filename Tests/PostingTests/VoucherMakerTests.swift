import Ledger
import Mapping
import Testing

@testable import Posting

/// Which documents share a voucher, and in what order vouchers come.
struct VoucherMakerTests {
  private let bench = Workbench()
  private let row = Workbench.row

  private func cost(_ outcome: RunOutcome) -> [[String]] { outcome.vouchers.filter { $0[0].hasPrefix("1") } }

  @Test func `a voucher a document, in order of date, then file and row`() throws {
    let outcome = try bench.run([
      [row("B", ["日期": "2026-03-07"]), row("C", ["日期": "2026-03-05"])],
      [row("A", ["日期": "2026-03-05"]), row("D", ["日期": "2026-03-06"])],
    ])
    let heads = outcome.vouchers.map { $0[0] }.filter { $0.hasPrefix("0") }
    #expect(
      heads == [
        "0 2026-03-05 销售 C (C, 1)", "0 2026-03-05 销售 A (A, 1)", "0 2026-03-06 销售 D (D, 1)",
        "0 2026-03-07 销售 B (B, 1)",
      ])
    #expect(outcome.set.batch.vouchers.map(\.posting) == [0, 0, 0, 0, 1, 1, 1])
    #expect(outcome.set.vouchers(ofPosting: 1) == [4, 5, 6])
  }

  @Test func `a day's documents share one voucher over all files, and it knows them all`() throws {
    let outcome = try bench.run([
      [row("B", [:]), row("C", ["日期": "2026-03-04"])], [row("A", ["部门": "D2"]), row("D", ["成本": ""])],
    ])
    #expect(
      cost(outcome) == [
        [
          "1 2026-03-04 结转 2026-03-04 (C, 1)", "debit 5401 {部门 D1} 80.00",
          "credit 1405.01 {仓库 W1} 80.00 × 2箱",
        ],
        [
          "1 2026-03-05 结转 2026-03-05 (A, B, 2)", "debit 5401 {部门 D1} 80.00", "debit 5401 {部门 D2} 80.00",
          "credit 1405.01 {仓库 W1} 160.00 × 4箱",
        ],
      ])
    let last = outcome.set.batch.vouchers.count - 1
    #expect(outcome.set.drafts(ofVoucher: last).map { "\($0.file)" } == ["0", "1"])
  }

  @Test func `one voucher a file, and a date`() throws {
    let byFile = Workbench(replacing: ["per: [date]": "per: file"])
    let outcome = try byFile.run([
      [row("B", [:]), row("C", ["日期": "2026-03-04"]), row("D", [:])], [row("A", [:])],
    ])
    #expect(
      cost(outcome).map { $0[0] } == [
        "1 2026-03-04 结转 2026-03-04 (C, 1)", "1 2026-03-05 结转 2026-03-05 (B, D, 2)",
        "1 2026-03-05 结转 2026-03-05 (A, 1)",
      ])
  }

  @Test func `a sale and a return are never netted`() throws {
    let back = ["金额": "-113", "税额": "-13", "成本": "-30", "数量": "-1"]
    let outcome = try bench.run([[row("A", [:]), row("R", back), row("B", [:]), row("S", back)]])
    #expect(
      cost(outcome) == [
        [
          "1 2026-03-05 结转 2026-03-05 (A, B, R … (4), 4)", "debit 5401 {部门 D1} 160.00",
          "debit 5401 {部门 D1} -60.00",
          "credit 1405.01 {仓库 W1} 160.00 × 4箱", "credit 1405.01 {仓库 W1} -60.00 × -2箱",
        ]
      ])
  }

  @Test func `within a sale a red line lowers it`() throws {
    let outcome = try bench.run([[row("A", [:]), row("A", ["成本": "-30", "数量": "-1"]), row("B", [:])]])
    #expect(cost(outcome)[0].contains("debit 5401 {部门 D1} 130.00"))
    #expect(cost(outcome)[0].contains("credit 1405.01 {仓库 W1} 130.00 × 3箱"))
  }

  @Test func `boxes and bottles are never added`() throws {
    let outcome = try bench.run([[row("A", [:]), row("B", ["单位": "瓶"]), row("C", ["单位": ""])]])
    #expect(
      cost(outcome)[0].filter { $0.hasPrefix("credit") } == [
        "credit 1405.01 {仓库 W1} 80.00 × 2", "credit 1405.01 {仓库 W1} 80.00 × 2瓶",
        "credit 1405.01 {仓库 W1} 80.00 × 2箱",
      ])
  }

  @Test func `groups by the fields that per names`() throws {
    let same = ["  key: [no]": "  key: [no]\n  same: [customer, dept]"]
    let byCustomer = Workbench(
      replacing: same.merging(["per: [date]": "per: [date, customer]", "结转 {date}": "结转 {customer}"]) { $1 })
    let files = [[row("A", ["客户": "C2"]), row("B", [:]), row("C", ["客户": "C2"])]]
    #expect(
      cost(try byCustomer.run(files)).map { $0[0] } == [
        "1 2026-03-05 结转 C1 (B, 1)", "1 2026-03-05 结转 C2 (A, C, 2)",
      ])
  }

  @Test func `a posting's date may be another than the document's, and orders its vouchers`() throws {
    let bench = Workbench(replacing: [
      "per: [date]\n    date: date": "per: [date]\n    date: month_end(date)", "结转 {date}": "结转",
    ])
    let outcome = try bench.run([
      [row("A", [:]), row("B", ["日期": "2026-02-01"]), row("C", ["日期": "2026-02-02"])]
    ])
    #expect(
      cost(outcome).map { $0[0] } == [
        "1 2026-02-28 结转 (B, 1)", "1 2026-02-28 结转 (C, 1)", "1 2026-03-31 结转 (A, 1)",
      ])
  }

  @Test func `only documents that are posted in the end count`() throws {
    let outcome = try bench.run([[row("A", [:]), row("B", [:])]], verdict: ["A": .held])
    #expect(
      outcome.vouchers.map { $0[0] } == ["0 2026-03-05 销售 B (B, 1)", "1 2026-03-05 结转 2026-03-05 (B, 1)"])
  }

  @Test func `documents whose entries are all zero are posted without a voucher, alone or together`() throws {
    let nothing = ["金额": "0", "税额": "0", "成本": "0"]
    let outcome = try bench.run([[row("A", nothing), row("B", nothing)], [row("C", ["成本": "0"])]])
    #expect(outcome.vouchers.map { $0[0] } == ["0 2026-03-05 销售 C (C, 1)"])
    #expect(outcome.set.withoutVoucher.count == 5)
    #expect(outcome.set.drafts.count == 1)
  }

  @Test func `a document that comes to nothing is no paper behind the others' voucher`() throws {
    let outcome = try bench.run([[row("A", [:]), row("B", ["成本": "0"])]])
    #expect(cost(outcome).map { $0[0] } == ["1 2026-03-05 结转 2026-03-05 (A, 1)"])
    #expect(outcome.set.withoutVoucher.count == 1)
  }
}
