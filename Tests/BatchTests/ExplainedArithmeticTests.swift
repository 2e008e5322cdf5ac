import Findings
import Foundation
import Testing

@testable import Batch

/// From an entry back to the source rows, fields and table rows that its amount was made of.
@Suite struct ExplainedArithmeticTests {
  private func explain(_ id: String, _ entry: Int, _ bench: Bench) throws -> Explanation {
    try #require(try Explanation.find(id, entry: entry, in: bench.workspace))
  }

  /// Of every entry of all vouchers the rows are shown, and what is shown of them adds up to it.
  private func everythingAddsUp(_ bench: Bench) throws -> Int {
    var terms = 0
    for (id, lines) in Dictionary(grouping: try bench.vouchers(), by: \.id) {
      for number in 1...lines.count {
        let found = try explain(id, number, bench)
        #expect(
          found.documents.allSatisfy { $0.arithmetic == .shown && !$0.records.isEmpty }, "\(id)/\(number)")
        var rows = Set<Int>()
        #expect(found.documents.allSatisfy { $0.file != nil })
        for share in found.entries[0].shares {
          #expect(share.absorbed == nil)
          let sum = try share.terms.reduce(0) { try $0 + hundredths($1.amount.value) }
          #expect(sum == (try hundredths(share.amount)), "\(id)/\(number) \(share.document)")
          rows.formUnion(share.terms.map(\.line))
          terms += share.terms.count
        }
        #expect(Set(found.documents.flatMap(\.records).map(\.line)) == rows)
        #expect(found.outputs.map(\.lines.count) == [1])
      }
    }
    return terms
  }

  private func hundredths(_ text: String) throws -> Int { try #require(Int(text.replacing(".", with: ""))) }

  private func words(_ record: ExplainedRecord) -> [String] {
    record.fields.map { field in
      let made = field.arithmetic
      let roundings = made.roundings.map { " (\($0.from) to \($0.to))" }.joined()
      return "\(field.name): \(field.type) = \(made.expression) = \(made.values) is \(made.value)\(roundings)"
    }
  }

  @Test func aNetAmountToItsCells() throws {
    let bench = try Bench()
    try bench.drop(
      "sales-1.csv",
      Sale.file([
        Sale(no: "S0", rows: [Sale.Row(amount: 100)]),
        Sale(
          no: "S1",
          rows: [
            Sale.Row(amount: 11300, tax: 1300), Sale.Row(kind: "service", amount: 500),
            Sale.Row(amount: -2000, tax: -230),
          ]),
      ]))
    try bench.run()
    let found = try explain("T-SA-R-00000002", 2, bench)
    let entry = found.entries[0]
    #expect(entry.account == "5001" && entry.amount == "82.30")
    #expect(entry.rule?.place == "mappings/sales.yaml:52" && entry.rule?.account == "income(kind)")
    #expect(found.outputs[0].lines == [5])
    #expect(
      entry.shares[0].terms.map { "\($0.line) \($0.amount.values) \($0.amount.value) \($0.rule)" } == [
        "3 100.00 100.00 mappings/sales.yaml:52", "5 (-17.70) -17.70 mappings/sales.yaml:52",
      ])
    let records = found.documents[0].records
    #expect(records.map(\.row) == [2, 4] && records.map(\.line) == [3, 5])
    #expect(
      records[0].cells.map { "\($0.column)=\($0.text)" } == [
        "day=2026-03-01", "buyer=C1", "class=goods", "amount=113.00", "tax_amount=13.00",
      ])
    #expect(
      words(records[1]) == [
        #"date: date = day = "2026-03-01" is 2026-03-01"#, #"customer: text = buyer = "C1" is C1"#,
        #"kind: text = class = "goods" is goods"#, #"gross: money = amount = "-20.00" is -20.00"#,
        #"tax: money = tax_amount = "-2.30" is -2.30"#,
        "net: money = gross - tax = (-20.00) - (-2.30) is -17.70",
      ])
    #expect(records[0].fields.last?.place == "mappings/sales.yaml:27")
    let table = try #require(records[0].tables.first)
    #expect(records[0].tables.count == 1 && table.table == "income" && table.sought == ["goods"])
    #expect(table.place == "mappings/tables/income.csv:2" && table.keys == ["goods"])
    #expect(table.answers == ["account": "sales"] && table.from == nil && table.to == nil)
  }

  @Test func roundingsAndValidityAreShown() throws {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("gross - tax", with: "gross / 1.13").replacing(
        "- { credit: tax, amount: tax }", with: "- { credit: tax, amount: gross - net }"
      ).replacing("measures: [gross, net, tax, cost]", with: "measures: [gross, net, cost]").replacing(
        "income: tables/income.csv",
        with: "income: { file: tables/income.csv, key: [class], value: account, valid: [from, until] }"))
    try bench.write(
      "mappings/tables/income.csv",
      "class,account,from,until\n*,services,,\ngoods,services,,2026-02-28\ngoods,sales,2026-03-01,2026-12-31\n"
    )
    try bench.drop("sales-1.csv", Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 10000)])]))
    try bench.run()
    let net = try explain("T-SA-R-00000001", 2, bench)
    #expect(net.entries[0].account == "5001" && net.entries[0].amount == "88.50")
    let record = net.documents[0].records[0]
    #expect(
      words(record).last == "net: money = gross / 1.13 = 100.00 / 1.13 is 88.50 (88.495575221238… to 88.50)")
    let table = try #require(record.tables.first)
    #expect(table.place == "mappings/tables/income.csv:4" && table.keys == ["goods"])
    #expect(table.from == "2026-03-01" && table.to == "2026-12-31")
    let tax = try explain("T-SA-R-00000001", 3, bench).entries[0].shares[0].terms[0].amount
    #expect(tax.expression == "gross - net" && tax.values == "100.00 - 88.50" && tax.value == "11.50")
  }

  @Test func aSignAndATailDifference() throws {
    let bench = try Bench()
    try ExplanationTests.classify(bench)
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("gross - tax", with: "gross / 1.13").replacing(
        "      - { credit: tax, amount: tax }",
        with: "      - { debit: cost, amount: 0 * net, absorb: yes }\n      - { credit: tax, amount: tax }"
      ).replacing(
        "  date: date\n  same", with: "  sign: if state == \"red\" then -1 else 1\n  date: date\n  same"
      )
      .replacing("status != \"approved\"", with: "status == \"draft\""))
    try bench.drop(
      "sales-1.csv", Sale.file([Sale(no: "S1", state: "red", rows: [Sale.Row(amount: 10000, tax: 1149)])]))
    try bench.run()
    let net = try explain("T-SA-R-00000001", 2, bench)
    #expect(net.entries[0].amount == "-88.50")
    let fields = net.documents[0].records[0].fields
    let gross = try #require(fields.first { $0.name == "gross" }).arithmetic
    #expect(gross.unsigned == "100.00" && gross.value == "-100.00" && gross.values == #""100.00""#)
    let tail = try explain("T-SA-R-00000001", 3, bench)
    #expect(tail.entries[0].amount == "0.01" && tail.entries[0].shares[0].absorbed == "0.01")
  }

  /// The mapping and the tables of today mean nothing: the rule is shown as it was.
  @Test func theDefinitionsAreThoseOfTheRun() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300)])]))
    try bench.run()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("gross - tax", with: "gross"))
    let net = try explain("T-SA-R-00000001", 2, bench)
    #expect(net.documents[0].arithmetic == .shown)
    #expect(words(net.documents[0].records[0]).last == "net: money = gross - tax = 113.00 - 13.00 is 100.00")
  }

  @Test(arguments: ["plain", "scattered", "xml", "heads", "gb18030"])
  func whateverTheFileIs(_ kind: String) throws {
    var generator = SalesGenerator(seed: 11)
    // Two cells of one document may differ where it is written as a list, and not where it has one head.
    let sales = generator.files(1, of: 25, changes: false)[0]
    let bench: Bench
    switch kind {
    case "xml":
      bench = try XMLFileTests().bench()
      try bench.drop("sales-1.xml", XMLFileTests().xml(sales))
    case "heads":
      bench = try HeadsFileTests().bench()
      try bench.drop("sales-1.csv", HeadsFileTests.lines(sales))
      try bench.drop("heads-1.csv", HeadsFileTests.heads(sales))
    case "scattered":
      bench = try Bench()
      try bench.drop("sales-1.csv", Sale.file(lines: generator.shuffled(sales.flatMap(\.lines))))
    case "gb18030":
      bench = try Bench()
      let mapping = try bench.read("mappings/sales.yaml")
      try bench.write("mappings/sales.yaml", mapping.replacing("encoding: utf-8", with: "encoding: gb18030"))
      // 单1 … in GBK.
      let text = Sale.file(sales).replacing("\nS", with: "\n@")
      let bytes = text.utf8.flatMap { $0 == 0x40 ? [0xB5, 0xA5] : [$0] }
      try Data(bytes).write(to: URL(filePath: bench.folder + "/inbox/sales-1.csv"))
    default:
      bench = try Bench()
      try bench.drop("sales-1.csv", Sale.file(sales))
    }
    try bench.run()
    #expect(try everythingAddsUp(bench) > 40)
    if kind == "gb18030" {
      #expect(try explain("T-SA-R-00000001", 1, bench).documents[0].document.hasPrefix("单"))
    }
  }

  @Test func whatWasHeldOrWaitedForTheEndOfItsMonth() throws {
    let bench = try GatherMonthTests.bench()
    try bench.drop(
      "sales-1.csv",
      Sale.file([
        Sale(no: "S1", rows: [Sale.Row(amount: 100, cost: 50)]),
        Sale(no: "S2", buyer: "C9", rows: [Sale.Row(amount: 200, cost: 60)]),
      ]))
    try bench.run()
    try bench.write(
      "mappings/tables/customers.csv", try bench.read("mappings/tables/customers.csv") + "C9,New\n")
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    try bench.run(clock: "2026-04-20T06:00:00+08:00")
    #expect(try bench.vouchers().debits("5401") == 110)
    #expect(try everythingAddsUp(bench) == 8)
  }

  /// What the two files gave together can't be read from one of them.
  @Test(arguments: [false, true])
  func aDocumentThatWasPutTogether(inTwoRuns: Bool) throws {
    let bench = try CompleteTests().bench()
    try bench.drop("sales-1.csv", Sale.file(lines: Array(CompleteTests.whole[..<2])))
    if inTwoRuns { try bench.run() }
    try bench.drop("sales-2.csv", Sale.file(lines: Array(CompleteTests.whole[2...])))
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    let found = try explain("T-SA-R-00000001", 1, bench)
    #expect(found.entries[0].amount == "395.50" && found.documents[0].document == "S1")
    #expect(found.documents[0].file == nil && found.documents[0].arithmetic == .gone)
    for (file, line) in [("sales-1.csv", 3), ("sales-2.csv", 2)] {
      let row = try #require(
        try RowExplanation.find(file, line: line, in: bench.workspace, language: .english))
      #expect(row.document == "S1" && row.gave.isEmpty)
      #expect(row.verdict == (inTwoRuns && line == 3 ? .held : .posted))
      if row.verdict == .posted { #expect(row.arithmetic == .unlike) }
    }
  }

  @Test func ofMoreThanAHundredDocumentsTheFirstAreShown() throws {
    let bench = try Bench()
    let sales = (1...102).map { Sale(no: "S\($0)", rows: [Sale.Row(amount: 100, cost: 10)]) }
    try bench.drop("sales-1.csv", Sale.file(sales))
    try bench.run()
    let found = try explain("T-SA-C-00000001", 1, bench)
    #expect(found.documents.map(\.arithmetic) == (1...102).map { $0 <= 100 ? .shown : .tooMany })
    #expect(found.entries[0].shares.map(\.terms.count) == (1...102).map { $0 <= 100 ? 1 : 0 })
  }

  @Test func whatCannotBeShownIsSaid() throws {
    let bench = try CorrectionTests.bench()
    for (day, amount) in [(21, 11000), (22, 22000)] {
      try bench.drop("sales-\(day).csv", Sale.file([CorrectionTests.sale("S1", amount)]))
      try bench.run(clock: "2026-03-\(day)T06:00:00+08:00")
    }
    let first = try explain("T-SA-R-00000001", 1, bench)
    #expect(first.documents[0].arithmetic == .shown && first.entries[0].rule != nil)
    let red = try explain("T-SA-R-00000002", 1, bench)
    #expect(red.documents[0].arithmetic == .red && red.entries[0].shares[0].terms.isEmpty)
    #expect(red.entries[0].rule == nil)
    let black = try explain("T-SA-R-00000003", 1, bench)
    #expect(black.documents[0].arithmetic == .shown)
    let archived = try #require(black.documents[0].file).archived
    // A file that was changed is not shown as if it were the one.
    try bench.write("archive/" + archived, Sale.file([CorrectionTests.sale("S1", 22000)]) + "\n")
    #expect(try explain("T-SA-R-00000003", 1, bench).documents[0].arithmetic == .gone)
    try bench.remove("archive/" + archived)
    let gone = try explain("T-SA-R-00000003", 1, bench)
    #expect(gone.documents[0].arithmetic == .gone && gone.entries[0].amount == "220.00")
  }
}
