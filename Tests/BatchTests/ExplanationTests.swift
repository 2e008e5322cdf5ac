import Testing

@testable import Batch

/// From a voucher back to the documents that gave it.
@Suite struct ExplanationTests {
  @Test func aVoucherOfOneDocument() throws {
    let bench = try Bench()
    try bench.drop(
      "sales-1.csv", Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])]))
    try bench.run()
    let found = try #require(try Explanation.find("T-SA-R-00000001", in: bench.workspace))
    #expect(found.interface == "sales" && found.posting == "revenue" && found.date == "2026-03-01")
    #expect(found.run == 1 && found.isPublished && found.absent.isEmpty && found.gaps.isEmpty)
    #expect(
      found.entries.map { "\($0.number) \($0.side) \($0.account) \($0.amount) \($0.dimensions)" } == [
        #"1 debit 1122 113.00 ["customer": "C1"]"#, #"2 credit 5001 100.00 ["customer": "C1"]"#,
        "3 credit 2221 13.00 [:]",
      ])
    #expect(found.entries.map { $0.shares.map(\.document) } == [["S1"], ["S1"], ["S1"]])
    #expect(found.outputs.map(\.lines) == [[4, 5, 6]])
    let file = try #require(found.documents.first?.file)
    #expect(file.name == "sales-1.csv" && file.row == 1 && file.run == 1)
    let archived = Array(try bench.read("archive/" + file.archived).utf8)
    #expect(String(decoding: archived, as: UTF8.self).contains("S1"))
    #expect(file.sha256 == hex(try #require(try System.digest(of: bench.workspace.archive / file.archived))))
  }

  /// Gives the trial chart the classes of its accounts.
  static func classify(_ bench: Bench) throws {
    let accounts = try bench.read("mappings/tables/accounts.csv").split(separator: "\n")
    let classes = ["class", "asset", "asset", "liability", "income", "income", "expense"]
    try bench.write(
      "mappings/tables/accounts.csv", zip(accounts, classes).map { "\($0),\($1)\n" }.joined())
  }

  /// The numbers are those of the voucher file: the trial profile has a line an entry.
  @Test(arguments: [false, true])
  func entriesAreNumberedAsPublished(swapsSides: Bool) throws {
    let bench = try Bench()
    if swapsSides {
      try bench.write(
        "mappings/books/main.yaml", try bench.read("mappings/books/main.yaml") + "swap_sides: yes\n")
      try Self.classify(bench)
    }
    var generator = SalesGenerator(seed: 7)
    for (index, sales) in generator.files(4, of: 60, changes: false).enumerated() {
      try bench.drop("sales-\(index).csv", Sale.file(sales))
    }
    try bench.run()
    let lines = Dictionary(grouping: try bench.vouchers(), by: \.id)
    #expect(lines.count > 20)
    #expect(lines.values.joined().contains { $0.account == "1122" && $0.debit < 0 } != swapsSides)
    for (id, lines) in lines {
      let found = try #require(try Explanation.find(id, in: bench.workspace))
      #expect(found.entries.map(\.number) == Array(1...lines.count), "\(id)")
      #expect(
        found.entries.map { "\($0.account) \($0.side == "debit" ? $0.amount : "") \($0.quantity ?? "")" }
          == lines.map { "\($0.account) \($0.debit == 0 ? "" : money($0.debit)) \($0.quantity)" }, "\(id)")
      for entry in found.entries {
        let sum = try entry.shares.reduce(0) { try $0 + #require(Int($1.amount.replacing(".", with: ""))) }
        #expect(
          abs(sum) == abs(try #require(Int(entry.amount.replacing(".", with: "")))), "\(id)/\(entry.number)")
      }
    }
  }

  /// The second entry of the summary alone, with the one document whose goods it has.
  @Test func oneEntryOfASummary() throws {
    let bench = try Bench()
    let sales = [
      Sale(no: "S1", rows: [Sale.Row(quantity: 2, amount: 100, cost: 1100)]),
      Sale(no: "S2", rows: [Sale.Row(quantity: -1, amount: -50, cost: -300)]),
      Sale(no: "S3", rows: [Sale.Row(quantity: 3, amount: 100, cost: 500)]),
    ]
    try bench.drop("sales-1.csv", Sale.file(sales))
    try bench.run()
    let whole = try #require(try Explanation.find("T-SA-C-00000001", in: bench.workspace))
    #expect(whole.entries.map(\.amount) == ["16.00", "-3.00", "16.00", "-3.00"])
    #expect(whole.documents.map(\.document) == ["S1", "S2", "S3"])
    let found = try #require(try Explanation.find("T-SA-C-00000001", entry: 4, in: bench.workspace))
    #expect(found.entryCount == 4 && found.entries.map(\.number) == [4])
    #expect(found.entries[0].account == "1405" && found.entries[0].quantity == "-1")
    #expect(found.entries[0].shares.map(\.document) == ["S2"])
    #expect(found.documents.map(\.document) == ["S2"] && found.documents[0].file?.row == 2)
    let none = try #require(try Explanation.find("T-SA-C-00000001", entry: 5, in: bench.workspace))
    #expect(none.entries.isEmpty && none.entryCount == 4)
  }

  @Test(arguments: ["own", "finance"])
  func aNumberIsShownWhereTheBookGivesIt(_ numbering: String) throws {
    let bench = try Bench()
    try bench.write(
      "mappings/books/main.yaml",
      try bench.read("mappings/books/main.yaml").replacing("number: finance", with: "number: \(numbering)"))
    let sales = ["S1", "S2"].map { Sale(no: $0, rows: [Sale.Row(amount: 100)]) }
    try bench.drop("sales-1.csv", Sale.file(sales))
    try bench.run()
    let found = try #require(try Explanation.find("T-SA-R-00000002", in: bench.workspace))
    #expect(found.type == "记" && found.number == (numbering == "own" ? 2 : nil))
  }

  @Test func aDocumentThatWasHeldComesFromTheFileThatBroughtIt() throws {
    let bench = try Bench()
    try bench.drop(
      "sales-1.csv",
      Sale.file([
        Sale(no: "S1", rows: [Sale.Row(amount: 100)]),
        Sale(no: "S2", buyer: "C9", rows: [Sale.Row(amount: 200)]),
      ]))
    try bench.run()
    try bench.write(
      "mappings/tables/customers.csv", try bench.read("mappings/tables/customers.csv") + "C9,New\n")
    try bench.run()
    let found = try #require(try Explanation.find("T-SA-R-00000002", in: bench.workspace))
    #expect(found.run == 2)
    let file = try #require(found.documents.first?.file)
    #expect(file.name == "sales-1.csv" && file.run == 1 && file.row == 2)
  }

  @Test func aCorrectionIsSeenFromAllItsVouchers() throws {
    let bench = try CorrectionTests.bench()
    for (day, amount) in [(21, 11000), (22, 22000)] {
      try bench.drop("sales-\(day).csv", Sale.file([CorrectionTests.sale("S1", amount)]))
      try bench.run(clock: "2026-03-\(day)T06:00:00+08:00")
    }
    func link(_ number: Int) throws -> CorrectionLink {
      let found = try #require(try Explanation.find("T-SA-R-0000000\(number)", in: bench.workspace))
      #expect(found.documents.count == 1)
      #expect(found.documents[0].file?.name == (number == 1 ? "sales-21.csv" : "sales-22.csv"))
      return try #require(found.documents[0].corrections.first)
    }
    for (number, part) in [(1, CorrectionLink.Part.reversed), (2, .reverses), (3, .replaces)] {
      let link = try link(number)
      #expect(link.part == part && link.cause == "changed" && link.run == 2)
      #expect(
        [link.voucher, link.red, link.black] == ["T-SA-R-00000001", "T-SA-R-00000002", "T-SA-R-00000003"])
    }
    let red = try #require(try Explanation.find("T-SA-R-00000002", in: bench.workspace))
    #expect(red.entries.map(\.amount) == ["-110.00", "-99.00", "-11.00"])
    // Nothing has become of the cost.
    let cost = try #require(try Explanation.find("T-SA-C-00000001", in: bench.workspace))
    #expect(cost.documents[0].corrections.isEmpty)
  }

  @Test func whatIsGoneFromTheArchiveIsSaid() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 100)])]))
    try bench.run()
    let fingerprint = try #require(try Explanation.find("T-SA-R-00000001", in: bench.workspace)).definitions
    try bench.write("archive/definitions/\(fingerprint)/tables/customers.csv", "code,name\nC1,Another\n")
    let changed = try #require(try Explanation.find("T-SA-R-00000001", in: bench.workspace))
    #expect(changed.gaps == [.definitions] && changed.entries.count == 2)
    try bench.write("archive/records/000001.jsonl", "{}\n")
    let second = try #require(try Explanation.find("T-SA-R-00000001", in: bench.workspace))
    #expect(second.gaps == [.definitions, .record] && second.documents[0].file == nil)
    try bench.write("archive/entries/000001.entries", "tallyman entries 2\n")
    #expect(throws: WorldError.self) { try Explanation.find("T-SA-R-00000001", in: bench.workspace) }
  }

  @Test func aVoucherThatThereIsNot() throws {
    let bench = try Bench()
    #expect(try Explanation.find("T-SA-R-00000001", in: bench.workspace) == nil, "nothing ever ran")
    try bench.drop(
      "sales-1.csv",
      Sale.file([
        Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300)]), Sale(no: "S2", rows: [Sale.Row()]),
      ]))
    try bench.run()
    for id in [
      "T-SA-R-00000002", "T-SA-R-1", "T-SA-R-99999999", "T-SA-RJ-00000001", "nonsense", "", "-", "-1",
    ] {
      #expect(try Explanation.find(id, in: bench.workspace) == nil, "\(id)")
    }
  }
}
