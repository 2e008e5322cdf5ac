import Ledger
import Testing

@testable import Posting

/// Tail differences (尾差): lines rounded each for itself, and a total of the whole (§7.4 of the design).
struct TailDifferenceTests {
  private static let classes = Workbench.accountsWithClass

  /// The receivable is what the document's head says, the lines are as they were rounded.
  private static let pieces = [
    "net: money = gross - tax": "net: money = gross - tax\n  total: money = 合计",
    "document:\n  key: [no]": "document:\n  same: [total]\n  key: [no]",
    "amount: gross, by: { 客户: customer }": "amount: total, by: { 客户: customer }",
    "amount: net, by: { 客户: customer, 部门: dept }": "amount: net, by: { 客户: customer, 部门: dept }, absorb: yes",
    "measures: [gross, net, tax, cost]": "measures: [net, tax, cost]",
  ]

  private static func bench(_ more: [String: String] = [:]) -> Workbench {
    Workbench(replacing: pieces.merging(more) { $1 }, tables: ["tables/accounts.csv": classes])
  }

  private static func row(_ total: String, _ gross: String, _ more: [String: String] = [:]) -> [String:
    String]
  {
    Workbench.row("S1", ["合计": total, "金额": gross, "税额": "0", "成本": ""].merging(more) { $1 })
  }

  @Test func `the largest entry of the rule takes it`() throws {
    let outcome = try Self.bench().run([
      [Self.row("100.00", "33.33"), Self.row("100.00", "66.70", ["部门": "D2"])]
    ])
    #expect(
      outcome.voucher(0).dropFirst() == [
        "debit 1122 {客户 C1} 100.00", "credit 5001 {客户 C1} {部门 D1} 33.33",
        "credit 5001 {客户 C1} {部门 D2} 66.67",
      ])
    let draft = outcome.files[0].drafts.drafts[0]
    #expect(draft.absorbed == -3)
    // What was posted of a measure is what its lines add up to.
    #expect(outcome.files[0].drafts.totals[draft.totals + 1] == 10003)
  }

  @Test(arguments: [("100.00", "99.95", 5), ("-100.00", "-100.05", 5), ("100.00", "100.00", 0)])
  func `up to the limit, red ones too`(_ total: String, _ gross: String, _ absorbed: Int64) throws {
    let outcome = try Self.bench().run([[Self.row(total, gross)]])
    #expect(outcome.files[0].drafts.drafts.map(\.absorbed) == [absorbed])
  }

  @Test func `beyond the limit the document is rejected`() throws {
    let outcome = try Self.bench().run([[Self.row("100.00", "99.94")]])
    #expect(outcome.set.batch.vouchers.isEmpty)
    #expect(outcome.told.contains { $0.contains("voucher-unbalanced") })
  }

  @Test func `only income and expense absorb, once a posting`() {
    let onTax = Self.bench([
      "amount: net, by: { 客户: customer, 部门: dept }": "amount: net, by: { 客户: customer, 部门: dept }",
      "amount: tax, split: [rate]": "amount: tax, split: [rate], absorb: yes",
    ])
    #expect(onTax.told.contains { $0.hasSuffix("absorb-not-here 2221") })
    let twice = Self.bench(["amount: tax, split: [rate]": "amount: tax, split: [rate], absorb: yes"])
    #expect(twice.told.contains { $0.hasSuffix("bad-value absorb: yes, one rule of a posting") })
  }
}
