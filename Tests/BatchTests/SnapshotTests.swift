import Foundation
import State
import Testing

@testable import Batch

/// Full snapshots, which say something by what they do not have.
@Suite struct SnapshotTests {
  func bench(
    _ policy: String = "reverse", span: String = "month", _ more: String = ""
  ) throws -> Bench {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing(
        "  encoding: utf-8\n", with: "  encoding: utf-8\n  sidecar: ok\n  snapshot: \(span)\n"
      )
      .replacing(
        "  ignore: status",
        with: "  changed: reverse\n  withdrawn: reverse\n  missing: \(policy)\n\(more)  ignore: status"))
    return bench
  }

  func sale(_ no: String, _ day: String = "2026-03-01", state: String = "approved") -> Sale {
    Sale(no: no, day: day, state: state, rows: [Sale.Row(amount: 11000, tax: 1000, cost: 6000)])
  }

  func sales(_ numbers: Range<Int>) -> [Sale] {
    numbers.map { sale("S\(1000 + $0)", "2026-03-\($0 % 9 + 10)") }
  }

  func night(_ bench: Bench, _ day: Int, _ sales: [Sale]) throws -> Int32 {
    try bench.drop("sales-\(day).csv", Sale.file(sales))
    try bench.drop("sales-\(day).csv.ok", "")
    return try bench.run(clock: "2026-03-\(day)T06:00:00+08:00").exitCode
  }

  /// What all revenue vouchers so far say of a document's receivable.
  private func receivable(_ bench: Bench, _ no: String) throws -> Int {
    try bench.vouchers().filter { $0.source == no }.debits("1122")
  }

  /// A missing document that can't be taken back needs a person, and the next snapshot takes it back when it can be.
  @Test func whatCannotBeTakenBackIsTold() throws {
    let bench = try bench()
    let all = sales(0..<120)
    #expect(try night(bench, 21, all) == 0)
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("code: SA", with: "code: SB") + "write_back: \"back_{interface}_{run}.csv\"\n")
    #expect(try night(bench, 22, Array(all.dropFirst())) == 10)
    #expect(try receivable(bench, "S1000") == 11000)
    #expect(try bench.read("outbox/reconciliation_000002.txt").contains("posting-gone"))
    #expect(!bench.exists("outbox/back_sales_000002.csv"))
    try bench.write("mappings/sales.yaml", mapping)
    #expect(try night(bench, 23, all.dropFirst().reversed()) == 0)
    #expect(try receivable(bench, "S1000") == 0)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Of one that is held and taken back at once the inventory system is told one thing.
  @Test func aHeldDocumentThatIsMissingIsWrittenBackOnce() throws {
    let bench = try bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping + "write_back: \"back_{interface}_{run}.csv\"\n")
    var all = sales(0..<120)
    #expect(try night(bench, 21, all) == 0)
    all[0].buyer = "C9"
    #expect(try night(bench, 22, all) == 10)
    #expect(try night(bench, 23, Array(all.dropFirst())) == 0)
    let told = try bench.read("outbox/back_sales_000003.csv").split(separator: "\r\n")
    #expect(told.filter { $0.hasPrefix("S1000,") }.count == 1)
    #expect(told.contains { $0.hasPrefix("S1000,reversed,") })
  }

  @Test func whatIsMissingIsTakenBackOnceAndPostedAnewWhenItComesAgain() throws {
    let bench = try bench()
    let all = sales(0..<120)
    #expect(try night(bench, 21, all) == 0)
    #expect(try night(bench, 22, Array(all.dropFirst())) == 0)
    #expect(try receivable(bench, "S1000") == 0)
    #expect(try bench.vouchers().debits("1122") == 119 * 11000)
    #expect(try bench.vouchers().debits("5401") == 119 * 6000)
    let log = try bench.read("outbox/reconciliation_000002.txt")
    #expect(log.contains("document-missing-reversed"))
    #expect(try bench.log(run: 2).amount("documents", "read") == 119)
    #expect(try bench.log(run: 2).amount("documents", "repeated") == 119)
    #expect(try bench.log(run: 2).differences == ["0", "0.00"])
    let correction = try #require(
      try bench.state { try $0.corrections("sales", key: Array("S1000".utf8)) }.first)
    #expect(correction.cause == .missing)
    #expect(try bench.verify().findings.isEmpty)
    // What has been taken back is not missed any more.
    #expect(try night(bench, 23, Array(all.dropFirst()) + sales(120..<121)) == 0)
    #expect(!(try bench.read("outbox/reconciliation_000003.txt").contains("document-missing")))
    #expect(try bench.vouchers().debits("1122") == 120 * 11000)
    #expect(try night(bench, 24, sales(0..<121)) == 0)
    #expect(try receivable(bench, "S1000") == 11000)
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func withWarnTheVouchersStand() throws {
    let bench = try bench("warn")
    #expect(try night(bench, 21, sales(0..<5)) == 0)
    #expect(try night(bench, 22, sales(2..<5)) == 0)
    #expect(try bench.vouchers().debits("1122") == 5 * 11000)
    let log = try bench.read("outbox/reconciliation_000002.txt")
    #expect(log.contains("document-missing") && log.contains("S1000") && log.contains("S1001"))
    #expect(try bench.log(run: 2).amount("documents", "read") == 3)
  }

  /// A truncated export must not reverse a month.
  @Test func aFileThatLacksTooMuchIsRejectedAsAWhole() throws {
    let bench = try bench()
    #expect(try night(bench, 21, sales(0..<120)) == 0)
    #expect(try night(bench, 22, sales(2..<121)) == 10)
    #expect(try bench.read("outbox/reconciliation_000002.txt").contains("snapshot-incomplete"))
    #expect(try bench.vouchers().debits("1122") == 120 * 11000)
    #expect(try bench.log(run: 2).amount("documents", "rejected") == 119)
    // What came back from the operator says nothing of the rest.
    let reject = try #require(bench.files(in: "outbox").first { $0.contains("_rejects_000002") })
    try bench.drop("sales-back.csv", try bench.read("outbox/" + reject))
    try bench.drop("sales-back.csv.ok", "")
    #expect(try bench.run(clock: "2026-03-22T08:00:00+08:00").exitCode == 0)
    #expect(try bench.vouchers().debits("1122") == 121 * 11000)
  }

  @Test func whoRaisesTheLimitDropsTheSameFileAgain() throws {
    let bench = try bench("reverse", "  max_missing: 50%\n")
    #expect(try night(bench, 21, sales(0..<5)) == 0)
    #expect(try night(bench, 22, sales(3..<5)) == 10)
    #expect(try bench.vouchers().debits("1122") == 5 * 11000)
    try bench.write(
      "mappings/sales.yaml", try bench.read("mappings/sales.yaml").replacing("50%", with: "60%"))
    #expect(try night(bench, 23, sales(3..<5)) == 0)
    #expect(try bench.vouchers().debits("1122") == 2 * 11000)
  }

  @Test func theLimitIsTheMappings() throws {
    let bench = try bench("reverse", "  max_missing: 50%\n")
    #expect(try night(bench, 21, sales(0..<4)) == 0)
    #expect(try night(bench, 22, sales(2..<4)) == 0)
    #expect(try bench.vouchers().debits("1122") == 2 * 11000)
  }

  @Test(arguments: [("month", 1), ("days", 3)])
  func aSnapshotSpeaksOfItsOwnDates(span: String, left: Int) throws {
    let bench = try bench(span: span, "  max_missing: 100%\n")
    let outside = [
      sale("F1", "2026-02-28"), sale("M1", "2026-03-02"), sale("M2", "2026-03-20"), sale("M3", "2026-03-10"),
    ]
    #expect(try night(bench, 21, outside) == 0)
    #expect(try night(bench, 22, [sale("N1", "2026-03-05"), sale("N2", "2026-03-15")]) == 0)
    #expect(try bench.vouchers().debits("1122") == (left + 2) * 11000)
    #expect(try receivable(bench, "F1") == 11000)
    #expect(try receivable(bench, "M3") == 0)
  }

  /// An old file says nothing of what came after it.
  @Test func theSameBytesAgainAreNoNewSnapshot() throws {
    let bench = try bench()
    let held = Sale(no: "H1", day: "2026-03-03", buyer: "C9", rows: [Sale.Row(amount: 100)])
    #expect(try night(bench, 21, sales(0..<3) + [held]) == 10)
    #expect(try night(bench, 22, sales(0..<4) + [held]) == 10)
    #expect(try night(bench, 23, sales(0..<3) + [held]) == 10)
    #expect(try bench.vouchers().debits("1122") == 4 * 11000)
    #expect(try bench.read("outbox/reconciliation_000003.txt").contains("snapshot-repeated"))
  }

  @Test func aRowWithoutAKeyMayBeWhatIsMissing() throws {
    let bench = try bench()
    #expect(try night(bench, 21, sales(0..<3)) == 0)
    #expect(try night(bench, 22, sales(1..<3) + [sale("")]) == 10)
    #expect(try bench.vouchers().debits("1122") == 3 * 11000)
    #expect(try bench.read("outbox/reconciliation_000002.txt").contains("snapshot-unreadable"))
  }

  /// What waits and is gone is not waited for: a held document, and a draft.
  @Test func whatWaitsIsNotWaitedFor() throws {
    let bench = try bench()
    let held = Sale(no: "H1", day: "2026-03-03", buyer: "C9", rows: [Sale.Row(amount: 100)])
    #expect(try night(bench, 21, sales(0..<3) + [held, sale("D1", state: "draft")]) == 10)
    #expect(try bench.state { try $0.unposted(of: "sales") }.count == 1)
    #expect(try night(bench, 22, sales(0..<3)) == 0)
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.isEmpty)
    #expect(try bench.state { try $0.unposted(of: "sales") }.isEmpty)
    let log = try bench.log(run: 2)
    #expect(log.amount("documents", "released") == 1 && log.amount("documents", "ignored") == 1)
    #expect(log.differences == ["0", "0.00"])
  }

  /// Without rows nothing can be held: where it can't be taken back, its vouchers stand, and that is told.
  @Test func whatCannotBeTakenBackNeedsAPerson() throws {
    let bench = try bench()
    #expect(try night(bench, 21, sales(0..<3)) == 0)
    let entries = try #require(bench.files(in: "archive/entries").first)
    try bench.remove("archive/entries/" + entries)
    #expect(try night(bench, 22, sales(1..<3)) == 10)
    #expect(try bench.vouchers().debits("1122") == 3 * 11000)
    #expect(try bench.read("outbox/reconciliation_000002.txt").contains("entries-lost"))
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.isEmpty)
  }

  /// One that an earlier file of the run has brought in another version is judged by the next run.
  @Test func twoSnapshotsOfOneRunDoNotTakeBackTwice() throws {
    let bench = try bench("reverse", "  max_missing: 100%\n")
    #expect(try night(bench, 21, sales(0..<3)) == 0)
    for (name, rows) in [("sales-a.csv", sales(1..<3)), ("sales-b.csv", sales(1..<4))] {
      try bench.drop(name, Sale.file(rows))
      try bench.drop(name + ".ok", "")
    }
    #expect(try bench.run(clock: "2026-03-22T06:00:00+08:00").exitCode == 0)
    #expect(try receivable(bench, "S1000") == 0)
    #expect(try bench.vouchers().debits("1122") == 3 * 11000)
  }

  /// What an earlier file of the run has changed can't be taken back yet: a person must know.
  @Test func whatTheRunHasChangedAndTheSnapshotLacksIsTold() throws {
    let bench = try bench()
    #expect(try night(bench, 20, sales(0..<3)) == 0)
    var changed = sales(0..<3)
    changed[0].rows[0].amount = 22000
    for (place, file) in [changed, Array(changed.dropFirst())].enumerated() {
      try bench.drop("sales-21-\(place).csv", Sale.file(file))
      try bench.drop("sales-21-\(place).csv.ok", "")
    }
    #expect(try bench.run(clock: "2026-03-21T06:00:00+08:00").exitCode == 10)
    #expect(try RunEntry.last(1, of: bench.workspace)[0].summary?.findings["document-missing"] == 1)
    #expect(try receivable(bench, "S1000") == 22000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What an earlier file of the run brought, and is held, is not waited for where a later snapshot lacks it.
  @Test func whatTheRunHoldsAndTheSnapshotLacksLeavesHold() throws {
    let bench = try bench()
    #expect(try night(bench, 20, sales(0..<3)) == 0)
    var changed = sales(0..<4)
    for place in [0, 3] { changed[place].buyer = "C9" }
    for (place, file) in [changed, Array(changed[1..<3])].enumerated() {
      try bench.drop("sales-21-\(place).csv", Sale.file(file))
      try bench.drop("sales-21-\(place).csv.ok", "")
    }
    try bench.run(clock: "2026-03-21T06:00:00+08:00")
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.isEmpty)
    #expect(try receivable(bench, "S1000") == 0)
    try bench.write(
      "mappings/tables/customers.csv", try bench.read("mappings/tables/customers.csv") + "C9,New\n")
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    #expect(try receivable(bench, "S1000") == 0)
    #expect(try bench.verify().findings.isEmpty)
  }
}
