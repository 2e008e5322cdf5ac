import Foundation
import State
import Testing

@testable import Batch

/// What is known of a book's periods when the book, or `book:` of an interface, is another by now.
@Suite struct ChangedBookTests {
  private func sale(_ no: String, _ day: String, cost: Int? = 6000, state: String = "approved") -> Sale {
    Sale(no: no, day: day, state: state, rows: [Sale.Row(amount: 11000, tax: 1000, cost: cost)])
  }

  private func bench() throws -> Bench {
    let bench = try CorrectionTests.bench()
    try bench.write("mappings/books/main.yaml", Self.main(bench))
    return bench
  }

  /// With a document of March, which is closed.
  private func closedBench() throws -> Bench {
    let bench = try bench()
    try bench.drop("sales-1.csv", Sale.file([sale("S1", "2026-03-05")]))
    try bench.run(clock: "2026-04-01T06:00:00+08:00")
    guard case .done = try change(bench, .close(force: nil)) else {
      Issue.record("it was not closed")
      return bench
    }
    return bench
  }

  private static func main(_ bench: Bench) throws -> String { try bench.read("mappings/books/main.yaml") }

  private func change(_ bench: Bench, _ action: PeriodChange.Action, _ book: String? = nil) throws -> Decided<
    PeriodChange.Refusal
  > {
    let change = try #require(PeriodChange(action, "2026-03", book: book, by: "anna"))
    let clock = try #require(RunClock(fixed: "2026-04-10T08:00:00+08:00"))
    return try bench.unlocked { try Pipeline(bench.workspace, clock: clock).change(change) }
  }

  /// A book with another code and another name may be the one that is closed: nothing is posted there until somebody opens it.
  @Test func aClosedBookIsNotForgotten() throws {
    let bench = try closedBench()
    let book = try Self.main(bench)
    let renamed = book.replacing("code: T", with: "code: Z").replacing("book: main", with: "book: delta")
    try bench.write("mappings/books/main.yaml", renamed)
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("book: main", with: "book: delta"))
    try bench.drop("sales-2.csv", Sale.file([sale("S2", "2026-03-06")]))
    #expect(try bench.run(clock: "2026-04-11T06:00:00+08:00").exitCode == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == ["period-closed"])
    #expect(try bench.verify().findings.isEmpty)
    guard case .done = try change(bench, .open) else {
      Issue.record("it can't be opened")
      return
    }
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.isEmpty)
  }

  /// What waits since an interface posted to another book keeps both open.
  @Test(arguments: [false, true]) func whatWaitsKeepsTheOldBookOpenAndTheNewOne(_ gathers: Bool) throws {
    let bench = try bench()
    try bench.write(
      "mappings/books/branch.yaml",
      try Self.main(bench).replacing("book: main", with: "book: branch").replacing("code: T", with: "code: B")
    )
    var mapping = try bench.read("mappings/sales.yaml")
    if gathers { mapping = mapping.replacing("    code: C\n", with: "    code: C\n    gather: month\n") }
    try bench.write("mappings/sales.yaml", mapping)
    var other = mapping.replacing("interface: sales", with: "interface: other")
    other = other.replacing("code: SA", with: "code: OT").replacing("sales*.csv", with: "other*.csv")
    try bench.write("mappings/other.yaml", other)
    var sales = [sale("S1", "2026-03-05"), sale("S2", "2026-03-06", cost: nil)]
    sales += [sale("S3", "2026-03-07", state: "draft"), sale("S4", "2026-03-08")]
    sales[3].buyer = "C9"
    try bench.drop("sales-1.csv", Sale.file(sales))
    #expect(try bench.run(clock: "2026-03-20T06:00:00+08:00").exitCode == 10)
    try bench.write("mappings/sales.yaml", mapping.replacing("book: main", with: "book: branch"))
    for book in ["main", "branch"] {
      guard case .refused(.waiting(let waiting)) = try change(bench, .close(force: nil), book) else {
        Issue.record("\(book) was closed")
        continue
      }
      let all = ["held S4", "pending S2", "ignored S3"] + (gathers ? ["deferred S1"] : [])
      #expect(Set(waiting.map { "\($0.kind.rawValue) \($0.document)" }) == Set(all), "\(book)")
    }
  }

  /// A closing goes with the book through all that it was called in between, and not with one that has its name later.
  @Test(arguments: [false, true]) func aBookWithTheOldNameIsAnother(_ isInTwoSteps: Bool) throws {
    let bench = try closedBench()
    let book = try Self.main(bench)
    let mapping = try bench.read("mappings/sales.yaml")
    if isInTwoSteps {
      try bench.write("mappings/books/main.yaml", book.replacing("code: T", with: "code: Z"))
      try bench.drop("sales-2.csv", Sale.file([sale("S2", "2026-04-06")]))
      try bench.run(clock: "2026-04-11T06:00:00+08:00")
    }
    let renamed = book.replacing("code: T", with: "code: Z").replacing("book: main", with: "book: east")
    try bench.write("mappings/books/main.yaml", renamed)
    try bench.write("mappings/sales.yaml", mapping.replacing("book: main", with: "book: east"))
    try bench.drop("sales-3.csv", Sale.file([sale("S3", "2026-04-06")]))
    try bench.run(clock: "2026-04-12T06:00:00+08:00")
    try bench.write("mappings/books/new.yaml", book.replacing("code: T", with: "code: Y"))
    try bench.drop("sales-4.csv", Sale.file([sale("S4", "2026-03-06")]))
    #expect(try bench.run(clock: "2026-04-13T06:00:00+08:00").exitCode == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == ["period-closed"])
    #expect(
      try PeriodList.read(bench.workspace).map { "\($0.book) \($0.closedThrough ?? "-")" } == ["east 2026-03"]
    )
  }

  /// A book to which no interface posts any more may be closed, and is in the list then.
  @Test func aBookThatIsNotUsedMayBeClosed() throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Sale.file([sale("S1", "2026-03-05")]))
    try bench.run(clock: "2026-04-01T06:00:00+08:00")
    let branch = try Self.main(bench).replacing("book: main", with: "book: branch").replacing(
      "code: T", with: "code: B")
    try bench.write("mappings/books/branch.yaml", branch)
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("book: main", with: "book: branch"))
    guard case .done = try change(bench, .close(force: nil), "main") else {
      Issue.record("it was not closed")
      return
    }
    #expect(
      try PeriodList.read(bench.workspace).map { "\($0.book) \($0.closedThrough ?? "-")" }
        == ["branch -", "main 2026-03"])
  }

  /// Where no run was between two changes nobody can tell which of two new books is the closed one: both are.
  @Test func whereTwoBooksMayBeTheClosedOneBothAre() throws {
    let bench = try closedBench()
    let book = try Self.main(bench)
    try bench.write("mappings/books/main.yaml", book.replacing("code: T", with: "code: Z"))
    try bench.write(
      "mappings/books/alt.yaml",
      book.replacing("book: main", with: "book: alt").replacing("code: T", with: "code: Q"))
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("book: main", with: "book: alt"))
    #expect(
      try PeriodList.read(bench.workspace).map { "\($0.book) \($0.closedThrough ?? "-")" }
        == ["alt 2026-03", "main 2026-03"])
  }
}
