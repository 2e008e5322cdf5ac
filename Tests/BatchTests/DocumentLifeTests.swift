import State
import Testing

@testable import Batch

/// What becomes of a document over several runs.
@Suite struct DocumentLifeTests {
  private static let good = Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])
  private static let stranger = Sale(
    no: "H1", buyer: "C9", rows: [Sale.Row(amount: 5650, tax: 650, cost: 3000)])
  private static let customers = "code,name\nC1,Huaxin\nC2,Jinyuan\nC3,Tiancheng\nC9,Hengda\n"

  private func heldKeys(_ bench: Bench) throws -> [String] {
    try bench.state { try $0.heldDocuments(of: "sales") }.map { String(decoding: $0.key, as: UTF8.self) }
  }

  /// The missing customer is filled in, and the export corrected, before the same run: the correction is what is posted.
  @Test func aCorrectionThatComesWithTheMissingCodeIsPosted() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.stranger]))
    try bench.run()
    try bench.write("mappings/tables/customers.csv", Self.customers)
    let corrected = Sale(no: "H1", buyer: "C9", rows: [Sale.Row(amount: 4520, tax: 520, cost: 3000)])
    try bench.drop("sales-2.csv", Sale.file([corrected]))
    #expect(try bench.run().exitCode == 0)
    #expect(try heldKeys(bench) == [])
    #expect(try bench.vouchers().debits("1122") == 4520)
    let log = try bench.log(run: 2)
    #expect(log.amount("documents", "read") == 1)
    #expect(log.amount("documents", "released") == 1)
    #expect(log.amount("documents", "posted") == 1)
    #expect(log.amount("documents", "ignored") == 1)
  }

  /// Of two missing codes one is filled in: only the other is asked for from then on.
  @Test func whatIsHeldWaitsForWhatIsStillMissing() throws {
    let bench = try Bench()
    let other = Sale(no: "H2", buyer: "C8", rows: [Sale.Row(amount: 1130, tax: 130)])
    try bench.drop("sales-1.csv", Sale.file([Self.stranger, other]))
    try bench.run()
    let clock = try #require(RunClock(fixed: Bench.clock))
    func missing() throws -> [String] {
      try MissingCodes(bench.workspace, now: clock).tables.flatMap { $0.codes.map(\.key) }
    }
    #expect(try missing() == ["C8", "C9"])
    try bench.write("mappings/tables/customers.csv", Self.customers)
    try bench.run()
    #expect(try missing() == ["C8"])
  }

  /// A hold that goes on for another cause says so.
  @Test func theCausesOfAHoldAreRenewed() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.stranger]))
    try bench.run()
    let before = try bench.state { try $0.heldDocuments(of: "sales") }[0]
    let mapping = try bench.read("mappings/sales.yaml")
    let check = "  - hold unless gross < 1: \"too much: {no}\"\n"
    try bench.write("mappings/sales.yaml", mapping.replacing("checks:\n", with: "checks:\n" + check))
    try bench.write("mappings/tables/customers.csv", Self.customers)
    try bench.run()
    let after = try bench.state { try $0.heldDocuments(of: "sales") }[0]
    #expect(after.causes.map(\.code) == ["check-failed"])
    #expect(after.causes[0].arguments[0] == "too much: H1")
    #expect(after.sinceRun == before.sinceRun)
    // Nothing has changed since: nothing is written.
    #expect(try bench.run().runs.isEmpty)
  }

  @Test func aHeldDocumentIsReleasedByARunWithoutFiles() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.good, Self.stranger]))
    #expect(try bench.run().exitCode == 10)
    #expect(try heldKeys(bench) == ["H1"])
    // As long as nothing changes, the runs write nothing.
    #expect(try bench.run().runs.isEmpty)
    try bench.write("mappings/tables/customers.csv", Self.customers)
    let outcome = try bench.run()
    #expect(outcome.exitCode == 0)
    #expect(outcome.runs.map(\.number) == [2])
    #expect(try heldKeys(bench) == [])
    #expect(try bench.vouchers().debits("1122") == 11300 + 5650)
    let log = try bench.log(run: 2)
    #expect(log.amount("documents", "read") == 0)
    #expect(log.amount("documents", "released") == 1)
    #expect(log.amount("gross", "posted") == 5650)
    // And it is a posted document like any other.
    try bench.drop("sales-2.csv", Sale.file([Self.stranger]))
    try bench.run()
    #expect(try bench.log(run: 3).amount("documents", "repeated") == 1)
  }

  @Test func aHeldDocumentIsSupersededByOtherContent() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.stranger]))
    try bench.run()
    try bench.drop("sales-2.csv", Sale.file([Self.stranger]))
    try bench.run()
    #expect(try bench.log(run: 2).amount("documents", "repeated") == 1)
    var mended = Self.stranger
    mended.buyer = "C2"
    try bench.drop("sales-3.csv", Sale.file([mended]))
    #expect(try bench.run().exitCode == 0)
    let log = try bench.log(run: 3)
    #expect(log.amount("documents", "released") == 1)
    #expect(log.amount("documents", "ignored") == 1)
    #expect(log.amount("documents", "posted") == 1)
    #expect(try heldKeys(bench) == [])
    #expect(try bench.vouchers().debits("1122") == 5650)
  }

  /// Also when both come in one run.
  @Test func inOneRunTheLaterFileTakesThePlace() throws {
    let bench = try Bench()
    var mended = Self.stranger
    mended.buyer = "C2"
    try bench.drop("sales-1.csv", Sale.file([Self.stranger]))
    try bench.drop("sales-2.csv", Sale.file([mended]))
    #expect(try bench.run().exitCode == 0)
    #expect(try heldKeys(bench) == [])
    #expect(try bench.vouchers().debits("1122") == 5650)
  }

  @Test func aChangedDocumentIsHeldAndNeverPostedTwice() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.good]))
    try bench.run()
    let once = try bench.vouchers()
    var changed = Self.good
    changed.rows[0].amount = 22600
    for run in 2...4 {
      try bench.drop("sales-\(run).csv", Sale.file([changed]))
      #expect(try bench.run().exitCode == 10)
      #expect(try bench.vouchers() == once)
      #expect(try heldKeys(bench) == ["S1"])
      // The second time it is known already.
      #expect(try bench.log(run: run).amount("documents", run == 2 ? "held" : "repeated") == 1, "run \(run)")
      #expect(try bench.read("outbox/reconciliation_000002.txt").contains("document-changed"))
    }
    // As it was posted it is repeated, and whether the change was taken back a person must say.
    try bench.drop("sales-5.csv", Sale.file([Self.good]))
    #expect(try bench.run().exitCode == 10)
    #expect(try bench.log(run: 5).amount("documents", "repeated") == 1)
    #expect(try bench.log(run: 5).amount("documents", "ignored") == 0)
    #expect(try heldKeys(bench) == ["S1"])
    #expect(try bench.vouchers() == once)
  }

  @Test func aCostThatIsFilledInPostsTheCostOnly() throws {
    let bench = try Bench()
    var sale = Self.good
    sale.rows[0].cost = nil
    try bench.drop("sales-1.csv", Sale.file([sale]))
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().debits("5401") == 0)
    try bench.drop("sales-2.csv", Sale.file([Self.good]))
    #expect(try bench.run().exitCode == 0)
    let vouchers = try bench.vouchers()
    #expect(vouchers.debits("1122") == 11300)
    #expect(vouchers.debits("5401") == 6000)
    let log = try bench.log(run: 2)
    #expect(log.amount("gross", "repeated") == 11300)
    #expect(log.amount("cost", "posted") == 6000)
    try bench.drop("sales-3.csv", Sale.file([Self.good]))
    try bench.run()
    #expect(try bench.log(run: 3).amount("documents", "repeated") == 1)
    #expect(try bench.vouchers() == vouchers)
  }

  /// In one run, the second file after the first.
  @Test func aCostIsFilledInByTheNextFileOfTheRun() throws {
    let bench = try Bench()
    var sale = Self.good
    sale.rows[0].cost = nil
    try bench.drop("sales-1.csv", Sale.file([sale]))
    try bench.drop("sales-2.csv", Sale.file([Self.good]))
    #expect(try bench.run().exitCode == 0)
    let vouchers = try bench.vouchers()
    #expect(vouchers.debits("1122") == 11300)
    #expect(vouchers.debits("5401") == 6000)
    // The register knows of both which voucher has them.
    let register = try bench.state { try $0.dump() }.split(separator: "\n").filter { $0.hasPrefix("S1\t") }
    #expect(register.count == 1)
    #expect(
      register.first?.split(separator: "\t").suffix(2).map { $0.split(separator: ":").last } == ["1", "1"])
    try bench.drop("sales-3.csv", Sale.file([Self.good]))
    try bench.run()
    #expect(try bench.log(run: 2).amount("documents", "repeated") == 1)
  }

  /// One bad line sends back the whole document, and nothing of it is posted.
  @Test func documentsAreWhole() throws {
    let bench = try Bench()
    var sale = Self.good
    sale.rows = (1...5).map { Sale.Row(amount: $0 == 4 ? nil : 1000 * $0, tax: 100, cost: 500) }
    try bench.drop("sales-1.csv", Sale.file([sale, Self.stranger]))
    #expect(try bench.run().exitCode == 10)
    #expect(try bench.vouchers().isEmpty)
    #expect(try bench.rejectedRows(run: 1) == sale.lines)
    // The reject file, mended and dropped under whatever name, is taken, and the document is posted whole.
    let reject = try #require(bench.files(in: "outbox").first { $0.contains("_rejects_") })
    let mended = try bench.read("outbox/" + reject).replacing("12x.00", with: "40.00")
    try bench.drop("mended by Wang.csv", mended)
    try bench.run()
    #expect(try bench.vouchers().debits("1122") == 1000 * 15)
    #expect(try bench.vouchers().debits("5401") == 2500)
  }
}
