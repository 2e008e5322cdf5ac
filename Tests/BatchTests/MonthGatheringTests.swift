import Findings
import Foundation
import State
import Testing

@testable import Batch

/// Somebody has the vouchers made that wait for a month's end, before it is over.
@Suite struct MonthGatheringTests {
  private func sale(_ no: String, _ cost: Int?, day: String = "2026-03-10") -> Sale {
    Sale(no: no, day: day, rows: [Sale.Row(amount: 11300, tax: 1300, cost: cost)])
  }

  private func bench() throws -> Bench {
    let bench = try GatherMonthTests.bench(days: 31)
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml", mapping.replacing("document:\n", with: "document:\n  changed: reverse\n"))
    return bench
  }

  private func night(_ bench: Bench, _ day: String, _ sales: [Sale]) throws -> Int32 {
    if !sales.isEmpty { try bench.drop("sales-\(day).csv", Sale.file(sales)) }
    return try bench.run(clock: "2026-\(day)T02:00:00+08:00").exitCode
  }

  private func gather(_ bench: Bench, _ month: String, _ day: String) throws -> Decided<
    MonthGathering.Refusal
  > {
    let gathering = try #require(MonthGathering(month, by: "anna"))
    let clock = try #require(RunClock(fixed: "2026-\(day)T20:00:00+08:00"))
    return try bench.unlocked { try Pipeline(bench.workspace, clock: clock).gather(gathering) }
  }

  private func costs(_ bench: Bench) throws -> [String: Int] {
    try bench.vouchers().filter { $0.account == "5401" }.reduce(into: [:]) {
      $0[$1.date, default: 0] += $1.debit
    }
  }

  @Test func theMonthsVouchersAreMadeNowAndOnce() throws {
    let bench = try bench()
    #expect(
      try night(
        bench, "03-20",
        [
          sale("S0", 500, day: "2026-02-10"), sale("S1", 6000), sale("S2", 100),
          sale("S3", 40, day: "2026-04-02"),
        ])
        == 0)
    #expect(try costs(bench) == [:])
    guard case .done(let outcome) = try gather(bench, "2026-03", "03-31") else {
      Issue.record("nothing was gathered")
      return
    }
    #expect(outcome.exitCode == 0)
    // Those of the month before, too, and none of the next one.
    #expect(try costs(bench) == ["2026-02-28": 500, "2026-03-31": 6100])
    #expect(try bench.log(run: 2).differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    #expect(try bench.read("outbox/reconciliation_000002.txt").contains("month-gathered"))
    let cost = try #require(try bench.vouchers().first { $0.account == "5401" && $0.debit == 6100 })
    let explained = try #require(try Explanation.find(cost.id, entry: 1, in: bench.workspace))
    #expect(explained.documents.allSatisfy { $0.arithmetic == .shown })
    // What comes later, or is another now, has vouchers when the month is over; nothing is made twice.
    #expect(try night(bench, "04-01", [sale("S1", 7000), sale("S2", 100), sale("S4", 30)]) == 0)
    #expect(try costs(bench) == ["2026-02-28": 500, "2026-03-31": 100])
    #expect(try night(bench, "05-01", []) == 0)
    #expect(try costs(bench) == ["2026-02-28": 500, "2026-03-31": 7130])
    #expect(try night(bench, "06-10", []) == 0)
    #expect(try costs(bench) == ["2026-02-28": 500, "2026-03-31": 7130, "2026-04-30": 40])
    #expect(try bench.verify().findings.isEmpty)
    let before = try bench.state { try $0.dump() }
    try bench.remove(".tallyman/state.sqlite")
    let clock = try #require(RunClock(fixed: "2026-06-11T02:00:00+08:00"))
    _ = try bench.unlocked { try Rebuild(bench.workspace, clock: clock) }
    #expect(try bench.state { try $0.dump() } == before)
  }

  @Test func whatCannotBeGatheredIsRefused() throws {
    let bench = try bench()
    #expect(try night(bench, "03-20", [sale("S1", 6000)]) == 0)
    guard case .refused(.future) = try gather(bench, "2026-04", "03-31") else {
      Issue.record("a month was gathered that has not begun")
      return
    }
    guard case .refused(.nothing) = try gather(bench, "2026-02", "03-31") else {
      Issue.record("nothing was gathered")
      return
    }
    // What a closed period stops goes on waiting, and a person is told.
    let change = try #require(PeriodChange(.close(force: "why"), "2026-03", book: nil, by: "anna"))
    let clock = try #require(RunClock(fixed: "2026-03-31T20:00:00+08:00"))
    _ = try bench.unlocked { try Pipeline(bench.workspace, clock: clock).change(change) }
    guard case .done(let outcome) = try gather(bench, "2026-03", "03-31") else {
      Issue.record("the run was refused")
      return
    }
    #expect(outcome.exitCode == 10)
    #expect(try costs(bench) == [:])
    #expect(try bench.state { try $0.deferredSummary().map(\.count) } == [1])
    #expect(try bench.verify().findings.isEmpty)
  }

  /// A cost that waited and was replaced was the document's: after the month's end an export that has it again is an old one.
  @Test func aReplacedCostIsAnOldOneAfterTheMonthsEnd() throws {
    let bench = try bench()
    for (day, cost) in [("03-20", 7000), ("03-21", 7700), ("03-22", 7000), ("03-23", 7700)] {
      #expect(try night(bench, day, [sale("S1", cost)]) == 0)
    }
    #expect(try night(bench, "05-01", []) == 0)
    #expect(try costs(bench) == ["2026-03-31": 7700])
    #expect(try night(bench, "05-02", [sale("S1", 7000)]) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == ["document-reverted"]
    )
    #expect(try night(bench, "05-03", [sale("S1", 7100)]) == 0)
    #expect(try costs(bench) == ["2026-03-31": 7100])
    let history = try #require(
      try DocumentHistory.find("S1", in: bench.workspace, language: .english).first)
    #expect(history.versions.allSatisfy { $0.corrections.allSatisfy { !$0.red.isEmpty } })
    #expect(try bench.verify().findings.isEmpty)
  }
}
