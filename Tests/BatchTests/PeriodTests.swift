import Foundation
import State
import Testing

@testable import Batch

/// Periods that are closed, and what becomes of documents that belong there.
@Suite struct PeriodTests {
  private func sale(
    _ no: String, _ date: String, _ amount: Int = 11000, cost: Int? = 6000, state: String = "approved"
  ) -> Sale {
    Sale(no: no, day: date, state: state, rows: [Sale.Row(amount: amount, tax: amount / 10, cost: cost)])
  }

  private func bench(_ policy: String = "hold") throws -> Bench {
    let bench = try CorrectionTests.bench()
    let book = try bench.read("mappings/books/main.yaml")
    try bench.write(
      "mappings/books/main.yaml", book.replacing("closed_period: hold", with: "closed_period: \(policy)"))
    return bench
  }

  private func night(_ bench: Bench, _ date: String, _ sales: [Sale]) throws -> Int32 {
    try bench.drop("sales-\(date).csv", Sale.file(sales))
    return try bench.run(clock: "\(date)T06:00:00+08:00").exitCode
  }

  @discardableResult
  private func change(
    _ bench: Bench, _ action: PeriodChange.Action, _ period: String, on date: String = "2026-05-10"
  ) throws -> Decided<PeriodChange.Refusal> {
    let change = try #require(PeriodChange(action, period, book: nil, by: "anna"))
    let clock = try #require(RunClock(fixed: "\(date)T08:00:00+08:00"))
    return try bench.unlocked { try Pipeline(bench.workspace, clock: clock).change(change) }
  }

  private func close(_ bench: Bench, _ period: String, force: String? = nil) throws -> Int? {
    if case .done(let outcome) = try change(bench, .close(force: force), period) {
      return outcome.runs.last?.summary?.findings["period-forced"] ?? 0
    }
    return nil
  }

  private func waiting(_ bench: Bench, _ period: String) throws -> [String] {
    guard case .refused(.waiting(let documents)) = try change(bench, .close(force: nil), period) else {
      return []
    }
    return documents.map { "\($0.kind.rawValue) \($0.document) \($0.date ?? "")" }
  }

  /// How often the last run found it.
  private func findings(_ bench: Bench, _ code: String) throws -> Int? {
    try RunEntry.last(1, of: bench.workspace)[0].summary?.findings[code]
  }

