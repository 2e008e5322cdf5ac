import Findings
import Foundation
import Testing

@testable import Batch

/// Codes by which what was posted is known, and that stand for something else by now.
@Suite struct TakenCodeTests {
  private static let fee = """
    postings:
      fee:
        code: C
        per: document
        date: date
        memo: "fee {number}"
        entries:
          - { debit: cost, amount: tax }
          - { credit: stock, amount: tax }

    """

  /// What a run says of the changed mapping; `nil` where it is done.
  private func faults(_ bench: Bench) throws -> [FindingCode]? {
    do {
      _ = try bench.run(clock: "2026-03-25T06:00:00+08:00")
      return nil
    } catch WorldError.definitions(let findings, _) {
      #expect(try CompiledDefinitions(of: bench.workspace).takenCodes(in: bench.workspace) == findings)
      return findings.map(\.code)
    }
  }

  private func posted() throws -> (bench: Bench, mapping: String) {
    let bench = try CorrectionTests.bench()
    try bench.drop("sales-1.csv", Sale.file([CorrectionTests.sale("S1", 11000)]))
    try bench.run()
    return (bench, try bench.read("mappings/sales.yaml"))
  }

  @Test func aCodeOfAnotherPostingIsAFault() throws {
    let (bench, mapping) = try posted()
    let swapped = mapping.replacing("    code: C", with: "    code: X").replacing(
      "    code: R", with: "    code: C"
    )
    .replacing("    code: X", with: "    code: R")
    try bench.write("mappings/sales.yaml", swapped)
    #expect(try faults(bench) == [.codeTaken, .codeTaken])
    // A new posting takes the code of one that has another now, at once or later.
    let moved = mapping.replacing("    code: C", with: "    code: D")
    try bench.write("mappings/sales.yaml", moved.replacing("postings:\n", with: Self.fee))
    #expect(try faults(bench) == [.codeTaken])
    try bench.write("mappings/sales.yaml", moved)
    #expect(try faults(bench) == nil)
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S2", 11000)]))
    #expect(try faults(bench) == nil)
    try bench.write("mappings/sales.yaml", moved.replacing("postings:\n", with: Self.fee))
    #expect(try faults(bench) == [.codeTaken])
    // Nothing was done by any of them.
    try bench.write("mappings/sales.yaml", mapping)
    #expect(try faults(bench) == nil)
    #expect(try bench.vouchers().debits("1122") == 22000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Codes by which nothing was posted are anybody's.
  @Test func aCodeThatWasNotUsedMayGoToAnotherPosting() throws {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.drop("sales-1.csv", Sale.file([CorrectionTests.sale("S1", 11000, state: "draft")]))
    try bench.run()
    let moved = mapping.replacing("    code: C", with: "    code: D")
    try bench.write("mappings/sales.yaml", moved.replacing("postings:\n", with: Self.fee))
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S2", 11000)]))
    #expect(try faults(bench) == nil)
  }

  @Test func aPostingMayHaveAnotherName() throws {
    let (bench, mapping) = try posted()
    let renamed = mapping.replacing("  cost:\n    code", with: "  goods_sold:\n    code")
    try bench.write("mappings/sales.yaml", renamed)
    try bench.drop(
      "sales-2.csv", Sale.file([CorrectionTests.sale("S1", 11000), CorrectionTests.sale("S2", 1)]))
    #expect(try faults(bench) == nil)
    #expect(try bench.vouchers().debits("5401") == 12000)
    // By now the old name is anybody's, with a code of its own.
    let fee = Self.fee.replacing("  fee:", with: "  cost:").replacing("code: C", with: "code: F")
    try bench.write("mappings/sales.yaml", renamed.replacing("postings:\n", with: fee))
    try bench.drop("sales-3.csv", Sale.file([CorrectionTests.sale("S3", 1)]))
    #expect(try faults(bench) == nil)
  }

  /// Which of two new postings is the old one nobody can tell.
  @Test func aNewNameBesideANewPostingIsAFault() throws {
    let (bench, mapping) = try posted()
    let moved = mapping.replacing("  cost:\n    code: C", with: "  goods_sold:\n    code: D")
    try bench.write("mappings/sales.yaml", moved.replacing("postings:\n", with: Self.fee))
    #expect(try faults(bench) == [.codeTaken])
  }

  @Test func aBookWithTheCodeOfAnotherIsAFault() throws {
    let (bench, _) = try posted()
    let book = try bench.read("mappings/books/main.yaml")
    let other = book.replacing("book: main", with: "book: other")
    try bench.write("mappings/books/other.yaml", other)
    try bench.write("mappings/books/main.yaml", book.replacing("code: T", with: "code: Z"))
    #expect(try faults(bench) == [.codeTaken])
    try bench.write("mappings/books/main.yaml", book)
    try bench.write("mappings/books/other.yaml", other.replacing("code: T", with: "code: Z"))
    #expect(try faults(bench) == nil)
  }

  @Test(arguments: ["own", "finance"]) func ownNumbersDoNotBeginAgain(_ number: String) throws {
    let bench = try Bench()
    let book = try bench.read("mappings/books/main.yaml").replacing(
      "number: finance", with: "number: \(number)")
    try bench.write("mappings/books/main.yaml", book)
    try bench.drop("sales-1.csv", Sale.file([CorrectionTests.sale("S1", 11000)]))
    try bench.run()
    try bench.write("mappings/books/main.yaml", book.replacing("code: T", with: "code: Z"))
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S2", 11000)]))
    #expect(try faults(bench) == (number == "own" ? [.bookCodeChanged] : nil))
  }

  /// A name that was changed may be changed back, whatever else is another now.
  @Test func aPostingMayHaveItsOldNameAgain() throws {
    let (bench, mapping) = try posted()
    let renamed = mapping.replacing("  cost:\n    code", with: "  goods_sold:\n    code")
    for (place, text) in [renamed, mapping + "\n# something else\n"].enumerated() {
      try bench.write("mappings/sales.yaml", text)
      try bench.drop("sales-1\(place).csv", Sale.file([CorrectionTests.sale("N\(place)", 100)]))
      #expect(try faults(bench) == nil)
    }
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What was taken out, and is not in the definitions of the last run, was not renamed.
  @Test func aCodeThatWasGivenUpStaysWithItsPosting() throws {
    let (bench, mapping) = try posted()
    let start = try #require(mapping.range(of: "  cost:\n    code"))
    let end = try #require(mapping.range(of: "\nwrite:"))
    let without = mapping.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: "").replacing(
      ", cost]", with: "]")
    try bench.write("mappings/sales.yaml", without)
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S2", 11000)]))
    #expect(try faults(bench) == nil)
    try bench.write("mappings/sales.yaml", without.replacing("postings:\n", with: Self.fee))
    #expect(try faults(bench) == [.codeTaken])
    try bench.write("mappings/sales.yaml", mapping)
    #expect(try faults(bench) == nil)
  }

  /// Voucher IDs would be taken for another interface's.
  @Test func anInterfaceWithTheCodeOfAnotherIsAFault() throws {
    let (bench, mapping) = try posted()
    let other = mapping.replacing("interface: sales", with: "interface: more").replacing(
      "sales*.csv", with: "more*.csv")
    try bench.write("mappings/more.yaml", other)
    try bench.write("mappings/sales.yaml", mapping.replacing("code: SA", with: "code: SB"))
    #expect(try faults(bench) == [.codeTaken])
    try bench.write("mappings/sales.yaml", mapping)
    try bench.write("mappings/more.yaml", other.replacing("code: SA", with: "code: SB"))
    #expect(try faults(bench) == nil)
  }

  /// A name that a renamed book has left may go to another one.
  @Test func aBookMayHaveTheNameThatAnotherHasLeft() throws {
    let (bench, mapping) = try posted()
    let book = try bench.read("mappings/books/main.yaml")
    let other = book.replacing("book: main", with: "book: other").replacing("code: T", with: "code: Z")
    try bench.write("mappings/books/other.yaml", other)
    try bench.write("mappings/sales.yaml", mapping.replacing("book: main", with: "book: other"))
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S2", 11000)]))
    #expect(try faults(bench) == nil)
    try bench.write("mappings/books/main.yaml", book.replacing("book: main", with: "book: alt"))
    try bench.drop("sales-3.csv", Sale.file([CorrectionTests.sale("S3", 11000)]))
    #expect(try faults(bench) == nil)
    try bench.write("mappings/books/other.yaml", other.replacing("book: other", with: "book: main"))
    try bench.write("mappings/sales.yaml", mapping)
    #expect(try faults(bench) == nil)
  }
}
