import Findings
import Foundation
import State
import Testing

@testable import Batch

/// A person may say that a document is not waited for any longer; the books tie, and the record knows who said so.
@Suite struct DismissalTests {
  private static let held = Sale(no: "H1", buyer: "C9", rows: [Sale.Row(amount: 5650, tax: 650, cost: 3000)])
  private static let rejected = Sale(no: "R1", rows: [Sale.Row(amount: nil)])

  private func decide(_ bench: Bench, _ subject: Dismissal.Subject) throws -> Decided<Dismissal.Refusal> {
    let clock = try #require(RunClock(fixed: Bench.clock))
    return try bench.unlocked {
      try Pipeline(bench.workspace, clock: clock).dismiss(
        Dismissal(subject, by: "anna", reason: "cancelled by phone"))
    }
  }

  private func dismiss(_ bench: Bench, _ subject: Dismissal.Subject) throws -> Pipeline.Outcome? {
    if case .done(let outcome) = try decide(bench, subject) { outcome } else { nil }
  }

  private func refusal(_ bench: Bench, _ subject: Dismissal.Subject) throws -> Dismissal.Refusal? {
    if case .refused(let why) = try decide(bench, subject) { why } else { nil }
  }

  private func bench() throws -> Bench {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.held, Self.rejected]))
    try bench.run()
    return bench
  }

  private func waiting(_ bench: Bench) throws -> (held: Int, rejects: [String]) {
    try bench.state { (try $0.heldDocuments(of: "sales").count, try $0.openRejects().map(\.number)) }
  }

  @Test func aHeldDocument() throws {
    let bench = try bench()
    let outcome = try #require(try dismiss(bench, .held(interface: nil, key: "H1")))
    #expect(outcome.runs.map(\.number) == [2])
    #expect(try waiting(bench).held == 0)
    let log = try bench.log(run: 2)
    #expect(["read", "released", "ignored", "posted"].map { log.amount("documents", $0) } == [0, 1, 1, 0])
    #expect(log.amount("gross", "released") == 5650)
    #expect(log.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    let text = try bench.read("outbox/reconciliation_000002.txt")
    #expect(text.contains("anna") && text.contains("cancelled by phone"))
    #expect(try bench.verify().findings.isEmpty)
    // An export that brings it again is judged anew.
    try bench.drop("sales-2.csv", Sale.file([Self.held]))
    try bench.run()
    #expect(try waiting(bench).held == 1)
  }

  /// The inventory system has heard that the documents are held.
  @Test func isWrittenBack() throws {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping + "write_back: \"back_{interface}_{run}.csv\"\n")
    func told(_ run: Int) throws -> [String] {
      try bench.read("outbox/back_sales_00000\(run).csv").split(separator: "\r\n").dropFirst().map(
        String.init)
    }
    try bench.drop("sales-1.csv", Sale.file([Self.held, CorrectionTests.sale("S1", 11000)]))
    try bench.run()
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 22000)]))
    try bench.run()
    #expect(try told(2).allSatisfy { $0.hasPrefix("S1,held,") })
    _ = try dismiss(bench, .held(interface: nil, key: "H1"))
    #expect(try told(3) == ["H1,ignored,,,H1 was dismissed by anna: cancelled by phone"])
    _ = try dismiss(bench, .held(interface: nil, key: "S1"))
    #expect(
      try told(4) == [
        "S1,posted,,,S1 was dismissed by anna: cancelled by phone"
      ])
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func aReject() throws {
    let bench = try bench()
    let number = try #require(try waiting(bench).rejects.first)
    _ = try #require(try dismiss(bench, .reject(number)))
    #expect(try waiting(bench).rejects.isEmpty)
    #expect(try bench.verify().findings.isEmpty)
    #expect(try bench.read("outbox/reconciliation_000002.txt").contains(number))
    // The state that the records make knows it too.
    let before = try bench.state { try $0.dump() }
    try bench.remove(".tallyman/state.sqlite")
    let clock = try #require(RunClock(fixed: Bench.clock))
    _ = try bench.unlocked { try Rebuild(bench.workspace, clock: clock) }
    #expect(try bench.state { try $0.dump() } == before)
    // It comes back all the same: under a number of its own it waits again.
    let reject = try #require(bench.files(in: "outbox").first { $0.hasSuffix("_000001_1.csv") })
    try bench.drop("again.csv", try bench.read("outbox/" + reject))
    try bench.run()
    #expect(try waiting(bench).rejects.count == 1)
    #expect(try waiting(bench).rejects != [number])
  }

  @Test func whatDoesNotWaitIsNotDismissed() throws {
    let bench = try bench()
    #expect(try refusal(bench, .held(interface: nil, key: "H2")) == .nothingWaits)
    #expect(try refusal(bench, .held(interface: "other", key: "H1")) == .nothingWaits)
    #expect(try refusal(bench, .reject("A-SA-RJ-00000099")) == .nothingWaits)
    #expect(
      try refusal(bench, .accepted(interface: nil, key: "H1"))
        == .heldOtherwise(["customer C9 is not known"]))
    #expect(try bench.state { try $0.lastRun() } == 1)
  }
}
