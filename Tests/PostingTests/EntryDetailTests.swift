import Ledger
import Testing

@testable import Posting

/// What keeps entries apart beside account and dimensions: currency and rate, an own memo, a cash-flow item.
struct EntryDetailTests {
  private static let foreign = [
    "amount: gross, by: { 客户: customer }":
      "amount: gross, by: { 客户: customer }, currency: cur, rate: fx, foreign: fc",
    "cost: money? = 成本": "cost: money? = 成本\n  cur: text = 币别\n  fx: decimal(6) = 汇率\n  fc: money = 外币",
  ]

  private static func row(
    _ no: String, _ currency: String, _ rate: String, _ foreign: String, _ gross: String
  )
    -> [String: String]
  {
    Workbench.row(no, ["币别": currency, "汇率": rate, "外币": foreign, "金额": gross, "税额": "0", "成本": ""])
  }

  private func receivables(_ outcome: RunOutcome, _ voucher: Int = 0) -> [String] {
    outcome.voucher(voucher).filter { $0.contains(" 1122 ") }
  }

  @Test func `amounts of one currency and rate are added up, of two they are not`() throws {
    let outcome = try Workbench(replacing: Self.foreign).run([
      [
        Self.row("S1", "USD", "7.1", "10.00", "71.00"), Self.row("S1", "USD", "7.1", "5.00", "35.50"),
        Self.row("S1", "USD", "7.2", "1.00", "7.20"), Self.row("S1", "EUR", "7.2", "2.00", "14.40"),
      ]
    ])
    #expect(
      receivables(outcome) == [
        "debit 1122 {客户 C1} EUR 2.00 @7.2 14.40", "debit 1122 {客户 C1} USD 15.00 @7.1 106.50",
        "debit 1122 {客户 C1} USD 1.00 @7.2 7.20",
      ])
  }

  @Test func `the book's own currency is not a foreign one`() throws {
    let outcome = try Workbench(replacing: Self.foreign).run([[Self.row("S1", "CNY", "1", "71.00", "71.00")]])
    #expect(receivables(outcome) == ["debit 1122 {客户 C1} 71.00"])
  }

  @Test func `documents of two rates stay apart in a summary`() throws {
    var pieces = Self.foreign
    pieces["per: document"] = "per: [date]"
    pieces["memo: 销售 {no}"] = "memo: 销售 {date}"
    let outcome = try Workbench(replacing: pieces).run([
      [
        Self.row("S1", "USD", "7.1", "10.00", "71.00"), Self.row("S2", "USD", "7.2", "10.00", "72.00"),
        Self.row("S3", "USD", "7.1", "-3.00", "-21.30"), Self.row("S4", "USD", "7.1", "1.00", "7.10"),
      ]
    ])
    // The return is not netted against the sales, though its rate is theirs.
    #expect(
      receivables(outcome) == [
        "debit 1122 {客户 C1} USD 11.00 @7.1 78.10", "debit 1122 {客户 C1} USD -3.00 @7.1 -21.30",
        "debit 1122 {客户 C1} USD 10.00 @7.2 72.00",
      ])
  }

  @Test(arguments: [
    ("currency: cur, rate: fx, foreign: fc", "currency: cur, rate: fx", "missing-key foreign"),
    ("foreign: fc", "foreign: sum(fc)", "level-mismatch gross"),
    ("currency: cur", "currency: fx", "type-mismatch number, text"),
  ])
  func `a foreign amount needs all its parts`(_ old: String, _ new: String, _ expected: String) {
    var pieces = Self.foreign
    for (key, value) in pieces { pieces[key] = value.replacing(old, with: new) }
    #expect(Workbench(replacing: pieces).allTold.contains { $0.hasSuffix(expected) })
  }

  @Test func `an entry may have a memo of its own`() throws {
    let bench = Workbench(replacing: [
      "amount: tax, split: [rate]": "amount: tax, split: [rate], memo: \"税率 {rate}\""
    ])
    let outcome = try bench.run([[Workbench.row("S1")]])
    #expect(outcome.voucher(0).last == "credit 2221 /13% “税率 13%” 13.00")
    let wrong = Workbench(replacing: [
      "amount: tax, split: [rate]": "amount: tax, memo: \"税率 {rate}\""
    ])
    #expect(wrong.told.contains { $0.hasSuffix("level-mismatch rate") })
  }

  @Test func `a cash-flow item stands on cash accounts only`() throws {
    let cash = Workbench.accounts.replacing(
      "1122,应收账款,应收账款,yes,debit,客户;部门,客户,no,no,no",
      with: "1122,应收账款,应收账款,yes,debit,客户;部门,客户,no,yes,no")
    let rule = "amount: gross, by: { 客户: customer }"
    let pieces = [rule: rule + ", cash_flow: \"\\\"销售收现\\\"\""]
    let outcome = try Workbench(replacing: pieces, tables: ["tables/accounts.csv": cash]).run([
      [Workbench.row("S1")]
    ])
    #expect(outcome.voucher(0)[1] == "debit 1122 {客户 C1} →销售收现 113.00")
    #expect(
      Workbench(replacing: pieces).told.contains { $0.hasSuffix("bad-value cash_flow, 1122: cash: yes") })
  }
}
