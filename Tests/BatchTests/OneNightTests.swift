import Findings
import Foundation
import State
import Testing

@testable import Batch

/// Several versions of a document in the files of one run: what an earlier one gives has no voucher yet.
@Suite struct OneNightTests {
  private func sale(
    _ amount: Int, cost: Int? = 6000, day: String = "2026-03-05", state: String = "approved"
  ) -> Sale {
    Sale(no: "S1", day: day, state: state, rows: [Sale.Row(amount: amount, tax: amount / 10, cost: cost)])
  }

  /// - Parameter versions: a file for each.
  private func night(_ bench: Bench, _ date: String, _ versions: Sale...) throws -> Int32 {
    for (place, version) in versions.enumerated() {
      try bench.drop("sales-\(date)-\(place).csv", Sale.file([version]))
    }
    return try bench.run(clock: "\(date)T06:00:00+08:00").exitCode
  }

  private func change(_ bench: Bench, _ action: PeriodChange.Action, on date: String) throws {
    let change = try #require(PeriodChange(action, "2026-03", book: nil, by: "anna"))
    let clock = try #require(RunClock(fixed: "\(date)T08:00:00+08:00"))
    guard case .done = try bench.unlocked({ try Pipeline(bench.workspace, clock: clock).change(change) })
    else {
      Issue.record("Not changed")
      return
    }
  }

  private func balances(_ bench: Bench) throws -> [Int] {
    let lines = try bench.vouchers()
    return ["1122", "5401"].map { account in
      lines.filter { $0.account == account }.reduce(0) { $0 + $1.debit - $1.credit }
    }
  }

  private func causes(_ bench: Bench) throws -> [String] {
    try bench.state { try $0.heldDocuments(of: "sales") }.map(\.causes[0].code)
  }

