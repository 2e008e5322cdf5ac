import Findings
import Foundation
import State
import Testing

@testable import Batch

/// Lines in one file and their documents' heads in another, taken together.
@Suite struct HeadsFileTests {
  /// A line's own cells stand behind its document's number.
  private static let lines = "no,class,quantity,unit_name,amount,tax_amount,cost_amount"
  private static let heads = "day,no,state,buyer"

  static func lines(_ sales: [Sale]) -> String {
    ([lines]
      + sales.flatMap { sale in
        sale.lines.map { line in
          let cells = line.split(separator: ",", omittingEmptySubsequences: false)
          return ([cells[0]] + cells[4...]).joined(separator: ",")
        }
      }).joined(separator: "\n")
  }

  static func heads(_ sales: [Sale]) -> String {
    ([heads]
      + sales.map { sale in
        let cells = sale.lines[0].split(separator: ",", omittingEmptySubsequences: false)
        return [cells[1], cells[0], cells[2], cells[3]].joined(separator: ",")
      }).joined(separator: "\n")
  }

  func bench(_ with: String = "{ files: [\"heads*.csv\"], key: [no] }") throws -> Bench {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("encoding: utf-8\n", with: "encoding: utf-8\n  with: \(with)\n"))
    return bench
  }

  private static let sales = (0..<30).map { number in
    Sale(
      no: "S\(number)", buyer: "C\(1 + number % 3)",
      rows: (0...number % 3).map { Sale.Row(amount: 100 + number * $0, tax: $0, cost: 50) })
  }

  @Test func theyGiveTheVouchersOfOneFile() throws {
    let plain = try Bench()
    try plain.drop("sales-1.csv", Sale.file(Self.sales))
    try plain.run()
    let bench = try bench()
    try bench.drop("sales-1.csv", Self.lines(Self.sales))
    // The order of the heads means nothing.
    try bench.drop("heads-1.csv", Self.heads(Self.sales.reversed()))
    let outcome = try bench.run()
    #expect(outcome.exitCode == 0, "\(outcome.findings)")
    #expect(try bench.vouchers() == plain.vouchers())
    #expect(bench.files(in: "inbox").isEmpty)
    let archived = bench.files(in: "archive").filter { $0.hasSuffix("-1.csv") }
    #expect(archived.count == 2)
    let log = try bench.read("outbox/reconciliation_000001.txt")
    #expect(log.contains("heads-1.csv"))
    #expect(try bench.verify().findings.isEmpty)
    // The same again is repeated, not posted twice.
    try bench.drop("sales-2.csv", Self.lines(Self.sales))
    try bench.drop("heads-2.csv", Self.heads(Self.sales))
    try bench.run()
    #expect(try bench.log(run: 2).amount("documents", "repeated") == 30)
  }

  @Test func neitherIsTakenWithoutTheOther() throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Self.lines(Self.sales))
    try bench.drop("heads-2.csv", Self.heads(Self.sales))
    let outcome = try bench.run()
    #expect(outcome.runs.isEmpty)
    #expect(
      outcome.waiting.map(\.reason).sorted { "\($0)" < "\($1)" } == [
        .partner("heads-1.csv"), .partner("sales-2.csv"),
      ])
    #expect(bench.files(in: "inbox") == ["heads-2.csv", "sales-1.csv"])
    try bench.drop("heads-1.csv", Self.heads(Self.sales))
    #expect(try bench.run().exitCode == 0)
    #expect(bench.files(in: "inbox") == ["heads-2.csv"])
  }

  /// A digest beside the heads is proven like any other, and without the heads the lines are nothing.
  @Test func aDigestThatIsNotTheHeadsKeepsBoth() throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Self.lines(Self.sales))
    try bench.drop("heads-1.csv", Self.heads(Self.sales))
    try bench.drop("heads-1.csv.sha256", String(repeating: "0", count: 64) + "  heads-1.csv\n")
    let outcome = try bench.run()
    #expect(outcome.runs.isEmpty)
    #expect(outcome.findings.map(\.code) == [.sidecarMismatch])
    #expect(bench.files(in: "inbox").count == 3)
    try bench.remove("inbox/heads-1.csv.sha256")
    try bench.drop("heads-1.csv.ok", "")
    #expect(try bench.run().exitCode == 0)
    #expect(bench.files(in: "inbox").isEmpty)
    #expect(bench.files(in: "archive").contains { $0.hasSuffix("heads-1.csv.ok") })
  }

  @Test func aLineWithoutHeadComesBackAndCanBeMended() throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Self.lines(Self.sales))
    try bench.drop("heads-1.csv", Self.heads(Self.sales.filter { $0.no != "S2" }))
    #expect(try bench.run().exitCode == 10)
    let log = try bench.log(run: 1)
    #expect(log.amount("documents", "posted") == 29)
    #expect(log.amount("documents", "rejected") == 1)
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("row-without-head"))
    let name = try #require(bench.files(in: "outbox").first { $0.contains("_rejects_") })
    let rows = try bench.read("outbox/" + name)
    #expect(
      rows.hasPrefix(
        "\u{FEFF}no,class,quantity,unit_name,amount,tax_amount,cost_amount,day,state,buyer,reject number")
        || rows.hasPrefix(
          "no,class,quantity,unit_name,amount,tax_amount,cost_amount,day,state,buyer,reject number")
    )
    let mended = rows.split(whereSeparator: \.isNewline).enumerated().map { index, row in
      guard index > 0 else { return String(row) }
      var cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      (cells[7], cells[8], cells[9]) = (Self.sales[2].day, "approved", "C3")
      return cells.joined(separator: ",")
    }
    try bench.drop("sent back.csv", mended.joined(separator: "\n"))
    #expect(try bench.run().exitCode == 0, "\(mended)")
    let plain = try Bench()
    try plain.drop("sales-1.csv", Sale.file(Self.sales))
    try plain.run()
    #expect(try bench.vouchers().debits("1122") == plain.vouchers().debits("1122"))
  }

  @Test func headsThatNobodyNeedsAndDoubledOnesAreTold() throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Self.lines(Self.sales))
    let extra =
      "\n2026-03-02,X9,approved,C1\n2026-03-04,S1,approved,C1\n"
      + Self.heads([Self.sales[4]]).split(separator: "\n")[1]
    try bench.drop("heads-1.csv", Self.heads(Self.sales) + extra)
    #expect(try bench.run().exitCode == 10)
    let log = try bench.read("outbox/reconciliation_000001.txt")
    #expect(log.contains("heads-1.csv:32: warning[head-unused]"), "\(log)")
    #expect(log.contains("heads-1.csv:33: warning[head-doubled]"))
    // The same row twice is no contradiction.
    #expect(!log.contains("heads-1.csv:34"))
    #expect(try bench.log(run: 1).amount("documents", "rejected") == 1)
    #expect(try bench.log(run: 1).amount("documents", "posted") == 29)
  }

  @Test func brokenRowsOfEitherFileCostTheirDocumentOnly() throws {
    let bench = try bench()
    // One cell too many, so that the row is as long as one with its head.
    let lines = Self.lines(Self.sales).replacing("\nS0,", with: "\nS0,x,y,z,")
    try bench.drop("sales-1.csv", lines)
    try bench.drop("heads-1.csv", Self.heads(Self.sales).replacing(",S1,", with: ",\"S1,"))
    #expect(try bench.run().exitCode == 10)
    let log = try bench.read("outbox/reconciliation_000001.txt")
    #expect(log.contains("sales-1.csv:2: cell 1: reject[cell-count]"), "\(log)")
    #expect(log.contains("quote-unclosed") || log.contains("quote-stray"))
    let tally = try bench.log(run: 1)
    #expect(tally.amount("documents", "read") == 30)
    #expect(tally.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
  }

  @Test func aColumnThatIsInNeitherLeavesBothInTheInbox() throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Self.lines(Self.sales))
    try bench.drop("heads-1.csv", Self.heads(Self.sales).replacing("buyer", with: "purchaser"))
    let outcome = try bench.run()
    #expect(outcome.runs.isEmpty)
    #expect(
      outcome.findings.contains { $0.code == .fileUnrecognised && $0.arguments[1] == "buyer" },
      "\(outcome.findings)")
    #expect(bench.files(in: "inbox") == ["heads-1.csv", "sales-1.csv"])
  }

  @Test func theHeadsMayHaveNoHeader() throws {
    let bench = try bench(
      "{ files: [\"heads*.csv\"], key: [no], header: none, columns: [day, no, state, buyer] }")
    try bench.drop("sales-1.csv", Self.lines(Self.sales))
    let heads = Self.heads(Self.sales).split(separator: "\n").dropFirst().joined(separator: "\n")
    try bench.drop("heads-1.csv", heads)
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.log(run: 1).amount("documents", "posted") == 30)
  }

  /// One of the two is gone between plan and take, or changed while it is read: the other goes back, and waits.
  @Test(arguments: ["sales-1.csv", "heads-1.csv"]) func whenOneIsLostTheOtherGoesBack(_ lost: String) throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Self.lines(Self.sales))
    try bench.drop("heads-1.csv", Self.heads(Self.sales))
    try bench.drop("sales-9.csv", Self.lines([Sale(no: "Z1", rows: [Sale.Row(amount: 100)])]))
    try bench.drop("heads-9.csv", Self.heads([Sale(no: "Z1", rows: [Sale.Row(amount: 100)])]))
    var isDone = false
    try bench.run(progress: { name, _, _ in
      guard name == "sales-1.csv", !isDone else { return }
      isDone = true
      let taken = bench.files(in: ".tallyman/taken")
      // Numbers follow the names: lines and heads of 1, then of 9.
      let path = taken.filter { !$0.contains(".ok") }.sorted()[lost == "sales-1.csv" ? 0 : 1]
      try? bench.write(".tallyman/taken/" + path, "changed")
    })
    #expect(isDone)
    #expect(Set(bench.files(in: "inbox")).isSuperset(of: ["heads-1.csv", "sales-1.csv"]))
    #expect(try bench.log(run: 1).amount("documents", "posted") == 1)
  }

  @Test(arguments: [
    ("{ files: [heads.csv], key: [no] }", "bad-value"),
    ("{ files: [\"heads*.csv\", \"h*.csv\"], key: [no] }", "bad-value"),
    ("{ files: [\"heads*.csv\"] }", "missing-key"),
    ("{ files: [\"heads*.csv\"], key: [no] }\n  fill_down: [no]", "bad-value"),
    ("{ files: [\"heads*.csv\"], key: [no], header: 2 }", "bad-value"),
  ])
  func whatMakesNoSenseIsAFault(_ with: String, _ code: String) throws {
    let bench = try bench(with)
    let definitions = try CompiledDefinitions(of: bench.workspace)
    #expect(definitions.findings.contains { $0.code.rawValue == code }, "\(definitions.findings)")
  }
}
