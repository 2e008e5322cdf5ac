import Ledger
import Testing

@testable import Posting

/// Red entries on the other side (§7.5 of the design), where the book asks for it.
struct SwapSidesTests {
  private static let redSale = Workbench.row(
    "S1", ["金额": "-113.00", "税额": "-13.00", "成本": "-80.00", "数量": "-2"])

  @Test func `red stays red where nothing is said`() throws {
    let outcome = try Workbench(tables: ["tables/accounts.csv": Workbench.accountsWithClass]).run([
      [Self.redSale]
    ])
    #expect(outcome.voucher(0)[1] == "debit 1122 {客户 C1} -113.00")
  }

  @Test func `with swap_sides balance-sheet accounts change sides, income and expense never`() throws {
    let outcome = try Workbench(
      tables: ["tables/accounts.csv": Workbench.accountsWithClass], bookKeys: "swap_sides: yes\n"
    ).run([[Self.redSale]])
    #expect(
      outcome.voucher(0).dropFirst() == [
        "credit 1122 {客户 C1} 113.00", "credit 5001 {客户 C1} {部门 D1} -100.00", "debit 2221 /13% 13.00",
      ])
    #expect(
      outcome.voucher(1).dropFirst() == [
        "debit 5401 {部门 D1} -80.00", "debit 1405.01 {仓库 W1} 80.00 × 2箱",
      ])
    for voucher in outcome.set.batch.vouchers {
      let balance = outcome.set.batch.entries(of: voucher).reduce(0) {
        $0 + ($1.side == .debit ? $1.amount : -$1.amount)
      }
      #expect(balance == 0)
    }
  }

  @Test func `without classes nobody knows which accounts may be swapped`() {
    #expect(
      Workbench(bookKeys: "swap_sides: yes\n").allTold.contains {
        $0.hasSuffix("bad-value swap_sides: yes, a chart that has the class of each account")
      })
  }
}

/// How many papers (附件数) a voucher has.
struct AttachmentTests {
  private static let pieces = [
    "memo: 销售 {no}\n": "memo: 销售 {date}\n        attachments: papers\n", "per: document": "per: [date]",
    "cost: money? = 成本": "cost: money? = 成本\n      papers: int = 附件",
    "document:\n      key: [no]": "document:\n      same: [papers]\n      key: [no]",
  ]

  private static func unindented(_ pieces: [String: String]) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: pieces.map {
        (
          $0.replacing("\n      ", with: "\n  ").replacing("\n    memo", with: "\nmemo"),
          $1.replacing("\n        ", with: "\n    ").replacing("\n      ", with: "\n  ")
        )
      })
  }

  @Test func `a summary has those of its documents`() throws {
    let outcome = try Workbench(replacing: Self.unindented(Self.pieces)).run([
      [
        Workbench.row("S1", ["附件": "3", "成本": ""]), Workbench.row("S1", ["附件": "3", "成本": ""]),
        Workbench.row("S2", ["附件": "2", "成本": ""]),
      ]
    ])
    #expect(outcome.set.batch.vouchers.map(\.attachments) == [5])
  }

  @Test func `they are the document's, not a record's`() {
    var pieces = Self.unindented(Self.pieces)
    pieces = pieces.filter { !$0.key.hasPrefix("document") }
    #expect(Workbench(replacing: pieces).told.contains { $0.hasSuffix("level-mismatch papers") })
  }
}
