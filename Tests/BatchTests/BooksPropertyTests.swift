import State
import Testing

@testable import Batch

/// Generated exports, run after run: what is posted, sent back and held is what an independent reckoning says, and every
/// line ties.
@Suite struct BooksPropertyTests {
  @Test(arguments: 1...24) func everyRunIsAsReckonedByHand(seed: Int) throws {
    let bench = try Bench()
    var generator = SalesGenerator(seed: UInt64(seed))
    var reference = ReferenceBatch()
    var known: [Sale] = []
    for run in 1...4 {
      let files = generator.files(1 + generator.below(3), of: 12, after: known, changes: true)
      known += files.joined()
      for (index, sales) in files.enumerated() {
        try bench.drop("sales-\(run)-\(index).csv", Sale.file(sales))
      }
      if run == 3 {
        try bench.write(
          "mappings/tables/customers.csv", "code,name\nC1,Huaxin\nC2,Jinyuan\nC3,Tiancheng\nC9,Hengda\n")
        reference.customers.insert("C9")
      }
      try bench.run()
      try compare(bench, run: run, reference.run(files), reference)
    }
  }

  private func compare(
    _ bench: Bench, run: Int, _ expected: ReferenceBatch.Run, _ reference: ReferenceBatch
  ) throws {
    let log = try bench.log(run: run)
    #expect(log.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    #expect(log.amount("documents", "read") == expected.readDocuments)
    #expect(log.amount("documents", "released") == expected.releasedDocuments)
    for verdict in ReferenceBatch.Verdict.allCases {
      #expect(
        log.amount("documents", verdict.rawValue) == expected.documents[verdict] ?? 0, "\(verdict) documents")
      #expect(log.amount("rows", verdict.rawValue) == expected.rows[verdict] ?? 0, "\(verdict) rows")
      #expect(log.amount("gross", verdict.rawValue) == expected.gross[verdict] ?? 0, "\(verdict) gross")
    }
    #expect(log.amount("cost", "posted") == expected.postedCost)
    #expect(log.amount("cost", "pending") == expected.pendingCost)

    // And what lies in the outbox and in the state is what the log says.
    let vouchers = try bench.vouchers()
    #expect(vouchers.debits("1122") == reference.gross)
    #expect(vouchers.debits("5401") == reference.cost)
    for (id, lines) in Dictionary(grouping: vouchers, by: \.id) {
      #expect(lines.reduce(0) { $0 + $1.debit } == lines.reduce(0) { $0 + $1.credit }, "\(id) balances")
    }
    #expect(try bench.rejectedRows(run: run).sorted() == expected.rejectedRows.sorted())
    let held = try bench.state { try $0.heldDocuments(of: "sales") }
    #expect(Set(held.map { String(decoding: $0.key, as: UTF8.self) }) == Set(reference.held.keys))
    for document in held {
      let sale = reference.held[String(decoding: document.key, as: UTF8.self)]
      #expect(
        String(decoding: document.rows, as: UTF8.self).split(separator: "\n").map(String.init) == sale?.lines)
    }
  }

  /// `run(run(x)) = run(x)`.
  @Test(arguments: 101...106, [false, true]) func theSameFilesAgainPostNothing(seed: Int, changes: Bool)
    throws
  {
    let bench = try Bench()
    var generator = SalesGenerator(seed: UInt64(seed))
    let files = generator.files(4, of: 15, changes: changes)
    func drop(_ name: String) throws {
      for (index, sales) in files.enumerated() {
        try bench.drop("sales-\(name)-\(index).csv", Sale.file(sales))
      }
    }
    try drop("a")
    try bench.run()
    let once = try bench.vouchers()
    func held() throws -> [[[UInt8]]] {
      try bench.state { try $0.heldDocuments(of: "sales") }.map { [$0.key, $0.contentHash, $0.rows] }
    }
    let heldOnce = try held()
    for run in 2...3 {
      try drop("b\(run)")
      try bench.run()
      #expect(try bench.vouchers() == once)
      #expect(try bench.log(run: run).amount("documents", "posted") == 0)
      // A version older than what is posted is a change by now, and is held; other than that the same go on waiting.
      if !changes { #expect(try held() == heldOnce) }
    }
  }

  @Test func aRunWithoutFilesWritesNothing() throws {
    let bench = try Bench()
    try bench.drop(
      "sales-1.csv", Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])]))
    try bench.run()
    let before = try bench.files(in: "outbox").map { try bench.read("outbox/" + $0) }
    let dump = try bench.state { try $0.dump() }
    let outcome = try bench.run(clock: "2026-03-22T06:00:00+08:00")
    #expect(outcome.exitCode == 0)
    #expect(outcome.runs.isEmpty)
    #expect(try bench.files(in: "outbox").map { try bench.read("outbox/" + $0) } == before)
    #expect(try bench.state { try $0.dump() } == dump)
    #expect(try bench.state { try $0.lastHeartbeat() } == "2026-03-22T06:00:00+08:00")
  }
}
