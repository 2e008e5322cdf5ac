import Findings
import Foundation
import Posting
import State
import Testing

@testable import Batch

/// One export whose documents go to several books, each with a chart of its own.
@Suite struct SeveralBooksTests {
  func bench(_ book: String = "if customer == \"C2\" then \"branch\" else \"main\"") throws -> Bench {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("book: main\n", with: "book: \(book)\n"))
    let main = try bench.read("mappings/books/main.yaml")
    try bench.write(
      "mappings/books/branch.yaml",
      main.replacing("book: main", with: "book: branch").replacing("code: T", with: "code: B").replacing(
        "tables/accounts.csv", with: "tables/branch.csv"))
    // The branch numbers its accounts in another way, so that they stand in another order.
    let accounts = try bench.read("mappings/tables/accounts.csv")
    try bench.write(
      "mappings/tables/branch.csv",
      accounts.split(separator: "\n").enumerated().map { index, line in
        index == 0 ? String(line) : "9" + String(line.prefix(4).reversed()) + line.dropFirst(4)
      }.joined(separator: "\n") + "\n")
    return bench
  }

  private static let sales = (1...6).map { number in
    Sale(
      no: "S\(number)", buyer: "C\(1 + number % 3)", rows: [Sale.Row(amount: 100 * number, tax: 10, cost: 50)]
    )
  }

  func files(_ bench: Bench, of book: String) throws -> [VoucherLine] {
    try bench.files(in: "outbox").filter { $0.hasPrefix("\(book)_sales_2026") }.flatMap {
      try VoucherLine.all(bench.read("outbox/" + $0))
    }
  }

  /// A held document on its way to another book keeps the period of the one that it stands in open, too.
  @Test func aDocumentOnItsWayKeepsBothBooksOpen() throws {
    let bench = try bench()
    for (day, buyer) in ["C1", "C2"].enumerated() {
      let sale = Sale(no: "S1", buyer: buyer, rows: [Sale.Row(amount: 11000, tax: 1000, cost: 6000)])
      try bench.drop("sales-\(day).csv", Sale.file([sale]))
      #expect(try bench.run(clock: "2026-04-0\(day + 1)T06:00:00+08:00").exitCode == (day == 0 ? 0 : 10))
    }
    let clock = try #require(RunClock(fixed: "2026-04-03T08:00:00+08:00"))
    for book in ["main", "branch"] {
      let change = try #require(PeriodChange(.close(force: nil), "2026-03", book: book, by: "anna"))
      let outcome = try bench.unlocked { try Pipeline(bench.workspace, clock: clock).change(change) }
      guard case .refused(.waiting(let waiting)) = outcome else {
        Issue.record("\(book) was closed")
        continue
      }
      #expect(waiting.map(\.document) == ["S1"])
    }
  }

  /// A document that moves to another book is taken back in the old one once, whatever becomes of it later.
  @Test func aDocumentThatMovesToAnotherBookLeavesTheOldOneOnce() throws {
    let bench = try bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("  ignore: status", with: "  changed: reverse\n  ignore: status"))
    for (day, step) in [
      ("C1", 11000), ("C2", 12000), ("C2", 13000), ("C1", 14000), ("C2", 15000), ("C2", 16000),
    ].enumerated() {
      let (buyer, amount) = step
      let sale = Sale(no: "S1", buyer: buyer, rows: [Sale.Row(amount: amount, tax: 1000, cost: amount / 2)])
      try bench.drop("sales-\(day).csv", Sale.file([sale]))
      #expect(try bench.run(clock: "2026-03-2\(day)T06:00:00+08:00").exitCode == 0)
      for (book, receivables, costs) in [("main", "1122", "5401"), ("branch", "92211", "91045")] {
        let isThere = (book == "branch") == (buyer == "C2")
        let lines = try files(bench, of: book)
        #expect(lines.debits(receivables) == (isThere ? amount : 0), "\(step)")
        #expect(lines.debits(costs) == (isThere ? amount / 2 : 0), "\(step)")
      }
    }
    var states: [String: Int] = [:]
    _ = try VoucherRegister(bench.workspace) { states[$0.state.rawValue, default: 0] += 1 }
    #expect(states == ["reversed": 10, "published": 12])
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func eachBookHasItsOwnFilesNumbersAndAccounts() throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Sale.file(Self.sales))
    #expect(try bench.run().exitCode == 0)
    let (main, branch) = (try files(bench, of: "main"), try files(bench, of: "branch"))
    #expect(
      Set(main.map(\.id)) == [
        "T-SA-R-00000001", "T-SA-R-00000002", "T-SA-R-00000003", "T-SA-R-00000004", "T-SA-C-00000001",
      ])
    #expect(Set(branch.map(\.id)) == ["B-SA-R-00000001", "B-SA-R-00000002", "B-SA-C-00000001"])
    #expect(branch.allSatisfy { $0.account.hasPrefix("9") } && main.allSatisfy { !$0.account.hasPrefix("9") })
    // C2 has S1 and S4.
    #expect(branch.debits("92211") == 500)
    #expect(main.debits("1122") == 1600)
    let log = try bench.log(run: 1)
    #expect(log.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    #expect(log.amount("gross", "posted") == 2100)
    #expect(log.amount("cost", "posted") == 300)
    #expect(try bench.verify().findings.isEmpty)
    let entries = try #require(bench.files(in: "archive/entries").first)
    let kept = try KeptEntries.read(
      Array(Data(contentsOf: URL(filePath: "\(bench.folder)/archive/entries/\(entries)"))))
    let accounts = kept.flatMap(\.documents).reduce(into: [String: Set<String>]()) { accounts, document in
      accounts[String(document.voucher.prefix(1)), default: []].formUnion(document.entries.map(\.account))
    }
    #expect(accounts["B"] == Set(branch.map(\.account)) && accounts["T"] == Set(main.map(\.account)))
  }

  /// A code table may give each book accounts of its own; an account of another book rejects the document.
  @Test func aTableHasAccountsOfEachBook() throws {
    let bench = try bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing(
        "income: tables/income.csv",
        with: "income: { file: tables/income.csv, key: [buyer, class], value: account }"
      ).replacing("income(kind)", with: "\"income(customer, kind)\""))
    try bench.write(
      "mappings/tables/income.csv", "buyer,class,account\nC1,*,5001\nC2,*,91005\nC3,*,91005\n")
    try bench.drop("sales-1.csv", Sale.file(Self.sales))
    #expect(try bench.run().exitCode == 10)
    let (main, branch) = (try files(bench, of: "main"), try files(bench, of: "branch"))
    #expect(Set(main.map(\.account)).isSuperset(of: ["5001"]) && branch.map(\.account).contains("91005"))
    #expect(!main.contains { $0.account.hasPrefix("9") } && !branch.contains { $0.account == "5001" })
    #expect(try bench.log(run: 1).amount("documents", "rejected") == 2)
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("account-unknown-in-table"))
    // An account that no book has is a fault of the table all the same.
    try bench.write(
      "mappings/tables/income.csv", "buyer,class,account\nC1,*,5001\nC2,*,91005\nC3,*,4711\n")
    #expect(throws: WorldError.self) { try bench.run() }
  }

  @Test func whatIsKnownOfADocumentIsKnownWhateverItsBook() throws {
    let bench = try bench()
    let early = Self.sales.map { sale in
      var sale = sale
      sale.rows[0].cost = nil
      return sale
    }
    try bench.drop("sales-1.csv", Sale.file(early))
    try bench.run()
    #expect(try bench.log(run: 1).amount("documents", "posted") == 6)
    #expect(try files(bench, of: "branch").allSatisfy { $0.id.contains("-R-") })
    // Now the costs are known: that posting alone follows, in each book.
    try bench.drop("sales-2.csv", Sale.file(Self.sales))
    try bench.run()
    #expect(try bench.log(run: 2).amount("cost", "posted") == 300)
    #expect(try bench.log(run: 2).amount("gross", "repeated") == 2100)
    try bench.drop("sales-3.csv", Sale.file(Self.sales))
    try bench.run()
    #expect(try bench.log(run: 3).amount("documents", "repeated") == 6)
    #expect(try files(bench, of: "branch").debits("92211") == 500)
    // A document that goes to the other book now is changed, and waits for a person.
    var moved = Self.sales[0]
    moved.buyer = "C1"
    try bench.drop("sales-4.csv", Sale.file([moved]))
    #expect(try bench.run().exitCode == 10)
    #expect(try bench.log(run: 4).amount("documents", "held") == 1)
  }

  /// One of the two puts red entries on the other side; what was posted is the same.
  @Test func aBookMaySwapSides() throws {
    let bench = try bench()
    let book = try bench.read("mappings/books/branch.yaml")
    try bench.write("mappings/books/branch.yaml", book + "swap_sides: yes\n")
    let classes = [
      "92211": "asset", "95041": "asset", "91222": "liability", "91005": "income", "92005": "income",
      "91045": "expense",
    ]
    let accounts = try bench.read("mappings/tables/branch.csv").split(separator: "\n").map { line in
      var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      cells.insert(classes[cells[0]] ?? "class", at: 2)
      return cells.joined(separator: ",")
    }
    try bench.write("mappings/tables/branch.csv", accounts.joined(separator: "\n") + "\n")
    var sales = Self.sales
    sales[0].rows = [Sale.Row(quantity: -1, amount: -300, tax: -30, cost: -50)]
    try bench.drop("sales-1.csv", Sale.file(sales))
    #expect(try bench.run().exitCode == 0)
    let red = try files(bench, of: "branch").filter { $0.source == "S1" && $0.id.contains("-R-") }
    #expect(
      red.map { "\($0.account) \($0.debit) \($0.credit)" } == ["92211 0 300", "91005 0 -270", "91222 30 0"])
    let log = try bench.log(run: 1)
    #expect(log.amount("gross", "posted") == 2100 - 100 - 300)
    #expect(log.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
  }

  @Test func aTableMayChooseTheBook() throws {
    let bench = try bench("books(customer)")
    try bench.write("mappings/tables/books.csv", "customer,book\nC2,branch\nC1,main\n")
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml", mapping.replacing("tables:\n", with: "tables:\n  books: tables/books.csv\n"))
    try bench.drop("sales-1.csv", Sale.file(Self.sales))
    // What the table does not know waits for it.
    #expect(try bench.run().exitCode == 10)
    #expect(try bench.log(run: 1).amount("documents", "held") == 2)
    #expect(
      try bench.read("outbox/reconciliation_000001.txt").components(separatedBy: "hold[code-not-found]").count
        == 3)
    try bench.write("mappings/tables/books.csv", "customer,book\nC2,branch\n*,main\n")
    #expect(try bench.run().exitCode == 0)
    #expect(try files(bench, of: "branch").debits("92211") == 500)
    #expect(try files(bench, of: "main").debits("1122") == 1600)
  }

  /// What waits of a document is not posted to another book than what stands, whatever changed.
  @Test(arguments: ["table", "book", "month"], [false, true])
  func aWaitingPostingDoesNotGoToAnotherBook(_ what: String, _ isMoved: Bool) throws {
    let bench = try bench(what == "book" ? "branch" : "books(customer)")
    try bench.write("mappings/tables/books.csv", "customer,book\nC2,branch\nC1,main\n")
    var mapping = try bench.read("mappings/sales.yaml").replacing(
      "tables:\n", with: "tables:\n  books: tables/books.csv\n")
    if what == "month" {
      mapping = mapping.replacing("    code: C\n", with: "    code: C\n    gather: month\n")
    }
    try bench.write("mappings/sales.yaml", mapping)
    let sale = Sale(no: "S1", buyer: "C2", rows: [Sale.Row(amount: 11000, tax: 1000, cost: 6000)])
    var early = sale
    if what != "month" { early.rows[0].cost = nil }
    func night(_ clock: String, _ sales: [Sale]) throws -> Pipeline.Outcome {
      if !sales.isEmpty { try bench.drop("sales-\(clock).csv", Sale.file(sales)) }
      return try bench.run(clock: "2026-\(clock)T06:00:00+08:00")
    }
    #expect(try night("03-21", [early]).exitCode == 0)
    // By now the customer belongs to the other book.
    let table = try bench.read("mappings/tables/books.csv")
    if what == "book" {
      try bench.write("mappings/sales.yaml", mapping.replacing("book: branch\n", with: "book: main\n"))
    } else {
      try bench.write("mappings/tables/books.csv", "customer,book\nC2,main\nC1,main\nC3,branch\n")
    }
    let later = try night("04-05", what == "month" ? [] : [sale])
    #expect(later.exitCode == 10)
    func posted(_ book: String) throws -> [Int] {
      let lines = try files(bench, of: book)
      let isMain = book == "main"
      return [lines.debits(isMain ? "1122" : "92211"), lines.debits(isMain ? "5401" : "91045")]
    }
    #expect(try posted("main") == [0, 0])
    #expect(try posted("branch") == [11000, 0])
    if what == "month" {
      #expect(later.findings.map(\.code) == [.bookChanged])
    } else {
      #expect(try bench.read("outbox/reconciliation_000002.txt").contains("hold[book-changed]"))
    }
    if isMoved, what != "book" {
      let pipeline = Pipeline(
        bench.workspace, clock: try #require(RunClock(fixed: "2026-04-06T06:00:00+08:00")))
      let anew = Reposting("sales", .documents(["S1"]), by: "me", reason: "why")
      _ = try bench.unlocked { try pipeline.repost(anew) }
      #expect(try night("04-07", []).exitCode == 0)
      #expect(try posted("main") == [11000, 6000])
      #expect(try posted("branch") == [0, 0])
    } else {
      try bench.write("mappings/sales.yaml", mapping)
      try bench.write("mappings/tables/books.csv", table)
      #expect(try night("04-07", []).exitCode == 0)
      #expect(try posted("main") == [0, 0])
      #expect(try posted("branch") == [11000, 6000])
    }
    let waiting = try bench.state { try [$0.heldDocuments(of: "sales").count, $0.unposted().count] }
    #expect(waiting == [0, 0])
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test(arguments: [
    ("if customer == \"C2\" then \"brunch\" else \"main\"", "", "", "unknown-reference book, brunch, branch"),
    (
      "upper(customer)", "", "",
      "type-mismatch an expression, names of books in quotes with if … then … else, or a call of a code table"
    ),
    ("if kind == \"goods\" then \"branch\" else \"main\"", "", "", "level-mismatch kind"),
    (
      "if customer == \"C2\" then \"branch\" else \"main\"", "{book}_", "",
      "file-name-ambiguous {interface}_{period}_{run}.csv, {book}"
    ),
    (
      "if customer == \"C2\" then \"branch\" else \"main\"", "debit: receivables", "debit: \"1122\"",
      "unknown-account 1122 (branch), "
    ),
  ])
  func whatMakesNoSenseIsAFault(_ book: String, _ old: String, _ new: String, _ expected: String) throws {
    let bench = try bench(book)
    let mapping = try bench.read("mappings/sales.yaml")
    if !old.isEmpty { try bench.write("mappings/sales.yaml", mapping.replacing(old, with: new)) }
    let findings = try CompiledDefinitions(of: bench.workspace).findings
    #expect(
      findings.map { ([$0.code.rawValue + " " + $0.arguments.joined(separator: ", ")]) }.joined().contains(
        expected),
      "\(findings)")
  }
}
