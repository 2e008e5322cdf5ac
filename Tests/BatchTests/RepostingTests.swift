import Findings
import Foundation
import Ledger
import State
import Testing

@testable import Batch

/// What a person has posted anew by a changed mapping: nothing else applies it to what was posted.
@Suite struct RepostingTests {
  private let clock = "2026-03-25T06:00:00+08:00"

  private func bench(_ sales: [Sale]) throws -> Bench {
    let bench = try CorrectionTests.bench()
    try bench.drop("sales-21.csv", Sale.file(sales))
    #expect(try bench.run(clock: "2026-03-21T06:00:00+08:00").exitCode == 0)
    return bench
  }

  /// Services are booked elsewhere from now on.
  private func change(_ bench: Bench) throws {
    let table = try bench.read("mappings/tables/income.csv")
    try bench.write("mappings/tables/income.csv", table.replacing("service,services", with: "service,sales"))
  }

  private func sale(_ no: String, _ kind: String, day: String = "2026-03-01") -> Sale {
    Sale(no: no, day: day, rows: [Sale.Row(kind: kind, amount: 11000, tax: 1000, cost: 6000)])
  }

  private func preview(_ bench: Bench, _ selection: Reposting.Selection) throws -> Reposting.Preview? {
    let pipeline = Pipeline(bench.workspace, clock: try #require(RunClock(fixed: clock)))
    return try bench.unlocked { try pipeline.preview(Reposting("sales", selection, by: "", reason: "")) }
  }

  private func repost(_ bench: Bench, _ selection: Reposting.Selection) throws -> Decided<Reposting.Refusal> {
    let pipeline = Pipeline(bench.workspace, clock: try #require(RunClock(fixed: clock)))
    return try bench.unlocked {
      try pipeline.repost(Reposting("sales", selection, by: "li", reason: "account"))
    }
  }

  private func march() throws -> Reposting.Selection {
    .period(try #require(Period("2026-03")))
  }

  private func balance(_ bench: Bench, _ account: String) throws -> Int {
    try bench.vouchers().filter { $0.account == account }.reduce(0) { $0 + $1.debit - $1.credit }
  }

  @Test func onlyWhatTodaysMappingPostsOtherwiseIsPostedAnew() throws {
    let bench = try bench([
      sale("S1", "goods"), sale("S2", "service"), sale("S3", "service", day: "2026-02-27"),
    ])
    try change(bench)
    // A run alone applies it to nothing.
    #expect(try bench.run(clock: "2026-03-22T06:00:00+08:00").exitCode == 0)
    #expect(try balance(bench, "5002") == -20000)
    let before = try bench.vouchers()
    let shown = try #require(try preview(bench, march()))
    #expect(shown.changes.map(\.document) == ["S2"])
    #expect(shown.changes.map(\.posting) == ["revenue"])
    #expect(shown.unchanged == 1)
    #expect(Set(shown.changes[0].was.map(\.account)) == ["1122", "5002", "2221"])
    #expect(Set(shown.changes[0].becomes.map(\.account)) == ["1122", "5001", "2221"])
    #expect(try bench.vouchers() == before)

    guard case .done(let outcome) = try repost(bench, march()) else {
      Issue.record("refused")
      return
    }
    #expect(outcome.exitCode == 0)
    #expect(try balance(bench, "5002") == -10000)
    #expect(try balance(bench, "5001") == -20000)
    #expect(try balance(bench, "1122") == 33000)
    #expect(try balance(bench, "5401") == 18000)
    let run = try #require(outcome.runs.last?.number)
    let log = try bench.log(run: run)
    #expect(log.differences == ["0", "0.00"])
    #expect(log.amount("documents", "posted") == nil || log.amount("documents", "posted") == 0)
    let correction = try #require(
      try bench.state { try $0.corrections("sales", key: Array("S2".utf8)) }.first)
    #expect(correction.cause == .reposted)
    #expect(correction.postings.map { !$0.red.isEmpty } == [true, false])
    #expect(try bench.verify().findings.isEmpty)
    // Once more there is nothing to do; and the same documents again are repeated.
    guard case .refused(.nothing(let again)) = try repost(bench, march()) else {
      Issue.record("posted twice")
      return
    }
    #expect(again.unchanged == 2)
    try bench.drop("sales-26.csv", Sale.file([sale("S1", "goods"), sale("S2", "service")]))
    #expect(try bench.run(clock: "2026-03-26T06:00:00+08:00").exitCode == 0)
    #expect(try balance(bench, "5001") == -20000)
    // What is posted anew can be corrected like anything else.
    var changed = sale("S2", "service")
    changed.rows[0].amount = 5000
    try bench.drop("sales-27.csv", Sale.file([changed]))
    #expect(try bench.run(clock: "2026-03-27T06:00:00+08:00").exitCode == 0)
    #expect(try balance(bench, "5001") == -14000)
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func namedDocumentsAlone() throws {
    let bench = try bench([sale("S1", "service"), sale("S2", "service")])
    try change(bench)
    guard case .done = try repost(bench, .documents(["S2"])) else {
      Issue.record("refused")
      return
    }
    #expect(try balance(bench, "5002") == -10000)
    let shown = try #require(try preview(bench, .documents(["S1", "S9"])))
    #expect(shown.changes.map(\.document) == ["S1"] && shown.unknown == ["S9"])
    #expect(try preview(bench, .documents(["S2"]))?.unchanged == 1)
  }

  /// What speaks against a document leaves it as it was posted.
  @Test func whatTheMappingRefusesNowStands() throws {
    let bench = try bench([sale("S1", "service"), sale("S2", "service")])
    try change(bench)
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml").replacing(
        "checks:\n", with: "checks:\n  - reject unless number != \"S1\": \"no {number}\"\n"))
    let shown = try #require(try preview(bench, march()))
    #expect(shown.changes.map(\.document) == ["S2"])
    #expect(shown.findings.count == 1)
    guard case .done = try repost(bench, march()) else {
      Issue.record("refused")
      return
    }
    #expect(try balance(bench, "5002") == -10000)
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.isEmpty)
    #expect(try bench.state { try $0.openRejects(of: "sales") }.isEmpty)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// In a closed period nothing is posted: what takes back goes to the first open one, and the new one is held by the book.
  @Test func aClosedPeriodStaysClosed() throws {
    let bench = try bench([sale("S1", "service", day: "2026-02-27")])
    try change(bench)
    let pipeline = Pipeline(bench.workspace, clock: try #require(RunClock(fixed: clock)))
    let close = try #require(PeriodChange(.close(force: nil), "2026-02", book: nil, by: "li"))
    guard
      case .done = try bench.unlocked({
        try pipeline.change(close)
      })
    else {
      Issue.record("not closed")
      return
    }
    let february = try #require(Period("2026-02"))
    let shown = try #require(try preview(bench, .period(february)))
    #expect(shown.changes.isEmpty && shown.findings.map(\.code) == [.periodClosed])
    #expect(try balance(bench, "5002") == -10000)
  }

  @Test func whereTheArchiveIsGoneThatIsSaid() throws {
    let bench = try bench([sale("S1", "service")])
    try change(bench)
    for name in bench.files(in: "archive") where name.hasSuffix("sales-21.csv") {
      try bench.remove("archive/" + name)
    }
    let shown = try #require(try preview(bench, march()))
    #expect(shown.changes.isEmpty && shown.withoutRows == ["S1"])
  }
}
