import Foundation
import State
import Testing

@testable import Batch

/// What a posting that is made when the month is over leaves of the document's other postings: they wait as they did.
@Suite struct MonthsEndTests {
  private static let sale = Sale(
    no: "S1", day: "2026-03-10", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])

  /// Cost is made when the month is over; a fee is posted as soon as it is known.
  private func bench() throws -> Bench {
    let bench = try GatherMonthTests.bench()
    try bench.write("mappings/answer.yaml", AnswerTests.table)
    let mapping = try bench.read("mappings/sales.yaml")
    let fee = """
      postings:
        fee:
          code: F
          when: present(fee)
          per: document
          date: date
          memo: "fee {number}"
          entries:
            - { debit: cost, amount: fee }
            - { credit: receivables, amount: fee, by: { customer: customer } }

      """
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("  ignore: status", with: "  changed: reverse\n  ignore: status")
        .replacing(
          "  cost:     money?   = cost_amount\n",
          with: "  cost:     money?   = cost_amount\n  fee:      money?   = fee\n"
        )
        .replacing("postings:\n", with: fee) + "write_back: \"back_{interface}_{run}.csv\"\n")
    return bench
  }

  @discardableResult
  private func night(_ bench: Bench, _ day: String, _ sale: Sale? = nil, fee: String = "") throws -> Int32 {
    if let sale {
      let rows = sale.lines.map { $0 + "," + fee }
      try bench.drop("sales-\(day).csv", ([Sale.header + ",fee"] + rows).map { $0 + "\n" }.joined())
    }
    let outcome = try bench.run(clock: "2026-\(day)T06:00:00+08:00")
    for run in outcome.runs {
      #expect(
        try bench.log(run: run.number).differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    }
    return outcome.exitCode
  }

  private func void(_ bench: Bench, _ voucher: String, on day: String) throws {
    try bench.drop("answer-\(day).csv", "id,number,result,reason\n\(voucher),,failed,x\n")
    try night(bench, day)
    let clock = try #require(RunClock(fixed: "2026-\(day)T08:00:00+08:00"))
    _ = try bench.unlocked {
      try Pipeline(bench.workspace, clock: clock).void(VoucherVoiding(voucher, by: "anna", reason: "wrong"))
    }
  }

  private func receivable(_ bench: Bench, of source: String = "S1") throws -> Int {
    let gone = try bench.state { state in
      try bench.vouchers().filter { try state.isVoid($0.id) }.map(\.id)
    }
    return try bench.vouchers().filter { $0.account == "1122" && !gone.contains($0.id) }
      .reduce(0) { $0 + $1.debit - $1.credit }
  }

  /// The posting of a voided voucher waits for an export, also where another posting is made meanwhile.
  @Test(arguments: [6000, 7000]) func aVoidedVoucherIsPostedAnewAfterTheMonthsEnd(_ cost: Int) throws {
    let bench = try bench()
    #expect(try night(bench, "03-20", Self.sale) == 0)
    try void(bench, "T-SA-R-00000001", on: "03-21")
    #expect(try night(bench, "04-01") == 0)
    #expect(try receivable(bench) == 0)
    #expect(try bench.state { try $0.unposted() }.map { $0.causes.map(\.code) } == [["F", "R"]])
    #expect(try bench.read("outbox/back_sales_000004.csv").contains("S1,posted in part,T-SA-C-00000001"))
    var again = Self.sale
    again.rows[0].cost = cost
    #expect(try night(bench, "04-03", again) == 0)
    #expect(try receivable(bench) == 11300)
    #expect(try bench.vouchers().debits("5401") == cost)
    #expect(try bench.state { try $0.unposted() }.map { $0.causes.map(\.code) } == [["F"]])
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func aValueThatComesAfterTheMonthsEndIsPosted() throws {
    let bench = try bench()
    #expect(try night(bench, "03-20", Self.sale) == 0)
    #expect(try night(bench, "04-01") == 0)
    #expect(try night(bench, "04-03", Self.sale, fee: "5.00") == 0)
    #expect(try receivable(bench) == 11300 - 500)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Whether the month's end came before the value or after it, an export without it is an old one.
  @Test(arguments: [["03-22", "04-01"], ["04-01", "04-02"]])
  func anExportFromBeforeAValueIsHeldAfterTheMonthsEnd(_ days: [String]) throws {
    let bench = try bench()
    #expect(try night(bench, "03-20", Self.sale) == 0)
    #expect(try night(bench, days[0], days[0] < "04" ? Self.sale : nil, fee: "5.00") == 0)
    #expect(try night(bench, days[1], days[0] < "04" ? nil : Self.sale, fee: "5.00") == 0)
    let before = try bench.vouchers()
    #expect(try receivable(bench) == 11300 - 500)
    #expect(try night(bench, "04-05", Self.sale) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map(\.causes[0].code) == ["document-reverted"])
    #expect(try bench.vouchers() == before)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What waits for the end of its month is replaced, whatever the mapping says of it by now.
  @Test(arguments: ["approved", "void"]) func aMappingThatIsMonthlyNoMoreDoublesNothing(_ state: String)
    throws
  {
    let bench = try bench()
    #expect(try night(bench, "03-20", Self.sale) == 0)
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("gather: month\n", with: "\n").replacing(
        "  changed: reverse\n", with: "  changed: reverse\n  void: status == \"void\"\n"))
    var again = Self.sale
    (again.rows[0].cost, again.state) = (7000, state)
    let cost = state == "void" ? 0 : 7000
    #expect(try night(bench, "03-22", again) == 0)
    #expect(try bench.vouchers().debits("5401") == cost)
    #expect(try night(bench, "04-01") == 0)
    #expect(try bench.vouchers().debits("5401") == cost)
    #expect(try receivable(bench) == (cost == 0 ? 0 : 11300))
    #expect(try bench.state { try $0.deferredSummary() }.isEmpty)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Under another code it is neither replaced nor made: the newer version waits until the code is there again.
  @Test func anotherCodeMakesNoOlderVersion() throws {
    let bench = try bench()
    #expect(try night(bench, "03-20", Self.sale) == 0)
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("    code: C", with: "    code: K"))
    let newer = Sale(no: "S1", day: "2026-03-10", rows: [Sale.Row(amount: 22600, tax: 2600, cost: 7000)])
    #expect(try night(bench, "03-22", newer) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map(\.causes[0].code) == ["posting-gone"])
    try bench.write("mappings/sales.yaml", mapping)
    #expect(try night(bench, "04-02") == 0)
    #expect(try receivable(bench) == 22600)
    #expect(try bench.vouchers().debits("5401") == 7000)
    #expect(try night(bench, "04-03", newer) == 0)
    #expect(try bench.vouchers().debits("5401") == 7000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// The month's end is made in the run that voids the voucher of another posting, which waits for an export then.
  @Test func theMonthsEndInTheRunThatVoids() throws {
    let bench = try bench()
    #expect(try night(bench, "03-20", Self.sale) == 0)
    try bench.drop("answer-1.csv", "id,number,result,reason\nT-SA-R-00000001,,failed,x\n")
    try night(bench, "03-21")
    let clock = try #require(RunClock(fixed: "2026-04-02T08:00:00+08:00"))
    _ = try bench.unlocked {
      try Pipeline(bench.workspace, clock: clock).void(
        VoucherVoiding("T-SA-R-00000001", by: "anna", reason: "x"))
    }
    #expect(try bench.vouchers().debits("5401") == 6000)
    #expect(try bench.state { try $0.unposted() }.map { $0.causes.map(\.code) } == [["F", "R"]])
    #expect(try night(bench, "04-03", Self.sale) == 0)
    #expect(try receivable(bench) == 11300)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// A draft of which the vouchers stand, but what waited is not made, keeps its period open.
  @Test func aDraftThatLosesItsMonthsEndIsListed() throws {
    let bench = try bench()
    #expect(try night(bench, "03-20", Self.sale) == 0)
    var draft = Self.sale
    draft.state = "draft"
    try night(bench, "03-21", draft)
    #expect(try receivable(bench) == 11300)
    #expect(try bench.state { try $0.unposted() }.map(\.kind) == [.ignored])
    #expect(try night(bench, "04-02") == 0)
    #expect(try bench.vouchers().debits("5401") == 0)
    #expect(try night(bench, "04-03", Self.sale) == 0)
    #expect(try bench.vouchers().debits("5401") == 6000)
    #expect(try bench.state { try $0.unposted() }.map(\.kind) == [.pending])
    #expect(try bench.verify().findings.isEmpty)
  }
}
