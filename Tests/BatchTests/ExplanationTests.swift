import Testing

@testable import Batch

/// From a voucher back to the documents that gave it.
@Suite struct ExplanationTests {
  @Test func aVoucherOfOneDocument() throws {
    let bench = try Bench()
    try bench.drop(
      "sales-1.csv", Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])]))
    try bench.run()
    let id = try #require(try bench.vouchers().first { $0.debit == 11300 }?.id)
    let found = try #require(try Explanation.find(id, in: bench.workspace))
    #expect(found.run == 1 && found.isPublished && found.absent.isEmpty)
    #expect(found.shares.allSatisfy { $0.document == "S1" })
    #expect(found.shares.filter { $0.side == "debit" }.map(\.amount) == ["113.00"])
    #expect(found.outputs.flatMap(\.lines).count == found.shares.count, "a line for each entry")
  }

  @Test func whatDocumentsGaveAddsUpToThePublishedVoucher() throws {
    let bench = try Bench()
    let sales = (1...6).map { number in
      Sale(
        no: "S\(number)", rows: [Sale.Row(amount: 11300 * number, tax: 1300 * number, cost: 6000 + number)])
    }
    try bench.drop("sales-1.csv", Sale.file(sales))
    try bench.run()
    let lines = try bench.vouchers()
    #expect(!lines.isEmpty)
    var documents = 0
    for (id, entries) in Dictionary(grouping: lines, by: \.id) {
      let found = try #require(try Explanation.find(id, in: bench.workspace))
      documents = max(documents, Set(found.shares.map(\.document)).count)
      for account in Set(entries.map(\.account)) {
        let own = found.shares.filter { $0.account == account && $0.side == "debit" }
        let sum = try own.reduce(0) { try $0 + #require(Int($1.amount.replacing(".", with: ""))) }
        #expect(sum == entries.debits(account), "\(id) \(account)")
      }
    }
    #expect(documents > 1, "one of them is a summary")
  }

  @Test func aVoucherThatThereIsNot() throws {
    let bench = try Bench()
    #expect(try Explanation.find("A-S-R-00000001", in: bench.workspace) == nil, "nothing ever ran")
    try bench.drop("sales-1.csv", Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300)])]))
    try bench.run()
    for id in ["A-S-R-99999999", "nonsense", ""] {
      #expect(try Explanation.find(id, in: bench.workspace) == nil)
    }
  }
}
