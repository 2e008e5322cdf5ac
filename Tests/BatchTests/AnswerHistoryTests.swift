import Findings
import Foundation
import Ledger
import State
import Testing

@testable import Batch

/// What follows from answers later: for the numbers of a book, and for what is an old version of a document.
@Suite struct AnswerHistoryTests {
  private func drop(_ bench: Bench, _ name: String, _ lines: [String]) throws {
    try bench.drop(name, (["id,number,result,reason"] + lines).map { $0 + "\n" }.joined())
  }

  @discardableResult
  private func run(_ bench: Bench, _ day: Int) throws -> Int32 {
    try bench.run(clock: "2026-03-\(day)T06:00:00+08:00").exitCode
  }

  private func findings(_ bench: Bench) throws -> [String: Int] {
    try RunEntry.last(1, of: bench.workspace)[0].summary?.findings ?? [:]
  }

  /// Numbers that a book gives itself have no gap only where the finance system keeps them, however it writes them.
  @Test func aNumberThatTheFinanceSystemDidNotKeep() throws {
    let bench = try AnswerTests().bench()
    try bench.write(
      "mappings/books/main.yaml",
      try bench.read("mappings/books/main.yaml").replacing("number: finance", with: "number: own"))
    try bench.drop(
      "sales-1.csv",
      Sale.file(["S1", "S2", "S3"].map { CorrectionTests.sale($0, 11000, cost: nil) }))
    try run(bench, 21)
    try drop(
      bench, "answer-1.csv",
      ["T-SA-R-00000001,记字第1号,ok,", "T-SA-R-00000002,记-0005,ok,", "T-SA-R-00000003,,ok,"])
    #expect(try run(bench, 22) == 0)
    #expect(try findings(bench)["number-differs"] == 1)
    #expect(
      try bench.read("outbox/reconciliation_000002.txt").contains(
        "T-SA-R-00000002 has number 记-2 here and 记-0005"))
    // The same answer again says nothing new.
    try drop(bench, "answer-2.csv", ["T-SA-R-00000002,记-0005,ok,"])
    try run(bench, 23)
    #expect(try findings(bench)["number-differs"] == nil)
  }

  /// That a voucher without a number is there already is no refusal; refused under a number it comes back.
  @Test func aRefusalWithANumberContradictsAnAnswerWithoutOne() throws {
    let bench = try AnswerTests().bench()
    try bench.drop("sales-1.csv", Sale.file([CorrectionTests.sale("S1", 11000)]))
    try run(bench, 21)
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,,ok,"])
    try run(bench, 22)
    try drop(bench, "answer-2.csv", ["T-SA-R-00000001,,failed,there already"])
    #expect(try run(bench, 23) == 0)
    #expect(
      try bench.read("outbox/reconciliation_000003.txt").contains(
        "T-SA-R-00000001 was acknowledged before, as number -"))
    try drop(bench, "answer-3.csv", ["T-SA-R-00000001,,failed,odd", "T-SA-R-00000001,7,ok,"])
    #expect(try run(bench, 24) == 10)
    #expect(try findings(bench)["answer-contradicts"] == 1)
  }

  /// What was refused and voided was a version of the document too: once another one, or a void one, has come, it is old.
  @Test(arguments: [nil, 6000], ["void", "approved"])
  func aVoidedVersionIsOldOnceAnotherHasCome(_ cost: Int?, _ state: String) throws {
    let bench = try AnswerTests().bench()
    let first = CorrectionTests.sale("S1", 11000, cost: cost)
    try bench.drop("sales-1.csv", Sale.file([first]))
    try run(bench, 21)
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,,failed,x"])
    try run(bench, 22)
    let clock = try #require(RunClock(fixed: "2026-03-22T08:00:00+08:00"))
    _ = try bench.unlocked {
      try Pipeline(bench.workspace, clock: clock).void(
        VoucherVoiding("T-SA-R-00000001", by: "anna", reason: "wrong"))
    }
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 22000, cost: cost, state: state)]))
    #expect(try run(bench, 23) == 0)
    let before = try bench.vouchers()
    try bench.drop("sales-3.csv", Sale.file([first]))
    #expect(try run(bench, 24) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == [
        "document-reverted"
      ])
    #expect(try bench.vouchers() == before)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// The void version is held while the voucher is refused, and is let go of in the run that voids it.
  @Test func aVoidVersionThatWaitedForTheVoucherIsTheLast() throws {
    let bench = try AnswerTests().bench()
    let first = CorrectionTests.sale("S1", 11000, cost: nil)
    try bench.drop("sales-1.csv", Sale.file([first]))
    try run(bench, 21)
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,,failed,x"])
    try run(bench, 22)
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 11000, cost: nil, state: "void")]))
    #expect(try run(bench, 23) == 10)
    let clock = try #require(RunClock(fixed: "2026-03-23T08:00:00+08:00"))
    _ = try bench.unlocked {
      try Pipeline(bench.workspace, clock: clock).void(
        VoucherVoiding("T-SA-R-00000001", by: "anna", reason: "wrong"))
    }
    let history = try #require(
      try DocumentHistory.find("S1", in: bench.workspace, language: .english).first)
    #expect(history.versions.map(\.verdict) == [.posted, .held, .ignored])
    #expect(history.versions.last?.file?.name == "sales-2.csv")
    try bench.drop("sales-3.csv", Sale.file([first]))
    #expect(try run(bench, 24) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == [
        "document-reverted"
      ])
    #expect(try bench.verify().findings.isEmpty)
  }
}
