import Findings
import Foundation
import State
import Testing

@testable import Batch

/// Documents that were posted elsewhere before Tallyman came.
@Suite struct AdoptionTests {
  private static let sales = [
    CorrectionTests.sale("S1", 11000), CorrectionTests.sale("S2", 5000, cost: nil),
    CorrectionTests.sale("S3", 100, state: "draft"),
  ]

  private func adopt(
    _ bench: Bench, _ sales: [Sale], name: String = "sales-old.csv", stop: @escaping () -> Bool = { false }
  ) throws -> Decided<Adoption.Refusal> {
    let path = "\(bench.folder)/\(name)"
    try Data(Sale.file(sales).utf8).write(to: URL(filePath: path))
    let clock = try #require(RunClock(fixed: "2026-03-20T06:00:00+08:00"))
    return try bench.unlocked { try Pipeline(bench.workspace, clock: clock, shouldStop: stop).adopt(path) }
  }

  private func night(_ bench: Bench, _ day: Int, _ sales: [Sale]) throws -> Int32 {
    try bench.drop("sales-\(day).csv", Sale.file(sales))
    return try bench.run(clock: "2026-03-\(day)T06:00:00+08:00").exitCode
  }

  @Test func whatIsAdoptedIsRepeatedAndNeverPosted() throws {
    let bench = try CorrectionTests.bench()
    guard case .done(let outcome) = try adopt(bench, Self.sales) else {
      Issue.record("Not adopted")
      return
    }
    #expect(outcome.runs.last?.summary?.findings["document-adopted"] == 2)
    #expect(try bench.vouchers().isEmpty)
    #expect(bench.files(in: "inbox").isEmpty)
    #expect(try bench.log(run: 1).amount("documents", "ignored") == 3)
    #expect(try night(bench, 21, Self.sales + [CorrectionTests.sale("S4", 700)]) == 0)
    #expect(Set(try bench.vouchers().map(\.source)) == ["S4"])
    #expect(try bench.log(run: 2).amount("documents", "repeated") == 2)
    let row = try RowExplanation.find("sales-old.csv", line: 2, in: bench.workspace, language: .english)
    #expect(row?.verdict == .adopted)
    let history = try DocumentHistory.find("S1", in: bench.workspace, language: .english)
    #expect(history.flatMap(\.versions).map(\.verdict) == [.adopted])
    // The cost was not known there either: it is posted when it comes. So is the draft.
    #expect(try bench.state { try $0.unposted().map(\.kind) } == [.pending, .ignored])
    #expect(
      try night(bench, 22, [CorrectionTests.sale("S2", 5000, cost: 300), CorrectionTests.sale("S3", 100)])
        == 0)
    let new = try bench.vouchers().filter { $0.source != "S4" }
    #expect(new.debits("5401") == 300 + 6000)
    #expect(new.debits("1122") == 100)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What a snapshot lacks has not become another: it is told that its vouchers stand.
  @Test func whatIsGoneFromASnapshotStands() throws {
    let snapshots = SnapshotTests()
    let bench = try snapshots.bench()
    let sales = snapshots.sales(0..<3)
    guard case .done = try adopt(bench, sales) else {
      Issue.record("Not adopted")
      return
    }
    #expect(try snapshots.night(bench, 21, Array(sales.dropFirst())) == 0)
    let log = try bench.read("outbox/reconciliation_000002.txt")
    #expect(log.contains("warning[document-missing]: document S1000, on record since run 1"))
    #expect(!log.contains("adopted-changed") && !log.contains("document-missing-reversed"))
    let history = try DocumentHistory.find("S1000", in: bench.workspace, language: .english)
    #expect(history.flatMap(\.versions).map(\.verdict) == [.adopted, .lacking])
  }

