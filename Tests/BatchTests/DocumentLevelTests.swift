import Findings
import Foundation
import Reconciliation
import Testing

@testable import Batch

/// What a document has once, and how it counts: header amounts, sums of lines, signs of returns.
@Suite struct DocumentLevelTests {
  private func bench(_ edits: KeyValuePairs<String, String>) throws -> Bench {
    let bench = try Bench()
    var mapping = try bench.read("mappings/sales.yaml")
    for (old, new) in edits {
      #expect(mapping.contains(old), "\(old)")
      mapping = mapping.replacing(old, with: new)
    }
    try bench.write("mappings/sales.yaml", mapping)
    return bench
  }

  private func run(_ bench: Bench, _ sales: [Sale]) throws -> ReconciliationLines {
    try bench.drop("sales-1.csv", Sale.file(sales))
    let outcome = try bench.run()
    #expect(outcome.findings.isEmpty, "\(outcome.findings)")
    let log = try bench.log(run: 1)
    #expect(log.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    return log
  }

  /// What a check says has a question mark where a value could not be worked out, and is never empty.
  @Test func aMessageIsThereWhateverIsMissing() throws {
    let bench = try bench([
      "\"{number}: tax {tax} of {gross}\"": "\"{number}: {qty} box, tax {tax} of {gross}\""
    ])
    let lines = Sale(no: "S1", rows: [Sale.Row(amount: 100, tax: 200)]).lines.map {
      $0.replacing(",1,box,", with: ",x,box,")
    }
    try bench.drop("sales-1.csv", Sale.file(lines: lines))
    #expect(try bench.run().exitCode == 10)
    let name = try #require(bench.files(in: "outbox").first { $0.contains("rejects") })
    #expect(try bench.read("outbox/" + name).contains("S1: ? box, tax 2.00 of 1.00"))
  }

  /// A document that asks one table for two columns of the same code waits for it once.
  @Test func aCauseThatIsFoundTwiceCountsOnce() throws {
    let bench = try bench([
      "  income: tables/income.csv":
        "  income: tables/income.csv\n  buyers: { file: tables/buyers.csv, key: [code], value: [city, area] }",
      "  cost:     money?   = cost_amount":
        "  cost:     money?   = cost_amount\n  city: text = buyers.city(customer)\n  area: text = buyers.area(customer)",
    ])
    try bench.write("mappings/tables/buyers.csv", "code,city,area\nC2,Shanghai,East\n")
    try bench.drop("sales-1.csv", Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300)])]))
    try bench.run()
    let waiting = try WaitingList.held(bench.workspace, now: try #require(RunClock(fixed: Bench.clock)))
    #expect(waiting.groups.map(\.documents) == [1])
  }

  /// Shipping stands on each of an order's lines, and is owed once.
  @Test func aHeaderAmountCountsOnce() throws {
    let bench = try bench([
      "  cost:     money?   = cost_amount\n": "  cost:     money    = cost_amount\n",
      "same: [date, customer, status]": "same: [date, customer, status, cost]",
      "    when: present(cost)\n": "",
    ])
    let sales = [
      Sale(no: "S1", rows: (1...3).map { Sale.Row(amount: 100 * $0, cost: 700) }),
      Sale(no: "S2", rows: [Sale.Row(amount: 500, cost: 50), Sale.Row(amount: 500, cost: 50)]),
    ]
    let log = try run(bench, sales)
    #expect(log.amount("cost", "read") == 750)
    #expect(log.amount("cost", "posted") == 750)
    #expect(try bench.vouchers().debits("5401") == 750)
    #expect(log.amount("gross", "posted") == 1600)
    // The same once more is known, and counted the same way.
    try bench.drop("sales-2.csv", Sale.file(sales))
    try bench.run()
    #expect(try bench.log(run: 2).amount("cost", "repeated") == 750)
  }

  /// A field may be made of all of a document's records.
  @Test func aSumOfRecordsIsTheDocuments() throws {
    let bench = try bench([
      "  cost:     money?   = cost_amount\n":
        "  piece:    money    = cost_amount\n  cost:     money    = round(sum(piece) * 0.5, 2)\n",
      "    when: present(cost)\n": "",
    ])
    let log = try run(
      bench,
      [
        Sale(no: "S1", rows: [Sale.Row(amount: 100, cost: 301), Sale.Row(amount: 100, cost: 200)]),
        Sale(no: "S2", rows: [Sale.Row(amount: 100, cost: 0)]),
      ])
    #expect(log.amount("cost", "posted") == 251)
    #expect(try bench.vouchers().debits("5401") == 251)
  }

  /// Returns that are written positive are red, with their quantities.
  @Test func theSignIsTheDocuments() throws {
    let bench = try bench([
      "  start: 2026-01-01\n": "  start: 2026-01-01\n  sign: if unit_name == \"back\" then -1 else 1\n"
    ])
    let sold = Sale(no: "S1", rows: [Sale.Row(quantity: 2, amount: 11300, tax: 1300, cost: 6000)])
    var back = sold
    back.no = "S2"
    try bench.drop(
      "sales-1.csv", Sale.file(lines: sold.lines + back.lines.map { $0.replacing("box", with: "back") }))
    try bench.run()
    let log = try bench.log(run: 1)
    #expect(log.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    #expect(["gross", "net", "tax", "cost"].map { log.amount($0, "posted") } == [0, 0, 0, 0])
    let text = try bench.read("outbox/main_sales_2026-03_000001.csv")
    #expect(text.contains("-113.00"))
    #expect(text.contains("-60.00"))
    #expect(log.amount("documents", "posted") == 2)
  }

  @Test func aTableMayHaveSeveralAnswers() throws {
    let bench = try bench([
      "  income: tables/income.csv\n":
        "  income: { file: tables/wide.csv, key: [kind], value: [account, rate] }\n",
      "income(kind)": "income.account(kind)",
      "  - reject unless abs(tax) <= abs(gross)":
        "  - reject unless income.rate(kind) == \"r\" and abs(tax) <= abs(gross)",
    ])
    let narrow = try bench.read("mappings/tables/income.csv").split(separator: "\n")
    let rows = narrow.dropFirst().map { "\($0),r" }
    try bench.write(
      "mappings/tables/wide.csv", (["kind,account,rate"] + rows).joined(separator: "\n") + "\n")
    let log = try run(bench, [Sale(no: "S1", rows: [Sale.Row(amount: 100)])])
    #expect(log.amount("gross", "posted") == 100)
    // Which of the answers is meant must be said.
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("income.account(kind)", with: "income(kind)"))
    let findings = try CompiledDefinitions(of: bench.workspace).findings
    #expect(findings.map(\.code) == [.unknownReference])
    #expect(findings.first?.arguments.first == "column of income")
  }
}
