import Foundation
import Testing

@testable import Batch

/// Two postings that carry one measure: what was posted of it is counted once, where it was posted.
@Suite struct CarrierTests {
  /// Sales on credit are one kind of voucher, sales to nobody in particular another; both may apply, and one may wait.
  private func bench(_ first: String, _ second: String) throws -> Bench {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    let start = try #require(mapping.range(of: "postings:"))
    let end = try #require(mapping.range(of: "write:"))
    let posting = { (name: String, code: String, when: String) in
      """
        \(name):
          code: \(code)
      \(when.isEmpty ? "" : "    when: \(when)\n")    per: document
          date: date
          memo: "\(name) {number}"
          entries:
            - { debit: receivables, amount: gross, by: { customer: customer } }
            - { credit: income(kind), amount: gross }

      """
    }
    try bench.write(
      "mappings/sales.yaml",
      (mapping[..<start.lowerBound] + "postings:\n" + posting("one", "R", first) + posting("two", "C", second)
        + mapping[end.lowerBound...]).replacing(
          "measures: [gross, net, tax, cost]", with: "measures: [gross]"))
    return bench
  }

  private static let sales = [
    Sale(no: "S1", buyer: "C1", rows: [Sale.Row(amount: 100, cost: 10)]),
    Sale(no: "S2", buyer: "C2", rows: [Sale.Row(amount: 200)]),
  ]

  @Test(arguments: [
    // Either the one or the other.
    ("customer == \"C1\"", "customer != \"C1\"", 300, 0, 0),
    // Both, for one of the documents: its amount is told once.
    ("", "customer == \"C1\"", 300, 0, 0),
    // Neither, for one of them.
    ("customer == \"C1\"", "customer == \"C1\"", 100, 0, 200),
    // The first waits, the second is posted: nothing of the amount waits.
    ("present(cost)", "not present(cost)", 300, 0, 0),
    // The first waits, the second does not apply.
    ("present(cost)", "customer == \"C1\"", 100, 200, 0),
  ])
  func whatWasPostedIsToldOnce(
    _ first: String, _ second: String, _ posted: Int, _ pending: Int, _ ignored: Int
  )
    throws
  {
    let bench = try bench(first, second)
    try bench.drop("sales-1.csv", Sale.file(Self.sales))
    #expect(try bench.run().exitCode == 0)
    let log = try bench.log(run: 1)
    #expect(log.amount("gross", "read") == 300)
    #expect(log.amount("gross", "posted") == posted)
    #expect(log.amount("gross", "pending") == pending)
    #expect(log.amount("gross", "ignored") == ignored)
    #expect(log.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
  }
}
