import Findings
import Foundation
import State
import Testing

@testable import Batch

/// Documents whose vouchers today's codes of book, interface and posting don't lead to: what can't be taken back is held.
@Suite struct LostCodeTests {
  private func sale(_ no: String, _ amount: Int, state: String = "approved") -> Sale {
    CorrectionTests.sale(no, amount, state: state)
  }

  private func night(_ bench: Bench, _ day: Int, _ sales: [Sale]) throws -> Int32 {
    try bench.drop("sales-\(day).csv", Sale.file(sales))
    return try bench.run(clock: "2026-03-\(day)T06:00:00+08:00").exitCode
  }

  private func held(_ bench: Bench) throws -> [String: String] {
    let held = try bench.state { try $0.heldDocuments(of: "sales") }
    return Dictionary(
      uniqueKeysWithValues: held.map { (String(decoding: $0.key, as: UTF8.self), $0.causes[0].code) })
  }

  private static let edits: [String: (file: String, old: String, new: String)] = [
    "interface": ("sales.yaml", "code: SA", "code: SB"),
    "posting": ("sales.yaml", "    code: R", "    code: X"),
    "book": ("books/main.yaml", "code: T", "code: U"),
  ]

  @Test(arguments: ["interface", "posting", "book"]) func correctionsWaitForTheOldCode(_ what: String) throws
  {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, 21, [sale("S1", 11000), sale("S2", 5000), sale("S3", 700)]) == 0)
    let edit = try #require(Self.edits[what])
    let file = "mappings/" + edit.file
    let before = try bench.read(file)
    try #require(before.contains(edit.old))
    try bench.write(file, before.replacing(edit.old, with: edit.new))
    #expect(
      try night(bench, 22, [sale("S1", 22000), sale("S2", 5000, state: "void"), sale("S3", 700)]) == 10)
    #expect(try held(bench) == ["S1": "posting-gone", "S2": "posting-gone"])
    #expect(try bench.vouchers().debits("1122") == 16700)
    #expect(try bench.vouchers().debits("5401") == 18000)
    // With the old code all is corrected, and once.
    try bench.write(file, before)
    #expect(try night(bench, 23, []) == 0)
    #expect(try held(bench).isEmpty)
    #expect(try bench.vouchers().debits("1122") == 22700)
    #expect(try bench.vouchers().debits("5401") == 12000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Under its new code a posting is not posted a second time beside the old one.
  @Test func repostDoublesNothing() throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, 21, [sale("S1", 11000)]) == 0)
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("    code: C", with: "    code: K"))
    let pipeline = Pipeline(
      bench.workspace, clock: try #require(RunClock(fixed: "2026-03-23T06:00:00+08:00")))
    let anew = Reposting("sales", .documents(["S1"]), by: "me", reason: "why")
    let shown = try #require(try bench.unlocked { try pipeline.preview(anew) })
    #expect(shown.changes.isEmpty)
    #expect(shown.findings.map(\.code) == [.repostKept])
    _ = try bench.unlocked { try pipeline.repost(anew) }
    #expect(try bench.vouchers().debits("5401") == 6000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What waits for a value waits under its code: also a version that has it is held until the code is there again.
  @Test(arguments: [11000, 22000], [nil, 6000]) func whatWaitsUnderAnOldCodeIsNotForgotten(
    _ amount: Int, _ cost: Int?
  ) throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, 21, [CorrectionTests.sale("S1", 11000, cost: nil)]) == 0)
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("    code: C", with: "    code: K"))
    let isNew = amount != 11000 || cost != nil
    #expect(try night(bench, 22, [CorrectionTests.sale("S1", amount, cost: cost)]) == (isNew ? 10 : 0))
    #expect(try held(bench) == (isNew ? ["S1": "posting-gone"] : [:]))
    try bench.write("mappings/sales.yaml", mapping)
    #expect(try night(bench, 23, [CorrectionTests.sale("S1", amount, cost: 6000)]) == 0)
    #expect(try bench.vouchers().debits("1122") == amount)
    #expect(try bench.vouchers().debits("5401") == 6000)
    #expect(try bench.state { try $0.unposted() }.isEmpty)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// A posting that is taken out of the mapping stands; a value that comes for another one is posted all the same.
  @Test func aPostingThatIsTakenOutStands() throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, 21, [sale("S1", 11000), CorrectionTests.sale("S2", 5000, cost: nil)]) == 0)
    let mapping = try bench.read("mappings/sales.yaml")
    let start = try #require(mapping.range(of: "  revenue:\n"))
    let end = try #require(mapping.range(of: "  cost:\n    code"))
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: "")
        .replacing("measures: [gross, net, tax, cost]", with: "measures: [cost]"))
    #expect(try night(bench, 22, [sale("S1", 11000), sale("S2", 5000)]) == 0)
    #expect(try bench.vouchers().debits("5401") == 12000)
    #expect(try night(bench, 23, [sale("S1", 11000, state: "void")]) == 10)
    #expect(try held(bench) == ["S1": "posting-gone"])
    #expect(try bench.vouchers().debits("1122") == 16000)
    #expect(try bench.verify().findings.isEmpty)
  }
}
