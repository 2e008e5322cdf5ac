import Findings
import Foundation
import Testing

@testable import Batch

/// What a format's contract says of a voucher's length decides where a summary is cut, and which documents can't be posted.
@Suite struct LongVoucherTests {
  /// A cost voucher a day, with an entry for each sale; the format takes so many entries.
  private func bench(most: Int) throws -> Bench {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing(
        "{ debit: cost, amount: cost }", with: "{ debit: cost, amount: cost, split: [number] }")
        + "  - { profile: list, file: \"list_{period}_{run}.csv\" }\n")
    let profile = try bench.read("mappings/profiles/vouchers.yaml")
    try bench.write(
      "mappings/profiles/vouchers.yaml", profile + "  voucher.entries: { range: [1, \(most)] }\n")
    try bench.write(
      "mappings/profiles/list.yaml",
      "language: 1\nprofile: list\nproven_by: document the tests\nformat: csv\neach: document\ncolumns:\n  id: voucher.id\n  key: document.key\n"
    )
    return bench
  }

  private static let sales = (1...5).map { Sale(no: "S\($0)", rows: [Sale.Row(amount: 200, cost: 100)]) }

  @Test func aSummaryIsCutBetweenDocuments() throws {
    let bench = try bench(most: 3)
    try bench.drop("sales-1.csv", Sale.file(Self.sales))
    #expect(try bench.run().exitCode == 0)
    let costs = try bench.vouchers().filter { $0.id.contains("-C-") }
    #expect(
      Dictionary(grouping: costs, by: \.id).mapValues(\.count) == [
        "T-SA-C-00000001": 3, "T-SA-C-00000002": 3, "T-SA-C-00000003": 2,
      ])
    #expect(
      try bench.read("outbox/list_2026-03_000001.csv").split(separator: "\r\n").filter { $0.contains("-C-") }
        == [
          "T-SA-C-00000001,S1", "T-SA-C-00000001,S2", "T-SA-C-00000002,S3", "T-SA-C-00000002,S4",
          "T-SA-C-00000003,S5",
        ])
    #expect(try bench.log(run: 1).amount("cost", "posted") == 500)
  }

  @Test func aDocumentThatIsTooLongAloneIsRejected() throws {
    let bench = try bench(most: 3)
    let long = Sale(
      no: "L", rows: [Sale.Row(amount: 200, tax: 10), Sale.Row(kind: "service", amount: 300, tax: 20)])
    try bench.drop("sales-1.csv", Sale.file(Self.sales + [long]))
    #expect(try bench.run().exitCode == 10)
    let log = try bench.log(run: 1)
    #expect(log.amount("documents", "posted") == 5)
    #expect(log.amount("documents", "rejected") == 1)
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("contract-breach"))
  }

  @Test func aListOfDocumentsAloneProvesNothing() throws {
    let bench = try bench(most: 3)
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml").replacing(
        "  - { profile: vouchers, file: \"{book}_{interface}_{period}_{run}.csv\" }\n", with: ""))
    let findings = try CompiledDefinitions(of: bench.workspace).findings
    #expect(findings.map(\.code.rawValue) == ["bad-value"])
  }
}
