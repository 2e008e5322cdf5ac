import Findings
import Foundation
import Reconciliation
import State
import Testing

@testable import Batch

/// A posting with `gather: month` is made when the month is over: one set of vouchers, from what came last of each
/// document; until then it is pending, and every cent of it is accounted for.
@Suite struct GatherMonthTests {
  private static func sale(_ no: String, _ cost: Int?, buyer: String = "C1", day: String = "2026-03-10")
    -> Sale
  {
    Sale(no: no, day: day, buyer: buyer, rows: [Sale.Row(amount: 11300, tax: 1300, cost: cost)])
  }

  private static func clock(_ day: String) -> String { "2026-\(day)T02:00:00+08:00" }

  /// Cost is posted when the month is over: a voucher for each customer.
  static func bench(days: Int? = nil) throws -> Bench {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    let monthly = """
          gather: month
          per: [customer]
          date: month_end(date)
          memo: "cost of {customer}"
      """
    let changed = mapping.replacing(
      "    per: [date]\n    date: date\n    memo: \"cost of {date}\"", with: monthly)
    try #require(changed != mapping)
    try bench.write("mappings/sales.yaml", changed)
    if let days {
      let book = try bench.read("mappings/books/main.yaml")
      try bench.write("mappings/books/main.yaml", book + "gather_days: \(days)\n")
    }
    return bench
  }

  @discardableResult
  private func night(_ bench: Bench, _ day: String, _ sales: [Sale]...) throws -> Pipeline.Outcome {
    for (number, file) in sales.enumerated() where !file.isEmpty {
      try bench.drop("sales-\(day)-\(number).csv", Sale.file(file))
    }
    let outcome = try bench.run(clock: Self.clock(day))
    for run in outcome.runs {
      #expect(
        try bench.log(run: run.number).differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    }
    return outcome
  }

  /// How many documents wait for the end of a month.
  private func waiting(_ bench: Bench) throws -> Int {
    try bench.state { try $0.deferredSummary().reduce(0) { $0 + $1.count } }
  }

  private func costs(_ bench: Bench) throws -> Int { try bench.vouchers().debits("5401") }

