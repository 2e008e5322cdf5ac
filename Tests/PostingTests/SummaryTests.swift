import Ledger
import Testing

@testable import Posting

/// Vouchers of several documents: which these are, and where a voucher that would be too long is cut.
struct SummaryTests {
  private static let summary = [
    "per: document": "per: [date]", "memo: 销售 {no}": "memo: 销售 {date}",
    "amount: gross, by: { 客户: customer }": "amount: gross, by: { 客户: customer }, split: [no]",
  ]

  /// Each sale has an entry of its own on the debit side, and shares two on the credit side.
  private static func rows(_ count: Int) -> [[String: String]] {
    (1...count).map { Workbench.row("S\($0)", ["成本": ""]) }
  }

  @Test(arguments: [(3, [1, 1, 1, 1, 1]), (4, [2, 2, 1]), (5, [3, 2]), (7, [5]), (100, [5])])
  func `a voucher is cut between two documents`(_ most: Int, _ expected: [Int]) throws {
    let bench = Workbench(replacing: Self.summary)
    let outcome = try bench.run([Self.rows(5)], entriesMax: most)
    let vouchers = outcome.set.batch.vouchers
    #expect(vouchers.map { Int($0.attachments) } == expected)
    #expect(vouchers.allSatisfy { $0.entries.count <= most })
    #expect(
      vouchers.flatMap { outcome.set.batch.documents[$0.documents] }.map {
        String(decoding: $0.key, as: UTF8.self)
      } == ["S1", "S2", "S3", "S4", "S5"])
    let debits = vouchers.flatMap { outcome.set.batch.entries(of: $0) }.filter { $0.side == .debit }
    #expect(debits.reduce(0) { $0 + $1.amount } == 5 * 113_00)
  }

  @Test func `a document that is too long alone keeps its voucher, which the contract then refuses`() throws {
    let bench = Workbench(replacing: Self.summary)
    let outcome = try bench.run([Self.rows(2)], entriesMax: 2)
    #expect(outcome.set.batch.vouchers.map(\.entries.count) == [3, 3])
  }

  /// A range on the papers behind a voucher cuts it as one on its entries does.
  @Test func `a voucher is cut where it would have too many papers`() throws {
    let bench = Workbench(replacing: Self.summary)
    let outcome = try bench.run([Self.rows(5)], attachmentsMax: 2)
    #expect(outcome.set.batch.vouchers.map(\.attachments) == [2, 2, 1])
  }

  @Test func `a document of zeros is posted, but is no paper behind the voucher`() throws {
    let bench = Workbench(replacing: Self.summary)
    let zeros = [Workbench.row("S3", ["成本": "", "金额": "0.00", "税额": "0.00"])]
    let outcome = try bench.run([Self.rows(2), zeros])
    #expect(outcome.set.batch.vouchers.map(\.attachments) == [2])
    #expect(outcome.set.batch.documents.count == 2)
    #expect(outcome.set.withoutVoucher == [DraftReference(file: 1, draft: 0)])
  }

  @Test func `each source document is listed with its file, line, rows and debits`() throws {
    let bench = Workbench(replacing: Self.summary)
    let two = [
      Workbench.row("S2", ["成本": ""]), Workbench.row("S2", ["成本": "", "金额": "-11.30", "税额": "-1.30"]),
    ]
    let outcome = try bench.run([Self.rows(1), two])
    let documents = outcome.set.batch.documents[outcome.set.batch.vouchers[0].documents]
    #expect(
      Array(documents) == [
        SourceDocument(
          key: Array("S1".utf8), date: Day("2026-03-05")!, file: "file 0", line: documents[0].line, rows: 1,
          amount: 113_00),
        SourceDocument(
          key: Array("S2".utf8), date: Day("2026-03-05")!, file: "file 1", line: documents[1].line, rows: 2,
          amount: 101_70),
      ])
  }
}
