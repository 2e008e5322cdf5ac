import Testing

@testable import Ledger

struct VoucherBatchTests {
  private let day = Day(number: 20517)

  private func entry(_ side: Side, _ amount: Int64) -> Entry { Entry(account: 0, side: side, amount: amount) }

  @Test func `a balanced voucher is taken with its texts`() throws {
    var batch = VoucherBatch()
    for memo in ["一", "二"] {
      try batch.append(
        posting: 3, date: day, memo: Array(memo.utf8)[...], source: Array("K\(memo)".utf8)[...],
        attachments: 2,
        entries: [entry(.debit, 1000), entry(.credit, 700), entry(.credit, 300)])
    }
    #expect(batch.vouchers.map(\.entries) == [0..<3, 3..<6])
    #expect(batch.vouchers.map { String(decoding: batch.texts[$0.memo], as: UTF8.self) } == ["一", "二"])
    #expect(batch.vouchers.map { String(decoding: batch.texts[$0.source], as: UTF8.self) } == ["K一", "K二"])
    #expect(batch.vouchers.map(\.number) == [0, 0])
    batch.number(1, as: 17)
    #expect(batch.vouchers.map(\.number) == [0, 17])
    #expect(batch.vouchers[0].posting == 3)
    #expect(batch.vouchers[0].attachments == 2)
  }

  @Test(arguments: [([100], [99]), ([100], []), ([-5], [5]), ([1, 1], [1]), ([.max, .max], [.max, -1])])
  func `an unbalanced one is refused and leaves nothing behind`(_ debits: [Int64], _ credits: [Int64]) {
    var batch = VoucherBatch()
    let entries = debits.map { entry(.debit, $0) } + credits.map { entry(.credit, $0) }
    let sums = (
      debits.reduce(Int128(0)) { $0 + Int128($1) }, credits.reduce(Int128(0)) { $0 + Int128($1) }
    )
    #expect(throws: Imbalance(debits: sums.0, credits: sums.1)) {
      try batch.append(
        posting: 0, date: day, memo: [0x6D], source: [0x73], attachments: 1, entries: entries)
    }
    #expect(batch.vouchers.isEmpty && batch.entries.isEmpty && batch.texts.isEmpty)
  }

  @Test func `sums beyond 64 bits still balance exactly`() throws {
    var batch = VoucherBatch()
    try batch.append(
      posting: 0, date: day, memo: [], source: [], attachments: 1,
      entries: [entry(.debit, .max), entry(.debit, .max), entry(.credit, .max), entry(.credit, .max)])
    #expect(batch.vouchers.count == 1)
  }

  @Test func `a voucher's ID has at least eight digits`() {
    #expect(voucherID(prefix: "A-XS-R-", number: 17) == "A-XS-R-00000017")
    #expect(voucherID(prefix: "A-XS-R-", number: 123_456_789) == "A-XS-R-123456789")
  }
}