  /// What waits for the end of its month and comes again dated in one that is over is made at once, and not once more.
  @Test(arguments: [6000, 6100]) func aDocumentThatMovesToAMonthThatIsOver(_ cost: Int) throws {
    let bench = try Self.bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("  ignore: status", with: "  changed: reverse\n  ignore: status"))
    try night(bench, "03-20", [Self.sale("S1", 6000)])
    try night(bench, "03-21", [Self.sale("S1", cost, day: "2026-02-10")])
    #expect(try costs(bench) == cost)
    #expect(try waiting(bench) == 0)
    try night(bench, "04-02")
    #expect(try costs(bench) == cost)
    // And back: what was made is taken back, and made again when this month is over.
    try night(bench, "04-03", [Self.sale("S1", cost, day: "2026-04-02")])
    #expect(try costs(bench) == 0)
    try night(bench, "05-02")
    #expect(try costs(bench) == cost)
  }

  @Test func oneSetOfVouchersWhenTheMonthIsOver() throws {
    let bench = try Self.bench()
    try night(bench, "03-20", [Self.sale("S1", 6000), Self.sale("S2", 3000, buyer: "C2")])
    try night(bench, "03-31", [Self.sale("S3", 500)])
    #expect(try bench.vouchers().debits("1122") == 33900)
    #expect(try costs(bench) == 0)
    #expect(try bench.log(run: 1).amount("cost", "pending") == 9000)
    #expect(try waiting(bench) == 3)
    #expect(try WorkspaceStatus(bench.workspace).deferred.map(\.documents) == [3])

    let end = try night(bench, "04-01")
    #expect(end.runs.map(\.number) == [3] && end.exitCode == 0)
    let vouchers = try bench.vouchers().filter { $0.account == "5401" }
    #expect(vouchers.map(\.debit).sorted() == [3000, 6500])
    #expect(vouchers.allSatisfy { $0.date == "2026-03-31" })
    let log = try bench.log(run: 3)
    #expect(["released", "posted"].map { log.amount("cost", $0) } == [9500, 9500])
    #expect(["read", "released", "posted"].map { log.amount("documents", $0) } == [0, 0, 0])
    #expect(log.amount("gross", "posted") == 0)
    #expect(try waiting(bench) == 0)
    // And not once more.
    #expect(try night(bench, "04-02").runs.isEmpty)
    try night(bench, "04-02", [Self.sale("S1", 6000)])
    #expect(try costs(bench) == 9500)
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func aNumberOfDaysAfterItsEnd() throws {
    let bench = try Self.bench(days: 5)
    try night(bench, "03-20", [Self.sale("S1", 6000)])
    #expect(try night(bench, "04-04").runs.isEmpty)
    #expect(try night(bench, "04-04", [Self.sale("S2", 500)]).exitCode == 0)
    #expect(try costs(bench) == 0)
    try night(bench, "04-05")
    #expect(try costs(bench) == 6500)
  }

  @Test func whatComesLastOfADocumentCounts() throws {
    let bench = try Self.bench()
    try night(bench, "03-20", [Self.sale("S1", 6000), Self.sale("S2", 100)])
    try night(bench, "03-21", [Self.sale("S1", 6000)])
    #expect(try bench.log(run: 2).amount("documents", "repeated") == 1)
    // The cost is calculated anew, and then as it was.
    try night(bench, "03-22", [Self.sale("S1", 7000)])
    let log = try bench.log(run: 3)
    #expect(log.amount("gross", "repeated") == 11300 && log.amount("cost", "pending") == 7000)
    #expect(log.amount("cost", "released") == 6000 && log.amount("cost", "ignored") == 6000)
    try night(bench, "03-23", [Self.sale("S1", 6000)])
    // Twice in one run.
    try night(bench, "03-24", [Self.sale("S1", 8000)], [Self.sale("S1", 9000)])
    #expect(try waiting(bench) == 2)
    try night(bench, "04-01")
    #expect(try costs(bench) == 9100)
    #expect(try bench.vouchers().debits("1122") == 22600)
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func theRunThatMakesThemTakesWhatItBrings() throws {
    let bench = try Self.bench()
    try night(bench, "03-20", [Self.sale("S1", 6000), Self.sale("S2", 100)])
    try night(
      bench, "04-01", [Self.sale("S1", 7000), Self.sale("S2", 100), Self.sale("S3", 10)],
      [Self.sale("A1", 1, day: "2026-04-01")])
    #expect(try costs(bench) == 7110)
    #expect(try waiting(bench) == 1)
    // From now on a change is a change.
    let late = try night(bench, "04-02", [Self.sale("S1", 8000)])
    #expect(late.exitCode == 10 && late.heldDocuments == 1)
    // A document that comes late has a voucher of its own.
    try night(bench, "04-03", [Self.sale("S4", 20)])
    try night(bench, "05-01")
    #expect(try costs(bench) == 7131)
  }

  @Test func aValueThatIsFilledInBeforeTheMonthIsOver() throws {
    let bench = try Self.bench()
    try night(bench, "03-20", [Self.sale("S1", nil)])
    #expect(try waiting(bench) == 0)
    try night(bench, "03-22", [Self.sale("S1", 6000)])
    #expect(try waiting(bench) == 1)
    try night(bench, "04-01")
    #expect(try costs(bench) == 6000)
    #expect(try bench.vouchers().debits("1122") == 11300)
  }

  @Test func whatLeavesHoldWaitsToo() throws {
    let bench = try Self.bench()
    try night(bench, "03-20", [Self.sale("S1", 6000, buyer: "C9")])
    #expect(try waiting(bench) == 0)
    try bench.write("mappings/tables/customers.csv", "code,name\nC1,Huaxin\nC2,Jinyuan\nC9,Hengda\n")
    try night(bench, "03-21")
    #expect(try waiting(bench) == 1)
    #expect(try bench.vouchers().debits("1122") == 11300)
    try night(bench, "04-01")
    #expect(try costs(bench) == 6000)
  }

  /// What can't be made stays as it is, needs a person each night, and is made once nothing speaks against it.
  @Test func whatCannotBeMadeWaitsForAPerson() throws {
    let bench = try Self.bench()
    try night(bench, "03-20", [Self.sale("S1", 6000), Self.sale("S2", 100, buyer: "C2")])
    let customers = try bench.read("mappings/tables/customers.csv")
    try bench.write("mappings/tables/customers.csv", "code,name\nC2,Jinyuan\n")
    let end = try night(bench, "04-01")
    #expect(end.exitCode == 10 && end.overdueDocuments == 1)
    #expect(try costs(bench) == 100)
    #expect(try bench.read("outbox/reconciliation_000002.txt").contains("C1"))
    #expect(try night(bench, "04-02").exitCode == 10)
    let status = try WorkspaceStatus(bench.workspace)
    #expect(status.needsPerson)
    try bench.write("mappings/tables/customers.csv", customers)
    #expect(try night(bench, "04-03").exitCode == 0)
    #expect(try costs(bench) == 6100)
    #expect(try waiting(bench) == 0)
  }

  /// Of two monthly postings one is revised: the other is made all the same.
  @Test func severalMonthlyPostings() throws {
    let bench = try Self.bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing(
        "write:\n",
        with: """
            levy:
              code: L
              gather: month
              per: document
              date: month_end(date)
              memo: "levy on {number}"
              entries:
                - { debit: cost, amount: tax }
                - { credit: receivables, amount: tax, by: { customer: customer } }

          write:

          """))
    try night(bench, "03-20", [Self.sale("S1", 6000), Self.sale("S2", nil), Self.sale("S3", 500)])
    // One revised, one filled in.
    try night(bench, "03-21", [Self.sale("S1", 7000), Self.sale("S2", 200)])
    #expect(try waiting(bench) == 3)
    // And one revised in the run that makes them.
    try night(bench, "04-01", [Self.sale("S3", 600)])
    #expect(try costs(bench) == 7000 + 200 + 600 + 3 * 1300)
    #expect(try waiting(bench) == 0)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// A document that is void before its month is over has nothing made of it, in whatever way it comes.
  @Test func whatIsVoidIsNotMade() throws {
    func off(_ no: String, _ cost: Int) -> Sale {
      var sale = Self.sale(no, cost)
      sale.state = "void"
      return sale
    }
    let bench = try Self.bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("ignore: status", with: "void: status == \"void\"\n  ignore: status"))
    try night(bench, "03-20", (1...6).map { Self.sale("S\($0)", 100 * $0) })
    #expect(try waiting(bench) == 6)
    // The revenue of a void document is taken back; what still waited of it is not made.
    try night(bench, "03-21", [off("S1", 100), off("S2", 999)])
    #expect(try waiting(bench) == 4)
    let log = try bench.log(run: 2)
    #expect(log.amount("cost", "released") == 300)
    #expect(try bench.read("outbox/reconciliation_000002.txt").contains("monthly-withdrawn"))
    // One comes again as it was: a person must say whether that is an old export.
    try night(bench, "03-22", [Self.sale("S2", 200)])
    #expect(try waiting(bench) == 4)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map(\.causes.first?.code) == ["document-reverted"]
    )
    // New and void in one night.
    try night(bench, "03-23", [Self.sale("N1", 5000)], [off("N1", 5000)])
    // Void in the very run that makes the month's vouchers.
    try night(bench, "04-01", [off("S3", 300)])
    #expect(try costs(bench) == 400 + 500 + 600)
    #expect(try waiting(bench) == 0)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Not approved any more, with the same content: nothing is made until it is approved again.
  @Test func whatIsNotApprovedAnyMoreIsNotMade() throws {
    let bench = try Self.bench()
    var draft = Self.sale("S1", 6000)
    draft.state = "draft"
    try night(bench, "03-20", [Self.sale("S1", 6000), Self.sale("S2", 100)])
    try night(bench, "03-21", [draft])
    #expect(try waiting(bench) == 1)
    try night(bench, "03-21", [draft])
    try night(bench, "03-22", [Self.sale("S1", 6000)])
    #expect(try waiting(bench) == 2)
    try night(bench, "03-23", [draft])
    try night(bench, "04-01")
    #expect(try costs(bench) == 100)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What would break a format's contract at the end of the month is told when it comes, of its own document alone.
  @Test func aContractIsHeldAgainstItWhenItComes() throws {
    let bench = try Self.bench()
    let profile = try bench.read("mappings/profiles/vouchers.yaml")
    try bench.write(
      "mappings/profiles/vouchers.yaml", profile.replacing("bytes_max: 200", with: "bytes_max: 12"))
    try bench.write("mappings/tables/customers.csv", "code,name\nC1,Huaxin\nC2222222,Jinyuan\n")
    let first = try night(bench, "03-20", [Self.sale("S1", 100), Self.sale("S2", 100, buyer: "C2222222")])
    #expect(first.exitCode == 10)
    #expect(try bench.log(run: 1).amount("documents", "rejected") == 1)
    #expect(try night(bench, "04-01").exitCode == 0)
    #expect(try costs(bench) == 100)
  }

  @Test func aLostStateIsMadeAgainWithWhatWaits() throws {
    let bench = try Self.bench()
    try night(bench, "03-20", [Self.sale("S1", 6000), Self.sale("S2", 100)])
    try night(bench, "03-21", [Self.sale("S2", 200)])
    let before = try bench.state { try $0.dump() }
    try bench.remove(".tallyman/state.sqlite")
    let clock = try #require(RunClock(fixed: Self.clock("03-22")))
    _ = try bench.unlocked { try Rebuild(bench.workspace, clock: clock) }
    #expect(try bench.state { try $0.dump() } == before)
    try night(bench, "04-01")
    #expect(try costs(bench) == 6200)
  }

  /// Whatever the order of nights and files: in the end the cost of each document is posted once, as it came last before
  /// its month was over.
  @Test(arguments: 0..<12) func anyHistory(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
    let bench = try Self.bench(days: 1 + below(3))
    var latest: [String: Int] = [:]
    for day in 20...28 {
      var files: [[Sale]] = []
      for _ in 0..<below(3) {
        let numbers = Set((0..<below(5)).map { _ in below(8) }).sorted()
        files.append(
          numbers.map { number in
            let cost = below(4) == 0 && latest["S\(number)"] == nil ? nil : 100 * (1 + below(3))
            if let cost { latest["S\(number)"] = cost }
            return Self.sale("S\(number)", cost, buyer: "C\(1 + number % 2)")
          })
      }
      for (number, file) in files.enumerated() where !file.isEmpty {
        try night(bench, "03-\(day)", number == 0 ? file : [], number == 0 ? [] : file)
      }
    }
    #expect(try costs(bench) == 0)
    try night(bench, "04-01")
    try night(bench, "04-04")
    #expect(try costs(bench) == latest.values.reduce(0, +), "seed \(seed)")
    #expect(try waiting(bench) == 0)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What the month's end has posted may not have been there in an older export: a person must say.
  @Test func aCostThatIsGoneAfterTheMonthIsHeld() throws {
    let bench = try Self.bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml", mapping.replacing("document:\n", with: "document:\n  changed: reverse\n"))
    #expect(try night(bench, "03-10", [Self.sale("S1", nil)]).exitCode == 0)
    #expect(try night(bench, "03-11", [Self.sale("S1", 700)]).exitCode == 0)
    #expect(try night(bench, "04-01", [Self.sale("S2", nil, day: "2026-04-01")]).exitCode == 0)
    #expect(try costs(bench) == 700)
    #expect(try night(bench, "04-02", [Self.sale("S1", nil)]).exitCode == 10)
    #expect(try costs(bench) == 700)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes.map(\.code) }
        == [["document-reverted"]])
  }
}