  /// What is closed is the book, whatever it is called.
  @Test func aBookThatIsRenamedStaysClosed() throws {
    let bench = try bench()
    #expect(try night(bench, "2026-04-01", [sale("S1", "2026-03-05")]) == 0)
    #expect(try close(bench, "2026-03") == 0)
    let before = try bench.vouchers()
    for file in ["mappings/books/main.yaml", "mappings/sales.yaml"] {
      try bench.write(file, try bench.read(file).replacing("book: main", with: "book: chief"))
    }
    #expect(
      try night(bench, "2026-04-02", [sale("S1", "2026-03-05", 22000), sale("S2", "2026-03-06")]) == 10)
    #expect(try bench.vouchers() == before)
    #expect(
      try PeriodList.read(bench.workspace).map { "\($0.book) \($0.closedThrough ?? "")" } == ["chief 2026-03"]
    )
    // Its name is known by what is done with it from now on.
    _ = try change(bench, .open, "2026-03")
    #expect(try PeriodList.read(bench.workspace).map(\.closedThrough) == ["2026-02"])
    #expect(try night(bench, "2026-04-03", []) == 0)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// A closing goes with the book's code where two books change their names, and closes all where nobody knows whose it was.
  @Test func aClosingGoesWithTheCode() throws {
    let bench = try bench()
    let book = try bench.read("mappings/books/main.yaml")
    try bench.write(
      "mappings/books/second.yaml",
      book.replacing("book: main", with: "book: second").replacing("code: T", with: "code: Z"))
    #expect(try night(bench, "2026-04-01", [sale("S1", "2026-03-05")]) == 0)
    let closing = try #require(PeriodChange(.close(force: nil), "2026-03", book: "main", by: "anna"))
    let clock = try #require(RunClock(fixed: "2026-04-01T08:00:00+08:00"))
    let outcome = try bench.unlocked { try Pipeline(bench.workspace, clock: clock).change(closing) }
    guard case .done = outcome else {
      Issue.record("\(outcome)")
      return
    }
    func closed() throws -> [String] {
      try PeriodList.read(bench.workspace).map { "\($0.book) \($0.closedThrough ?? "-")" }
    }
    #expect(try closed() == ["main 2026-03"])
    // Names, or codes, of two books at once: nobody can tell which.
    try bench.write("mappings/books/main.yaml", book.replacing("book: main", with: "book: second"))
    try bench.write("mappings/books/second.yaml", book.replacing("code: T", with: "code: Z"))
    #expect(try closed() == ["main -", "second 2026-03"])
    #expect(throws: WorldError.self) { try night(bench, "2026-04-02", [sale("S2", "2026-03-06")]) }
    try bench.write("mappings/books/main.yaml", book.replacing("book: main", with: "book: chief"))
    try bench.write(
      "mappings/books/second.yaml",
      book.replacing("book: main", with: "book: second").replacing("code: T", with: "code: Z"))
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("book: main", with: "book: chief"))
    #expect(try night(bench, "2026-04-02", [sale("S2", "2026-03-06")]) == 10)
    #expect(try findings(bench, "period-closed") == 1)
    #expect(try closed() == ["chief 2026-03"])
    // Of a book that has neither name nor code any more.
    try bench.write("mappings/books/main.yaml", book.replacing("book: main", with: "book: third"))
    try bench.write(
      "mappings/books/second.yaml",
      book.replacing("book: main", with: "book: fourth").replacing("code: T", with: "code: Z"))
    for name in bench.files(in: "archive/definitions") { try bench.remove("archive/definitions/" + name) }
    try bench.write("mappings/sales.yaml", mapping.replacing("book: main", with: "book: third"))
    #expect(try closed() == ["fourth 2026-03", "third 2026-03"])
  }

  @Test func aVoucherOfAClosedPeriodIsHeldUntilThatIsOpened() throws {
    let bench = try bench()
    #expect(try night(bench, "2026-04-01", [sale("S1", "2026-03-05")]) == 0)
    #expect(try close(bench, "2026-03") == 0)
    let before = try bench.vouchers()
    #expect(try night(bench, "2026-04-02", [sale("S2", "2026-03-31"), sale("S3", "2026-04-01")]) == 10)
    #expect(Set(try bench.vouchers().filter { !before.contains($0) }.map(\.source)) == ["S3"])
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map(\.causes) == [
        [
          HeldCause(code: "period-closed", arguments: ["S2", "2026-03-31", "main"])
        ]
      ])
    // Closed, it is closed: nothing changes by itself.
    #expect(try bench.run(clock: "2026-04-03T06:00:00+08:00").runs.isEmpty)
    try change(bench, .open, "2026-03")
    #expect(
      try bench.vouchers().filter { $0.source == "S2" && $0.account == "1122" }.map(\.date) == ["2026-03-31"])
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func closingAPeriodClosesAllBeforeItAndOpeningGoesBackwards() throws {
    let bench = try bench()
    _ = try night(bench, "2026-04-01", [sale("S1", "2026-03-05")])
    #expect(try close(bench, "2026-04") == 0)
    #expect(try night(bench, "2026-04-02", [sale("S2", "2026-01-31")]) == 10)
    guard case .refused(.notLast("2026-04")) = try change(bench, .open, "2026-03") else {
      Issue.record("An earlier period was opened before a later one")
      return
    }
    guard case .refused(.isOpen(through: "2026-04")) = try change(bench, .open, "2026-05") else {
      Issue.record("Opened though it is open")
      return
    }
    guard case .refused(.closed(through: "2026-04")) = try change(bench, .close(force: nil), "2026-03") else {
      Issue.record("Closed twice")
      return
    }
    guard case .refused(.future) = try change(bench, .close(force: nil), "2026-06") else {
      Issue.record("Closed before it began")
      return
    }
    try change(bench, .open, "2026-04")
    #expect(try PeriodList.read(bench.workspace).map(\.closedThrough) == ["2026-03"])
    #expect(try night(bench, "2026-04-03", [sale("S3", "2026-04-02")]) == 10)
    #expect(try bench.vouchers().contains { $0.source == "S3" })
  }

  @Test func nextOpenPutsTheVoucherOnTheFirstOpenDay() throws {
    let bench = try bench("next_open")
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml").replacing("start: 2026", with: "start: 2025"))
    _ = try night(bench, "2026-04-01", [sale("S1", "2026-03-05")])
    _ = try close(bench, "2026-03")
    #expect(try night(bench, "2026-04-02", [sale("S2", "2026-02-28"), sale("S3", "2026-04-02")]) == 0)
    let late = try bench.vouchers().filter { $0.source == "S2" }
    #expect(Set(late.map(\.date)) == ["2026-04-01"])
    #expect(late.debits("1122") == 11000)
    #expect(try findings(bench, "period-moved") == 1)
    // Over the end of a fiscal year nothing moves.
    #expect(try night(bench, "2026-04-03", [sale("S4", "2025-12-31")]) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == ["period-other-year"]
    )
  }

  @Test func rejectSendsItBack() throws {
    let bench = try bench("reject")
    _ = try night(bench, "2026-04-01", [sale("S1", "2026-03-05")])
    _ = try close(bench, "2026-03")
    #expect(try night(bench, "2026-04-02", [sale("S2", "2026-03-31")]) == 10)
    #expect(try bench.state { try $0.openRejects() }.map(\.cause.code) == ["period-closed"])
  }

  /// What takes back goes to the first open period, whatever the book says of new vouchers; the new one to its own.
  @Test func aRedVoucherGoesToTheFirstOpenPeriod() throws {
    let bench = try bench()
    _ = try night(bench, "2026-04-01", [sale("S1", "2026-03-05"), sale("S2", "2026-03-06")])
    _ = try close(bench, "2026-03")
    let before = try bench.vouchers()
    #expect(try night(bench, "2026-04-02", [sale("S1", "2026-03-05", state: "void")]) == 0)
    let red = try bench.vouchers().filter { !before.contains($0) }
    #expect(Set(red.map(\.date)) == ["2026-04-01"])
    #expect(red.debits("1122") == -11000)
    // Changed, it would need a new voucher in the closed period: held whole, nothing is taken back.
    #expect(try night(bench, "2026-04-03", [sale("S2", "2026-03-06", 22000)]) == 10)
    #expect(try bench.vouchers().count == before.count + red.count)
    // With a date in the open period, the red one is of its first day, and the new one of its own.
    #expect(try night(bench, "2026-04-04", [sale("S2", "2026-04-03", 22000)]) == 0)
    let corrected = try bench.vouchers().filter { $0.source == "S2" && $0.account == "1122" }
    #expect(corrected.map(\.date) == ["2026-03-06", "2026-04-01", "2026-04-03"])
    #expect(corrected.map(\.debit) == [11000, -11000, 22000])
  }

  @Test func closingIsRefusedWhileSomethingIsInNoVoucher() throws {
    let bench = try bench()
    _ = try night(
      bench, "2026-04-01",
      [
        sale("S1", "2026-03-05"), sale("S2", "2026-03-06", cost: nil),
        sale("S3", "2026-03-07", state: "draft"), sale("S4", "2026-04-01", cost: nil),
      ])
    #expect(try waiting(bench, "2026-03") == ["pending S2 2026-03-06", "ignored S3 2026-03-07"])
    #expect(try waiting(bench, "2026-02").isEmpty)
    #expect(try PeriodList.read(bench.workspace)[0].closedThrough == "2026-02")
    // The draft is approved, the cost comes.
    _ = try night(bench, "2026-04-02", [sale("S3", "2026-03-07"), sale("S2", "2026-03-06", cost: 500)])
    #expect(try bench.state { try $0.unposted().map(\.key) } == [Array("S4".utf8)])
    #expect(try close(bench, "2026-03") == 0)
    #expect(try waiting(bench, "2026-04") == ["pending S4 2026-04-01"])
    #expect(try close(bench, "2026-04", force: "the auditor agreed") == 1)
    let event = try #require(try bench.state { try $0.periodEvents() }.first)
    #expect(event.reason == "the auditor agreed")
    #expect((event.by, event.waiting, event.run) == ("anna", 1, 5))
    #expect(try findings(bench, "period-forced") == 1)
    // What waited goes by the book from now on.
    #expect(try night(bench, "2026-05-02", [sale("S4", "2026-04-01", cost: 500)]) == 10)
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func aMonthlyPostingKeepsItsMonthOpenAndWaitsOnWhereItWasForced() throws {
    let bench = try bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("    per: [date]", with: "    gather: month\n    per: [date]"))
    _ = try night(bench, "2026-03-20", [sale("S1", "2026-03-05")])
    guard
      case .refused(.waiting(let list)) = try change(
        bench, .close(force: nil), "2026-03", on: "2026-03-25")
    else {
      Issue.record("The month's end was not waited for")
      return
    }
    #expect(list.map(\.kind) == [.deferred])
    try change(bench, .close(force: "early"), "2026-03", on: "2026-03-25")
    #expect(try bench.run(clock: "2026-04-01T06:00:00+08:00").exitCode == 10)
    #expect(try bench.vouchers().debits("5401") == 0)
    try change(bench, .open, "2026-03")
    #expect(try bench.vouchers().debits("5401") == 6000)
  }

  /// The archive proves who closed what: a state made again from it knows it.
  @Test func closedPeriodsComeBackFromTheArchive() throws {
    let bench = try bench()
    _ = try night(
      bench, "2026-04-01",
      [
        sale("S1", "2026-03-05"), sale("S2", "2026-04-06", cost: nil),
        sale("S3", "2026-04-07", state: "draft"),
      ])
    _ = try close(bench, "2026-03")
    let before = try bench.state { try $0.dump() }
    try FileManager.default.removeItem(atPath: bench.workspace.state.description)
    _ = try bench.unlocked { try Rebuild(bench.workspace, clock: RunClock()) }
    #expect(try bench.state { try $0.dump() } == before)
    #expect(before.contains("\tmain\t2026-03\tclosed\tanna\t"))
  }

  /// What somebody has said is right is so when its period is open again, unless another version has come.
  @Test(arguments: [false, true]) func whatIsAcceptedIsSoWhenThePeriodIsOpened(_ isOvertaken: Bool) throws {
    let bench = try bench()
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml").replacing("changed: reverse", with: "changed: hold"))
    #expect(try night(bench, "2026-04-01", [sale("S1", "2026-03-05")]) == 0)
    #expect(try night(bench, "2026-04-02", [sale("S1", "2026-03-05", 22000)]) == 10)
    #expect(try close(bench, "2026-03", force: "the month is over") == 1)
    let clock = try #require(RunClock(fixed: "2026-05-10T09:00:00+08:00"))
    let acceptance = Dismissal(.accepted(interface: nil, key: "S1"), by: "anna", reason: "it is")
    guard
      case .done = try bench.unlocked({ try Pipeline(bench.workspace, clock: clock).dismiss(acceptance) })
    else {
      Issue.record("Not accepted")
      return
    }
    let held = try #require(try bench.state { try $0.heldDocument("sales", key: Array("S1".utf8)) })
    #expect(held.causes.map(\.code) == ["period-closed", "document-accepted"])
    let later = sale("S1", "2026-03-05", 33000)
    if isOvertaken { #expect(try night(bench, "2026-05-11", [later]) == 10) }
    try change(bench, .open, "2026-03", on: "2026-05-12")
    #expect(try bench.vouchers().debits("1122") == (isOvertaken ? 11000 : 22000))
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes.map(\.code) }
        == (isOvertaken ? [["document-changed"]] : []))
    #expect(try bench.verify().findings.isEmpty)
  }
}
