import Findings
import Foundation
import State
import Testing

@testable import Batch

/// A document whose vouchers are in two books, one after the other: a number alone does not say which one it is in.
@Suite struct BooksHistoryTests {
  private func bench() throws -> Bench {
    let bench = try SeveralBooksTests().bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("  ignore: status", with: "  changed: reverse\n  ignore: status"))
    try bench.write("mappings/answer.yaml", AnswerTests.table)
    return bench
  }

  private func sale(_ no: String, _ buyer: String, _ amount: Int) -> Sale {
    Sale(no: no, buyer: buyer, rows: [Sale.Row(amount: amount)])
  }

  @discardableResult
  private func night(_ bench: Bench, _ day: Int, _ sales: [Sale], refused: [String] = []) throws -> Int32 {
    if !sales.isEmpty { try bench.drop("sales-\(day).csv", Sale.file(sales)) }
    if !refused.isEmpty {
      let lines = refused.map { "\($0),,failed,closed\n" }
      try bench.drop("answer-\(day).csv", "id,number,result,reason\n" + lines.joined())
    }
    return try bench.run(clock: "2026-03-1\(day)T06:00:00+08:00").exitCode
  }

  private func void(_ bench: Bench, _ id: String, _ day: Int) throws {
    let clock = try #require(RunClock(fixed: "2026-03-1\(day)T06:00:00+08:00"))
    let pipeline = Pipeline(bench.workspace, clock: clock)
    guard
      case .done = try bench.unlocked({
        try pipeline.void(VoucherVoiding(id, by: "me", reason: "wrong book"))
      })
    else {
      Issue.record("not voided")
      return
    }
  }

  private func vouchers(_ key: String, _ bench: Bench) throws -> [[String]] {
    let found = try DocumentHistory.find(key, in: bench.workspace, language: .english)
    return try #require(found.first).versions.map { version in
      [String(version.run), version.verdict.rawValue] + version.vouchers.map(\.voucher)
    }
  }

  private func receivables(_ bench: Bench) throws -> [String: Int] {
    let books = [("main", "1122"), ("branch", "92211")]
    return try Dictionary(
      uniqueKeysWithValues: books.map { book, account in
        (book, try SeveralBooksTests().files(bench, of: book).debits(account))
      })
  }

  @Test func whatWasVoidedInOneBookIsNotWhatStandsInTheOther() throws {
    let bench = try bench()
    try night(bench, 1, [sale("S1", "C1", 11000)])
    try night(bench, 2, [], refused: ["T-SA-R-00000001"])
    try void(bench, "T-SA-R-00000001", 3)
    #expect(try night(bench, 4, [sale("S1", "C2", 11000)]) == 0)
    #expect(
      try vouchers("S1", bench) == [
        ["1", "posted", "T-SA-R-00000001"], ["4", "posted", "B-SA-R-00000001"],
      ])
    // What is void is taken back by nothing.
    #expect(try night(bench, 5, [sale("S1", "C2", 12000)]) == 0)
    #expect(try receivables(bench) == ["main": 11000, "branch": 12000])
    #expect(
      try vouchers("S1", bench).last == ["5", "posted", "B-SA-R-00000003"])
    #expect(try bench.verify().findings.isEmpty)
  }

  /// That another document's voucher in the other book has the number, and was refused, is nothing to this one.
  @Test func aRefusedVoucherOfTheOtherBookIsNothingToIt() throws {
    let bench = try bench()
    try night(bench, 1, [sale("S1", "C1", 11000), sale("S2", "C2", 7000)])
    #expect(try night(bench, 2, [], refused: ["T-SA-R-00000001"]) == 10)
    try night(bench, 3, [sale("S2", "C2", 8000)])
    #expect(try receivables(bench) == ["main": 11000, "branch": 8000])
    #expect(try vouchers("S2", bench).last == ["3", "posted", "B-SA-R-00000003"])
    // And lost entries of the other book's run are none of its own.
    try night(bench, 4, [sale("S3", "C1", 500)])
    try night(bench, 5, [sale("S4", "C2", 600)])
    try bench.remove("archive/entries/000001.entries")
    try night(bench, 6, [sale("S4", "C2", 900)])
    #expect(try receivables(bench) == ["main": 11500, "branch": 8900])
  }

  @Test func whatMovesByAChangedMappingIsShownWithItsBooks() throws {
    let bench = try bench()
    try night(bench, 1, [sale("S1", "C1", 11000)])
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml", mapping.replacing("customer == \"C2\"", with: "customer == \"C1\""))
    let clock = try #require(RunClock(fixed: "2026-03-12T06:00:00+08:00"))
    let reposting = Reposting("sales", .documents(["S1"]), by: "", reason: "")
    let shown = try bench.unlocked { try Pipeline(bench.workspace, clock: clock).preview(reposting) }
    let changes = try #require(shown).changes
    #expect(changes.map(\.book) == ["main", "branch"])
    #expect(changes.map(\.voucher) == ["T-SA-R-00000001", ""])
    #expect(changes.map(\.becomes.isEmpty) == [true, false])
  }

  @Test func aDocumentThatMovesAndComesBackIsShownWhereItWas() throws {
    let bench = try bench()
    for (day, buyer) in ["C1", "C2", "C1", "C2"].enumerated() {
      #expect(try night(bench, day + 1, [sale("S1", buyer, 1000 * (day + 1))]) == 0)
    }
    #expect(
      try vouchers("S1", bench) == [
        ["1", "posted", "T-SA-R-00000001"], ["2", "posted", "B-SA-R-00000001"],
        ["3", "posted", "T-SA-R-00000003"], ["4", "posted", "B-SA-R-00000003"],
      ])
  }
}