  /// Nobody here knows the entries that were posted there: what changes waits for a person.
  @Test func whatChangesIsHeld() throws {
    let bench = try CorrectionTests.bench()
    _ = try adopt(bench, Self.sales)
    #expect(try night(bench, 21, [CorrectionTests.sale("S1", 22000)]) == 10)
    #expect(try night(bench, 22, [CorrectionTests.sale("S2", 5000, cost: nil, state: "void")]) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code }
        == ["adopted-changed", "adopted-changed"])
    #expect(try bench.vouchers().isEmpty)
    // As it was, it is what was adopted: which of the two is right, a person must say.
    _ = try night(bench, 23, [CorrectionTests.sale("S1", 11000)])
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes.map(\.code) }
        == [["adopted-changed", "document-older"], ["adopted-changed"]])
    #expect(try bench.vouchers().isEmpty)
  }

  /// What was corrected by hand in the finance system is taken note of, too: then it is what later exports are compared with.
  @Test(arguments: ["reverse", "hold"]) func whatWasCorrectedByHandIsAdoptedAnew(_ policy: String) throws {
    let bench = try CorrectionTests.bench()
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml").replacing("changed: reverse", with: "changed: \(policy)"))
    _ = try adopt(bench, Self.sales)
    let changed = [CorrectionTests.sale("S1", 22000)]
    #expect(try night(bench, 21, changed) == 10)
    guard case .done = try adopt(bench, changed) else {
      Issue.record("Not adopted")
      return
    }
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.isEmpty)
    #expect(try night(bench, 22, changed + [CorrectionTests.sale("S7", 100)]) == 0)
    #expect(try bench.vouchers().debits("1122") == 100)
    // What was adopted first is an old version, and takes no held one's place.
    #expect(try night(bench, 23, [CorrectionTests.sale("S1", 33000)]) == 10)
    #expect(try night(bench, 24, [CorrectionTests.sale("S1", 11000)]) == 10)
    let held = try bench.state { try $0.heldDocuments(of: "sales") }
    #expect(held.count == 1 && held[0].causes.last?.code == "document-older")
    #expect(try DocumentHistory.find("S1", in: bench.workspace, language: .english).count == 1)
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func allOrNothing() throws {
    let bench = try CorrectionTests.bench()
    let bad = Sale(no: "R1", rows: [Sale.Row(amount: nil)])
    let held = Sale(no: "H1", buyer: "C9", rows: [Sale.Row(amount: 5650, tax: 650)])
    for (sales, code) in [
      (Self.sales + [bad], FindingCode.badNumber), (Self.sales + [held], .checkFailed),
    ] {
      guard case .refused(let refusal) = try adopt(bench, sales) else {
        Issue.record("Adopted though something is wrong")
        return
      }
      #expect(refusal.findings.map(\.code) == [code])
      #expect(refusal.findings[0].place.file == "sales-old.csv")
    }
    guard case .refused(let refusal) = try adopt(bench, Self.sales, name: "other.csv") else {
      Issue.record("A file without an interface was adopted")
      return
    }
    #expect(refusal.findings.map(\.code) == [.fileUnrecognised])
    // Posted here with other content, it was not posted elsewhere.
    #expect(try night(bench, 21, [CorrectionTests.sale("S1", 22000)]) == 0)
    guard case .refused = try adopt(bench, Self.sales) else {
      Issue.record("A document that was posted here was adopted")
      return
    }
    #expect(bench.files(in: "inbox").isEmpty)
    #expect(try bench.state { try $0.lastRuns(9).count } == 1)
  }

  /// An adoption that was interrupted is gone on with as what it is.
  @Test func anInterruptedAdoptionPostsNothing() throws {
    let bench = try CorrectionTests.bench()
    #expect(throws: WorldError.self) { try adopt(bench, Self.sales, stop: { true }) }
    _ = try bench.run(clock: "2026-03-21T06:00:00+08:00")
    #expect(try bench.vouchers().isEmpty)
    #expect(try night(bench, 22, Self.sales) == 0)
    #expect(try bench.vouchers().isEmpty)
    // Killed between copy and plan it leaves a copy that nobody takes.
    try bench.folder(".adopt")
    try bench.drop(".adopt/sales-x.csv", Sale.file([CorrectionTests.sale("S9", 900)]))
    #expect(try bench.run(clock: "2026-03-23T06:00:00+08:00").runs.isEmpty)
  }

  /// What waits for its month's end here, and was made elsewhere, is not made here.
  @Test(arguments: [6000, 7000]) func whatWaitsForTheMonthsEndIsAdopted(_ cost: Int) throws {
    let bench = try CorrectionTests.bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml", mapping.replacing("    code: C\n", with: "    code: C\n    gather: month\n"))
    #expect(try night(bench, 10, [CorrectionTests.sale("S1", 11000)]) == 0)
    guard case .done = try adopt(bench, [CorrectionTests.sale("S1", 11000, cost: cost)]) else {
      Issue.record("Not adopted")
      return
    }
    #expect(try bench.state { try $0.deferredSummary() }.isEmpty)
    try bench.run(clock: "2026-04-02T06:00:00+08:00")
    #expect(try bench.vouchers().debits("5401") == 0)
    #expect(try bench.vouchers().debits("1122") == 11000)
    #expect(try night(bench, 22, [CorrectionTests.sale("S1", 11000, cost: cost)]) == 0)
    #expect(try bench.vouchers().debits("5401") == 0)
    #expect(try bench.verify().findings.isEmpty)
  }
}
