import Foundation
import Ledger
import Testing

@testable import Batch

/// Books that give their voucher numbers (凭证号) themselves.
@Suite struct OwnNumberTests {
  private func bench() throws -> Bench {
    let bench = try CorrectionTests.bench()
    try bench.write(
      "mappings/books/main.yaml",
      try bench.read("mappings/books/main.yaml").replacing("number: finance", with: "number: own"))
    return bench
  }

  private func sale(_ no: String, _ date: String, _ amount: Int = 11000, cost: Int? = nil) -> Sale {
    Sale(no: no, day: date, rows: [Sale.Row(amount: amount, tax: amount / 10, cost: cost)])
  }

  private func night(_ bench: Bench, _ date: String, _ sales: [Sale]) throws {
    try bench.drop("sales-\(date).csv", Sale.file(sales))
    _ = try bench.run(clock: "\(date)T06:00:00+08:00")
  }

  /// What is told of raised dates stands in the log in the order of the series, in every process.
  @Test func raisedDatesAreToldInOrder() throws {
    let bench = try bench()
    let months = ["01", "02", "03", "04", "05", "06", "07", "08"]
    try night(bench, "2026-09-01", months.map { sale("A" + $0, "2026-\($0)-20") })
    try night(bench, "2026-09-02", months.map { sale("B" + $0, "2026-\($0)-05") })
    let log = try bench.read("outbox/reconciliation_000002.jsonl").split(separator: "\n")
    let told = log.filter { $0.contains("voucher-date-raised") }.compactMap { line in
      line.firstRange(of: #/2026-\d\d-05/#).map { String(line[$0]) }
    }
    #expect(told == months.map { "2026-\($0)-05" })
  }

  /// The date that numbering raised a late voucher to is no other date.
  @Test func repostLeavesARaisedDateAlone() throws {
    let bench = try bench()
    try night(bench, "2026-03-21", [sale("S1", "2026-03-20")])
    try night(bench, "2026-03-22", [sale("S2", "2026-03-05", cost: 6000)])
    #expect(try numbers(bench).contains { $0.hasPrefix("2026-03 记 2 2026-03-20") })
    let pipeline = Pipeline(
      bench.workspace, clock: try #require(RunClock(fixed: "2026-03-23T06:00:00+08:00")))
    let march = Reposting("sales", .period(try #require(Period("2026-03"))), by: "", reason: "")
    let shown = try #require(try bench.unlocked { try pipeline.preview(march) })
    #expect(shown.changes.isEmpty && shown.unchanged == 2)
  }

  /// The preview shows the dates that the vouchers would have.
  @Test func thePreviewRaisesDatesAsTheRunWould() throws {
    let bench = try bench()
    try night(bench, "2026-03-21", [sale("S1", "2026-03-20")])
    try night(bench, "2026-03-22", [sale("S2", "2026-03-05")])
    let table = try bench.read("mappings/tables/income.csv")
    try bench.write("mappings/tables/income.csv", table.replacing("goods,sales", with: "goods,services"))
    let pipeline = Pipeline(
      bench.workspace, clock: try #require(RunClock(fixed: "2026-03-23T06:00:00+08:00")))
    let anew = Reposting("sales", .documents(["S2"]), by: "me", reason: "why")
    let shown = try #require(try bench.unlocked { try pipeline.preview(anew) })
    let dates = shown.changes.flatMap { $0.was + $0.becomes }.map(\.date)
    #expect(!dates.isEmpty && Set(dates) == ["2026-03-20"])
    _ = try bench.unlocked { try pipeline.repost(anew) }
    // What is taken back has the lower number, whatever the dates of the documents.
    let last = try numbers(bench).suffix(2)
    #expect(last.allSatisfy { $0.contains(" 2026-03-20 ") })
    let red = try #require(last.first?.split(separator: " ").last)
    let explained = try #require(try Explanation.find(String(red), in: bench.workspace))
    #expect(explained.documents[0].corrections.map(\.part) == [.reverses])
  }

  /// Number, date and ID of each voucher, in order of periods and numbers.
  private func numbers(_ bench: Bench) throws -> [String] {
    var all: [String] = []
    let register = try VoucherRegister(bench.workspace) {
      all.append("\($0.date.prefix(7)) \($0.type) \($0.number ?? 0) \($0.date) \($0.id)")
    }
    #expect(register.irregularities.isEmpty)
    return all.sorted()
  }

  @Test func numbersRunThroughAPeriodOverPostingsAndRuns() throws {
    let bench = try bench()
    try night(
      bench, "2026-03-21",
      [sale("S1", "2026-03-05", cost: 6000), sale("S2", "2026-03-01"), sale("S3", "2026-04-01")])
    try night(bench, "2026-03-22", [sale("S4", "2026-03-06"), sale("S5", "2026-04-02")])
    #expect(
      try numbers(bench) == [
        "2026-03 记 1 2026-03-01 T-SA-R-00000001", "2026-03 记 2 2026-03-05 T-SA-R-00000002",
        "2026-03 记 3 2026-03-05 T-SA-C-00000001", "2026-03 记 4 2026-03-06 T-SA-R-00000004",
        "2026-04 记 1 2026-04-01 T-SA-R-00000003", "2026-04 记 2 2026-04-02 T-SA-R-00000005",
      ])
    // The file has them in this order, and says them.
    let lines = try bench.read("outbox/main_sales_2026-03_000001.csv").split(separator: "\n").dropFirst()
    let ids = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).prefix(3) }
      .map { "\($0[2]) \($0[0])" }
    #expect(
      ids.reduce(into: []) { if $0.last != $1 { $0.append($1) } } == [
        "1 T-SA-R-00000001", "2 T-SA-R-00000002", "3 T-SA-C-00000001",
      ])
  }

  /// 制单序时: a late voucher has the date of the last number of its period.
  @Test func aLateVoucherTakesTheDateOfTheLastNumber() throws {
    let bench = try bench()
    try night(bench, "2026-03-21", [sale("S1", "2026-03-20")])
    try night(bench, "2026-03-22", [sale("S2", "2026-03-05"), sale("S3", "2026-03-21")])
    #expect(
      try numbers(bench) == [
        "2026-03 记 1 2026-03-20 T-SA-R-00000001", "2026-03 记 2 2026-03-20 T-SA-R-00000002",
        "2026-03 记 3 2026-03-21 T-SA-R-00000003",
      ])
    #expect(try RunEntry.last(1, of: bench.workspace)[0].summary?.findings["voucher-date-raised"] == 1)
    // What takes it back has the date that the voucher has, or a later one.
    try night(
      bench, "2026-03-23", [Sale(no: "S2", day: "2026-03-05", state: "void", rows: sale("S2", "").rows)])
    #expect(try numbers(bench).last == "2026-03 记 4 2026-03-21 T-SA-R-00000004")
  }

