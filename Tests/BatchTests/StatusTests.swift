import Findings
import Foundation
import Reconciliation
import State
import Testing

@testable import Batch

/// What the one who comes in the morning sees: what waits, for what, since when, and what has to be done about it.
@Suite struct StatusTests {
  private static let sales = [
    Sale(no: "H1", buyer: "C8", rows: [Sale.Row(amount: 5650, tax: 650, cost: 3000)]),
    Sale(
      no: "H2", buyer: "C9", rows: [Sale.Row(amount: 11300, tax: 1300), Sale.Row(amount: 11300, tax: 1300)]),
    Sale(no: "H3", buyer: "C9", rows: [Sale.Row(amount: 2260, tax: 260, cost: 1000)]),
    Sale(no: "R1", rows: [Sale.Row(amount: nil)]),
    Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)]),
  ]

  private func bench() throws -> Bench {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file(Self.sales))
    try bench.run()
    return bench
  }

  private func later(_ days: Int) throws -> RunClock {
    try #require(RunClock(fixed: "2026-03-\(21 + days)T06:00:00+08:00"))
  }

  @Test func theWorkspace() throws {
    let bench = try bench()
    try bench.drop("sales-2.csv", Sale.file([]))
    try bench.drop("photo.jpg", "no export")
    let status = try WorkspaceStatus(bench.workspace)
    #expect(
      status.held.map { [$0.documents, $0.rows, $0.sinceRun] } == [[2, 3, 1], [1, 1, 1]],
      "the cause with most documents comes first")
    #expect(status.held[0].cause.contains("C9") && status.held[1].cause.contains("C8"))
    #expect(status.rejectFiles.count == 1 && status.rejectFiles.allSatisfy { bench.exists("outbox/" + $0) })
    #expect(status.waiting.map(\.file) == ["sales-2.csv", "photo.jpg"])
    #expect(status.waiting.map(\.interface) == ["sales", nil])
    #expect(status.waiting[1].reason?.isEmpty == false)
    #expect(status.needsPerson && status.unfinished.isEmpty && status.definitionFaults == 0)
    #expect(status.lastRun?.run == 1 && status.lastRun?.files.map(\.name) == ["sales-1.csv"])
    #expect(status.lastRun?.summary != nil && status.lastRun?.files.first?.summary != nil)
  }

  @Test func aWorkspaceInWhichNothingEverRan() throws {
    let bench = try Bench()
    let status = try WorkspaceStatus(bench.workspace)
    #expect(status.lastRun == nil && status.held.isEmpty && !status.needsPerson)
    #expect(try RunEntry.last(5, of: bench.workspace).isEmpty)
    #expect(try WaitingList.held(bench.workspace, now: later(0)).documents == 0)
  }

  @Test func whatIsHeldAndForHowLong() throws {
    let bench = try bench()
    let list = try WaitingList.held(bench.workspace, now: later(3))
    #expect(list.documents == 3 && list.rejects.isEmpty)
    #expect(list.groups.map { [$0.documents, $0.rows, $0.days] } == [[2, 3, 3], [1, 1, 3]])
    #expect(list.groups[0].missing?.table == "customers" && list.groups[0].missing?.key == "C9")
    #expect(list.groups[0].amountText.contains("248.60"))
  }

  @Test func whatWasRejected() throws {
    let bench = try bench()
    let list = try WaitingList.rejected(bench.workspace, now: later(1))
    let reject = try #require(list.rejects.first)
    #expect(list.documents == 1 && reject.document == "R1" && reject.rows == 1)
    #expect(reject.file == "sales-1.csv" && reject.line == 6 && reject.sinceRun == 1)
    #expect(bench.exists("outbox/" + reject.rejectFile))
    #expect(!reject.reason.isEmpty)
  }

  @Test func codesThatAreMissingAsATableToFillIn() throws {
    let bench = try bench()
    let missing = try MissingCodes(bench.workspace, now: later(1))
    let table = try #require(missing.tables.first)
    #expect(table.codes.map(\.key) == ["C9", "C8"] && table.codes.allSatisfy(\.isWritten))
    #expect(String(decoding: table.csv, as: UTF8.self) == "code,name\r\nC9,\r\nC8,\r\n")
    // What somebody has begun to fill in stays.
    let folder = Path(bench.folder)
    let first = try missing.write(into: folder)
    try bench.write("missing_tables_customers.csv", "being filled in")
    let second = try missing.write(into: folder)
    #expect(first != second && second.count == 1)
    #expect(try bench.read("missing_tables_customers.csv") == "being filled in")
    #expect(bench.exists("2_missing_tables_customers.csv"))
  }
}
