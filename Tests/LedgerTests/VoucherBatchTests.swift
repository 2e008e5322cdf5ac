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
    #expect(batch.vouchers.map { String(decoding: batch.memo(of: $0), as: UTF8.self) } == ["一", "二"])
    #expect(batch.vouchers.map { String(decoding: batch.source(of: $0), as: UTF8.self) } == ["K一", "K二"])
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
    #expect(batch.vouchers.isEmpty)
    #expect(throws: Never.self) {
      try batch.append(
        posting: 0, date: day, memo: [], source: [], attachments: 1,
        entries: [entry(.debit, 1), entry(.credit, 1)])
    }
    #expect(batch.vouchers[0].entries == 0..<2)
  }

  @Test func `a voucher refers to a draft's entries in an order of its own`() throws {
    let own = (1...8).flatMap { [entry(.debit, $0), entry(.credit, $0)] }
    let texts = (memos: Array("一二".utf8), keys: Array("KL".utf8))
    var batch = VoucherBatch(
      drafts: [
        VoucherDrafts(entries: EntryList(), memos: [], keys: []),
        VoucherDrafts(
          entries: EntryList([entry(.debit, 9)] + own), memos: texts.memos, keys: texts.keys),
      ])
    let backwards = (0..<16).reduce(UInt64(0)) { $0 | UInt64(15 - $1) << UInt64(4 * $1) }
    for order in [0, backwards] {
      try batch.append(
        posting: 0, date: day,
        texts: order == 0
          ? .drafted(memo: 3..<6, key: 1..<2)
          : .given(memo: texts.memos[3..<6], source: texts.keys[1...]),
        attachments: 1, drafted: 1..<17, order: order, list: 1)
    }
    for voucher in batch.vouchers {
      #expect(batch.memo(of: voucher).elementsEqual("二".utf8))
      #expect(batch.source(of: voucher).elementsEqual("L".utf8))
    }
    #expect(batch.entries(of: batch.vouchers[0]) == own)
    #expect(batch.entries(of: batch.vouchers[1]) == own.reversed())
    #expect(throws: Imbalance(debits: 10, credits: 0)) {
      try batch.append(
        posting: 0, date: day, texts: .given(memo: [], source: []), attachments: 1, drafted: 0..<2, list: 1)
    }
  }

  @Test func `a batch takes in another one of the same drafts`() throws {
    let drafts = [
      VoucherDrafts(
        entries: EntryList([entry(.debit, 9), entry(.credit, 9)]), memos: Array("一".utf8),
        keys: Array("K".utf8))
    ]
    func batch(_ amount: Int64) throws -> VoucherBatch {
      var batch = VoucherBatch(drafts: drafts)
      try batch.append(
        posting: 0, date: day, memo: Array("memo \(amount)".utf8)[...],
        source: Array("source \(amount)".utf8)[...], attachments: 1,
        entries: [entry(.debit, amount), entry(.credit, amount)],
        documents: [
          SourceDocument(key: [], date: day, file: "\(amount)", line: 1, rows: 1, amount: amount)
        ])
      try batch.append(
        posting: 0, date: day, texts: .drafted(memo: 0..<3, key: 0..<1), attachments: 1, drafted: 0..<2,
        list: 0)
      return batch
    }
    var whole = try batch(1)
    whole.append(try batch(2))
    let found = whole.vouchers.map { voucher in
      [
        String(decoding: whole.memo(of: voucher), as: UTF8.self),
        String(decoding: whole.source(of: voucher), as: UTF8.self), "\(whole.entries(of: voucher)[0].amount)",
      ] + whole.documents[voucher.documents].map(\.file)
    }
    #expect(
      found == [
        ["memo 1", "source 1", "1", "1"], ["一", "K", "9"], ["memo 2", "source 2", "2", "2"], ["一", "K", "9"],
      ])
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
