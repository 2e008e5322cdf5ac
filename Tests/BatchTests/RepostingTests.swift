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
    #expect(shown.findings.map(\.code) == [.repostKept] && shown.findings[0].severity == .warning)
    #expect(shown.findings[0].arguments == ["S1", "no S1"])
    guard case .done = try repost(bench, march()) else {
      Issue.record("refused")
      return
    }
    #expect(try balance(bench, "5002") == -10000)
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.isEmpty)
    #expect(try bench.state { try $0.openRejects(of: "sales") }.isEmpty)
    // Its log speaks neither of reject files nor of what a next run does.
    let log = try bench.read("outbox/reconciliation_000002.txt")
    #expect(log.contains("warning[repost-kept]: document S1 stays as it was posted"))
    #expect(!log.contains("check-failed") && !log.contains("rejected  S1"))
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
    #expect(shown.changes.isEmpty && shown.findings.map(\.code) == [.repostKept])
    #expect(shown.findings[0].arguments[1].contains("closed up to"))
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

  private func monthly(_ bench: Bench, _ isMonthly: Bool) throws {
    let mapping = try bench.read("mappings/sales.yaml")
    let line = "    when: present(cost)\n"
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing(line + "    gather: month\n", with: line)
        .replacing(line, with: isMonthly ? line + "    gather: month\n" : line))
  }

  private func run(_ bench: Bench, _ day: String) throws -> Int32 {
    try bench.run(clock: "\(day)T06:00:00+08:00").exitCode
  }

  private func isDone(_ outcome: Decided<Reposting.Refusal>) -> Bool {
    if case .done(let outcome) = outcome { outcome.exitCode == 0 } else { false }
  }

  /// What waits for its month's end goes on waiting, and is made once.
  @Test(arguments: [true, false])
  func whatWaitsForItsMonthIsMadeOnce(staysMonthly: Bool) throws {
    let bench = try CorrectionTests.bench()
    try monthly(bench, true)
    try bench.drop("sales-21.csv", Sale.file([sale("S1", "service"), sale("S2", "goods")]))
    #expect(try run(bench, "2026-03-21") == 0)
    try change(bench)
    try monthly(bench, staysMonthly)
    #expect(isDone(try repost(bench, march())))
    #expect(try balance(bench, "5002") == 0)
    #expect(try balance(bench, "5401") == (staysMonthly ? 0 : 12000))
    #expect(try bench.state { try $0.deferredSummary() }.isEmpty == !staysMonthly)
    #expect(try run(bench, "2026-04-02") == 0)
    #expect(try balance(bench, "5401") == 12000)
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func whatIsMadeByTheMonthFromNowOnIsTakenBackUntilThen() throws {
    let bench = try bench([sale("S1", "goods")])
    try monthly(bench, true)
    #expect(isDone(try repost(bench, march())))
    #expect(try balance(bench, "5401") == 0)
    #expect(try run(bench, "2026-04-02") == 0)
    #expect(try balance(bench, "5401") == 6000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// The month is over, and its run has not been made yet.
  @Test func aDueDocumentIsPostedAnewAsWell() throws {
    let bench = try CorrectionTests.bench()
    try monthly(bench, true)
    try bench.drop("sales-21.csv", Sale.file([sale("S1", "service")]))
    #expect(try run(bench, "2026-03-21") == 0)
    try change(bench)
    let pipeline = Pipeline(
      bench.workspace, clock: try #require(RunClock(fixed: "2026-04-02T06:00:00+08:00")))
    let all = Reposting("sales", try march(), by: "li", reason: "account")
    #expect(isDone(try bench.unlocked { try pipeline.repost(all) }))
    #expect(try balance(bench, "5002") == 0)
    #expect(try balance(bench, "5401") == 6000)
    #expect(try bench.state { try $0.deferredSummary() }.isEmpty)
  }

  /// The rows are those that were posted, never those of a version that is held.
  @Test func aHeldVersionIsNotWhatIsPostedAnew() throws {
    let bench = try Bench()
    try bench.drop("sales-21.csv", Sale.file([sale("S1", "service")]))
    #expect(try run(bench, "2026-03-21") == 0)
    var other = sale("S1", "service")
    other.rows[0].amount = 99000
    try bench.drop("sales-22.csv", Sale.file([other]))
    #expect(try run(bench, "2026-03-22") == 10)
    try change(bench)
    guard case .done = try repost(bench, march()) else {
      Issue.record("refused")
      return
    }
    #expect(try balance(bench, "5001") == -10000)
    #expect(try balance(bench, "1122") == 11000)
    #expect(try preview(bench, march())?.changes.isEmpty == true)
    #expect(try preview(bench, march())?.unchanged == 1)
  }

  @Test func whatTheMappingLeavesOutOrCallsOtherwiseIsTold() throws {
    let bench = try bench([sale("S1", "service")])
    try change(bench)
    let mapping = try bench.read("mappings/sales.yaml")
    for (old, new) in [
      ("ignore: status != \"approved\"", "ignore: status == \"approved\""),
      ("key: [number]", "key: [number, customer]"),
    ] {
      try bench.write("mappings/sales.yaml", mapping.replacing(old, with: new))
      let shown = try #require(try preview(bench, march()))
      // `withdrawn: reverse` takes back what is not to be posted any more.
      #expect(new.contains("key") ? shown.leftOut == ["S1"] : shown.changes.allSatisfy(\.becomes.isEmpty))
    }
    try bench.write("mappings/sales.yaml", mapping + "\nnonsense: yes\n")
    #expect(throws: WorldError.self) { try preview(bench, try march()) }
  }

  /// A posting whose entries are all zero has no voucher, before and after.
  @Test func whatIsNothingStaysNothing() throws {
    var gift = sale("S1", "service")
    (gift.rows[0].amount, gift.rows[0].tax) = (0, 0)
    let bench = try bench([gift])
    #expect(try preview(bench, march())?.changes.isEmpty == true)
    try change(bench)
    let shown = try #require(try preview(bench, march()))
    #expect(shown.changes.isEmpty && shown.unchanged == 1)
    // With another part of it posted anew, it is left as it is.
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml").replacing("debit: cost,", with: "debit: services,"))
    #expect(try preview(bench, march())?.changes.map(\.posting) == ["cost"])
    #expect(isDone(try repost(bench, march())))
    #expect(try preview(bench, march())?.changes.isEmpty == true)
    #expect(try balance(bench, "5002") == 6000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Posted anew and then gone from a snapshot for a while, it is not taken for an old export.
  @Test func whatWasPostedAnewIsNoOldVersion() throws {
    let bench = try bench([sale("S1", "service")])
    try change(bench)
    #expect(isDone(try repost(bench, march())))
    for (day, state) in [(26, "draft"), (27, "approved")] {
      var again = sale("S1", "service")
      again.state = state
      try bench.drop("sales-\(day).csv", Sale.file([again]))
      #expect(try run(bench, "2026-03-\(day)") == 0)
    }
    #expect(try balance(bench, "5001") == -10000)
  }
}
