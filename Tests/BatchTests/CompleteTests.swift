import Findings
import Foundation
import State
import Testing

@testable import Batch

/// A document that goes on in another file is held until it is whole, and posted as one.
@Suite struct CompleteTests {
  /// Every row says how many its document has.
  private static func lines(_ sale: Sale) -> [String] {
    sale.lines.map { $0.replacing("box", with: "n\(sale.rows.count)") }
  }

  private static let sale = Sale(
    no: "S1",
    rows: [
      Sale.Row(amount: 11300, tax: 1300, cost: 6000), Sale.Row(amount: 22600, tax: 2600, cost: 9000),
      Sale.Row(kind: "service", quantity: 2, amount: 5650, tax: 650, cost: 100),
    ])
  static let whole = lines(sale)

  func bench() throws -> Bench {
    let bench = try Bench()
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml")
        .replacing("document:\n", with: "  lines: int = replace(unit_name, \"n\", \"\")\n\ndocument:\n")
        .replacing("same: [", with: "complete: count() == lines\n  same: [lines, "))
    return bench
  }

  /// Drops files and runs; every run's books tie.
  private func run(_ bench: Bench, _ files: [[String]]) throws -> (
    outcome: Pipeline.Outcome, log: ReconciliationLines
  ) {
    for (index, lines) in files.enumerated() { try bench.drop("sales-\(index).csv", Sale.file(lines: lines)) }
    let outcome = try bench.run()
    let log = try bench.log(run: try #require(outcome.runs.last?.number))
    #expect(log.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    return (outcome, log)
  }

  private func entries(_ lines: [String]) throws -> [[VoucherLine]] {
    let bench = try bench()
    _ = try run(bench, [lines])
    return try bench.vouchers().withoutIDs
  }

  private func held(_ bench: Bench) throws -> [HeldDocument] {
    try bench.state { try $0.heldDocuments(of: "sales") }
  }

  @Test func twoFilesOfARun() throws {
    let bench = try bench()
    let (outcome, log) = try run(bench, [Array(Self.whole[..<2]), Array(Self.whole[2...])])
    #expect(outcome.exitCode == 0)
    #expect(try bench.vouchers().withoutIDs == entries(Self.whole))
    #expect(try held(bench).isEmpty)
    // Both pieces were held, and left hold as one document.
    #expect(
      ["read", "held", "released", "posted", "ignored"].map { log.amount("documents", $0) } == [
        2, 2, 2, 1, 1,
      ])
    #expect(
      ["read", "held", "released", "posted", "ignored"].map { log.amount("rows", $0) } == [3, 3, 3, 3, 0])
    #expect(log.amount("gross", "posted") == Self.sale.gross)
    // It is known from now on as a whole.
    #expect(try run(bench, [Self.whole]).log.amount("documents", "repeated") == 1)
  }

  @Test func aRunForEachPiece() throws {
    let bench = try bench()
    #expect(try run(bench, [[Self.whole[0]]]).outcome.exitCode == 10)
    #expect(try held(bench).map(\.causes) == [[HeldCause(code: "document-incomplete", arguments: ["S1"])]])
    let (second, log) = try run(bench, [[Self.whole[1]]])
    #expect(second.exitCode == 10)
    #expect(["released", "held", "ignored"].map { log.amount("documents", $0) } == [2, 2, 1])
    let waiting = try #require(try held(bench).first)
    #expect(waiting.places.count == 2)
    #expect(waiting.sinceRun == 1)
    #expect(String(decoding: waiting.rows, as: UTF8.self) == Self.whole[..<2].joined(separator: "\n"))
    #expect(waiting.amounts.contains("\"gross\":\"339.00\""))
    #expect(try bench.read("outbox/reconciliation_000002.txt").contains("[document-incomplete]"))
    #expect(try run(bench, [[Self.whole[2]]]).outcome.exitCode == 0)
    #expect(try bench.vouchers().withoutIDs == entries(Self.whole))
    #expect(try held(bench).isEmpty)
  }

  /// Pieces that are there already add nothing, alone or in a file with others.
  @Test func aPieceThatComesAgain() throws {
    let bench = try bench()
    _ = try run(bench, [[Self.whole[0]]])
    #expect(try run(bench, [[Self.whole[0]]]).log.amount("documents", "repeated") == 1)
    _ = try run(bench, [[Self.whole[1]]])
    let (_, log) = try run(bench, [[Self.whole[0]], [Self.whole[1]]])
    #expect(log.amount("documents", "repeated") == 2)
    #expect(try held(bench).map(\.places.count) == [2])
    _ = try run(bench, [[Self.whole[1]], [Self.whole[2]]])
    #expect(try bench.vouchers().withoutIDs == entries(Self.whole))
  }

  /// After the document was posted, each of its files is known by itself, and a row that was never posted is not.
  @Test func aPieceOfAPostedDocumentIsRepeated() throws {
    let bench = try bench()
    _ = try run(bench, [[Self.whole[0]]])
    _ = try run(bench, [Array(Self.whole[1...])])
    let vouchers = try bench.vouchers()
    for piece in [[Self.whole[0]], [Self.whole[2], Self.whole[1]], [Self.whole[1]]] {
      let (outcome, log) = try run(bench, [piece])
      #expect(outcome.exitCode == 0)
      #expect(log.amount("documents", "repeated") == 1)
    }
    let other = Self.whole[0].replacing("113.00", with: "114.00")
    #expect(try run(bench, [[other]]).log.amount("documents", "held") == 1)
    let twice = [Self.whole[1], Self.whole[1]]
    #expect(try run(bench, [twice]).log.amount("documents", "repeated") == 0)
    #expect(try bench.vouchers() == vouchers)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What disagrees may be in any of the files.
  @Test func bothFilesOfWhatDisagreesAreNamed() throws {
    let bench = try bench()
    _ = try run(
      bench, [[Self.whole[0]], [Self.whole[1].replacing("2026-03-05", with: "2026-03-06"), Self.whole[2]]])
    let log = try bench.read("outbox/reconciliation_000001.txt")
    #expect(log.contains("sales-0.csv + sales-1.csv"))
  }

  @Test func theWholeTakesThePlaceOfItsPieces() throws {
    let bench = try bench()
    _ = try run(bench, [[Self.whole[0]]])
    let (_, log) = try run(
      bench, [[Self.whole[1]], [Self.whole[2]], Self.whole])
    #expect(try bench.vouchers().withoutIDs == entries(Self.whole))
    #expect(["read", "released", "posted", "ignored"].map { log.amount("documents", $0) } == [3, 1, 1, 3])
    #expect(try held(bench).isEmpty)
  }

  @Test func aPieceThatIsRejectedLeavesTheOthersHeld() throws {
    let bench = try bench()
    _ = try run(bench, [Array(Self.whole[..<2])])
    let bad = Self.whole[2].replacing("56.50", with: "5x")
    #expect(try run(bench, [[bad]]).log.amount("documents", "rejected") == 1)
    #expect(try held(bench).map(\.places.count) == [2])
    _ = try run(bench, [[Self.whole[2]]])
    #expect(try bench.vouchers().withoutIDs == entries(Self.whole))
  }

  /// The second file has its columns in another order, and one more.
  @Test func piecesWithOtherColumns() throws {
    let bench = try bench()
    try bench.drop("sales-0.csv", Sale.file(lines: Array(Self.whole[..<2])))
    func turned(_ line: String) -> String {
      (["new \"note\", quoted".replacing("\"", with: "")]
        + line.split(separator: ",", omittingEmptySubsequences: false).map(String.init).reversed())
        .enumerated().map { $0.offset == 0 ? "\"\($0.element)\"" : $0.element }.joined(separator: ",")
    }
    try bench.drop(
      "sales-1.csv", [Sale.header, Self.whole[2]].map { turned($0) + "\n" }.joined())
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().withoutIDs == entries(Self.whole))
  }

  /// Documents cut into pieces, over files and runs: what is posted in the end is what the whole documents give.
  @Test(arguments: 701...706) func anyCutGivesTheSame(seed: Int) throws {
    var generator = SalesGenerator(seed: UInt64(seed))
    let sales = generator.files(1, of: 25, changes: false)[0]
      .filter { sale in sale.rows.allSatisfy { $0.amount != nil && abs($0.tax) <= abs($0.amount ?? 0) } }
    var files: [[String]] = Array(repeating: [], count: 6)
    for sale in sales {
      var at = 0
      for line in Self.lines(sale) {
        // A later row never stands in an earlier file.
        at += generator.below(3) == 0 ? generator.below(6 - at) : 0
        files[at].append(line)
      }
    }
    let whole = try bench()
    _ = try run(whole, [sales.flatMap(Self.lines)])
    let bench = try bench()
    for pair in stride(from: 0, to: 6, by: 2) {
      _ = try run(
        bench,
        Array(files[pair..<pair + 2]).filter { !$0.isEmpty } + [
          ["S0,2025-01-01,approved,C1,goods,1,n1,1.00,0.00,"]
        ])
    }
    let (entries, expected) = (try bench.vouchers(), try whole.vouchers())
    #expect(
      entries.withoutIDs.filter { $0[0].memo.hasPrefix("sale") }
        == expected.withoutIDs.filter { $0[0].memo.hasPrefix("sale") })
    #expect(entries.debits("5401") == expected.debits("5401"))
    #expect(try held(bench).map(\.key) == held(whole).map(\.key))
  }
}
