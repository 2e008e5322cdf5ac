import Foundation
import State
import Testing

@testable import Batch

/// A change of the mapping alone never reverses, and never posts, anything of what is posted.
@Suite struct ChangedMappingTests {
  private func sale(_ no: String, _ amount: Int = 11000, quantity: Int = 1) -> Sale {
    Sale(no: no, rows: [Sale.Row(quantity: quantity, amount: amount, tax: 1000, cost: 6000)])
  }

  private func night(_ bench: Bench, _ day: Int, _ sales: [Sale]) throws -> Int32 {
    try bench.drop("sales-\(day).csv", Sale.file(sales))
    return try bench.run(clock: "2026-03-\(day)T06:00:00+08:00").exitCode
  }

  private func change(_ bench: Bench, _ old: String, _ new: String) throws {
    let mapping = try bench.read("mappings/sales.yaml")
    #expect(mapping.contains(old))
    try bench.write("mappings/sales.yaml", mapping.replacing(old, with: new))
  }

  @Test func aFurtherColumnReversesNothing() throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, 21, [sale("S1"), sale("S2")]) == 0)
    try change(
      bench, "{ credit: income(kind), amount: net, by: { customer: customer } }",
      "{ credit: income(kind), amount: net, by: { customer: customer }, split: [unit] }")
    let before = try bench.vouchers()
    #expect(try night(bench, 22, [sale("S1"), sale("S2"), sale("S3")]) == 0)
    #expect(try bench.vouchers().filter { $0.date < "2026-03-02" && before.contains($0) } == before)
    #expect(try bench.vouchers().debits("1122") == 33000)
    #expect(try bench.log(run: 2).amount("documents", "repeated") == 2)
    // The column counts from now on, and what really changes is corrected.
    #expect(try night(bench, 23, [sale("S1", quantity: 2), sale("S2", 22000)]) == 0)
    #expect(try bench.state { try $0.corrections("sales", key: Array("S2".utf8)) }.count == 1)
    #expect(try bench.state { try $0.corrections("sales", key: Array("S1".utf8)) }.count == 1)
    #expect(try bench.vouchers().debits("1122") == 11000 + 22000 + 11000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// By another key nothing posted is known again: that is said before and when it comes to pass, and once.
  @Test func anotherKeyIsTold() throws {
    let bench = try CorrectionTests.bench()
    func told() throws -> Int {
      try CompiledDefinitions(of: bench.workspace).changedKeys(in: bench.workspace).count
    }
    #expect(try night(bench, 21, [sale("S1")]) == 0)
    try change(bench, "  tax:      money ", "  tax:     money ")
    #expect(try told() == 0)
    try change(bench, "text     = no\n", "text     = upper(no)\n")
    #expect(try told() == 1)
    try bench.drop("sales-22.csv", Sale.file([sale("S2")]))
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    #expect(try RunEntry.last(1, of: bench.workspace)[0].summary?.findings["key-changed"] == 1)
    #expect(try told() == 0)
  }

  /// What waits was judged by its key, and may be posted under the new one already.
  @Test func whatWaitsUnderAnotherKeyGoesOnWaiting() throws {
    let bench = try CorrectionTests.bench()
    let held = Sale(no: "s1", buyer: "C9", rows: [Sale.Row(amount: 5650, tax: 650, cost: 3000)])
    #expect(try night(bench, 21, [held]) == 10)
    try change(bench, "text     = no\n", "text     = upper(no)\n")
    try bench.write(
      "mappings/tables/customers.csv", try bench.read("mappings/tables/customers.csv") + "C9,C9\n")
    #expect(try night(bench, 22, [held]) == 10)
    #expect(try bench.vouchers().debits("1122") == 5650)
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.map(\.key) == [Array("s1".utf8)])
    #expect(try RunEntry.last(1, of: bench.workspace)[0].summary?.findings["waiting-other-key"] == 1)
    let waiting = try #require(try bench.state { try $0.heldDocument("sales", key: Array("s1".utf8)) })
    #expect(waiting.causes.map(\.code) == ["waiting-other-key", "check-failed"])
    let clock = try #require(RunClock(fixed: "2026-03-23T06:00:00+08:00"))
    let dismissal = Dismissal(.held(interface: nil, key: "s1"), by: "anna", reason: "it is S1")
    guard case .done = try bench.unlocked({ try Pipeline(bench.workspace, clock: clock).dismiss(dismissal) })
    else {
      Issue.record("Not dismissed")
      return
    }
    #expect(try RunEntry.last(1, of: bench.workspace)[0].summary?.findings["waiting-other-key"] == nil)
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.isEmpty)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Of an XML file only a mapping's own paths are read: a further one is looked up in the file as it was.
  @Test func aFurtherPathReversesNothingAndCanBePostedAnew() throws {
    let xml = XMLFileTests()
    let bench = try xml.bench()
    let whole = try bench.read("mappings/sales.yaml").replacing(
      "document:\n  key", with: "document:\n  changed: reverse\n  key")
    let kind = try #require(whole.split(separator: "\n").first { $0.hasPrefix("  kind:") })
    try bench.write(
      "mappings/sales.yaml",
      whole.replacing(kind + "\n", with: "").replacing("income(kind)", with: "sales"))
    let sales = [
      Sale(no: "S1", rows: [Sale.Row(kind: "service", amount: 11000, tax: 1000, cost: 6000)]),
      Sale(no: "S2", rows: [Sale.Row(amount: 500, tax: 50, cost: 100)]),
    ]
    try bench.drop("sales-1.xml", xml.xml(sales))
    #expect(try bench.run(clock: "2026-03-21T06:00:00+08:00").exitCode == 0)
    let before = try bench.vouchers()
    try bench.write("mappings/sales.yaml", whole)
    try bench.drop("sales-2.xml", xml.xml(sales, space: ""))
    #expect(try bench.run(clock: "2026-03-22T06:00:00+08:00").exitCode == 0)
    #expect(try bench.vouchers() == before)
    #expect(try bench.log(run: 2).amount("documents", "repeated") == 2)
    let pipeline = Pipeline(
      bench.workspace, clock: try #require(RunClock(fixed: "2026-03-23T06:00:00+08:00")))
    let anew = Reposting("sales", .documents(["S1", "S2"]), by: "li", reason: "services")
    let shown = try #require(try bench.unlocked { try pipeline.preview(anew) })
    #expect(shown.changes.map(\.document) == ["S1"] && shown.unchanged == 1)
    #expect(shown.changes.flatMap(\.becomes).contains { $0.account == "5002" && $0.amount == "100.00" })
    // What really changes is corrected.
    var changed = sales
    changed[1].rows[0].kind = "service"
    try bench.drop("sales-3.xml", xml.xml(changed))
    #expect(try bench.run(clock: "2026-03-24T06:00:00+08:00").exitCode == 0)
    #expect(try bench.state { try $0.corrections("sales", key: Array("S2".utf8)) }.count == 1)
    #expect(try bench.state { try $0.corrections("sales", key: Array("S1".utf8)) }.isEmpty)
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func aNewPostingIsNotMadeOfOldDocuments() throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, 21, [sale("S1")]) == 0)
    try change(
      bench, "write:\n",
      """
        extra:
          code: X
          per: document
          date: date
          memo: "extra {number}"
          entries:
            - { debit: cost, amount: cost ?? 0 }
            - { credit: stock, amount: cost ?? 0, quantity: qty, unit: unit }

      write:

      """)
    #expect(try night(bench, 22, [sale("S1"), sale("S2")]) == 0)
    #expect(Set(try bench.vouchers().filter { $0.id.contains("-X-") }.map(\.source)) == ["S2"])
    // A person may have it made.
    let pipeline = Pipeline(
      bench.workspace, clock: try #require(RunClock(fixed: "2026-03-23T06:00:00+08:00")))
    let reposting = Reposting("sales", .documents(["S1"]), by: "li", reason: "why not")
    guard case .done = try bench.unlocked({ try pipeline.repost(reposting) }) else {
      Issue.record("refused")
      return
    }
    #expect(Set(try bench.vouchers().filter { $0.id.contains("-X-") }.map(\.source)) == ["S1", "S2"])
    #expect(try bench.vouchers().debits("1122") == 22000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Another column that is empty would make a posting wait which was made long ago.
  @Test func aColumnThatIsEmptyTakesNothingBack() throws {
    let bench = try CorrectionTests.bench()
    let header = Sale.header + ",cost2"
    func drop(_ day: Int, _ sales: [Sale]) throws -> Int32 {
      let lines = sales.flatMap(\.lines).map { $0 + "," }
      try bench.drop("sales-\(day).csv", ([header] + lines).map { $0 + "\n" }.joined())
      return try bench.run(clock: "2026-03-\(day)T06:00:00+08:00").exitCode
    }
    #expect(try drop(21, [sale("S1")]) == 0)
    try change(bench, "= cost_amount", "= cost2")
    #expect(try drop(22, [sale("S1"), sale("S2")]) == 0)
    #expect(try bench.vouchers().debits("5401") == 6000)
    // A real change of the rest leaves the cost as it is.
    #expect(try drop(23, [sale("S1", 22000)]) == 0)
    #expect(try bench.vouchers().debits("5401") == 6000)
    #expect(try drop(24, [sale("S1", 22000)]) == 0)
    #expect(try bench.vouchers().debits("5401") == 6000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Else a fault of a disk would reverse what was posted.
  @Test func anArchiveThatCannotBeReadEndsTheRun() throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, 21, [sale("S1")]) == 0)
    try change(
      bench, "{ credit: income(kind), amount: net, by: { customer: customer } }",
      "{ credit: income(kind), amount: net, by: { customer: customer }, split: [unit] }")
    let name = try #require(bench.files(in: "archive").first { $0.hasSuffix("sales-21.csv") })
    let path = "\(bench.folder)/archive/\(name)"
    try FileManager.default.moveItem(atPath: path, toPath: path + ".aside")
    // A folder can be opened, and not be read.
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: WorldError.self) { try night(bench, 22, [sale("S1"), sale("S2")]) }
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: path + ".aside", toPath: path)
    #expect(try bench.run(clock: "2026-03-23T06:00:00+08:00").exitCode == 0)
    #expect(try bench.vouchers().debits("1122") == 22000)
    #expect(try bench.state { try $0.corrections("sales", key: Array("S1".utf8)) }.isEmpty)
  }
}
