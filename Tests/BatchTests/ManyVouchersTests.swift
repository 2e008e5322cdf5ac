import Testing

@testable import Batch

@Suite struct ManyVouchersTests {
  /// So many that they are made on two threads: each has what its document says, in the order of the file.
  @Test(arguments: [4096, 4097])
  func manyVouchersAreEachTheirDocuments(_ count: Int) throws {
    let bench = try Bench()
    let sales = (1...count).map { number in
      Sale(no: "S\(number)", rows: [Sale.Row(amount: 100 + number, cost: number)])
    }
    try bench.drop("sales-1.csv", Sale.file(sales))
    #expect(try bench.run().exitCode == 0)
    let lines = try bench.vouchers().filter { $0.account == "1122" }
    #expect(lines.count == count && lines.map(\.id) == lines.map(\.id).sorted())
    let strangers = zip(lines, sales).filter { $0.source != $1.no || $0.debit != $1.rows[0].amount }
    #expect(strangers.isEmpty, "\(strangers.count), as \(strangers[0])")
  }
}
