import Findings
import Foundation
import Reconciliation
import State
import Testing

@testable import Batch

/// The same file again is told by its bytes, and only where its documents could not be told otherwise.
@Suite struct RepeatedFileTests {
  private func sale(_ no: String, _ amount: Int = 11000, buyer: String = "C1", state: String = "approved")
    -> Sale
  {
    Sale(
      no: no, state: state, buyer: buyer,
      rows: [Sale.Row(amount: amount, tax: 1000, cost: 6000), Sale.Row(amount: 500)])
  }

  private func night(_ bench: Bench, _ day: Int, _ sales: [Sale], part: Int = 1) throws {
    try bench.drop("sales-\(day)-\(part).csv", Sale.file(sales))
    try bench.run(clock: "2026-03-\(day)T06:00:00+08:00")
  }

  /// Whether the last run knew its only file; its documents are repeated either way.
  private func isKnown(_ bench: Bench, _ run: Int, repeated: Int) throws -> Bool {
    let found = try RunEntry.last(1, of: bench.workspace)[0].summary?.findings ?? [:]
    #expect(try bench.log(run: run).amount("documents", "repeated") == repeated)
    #expect(found["file-repeated"] == nil || found["document-repeated"] == nil)
    return found["file-repeated"] == 1
  }

  @Test func itIsCountedAsIfItWereRead() throws {
    let bench = try CorrectionTests.bench()
    let sales = [sale("S1"), sale("S2", 22000)]
    try night(bench, 21, sales)
    let vouchers = try bench.vouchers()
    try night(bench, 22, sales)
    #expect(try isKnown(bench, 2, repeated: 2))
    // Another column's caption makes other bytes of the same documents.
    try bench.drop("sales-23-1.csv", Sale.file(sales) + "\n")
    try bench.run(clock: "2026-03-23T06:00:00+08:00")
    #expect(try !isKnown(bench, 3, repeated: 2))
    let (known, read) = (try bench.log(run: 2), try bench.log(run: 3))
    for subject in ["rows", "documents", "gross", "net", "tax", "cost"] {
      for bucket in ["read", "repeated", "posted", "ignored"] {
        #expect(known.amount(subject, bucket) == read.amount(subject, bucket), "\(subject) \(bucket)")
      }
    }
    #expect(known.amount("gross", "repeated") == 11000 + 22000 + 1000)
    #expect(try bench.vouchers() == vouchers && bench.verify().findings.isEmpty)
    // It stays known as often as it comes, and beside other files that bring nothing new.
    for day in 24...25 { try night(bench, day, sales) }
    #expect(try isKnown(bench, 5, repeated: 2))
  }

  /// What came or was decided since may make something else of a document: then each is looked at.
  @Test(arguments: ["changed", "new", "ignored", "held", "mapping", "decided"])
  func whatHappenedSinceCounts(_ event: String) throws {
    let bench = try CorrectionTests.bench()
    let sales = [sale("S1"), sale("S2", 22000)]
    try night(bench, 21, sales)
    switch event {
    case "changed": try night(bench, 22, [sale("S1", 33000)])
    case "new": try night(bench, 22, [sale("S3")])
    case "ignored": try night(bench, 22, [sale("S3", state: "draft")])
    case "held": try night(bench, 22, [sale("S3", buyer: "C9")])
    case "mapping":
      try bench.write("mappings/sales.yaml", try bench.read("mappings/sales.yaml") + "\n# other bytes\n")
    default:
      let clock = try #require(RunClock(fixed: "2026-03-22T06:00:00+08:00"))
      guard
        case .done = try bench.unlocked({
          try Pipeline(bench.workspace, clock: clock).change(
            #require(PeriodChange(.close(force: nil), "2026-02", book: nil, by: "li")))
        })
      else {
        Issue.record("Not closed")
        return
      }
    }
    try night(bench, 23, sales)
    let run = event == "mapping" ? 2 : 3
    #expect(try !isKnown(bench, run, repeated: event == "changed" ? 1 : 2))
    if event == "changed" {
      #expect(
        try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == [
          "document-reverted"
        ])
    }
  }

  /// Of two files in one run the second may differ from the first.
  @Test func anotherFileOfTheRunComesFirst() throws {
    let bench = try CorrectionTests.bench()
    let sales = [sale("S1"), sale("S2", 22000)]
    try night(bench, 21, sales)
    try bench.drop("sales-22-1.csv", Sale.file([sale("S3"), sale("S1", 33000)]))
    try night(bench, 22, sales, part: 2)
    #expect(try RunEntry.last(1, of: bench.workspace)[0].summary?.findings["file-repeated"] == nil)
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func aRowOfItIsExplained() throws {
    let bench = try CorrectionTests.bench()
    let sales = [sale("S1"), sale("S2", 22000)]
    for day in 21...22 { try night(bench, day, sales) }
    let row = try #require(
      try RowExplanation.find("sales-22-1.csv", line: 4, in: bench.workspace, language: .english))
    #expect(row.verdict == .repeated && row.document == "S2" && !row.stands.isEmpty)
  }

  /// A file whose document was held, and counted as repeated while it was, is read again once that has left hold.
  @Test func whatLeftHoldIsHeldOnceMore() throws {
    let bench = try CorrectionTests.bench()
    let (old, new) = (CorrectionTests.sale("S1", 11000, cost: nil), CorrectionTests.sale("S1", 11000))
    for (day, sale) in [(21, old), (22, new), (23, old), (24, old), (25, new), (26, old)] {
      try night(bench, day, [sale])
      let held = try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code }
      #expect(held == ([23, 24, 26].contains(day) ? ["document-reverted"] : []), "\(day)")
    }
  }
}