  /// The first version is held for its period, after its reversal was made; the second takes its place.
  @Test(arguments: ["amount", "cost", "day", "void", "draft"])
  func whatIsSupersededTakesNothingBack(_ second: String) throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, "2026-04-01", sale(11000)) == 0)
    try change(bench, .close(force: nil), on: "2026-04-02")
    let later =
      switch second {
      case "amount": sale(33000)
      case "cost": sale(22000, cost: 7000)
      case "day": sale(33000, day: "2026-04-05")
      default: sale(22000, state: second)
      }
    let isHeld = ["amount", "cost"].contains(second)
    let before = try bench.vouchers()
    #expect(try night(bench, "2026-04-06", sale(22000), later) == (isHeld ? 10 : 0))
    #expect(try causes(bench) == (isHeld ? ["period-closed"] : []))
    if isHeld { #expect(try bench.vouchers() == before) }
    #expect(
      try bench.vouchers().filter { $0.date.hasPrefix("2026-03") }.count
        == before.filter { $0.date.hasPrefix("2026-03") }.count)
    if isHeld {
      try change(bench, .open, on: "2026-04-07")
      #expect(try night(bench, "2026-04-08") == 0)
    }
    let expected =
      switch second {
      case "amount": [33000, 6000]
      case "cost": [22000, 7000]
      case "day": [33000, 6000]
      default: [0, 0]
      }
    #expect(try balances(bench) == expected)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// The cost that waited is made once, by the first version that asks for another.
  @Test(arguments: ["2026-04-02", "2026-03-20"]) func whatWaitsIsMadeOnce(_ date: String) throws {
    let bench = try CorrectionTests.bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml", mapping.replacing("    code: C\n", with: "    code: C\n    gather: month\n"))
    #expect(try night(bench, "2026-03-10", sale(11000, cost: 100)) == 0)
    let isOver = date > "2026-04"
    let code = try night(
      bench, date, sale(11000, cost: 110), sale(11000, cost: 120), sale(11000, cost: 130))
    #expect(code == (isOver ? 10 : 0))
    #expect(try balances(bench) == [11000, isOver ? 110 : 0])
    #expect(try night(bench, "2026-04-03") == 0)
    #expect(try balances(bench) == [11000, 130])
    #expect(try night(bench, "2026-04-04", sale(11000, cost: 140)) == 0)
    #expect(try balances(bench) == [11000, 140])
    #expect(try bench.verify().findings.isEmpty)
  }

  /// A draft behind a part that was posted a moment ago waits for the next run, as a void one does.
  @Test(arguments: ["draft", "void"]) func whatIsWithdrawnBehindAPartWaits(_ state: String) throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, "2026-03-10", sale(11000, cost: nil), sale(11000, state: state)) == 10)
    #expect(try causes(bench) == ["document-later-version"])
    #expect(try night(bench, "2026-03-11") == 0)
    #expect(try balances(bench) == [0, 0])
    #expect(try bench.verify().findings.isEmpty)
  }

  /// An export without the cost is an old one, also where the cost came in the same night.
  @Test func anExportFromBeforeAValueOfTheNightIsHeld() throws {
    let bench = try CorrectionTests.bench()
    let (old, new) = (sale(11000, cost: nil), sale(11000))
    #expect(try night(bench, "2026-03-10", old, new) == 0)
    let first = try bench.vouchers()
    #expect(try night(bench, "2026-03-11", old) == 10)
    #expect(try causes(bench) == ["document-reverted"])
    #expect(try bench.vouchers() == first)
    #expect(try night(bench, "2026-03-12", new) == 0)
    #expect(try causes(bench).isEmpty)
    let history = try #require(
      try DocumentHistory.find("S1", in: bench.workspace, language: .english).first)
    #expect(history.versions.map(\.verdict.rawValue).contains("posted"))
    #expect(history.versions.allSatisfy { $0.corrections.isEmpty })
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Behind a void one the version before it is an old one in the same night as well.
  @Test(arguments: [true, false]) func whatWasVoidInBetweenIsHeld(_ isOneNight: Bool) throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, "2026-03-10", sale(11000)) == 0)
    #expect(try night(bench, "2026-03-11", sale(11000, state: "draft")) == 0)
    if isOneNight {
      #expect(try night(bench, "2026-03-12", sale(11000, state: "void"), sale(11000)) == 10)
    } else {
      #expect(try night(bench, "2026-03-12", sale(11000, state: "void")) == 0)
      #expect(try night(bench, "2026-03-13", sale(11000)) == 10)
    }
    #expect(try causes(bench) == ["document-reverted"])
    #expect(try balances(bench) == [0, 0])
  }

  /// A file is known by its bytes, but a later one of its night has changed what it brought.
  @Test func anOldFileOfANightIsReadAgain() throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, "2026-03-10", sale(11000)) == 0)
    #expect(try night(bench, "2026-03-11", sale(11000), sale(22000)) == 0)
    #expect(try night(bench, "2026-03-12", sale(11000)) == 10)
    #expect(try causes(bench) == ["document-reverted"])
    #expect(try balances(bench) == [22000, 6000])
  }

  private func monthly() throws -> Bench {
    let bench = try CorrectionTests.bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml", mapping.replacing("    code: C\n", with: "    code: C\n    gather: month\n"))
    return bench
  }

  /// What was replaced within a night before its month's end is an old version behind it.
  @Test(arguments: [100, 110]) func anOldCostOfTheNightIsHeldAfterTheMonthsEnd(_ old: Int) throws {
    let bench = try monthly()
    #expect(try night(bench, "2026-03-09", sale(11000, cost: 90)) == 0)
    let costs = [100, 110, 120].map { sale(11000, cost: $0) }
    #expect(try night(bench, "2026-03-10", costs[0], costs[1], costs[2]) == 0)
    #expect(try night(bench, "2026-04-02") == 0)
    #expect(try night(bench, "2026-04-03", sale(11000, cost: old)) == 10)
    #expect(try causes(bench) == ["document-reverted"])
    #expect(try balances(bench) == [11000, 120])
    #expect(try bench.verify().findings.isEmpty)
  }

  /// The version that was held is the one that is posted when it leaves hold, not the one that waits for its month's end.
  @Test func whatLeavesHoldIsExplainedByItsOwnFile() throws {
    let bench = try monthly()
    #expect(try night(bench, "2026-03-10", sale(11000, cost: 100), sale(22000, cost: 110)) == 10)
    #expect(try night(bench, "2026-03-11") == 0)
    #expect(try night(bench, "2026-04-02") == 0)
    #expect(try balances(bench) == [22000, 110])
    let history = try #require(
      try DocumentHistory.find("S1", in: bench.workspace, language: .english).first)
    #expect(history.versions.last?.file?.name == "sales-2026-03-10-1.csv")
    let clock = try #require(RunClock(fixed: "2026-04-03T08:00:00+08:00"))
    let pipeline = Pipeline(bench.workspace, clock: clock)
    let preview = try bench.unlocked {
      try pipeline.preview(Reposting("sales", .documents(["S1"]), by: "", reason: ""))
    }
    #expect(preview?.unchanged == 1)
  }
}
