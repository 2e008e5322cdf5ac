import Findings
import Ledger
import Testing

@testable import Batch

/// From a source row to the entries that it gave, or to why it gave none.
@Suite struct RowExplanationTests {
  private func explain(_ file: String, _ line: Int, _ bench: Bench) throws -> RowExplanation {
    try #require(
      try RowExplanation.find(file, line: line, in: bench.workspace, language: .english), "\(file):\(line)")
  }

  private func gave(_ found: RowExplanation) -> [String] {
    found.gave.map { "\($0.voucher)/\($0.entry ?? 0) \($0.side) \($0.account) \($0.term.amount.value)" }
  }

  @Test func everyRowOfAFileHasItsVerdict() throws {
    let bench = try Bench()
    try bench.drop(
      "sales-1.csv",
      Sale.file([
        Sale(
          no: "S1",
          rows: [
            Sale.Row(amount: 11300, tax: 1300, cost: 6000),
            Sale.Row(kind: "service", quantity: 2, amount: 500, cost: 0),
          ]),
        Sale(no: "S2", rows: [Sale.Row()]), Sale(no: "S3", buyer: "C9", rows: [Sale.Row(amount: 100)]),
        Sale(no: "S4", state: "draft", rows: [Sale.Row(amount: 100)]),
        Sale(no: "S5", day: "2025-12-31", rows: [Sale.Row(amount: 100)]),
        Sale(no: "S6", rows: [Sale.Row(amount: 100, cost: 50), Sale.Row(amount: 0, cost: 0)]),
      ]))
    try bench.run()
    let first = try explain("sales-1.csv", 2, bench)
    #expect(first.verdict == .posted && first.document == "S1" && first.file.row == 1)
    #expect(
      gave(first) == [
        "T-SA-R-00000001/1 debit 1122 113.00", "T-SA-R-00000001/2 credit 5001 100.00",
        "T-SA-R-00000001/4 credit 2221 13.00", "T-SA-C-00000001/1 debit 5401 60.00",
        "T-SA-C-00000001/2 credit 1405 60.00",
      ])
    #expect(first.gave[1].term.amount.expression == "net" && first.gave[1].term.line == 2)
    #expect(first.record?.cells.map(\.text).contains("113.00") == true && first.record?.fields.count == 11)
    let second = try explain("sales-1.csv", 3, bench)
    #expect(
      gave(second) == [
        "T-SA-R-00000001/1 debit 1122 5.00", "T-SA-R-00000001/3 credit 5002 5.00",
        // Nothing but a quantity.
        "T-SA-C-00000001/2 credit 1405 0.00",
      ])
    let rejected = try explain("sales-1.csv", 4, bench)
    #expect(rejected.verdict == .rejected && rejected.reasons.map(\.code) == ["bad-number"])
    #expect(rejected.reject == "T-SA-RJ-00000001" && rejected.gave.isEmpty)
    #expect(bench.exists("outbox/" + (try #require(rejected.rejectFile))))
    let held = try explain("sales-1.csv", 5, bench)
    #expect(held.verdict == .held && held.reasons.map(\.message) == ["customer C9 is not known"])
    let ignored = try explain("sales-1.csv", 6, bench)
    #expect(
      ignored.verdict == .ignored && ignored.condition == #"mappings/sales.yaml:35: status != "approved""#)
    #expect(try explain("sales-1.csv", 7, bench).reasons.map(\.code) == ["document-before-start"])
    let nothing = try explain("sales-1.csv", 9, bench)
    #expect(nothing.verdict == .posted && nothing.document == "S6" && nothing.arithmetic == .shown)
    for line in [1, 10, 99] { #expect(try explain("sales-1.csv", line, bench).verdict == .layout) }
    // Under its other names it is the same file.
    for name in [first.file.archived, "archive/" + first.file.archived, "1_sales-1.csv"] {
      #expect(try explain(name, 2, bench).gave.count == 5)
    }
  }

  /// What a row gave may stand no more.
  @Test func whatWasTakenBackSinceIsTold() throws {
    let bench = try CorrectionTests.bench()
    try bench.drop(
      "sales-1.csv", Sale.file([CorrectionTests.sale("S1", 11000), CorrectionTests.sale("S2", 5000)]))
    try bench.run(clock: "2026-03-21T06:00:00+08:00")
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 22000)]))
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    let old = try explain("sales-1.csv", 2, bench)
    #expect(old.corrections.map(\.voucher) == ["T-SA-R-00000001"])
    let ids = Set(try bench.vouchers().map(\.id))
    #expect(old.corrections.allSatisfy { ids.isSuperset(of: [$0.red, $0.black]) && $0.red != $0.black })
    #expect(try explain("sales-1.csv", 3, bench).corrections.isEmpty)
    #expect(try explain("sales-2.csv", 2, bench).corrections.isEmpty)
  }

  @Test func whatCameAgain() throws {
    let bench = try CorrectionTests.bench()
    func night(_ day: Int, _ sales: [Sale]) throws {
      try bench.drop("sales.csv", Sale.file(sales))
      try bench.run(clock: "2026-03-\(day)T06:00:00+08:00")
    }
    let held = Sale(no: "S2", buyer: "C9", rows: [Sale.Row(amount: 100)])
    try night(21, [CorrectionTests.sale("S1", 11000), held])
    try night(22, [CorrectionTests.sale("S1", 11000), held])
    let repeated = try explain("sales.csv", 2, bench)
    #expect(repeated.verdict == .repeated && repeated.otherRuns == [1])
    #expect(repeated.stands.map(\.voucher) == ["T-SA-R-00000001", "T-SA-C-00000001"])
    let waiting = try explain("sales.csv", 3, bench)
    #expect(waiting.verdict == .repeated && waiting.heldSince == 1)
    try night(23, [CorrectionTests.sale("S1", 22000)])
    let changed = try explain("sales.csv", 2, bench)
    #expect(changed.verdict == .posted && changed.otherRuns == [1, 2])
    #expect(gave(changed).first == "T-SA-R-00000003/1 debit 1122 220.00" && changed.gave.count == 3)
    #expect(changed.stands.map(\.voucher) == ["T-SA-C-00000001"])
    // The older file under its name in the archive, whatever has come of the document since.
    let old = try explain(repeated.file.archived, 2, bench)
    #expect(old.file.run == 2 && old.verdict == .repeated)
    #expect(old.stands.map(\.voucher) == ["T-SA-R-00000001", "T-SA-C-00000001"])
    try night(24, [CorrectionTests.sale("S1", 22000, state: "void")])
    let void = try explain("sales.csv", 2, bench)
    #expect(void.verdict == .void)
    #expect(void.corrections.map(\.voucher) == ["T-SA-R-00000003", "T-SA-C-00000001"])
  }

  /// What a rejected document is posted from, mended, is another file.
  @Test func whatWasMendedLeadsToItsVouchers() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: nil)])]))
    try bench.run(clock: "2026-03-21T06:00:00+08:00")
    #expect(try explain("sales-1.csv", 2, bench).stands.isEmpty)
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 11000)]))
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    let row = try explain("sales-1.csv", 2, bench)
    #expect(row.verdict == .rejected && row.later.isEmpty)
    #expect(row.stands.map(\.voucher) == ["T-SA-R-00000001", "T-SA-C-00000001"])
  }

  @Test func rowsThatAreNotInTheOrderOfTheirDocuments() throws {
    let bench = try Bench()
    let sales = ["S1", "S2"].map { no in
      Sale(no: no, rows: (1...2).map { Sale.Row(amount: 100 * $0 + (no == "S1" ? 1 : 2)) })
    }
    let lines = sales.flatMap(\.lines)
    try bench.drop("sales-1.csv", Sale.file(lines: [lines[0], lines[2], lines[3], lines[1]]))
    try bench.run()
    let found = try (2...5).map { try explain("sales-1.csv", $0, bench) }
    #expect(found.map(\.document) == ["S1", "S2", "S2", "S1"])
    #expect(found.map { $0.gave[0].term.amount.value } == ["1.01", "1.02", "2.02", "2.01"])
    #expect(found.map(\.file.row) == [1, 2, 3, 4])
  }

  @Test func anElementOfAnXMLFileIsFoundByItsLines() throws {
    let bench = try XMLFileTests().bench()
    try bench.drop(
      "sales-1.xml",
      XMLFileTests().xml([
        Sale(no: "S1", rows: [Sale.Row(amount: 100), Sale.Row(amount: 200)]),
        Sale(no: "S2", rows: [Sale.Row(amount: 300)]),
      ]))
    try bench.run()
    let text = try bench.read("archive/" + explain("sales-1.xml", 3, bench).file.archived)
    for (index, line) in text.split(separator: "\n").enumerated() where line.contains("<line>") {
      let found = try explain("sales-1.xml", index + 1, bench)
      let amount = try #require(found.gave.first).term.amount.value
      #expect(line.contains("<amount>\(amount)<"))
    }
  }

  private func later(_ found: RowExplanation) -> [String] {
    found.later.map { later in
      ([String(later.run), later.verdict.rawValue]
        + later.gave.map { "\($0.voucher)/\($0.entry ?? 0) \($0.account) \($0.term.amount.value)" }).joined(
          separator: " ")
    }
  }

  private func march() throws -> Reposting.Selection {
    .period(try #require(Period("2026-03")))
  }

  /// Rows that wait are taken up again by later runs: held ones that a customer was missing for, and what is posted anew.
  @Test func whatLaterRunsMadeOfARow() throws {
    let bench = try CorrectionTests.bench()
    let held = Sale(
      no: "S1", buyer: "C9", rows: [Sale.Row(kind: "service", amount: 11300, tax: 1300, cost: 500)])
    try bench.drop("sales-1.csv", Sale.file([held]))
    try bench.run(clock: "2026-03-21T06:00:00+08:00")
    #expect(try later(explain("sales-1.csv", 2, bench)).isEmpty)
    let customers = try bench.read("mappings/tables/customers.csv")
    try bench.write("mappings/tables/customers.csv", customers + "C9,New\n")
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    let first =
      "2 posted T-SA-R-00000001/1 1122 113.00 T-SA-R-00000001/2 5002 100.00 T-SA-R-00000001/3 2221 13.00"
      + " T-SA-C-00000001/1 5401 5.00 T-SA-C-00000001/2 1405 5.00"
    let found = try explain("sales-1.csv", 2, bench)
    #expect(found.verdict == .held && found.gave.isEmpty && later(found) == [first])
    // By other rules.
    let table = try bench.read("mappings/tables/income.csv")
    try bench.write("mappings/tables/income.csv", table.replacing("service,services", with: "service,sales"))
    let pipeline = Pipeline(
      bench.workspace, clock: try #require(RunClock(fixed: "2026-03-23T06:00:00+08:00")))
    _ = try bench.unlocked {
      try pipeline.repost(Reposting("sales", try march(), by: "li", reason: "account"))
    }
    #expect(
      try later(explain("sales-1.csv", 2, bench)) == [
        first,
        "3 posted T-SA-R-00000003/1 1122 113.00 T-SA-R-00000003/2 5001 100.00 T-SA-R-00000003/3 2221 13.00",
      ])
    // Another file's rows are not its own.
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 22000)]))
    try bench.run(clock: "2026-03-24T06:00:00+08:00")
    #expect(try explain("sales-1.csv", 2, bench).later.map(\.run) == [2, 3])
    #expect(try explain("sales-2.csv", 2, bench).later.isEmpty)
  }

  @Test func whatARowGaveAtItsMonthsEndAndWhatWasAccepted() throws {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("    when: present(cost)\n", with: "    when: present(cost)\n    gather: month\n"))
    func sale(_ amount: Int) -> Sale { Sale(no: "S1", rows: [Sale.Row(amount: amount, cost: 500)]) }
    try bench.drop("sales-1.csv", Sale.file([sale(1000)]))
    try bench.run(clock: "2026-03-21T06:00:00+08:00")
    // Changed, held for a person, and accepted.
    try bench.drop("sales-2.csv", Sale.file([sale(3000)]))
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    let clock = try #require(RunClock(fixed: "2026-03-23T06:00:00+08:00"))
    _ = try bench.unlocked {
      try Pipeline(bench.workspace, clock: clock).dismiss(
        Dismissal(.accepted(interface: nil, key: "S1"), by: "li", reason: "right"))
    }
    let accepted = "3 posted T-SA-R-00000003/1 1122 30.00 T-SA-R-00000003/2 5001 30.00"
    #expect(try later(explain("sales-2.csv", 2, bench)) == [accepted])
    try bench.run(clock: "2026-04-02T06:00:00+08:00")
    let made = "4 posted T-SA-C-00000001/1 5401 5.00 T-SA-C-00000001/2 1405 5.00"
    #expect(
      try [1, 2].flatMap { try later(explain("sales-\($0).csv", 2, bench)) }.sorted() == [accepted, made])
  }

  /// Of several that begin on one line the last one is meant, and that there are others is told.
  @Test func ofSeveralElementsOnOneLineTheLastIsFound() throws {
    let bench = try XMLFileTests().bench()
    let sales = (1...3).map { number in
      Sale(no: "S\(number)", rows: [Sale.Row(amount: 100 * number), Sale.Row(amount: 100 * number + 1)])
    }
    let text = XMLFileTests().xml(sales, space: "")
    try bench.drop("sales-1.xml", text)
    try bench.drop(
      "sales-2.xml", text.replacing("S", with: "T").replacing("<sale no='T3'", with: "\n<sale no='T3'"))
    try bench.run()
    let whole = try explain("sales-1.xml", 1, bench)
    #expect(whole.document == "S3" && whole.gave.first?.term.amount.value == "3.01")
    let cut = try (1...2).map { try explain("sales-2.xml", $0, bench) }
    #expect(cut.map(\.document) == ["T2", "T3"])
    #expect(cut.map { $0.gave.first?.term.amount.value } == ["2.01", "3.01"])
    #expect(whole.isLastOfSeveral && cut.allSatisfy(\.isLastOfSeveral))
  }

  /// Elements that stand alone, and whose documents are brought together.
  @Test func ofSeveralElementsOfSeveralDocumentsOnOneLineTheLastIsFound() throws {
    let bench = try XMLFileTests().bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing(
        "document: /s:sales/s:sale\n  record: s:line", with: "document: /s:sales/s:line\n  record: ."
      )
      .replacing("`../@no`", with: "`@no`").replacing("`../s:day`", with: "`@day`")
      .replacing("`../@state`", with: "`@state`").replacing("`../s:buyer`", with: "`@buyer`"))
    func line(_ no: String, _ amount: String) -> String {
      "<line no='\(no)' day='2026-03-01' state='approved' buyer='C1'><class>goods</class>"
        + "<quantity unit='box'>1</quantity><amount>\(amount)</amount><tax>0</tax></line>"
    }
    try bench.drop(
      "sales-1.xml",
      "<sales xmlns='urn:sales'>\n" + line("S1", "1.00") + line("S2", "2.00") + line("S1", "3.00") + "\n"
        + line("S2", "4.00") + line("S3", "5.00") + "\n" + line("S1", "6.00") + "\n</sales>\n")
    try bench.run()
    let found = try (2...4).map { try explain("sales-1.xml", $0, bench) }
    #expect(found.map(\.document) == ["S1", "S3", "S1"])
    #expect(found.map { $0.gave.first?.term.amount.value } == ["3.00", "5.00", "6.00"])
    #expect(found.map(\.isLastOfSeveral) == [true, true, false])
  }

  @Test func aWholeFileThatIsRejectedAndOneThatIsGone() throws {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing(
        "encoding: utf-8\n",
        with: "encoding: utf-8\n  trailer: { column: no, mark: total, totals: { amount: sum } }\n"))
    try bench.drop(
      "sales-1.csv", Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 100)])]) + "total,,,,,,,2.00,,\n")
    try bench.run()
    let found = try explain("sales-1.csv", 2, bench)
    #expect(found.verdict == .rejected && found.document == "S1" && found.reasons.count == 1)
    #expect(try explain("sales-1.csv", 3, bench).verdict == .layout)
    try bench.remove("archive/" + found.file.archived)
    #expect(try explain("sales-1.csv", 2, bench).verdict == .unknown)
    #expect(
      try RowExplanation.find("sales-2.csv", line: 2, in: bench.workspace, language: .english) == nil)
  }
}
