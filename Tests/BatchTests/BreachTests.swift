import Findings
import Testing

@testable import Batch

/// A voucher of several documents that breaks a format's contract sends back the documents behind the entry that does.
@Suite struct BreachTests {
  @Test func theDocumentsBehindTheEntryAreRejectedAlone() throws {
    let bench = try Bench()
    let profile = try bench.read("mappings/profiles/vouchers.yaml")
    try bench.write(
      "mappings/profiles/vouchers.yaml",
      profile.replacing("contract:\n", with: "contract:\n  unit: { bytes_max: 3 }\n")
        .replacing(
          "  dimensions: entry.dimensions\n", with: "  dimensions: entry.dimensions\n  unit: entry.unit\n"))
    let sales = ["S1", "S2", "S3"].map {
      Sale(no: $0, rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])
    }
    let lines = sales.flatMap(\.lines).map { line in
      line.hasPrefix("S2") ? line.replacing("box", with: "pallet") : line
    }
    try bench.drop("sales-1.csv", Sale.file(lines: lines))
    #expect(try bench.run().exitCode == 10)
    #expect(try bench.rejectedRows(run: 1).map { $0.prefix(2) } == ["S2"])
    let log = try bench.log(run: 1)
    #expect(log.amount("documents", "posted") == 2 && log.amount("cost", "posted") == 12000)
    let report = try bench.read("outbox/reconciliation_000001.txt")
    #expect(report.contains("sales-1.csv:3: reject") && !report.contains("sales-1.csv:2: reject"))
  }
}