  /// Committed, and something is in the way of what is to be published: its vouchers are on the register already.
  @Test func aRunThatIsNotCarriedOutIsNoGap() throws {
    let bench = try bench()
    try night(bench, "2026-03-21", [sale("S1", "2026-03-20")])
    try bench.write("outbox/reconciliation_000002.txt", "in the way")
    try night(bench, "2026-03-22", [sale("S2", "2026-03-21")])
    var states: [String] = []
    let register = try VoucherRegister(bench.workspace) { states.append($0.state.rawValue) }
    #expect(register.irregularities.isEmpty)
    #expect(states == ["published", "posted"])
  }

  /// Each kind of harm to the register is found, and named.
  @Test func whatIsWrongIsFound() throws {
    let bench = try bench()
    try night(bench, "2026-03-21", [sale("S1", "2026-03-20")])
    try night(bench, "2026-03-22", [sale("S2", "2026-03-21")])
    #expect(try VoucherRegister(bench.workspace).irregularities.isEmpty)
    let path = "\(bench.folder)/archive/entries/000001.entries"
    let kept = try #require(FileManager.default.contents(atPath: path))
    try FileManager.default.removeItem(atPath: path)
    #expect(
      try VoucherRegister(bench.workspace).irregularities == [
        .unreadable(run: 1), .gap(series: "T-SA-R-", first: 1, last: 1),
        .gap(series: "T/2026-03/记", first: 1, last: 1),
      ])
    try (kept.dropLast() + [1]).write(to: URL(fileURLWithPath: path))
    #expect(try VoucherRegister(bench.workspace).irregularities.first == .unreadable(run: 1))
    try kept.write(to: URL(fileURLWithPath: path))
    #expect(try VoucherRegister(bench.workspace).irregularities.isEmpty)
  }

  /// No gap, no double, dates in order: over runs, runs that were dropped, corrections, and periods closed and opened.
  @Test(arguments: UInt64(1)...30) func noHistoryLeavesAGap(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let bench = try bench()
    try bench.write(
      "mappings/books/main.yaml",
      try bench.read("mappings/books/main.yaml").replacing(
        "closed_period: hold", with: "closed_period: next_open"))
    var closed = "0000-00"
    for night in 10...19 {
      let sales = ["S1", "S2", "S3", "S4", "S5"].shuffled(using: &random).prefix(
        Int.random(in: 1...4, using: &random)
      ).map { no in
        Sale(
          no: no,
          day: "2026-0\(Int.random(in: 3...5, using: &random))-0\(Int.random(in: 1...9, using: &random))",
          state: ["approved", "approved", "void", "draft"].randomElement(using: &random) ?? "",
          rows: [
            Sale.Row(
              amount: Int.random(in: 1...3, using: &random) * 10000,
              cost: [nil, 5000].randomElement(using: &random) ?? nil)
          ])
      }
      try bench.drop("sales-\(night).csv", Sale.file(sales))
      let before = try VoucherRegister(bench.workspace).series.filter { $0.name.contains("/\(closed)") }
      if Bool.random(using: &random) {
        // The work is dropped before the commit; the next call does it again.
        #expect(throws: WorldError.self) {
          try bench.run(clock: "2026-06-\(night)T01:00:00+08:00", stop: { true })
        }
      }
      _ = try bench.run(clock: "2026-06-\(night)T02:00:00+08:00")
      let after = try VoucherRegister(bench.workspace)
      #expect(after.irregularities.isEmpty, "seed \(seed), night \(night)")
      #expect(
        after.series.filter { $0.name.contains("/\(closed)") }.map(\.vouchers) == before.map(\.vouchers),
        "seed \(seed): a closed period changed")
      if Int.random(in: 0..<4, using: &random) == 0 {
        let period = "2026-0\(Int.random(in: 3...4, using: &random))"
        let action: PeriodChange.Action = period == closed ? .open : .close(force: "because")
        let change = try #require(PeriodChange(action, period, book: nil, by: "anna"))
        let clock = try #require(RunClock(fixed: "2026-06-\(night)T03:00:00+08:00"))
        let outcome = try bench.unlocked { try Pipeline(bench.workspace, clock: clock).change(change) }
        if case .done = outcome {
          closed = action == .open ? (period == "2026-04" ? "2026-03" : "0000-00") : period
        }
      }
    }
    #expect(try bench.verify().findings.isEmpty, "seed \(seed)")
  }
}
