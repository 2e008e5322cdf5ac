import Findings
import Foundation
import State
import Testing

@testable import Batch

/// The same sales in every layout that exports have give the same vouchers, and what is rejected stands alone.
@Suite struct LayoutTests {
  enum Layout: String, CaseIterable {
    case filledDown, withoutHeader, twoHeaders, tagged

    /// What `read:` says.
    var read: String {
      switch self {
      case .filledDown: "fill_down: [no, day, state, buyer]"
      case .withoutHeader:
        "header: none\n  columns: [\(Sale.header.replacing(",", with: ", "))]"
      case .twoHeaders: "header: 2"
      case .tagged: "tagged: { column: 1, document: L, record: M }"
      }
    }

    func file(_ sales: [Sale]) -> String {
      switch self {
      case .filledDown:
        ([Sale.header]
          + sales.flatMap { sale in
            sale.lines.enumerated().map { index, line in
              index == 0 ? line : ",,,," + line.split(separator: ",", maxSplits: 4)[4]
            }
          }).joined(separator: "\n")
      case .withoutHeader: sales.flatMap(\.lines).joined(separator: "\n")
      case .twoHeaders:
        (["Sales of March,,,,,,,,,", ",,,,,,,,,", Sale.header] + sales.flatMap(\.lines)).joined(
          separator: "\n")
      case .tagged:
        (["kind,no,day,state,buyer", "kind,class,quantity,unit_name,amount,tax_amount,cost_amount"]
          + sales.flatMap { sale in
            let lines = sale.lines.map { $0.split(separator: ",", maxSplits: 4).map(String.init) }
            return ["L," + lines[0][..<4].joined(separator: ",")] + lines.map { "M," + $0[4] }
          }).joined(separator: "\n")
      }
    }
  }

  private func bench(_ layout: Layout) throws -> Bench {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("encoding: utf-8\n", with: "encoding: utf-8\n  \(layout.read)\n"))
    return bench
  }

  @Test(arguments: Layout.allCases) func theSameSalesGiveTheSameVouchers(_ layout: Layout) throws {
    var sales = (0..<40).map { number in
      Sale(
        no: "S\(number)", buyer: "C\(1 + number % 3)",
        rows: (0...number % 4).map { Sale.Row(amount: 100 + number * $0, tax: $0, cost: 50) })
    }
    let broken = Sale(
      no: "R1", rows: [Sale.Row(amount: 11300, tax: 1300), Sale.Row(amount: nil), Sale.Row(amount: 100)])
    sales.insert(broken, at: 20)
    let plain = try Bench()
    try plain.drop("sales-1.csv", Sale.file(sales))
    try plain.run()
    let bench = try bench(layout)
    try bench.drop("sales-1.csv", layout.file(sales))
    let outcome = try bench.run()
    #expect(outcome.findings.isEmpty, "\(outcome.findings)")
    #expect(try bench.vouchers() == plain.vouchers())
    let log = try bench.log(run: 1)
    #expect(log.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    #expect(log.amount("documents", "rejected") == 1)
    // The place of the finding is that of the export's own row.
    let line = layout.file(sales).split(separator: "\n", omittingEmptySubsequences: false)
      .firstIndex { $0.contains("12x.00") }
    let text = try bench.read("outbox/reconciliation_000001.txt")
    #expect(text.contains("sales-1.csv:\(try #require(line) + 1)"), "\(text)")
    // What is rejected stands alone, is mended, and posts.
    let reject = try #require(bench.files(in: "outbox").first { $0.hasSuffix("_000001_1.csv") })
    let mended = try bench.read("outbox/" + reject).replacing("12x.00", with: "12.00")
    let rows = mended.split(whereSeparator: \.isNewline)
    #expect(
      rows.count {
        $0.hasPrefix("R1,2026-03-01,approved,C1,") || $0.hasPrefix("L,R1,2026-03-01,approved,C1,M,")
      } == 3)
    try bench.drop("whatever.csv", mended)
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().debits("1122") - plain.vouchers().debits("1122") == 11300 + 1200 + 100)
    // The export again: all of it is known.
    try bench.drop("sales-again.csv", layout.file(sales))
    try bench.run()
    #expect(try bench.log(run: 3).amount("documents", "repeated") == 40)
  }

  /// A key that comes back later restarts the file: the plain rows are put in order, and places stay the export's.
  @Test(arguments: Layout.allCases) func scatteredRows(_ layout: Layout) throws {
    let first = Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300)])
    let second = Sale(no: "S2", rows: [Sale.Row(amount: nil)])
    let bench = try bench(layout)
    try bench.drop("sales-1.csv", layout.file([first, second, first]))
    try bench.run()
    #expect(try bench.vouchers().debits("1122") == 2 * 11300)
    let lines = layout.file([first, second, first]).split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains("12x.00") }) + 1
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("sales-1.csv:\(line)"))
  }

  @Test func aHeldDocumentOfSuchAFilePostsLater() throws {
    let bench = try bench(.filledDown)
    let sale = Sale(no: "H1", buyer: "C9", rows: [Sale.Row(amount: 11300), Sale.Row(amount: 100)])
    try bench.drop("sales-1.csv", Layout.filledDown.file([sale]))
    try bench.run()
    try bench.write("mappings/tables/customers.csv", "code,name\nC9,Hengda\n")
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().debits("1122") == 11400)
  }
}
