import Findings
import Foundation
import State
import Testing

@testable import Batch

/// What the finance system answers to vouchers, and what follows from it.
@Suite struct AnswerTests {
  func bench(_ mapping: String = Self.table) throws -> Bench {
    let bench = try CorrectionTests.bench()
    try bench.write("mappings/answer.yaml", mapping)
    return bench
  }

  static let table = """
    language: 1
    interface: answer
    code: AN
    title: What the finance system says of vouchers
    book: main
    read:
      files: ["answer*.csv"]
      format: csv
      encoding: utf-8
    fields:
      voucher: text  = id
      number:  text? = number
      result:  text? = result
      reason:  text? = reason
    acknowledge:
      voucher: voucher
      number: number
      refused: result == "failed"
      reason: reason

    """

  private func drop(_ bench: Bench, _ name: String, _ lines: [String]) throws {
    try bench.drop(name, (["id,number,result,reason"] + lines).map { $0 + "\n" }.joined())
  }

  @discardableResult
  private func run(_ bench: Bench, _ day: Int) throws -> Int32 {
    try bench.run(clock: "2026-03-\(day)T06:00:00+08:00").exitCode
  }

  private func states(_ bench: Bench) throws -> [String: String] {
    var states: [String: String] = [:]
    _ = try VoucherRegister(bench.workspace) {
      states[$0.id] = [$0.state.rawValue, $0.financeNumber ?? "", $0.reason ?? ""].joined(separator: " ")
        .trimmingCharacters(in: .whitespaces)
    }
    return states
  }

  private func findings(_ bench: Bench) throws -> [String: Int] {
    try RunEntry.last(1, of: bench.workspace)[0].summary?.findings ?? [:]
  }

  private func posted() throws -> Bench {
    let bench = try bench()
    try bench.drop(
      "sales-1.csv",
      Sale.file([
        CorrectionTests.sale("S1", 11000, cost: nil), CorrectionTests.sale("S2", 5000, cost: nil),
        CorrectionTests.sale("S3", 7000, cost: nil),
      ]))
    #expect(try run(bench, 21) == 0)
    return bench
  }

  /// Voided, its document could be posted twice: somebody looks first.
  @Test func whatIsRefusedAndHasANumberComesBack() throws {
    let bench = try posted()
    try drop(
      bench, "answer-1.csv",
      [
        "T-SA-R-00000001,JV-9,failed,exists already", "T-SA-R-00000002,JV-1,ok,",
        "T-SA-R-00000002,,failed,no",
      ])
    #expect(try run(bench, 22) == 10)
    #expect(Set(try states(bench).values) == ["published"])
    #expect(try findings(bench)["answer-contradicts"] == 2)
  }

  @Test func aVoucherIsAcknowledgedWithItsNumberOrRefusedWithTheReason() throws {
    let bench = try posted()
    #expect(Set(try states(bench).values) == ["published"])
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,记-17,ok,", "T-SA-R-00000002,,failed,客户不存在"])
    #expect(try run(bench, 22) == 10)
    #expect(
      try states(bench) == [
        "T-SA-R-00000001": "acknowledged 记-17", "T-SA-R-00000002": "refused  客户不存在",
        "T-SA-R-00000003": "published",
      ])
    #expect(try findings(bench)["voucher-refused"] == 1)
    // The same answer again changes nothing.
    try drop(bench, "answer-2.csv", ["T-SA-R-00000001,记-17,ok,", "T-SA-R-00000002,,failed,客户不存在"])
    try run(bench, 23)
    #expect(try bench.log(run: 3).amount("documents", "repeated") == 2)
    // The customer is there now, and the voucher was imported; that the other is there already is no refusal of it.
    try drop(bench, "answer-3.csv", ["T-SA-R-00000002,记-18,ok,", "T-SA-R-00000001,,failed,业务号重复"])
    #expect(try run(bench, 24) == 0)
    #expect(
      try states(bench) == [
        "T-SA-R-00000001": "acknowledged 记-17", "T-SA-R-00000002": "acknowledged 记-18",
        "T-SA-R-00000003": "published",
      ])
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func whatFitsNoVoucherComesBack() throws {
    let bench = try posted()
    try drop(
      bench, "answer-1.csv",
      [
        "T-SA-R-00000004,1,ok,", "T-SA-R-0000001,1,ok,", "T-SA-RJ-00000001,1,ok,", "XX,1,ok,", ",1,ok,",
        "T-SA-R-00000001,1,ok,",
      ])
    #expect(try run(bench, 22) == 10)
    #expect(try bench.log(run: 2).amount("documents", "rejected") == 5)
    #expect(try findings(bench)["voucher-unknown"] == 4)
    #expect(try bench.state { try $0.openRejects().count } == 5)
    #expect(try states(bench)["T-SA-R-00000001"] == "acknowledged 1")
  }

  @Test func aVoucherThatWasImportedTwiceIsTold() throws {
    let bench = try posted()
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,17,ok,"])
    #expect(try run(bench, 22) == 0)
    try drop(bench, "answer-2.csv", ["T-SA-R-00000001,93,ok,"])
    #expect(try run(bench, 23) == 10)
    #expect(try findings(bench)["voucher-twice"] == 1)
    // Also in one file, line by line, and by two files of a run.
    try drop(
      bench, "answer-3.csv", ["T-SA-R-00000002,5,ok,", "T-SA-R-00000003,6,ok,", "T-SA-R-00000002,7,ok,"])
    #expect(try run(bench, 24) == 10)
    #expect(try states(bench)["T-SA-R-00000002"] == "acknowledged 5")
    try drop(bench, "answer-4.csv", ["T-SA-R-00000002,5,ok,"])
    try drop(bench, "answer-5.csv", ["T-SA-R-00000002,7,ok,"])
    #expect(try run(bench, 25) == 10)
    #expect(try states(bench)["T-SA-R-00000002"] == "acknowledged 5")
    // The first answer once more does not make it once.
    let open = try bench.state { try $0.openRejects().map(\.number) }
    #expect(open.count == 2)
    try drop(bench, "answer-6.csv", ["T-SA-R-00000001,17,ok,", "T-SA-R-00000002,5,ok,"])
    _ = try run(bench, 26)
    #expect(try bench.state { try $0.openRejects().map(\.number) } == open)
  }

  /// There is nothing to reverse in the finance system: the document waits until the voucher is voided, or was taken.
  @Test func aRefusedVoucherIsVoidedAndItsDocumentPostedAnew() throws {
    let bench = try posted()
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,,failed,金额不平"])
    try run(bench, 22)
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 22000, cost: nil)]))
    #expect(try run(bench, 23) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == [
        "refused-to-correct"
      ])
    func void(_ id: String) throws -> Decided<VoucherVoiding.Refusal> {
      let clock = try #require(RunClock(fixed: "2026-03-24T06:00:00+08:00"))
      return try bench.unlocked {
        try Pipeline(bench.workspace, clock: clock).void(VoucherVoiding(id, by: "anna", reason: "wrong"))
      }
    }
    guard case .refused(.notRefused) = try void("T-SA-R-00000002"),
      case .refused(.unknown) = try void("T-SA-R-00000009"),
      case .done = try void("T-SA-R-00000001"), case .refused(.notRefused) = try void("T-SA-R-00000001")
    else {
      Issue.record("A voucher was voided that should not be, or the other way round")
      return
    }
    // The next run posts what waited; nothing is reversed, for the finance system has nothing of it.
    #expect(try run(bench, 25) == 0)
    let receivables = try bench.vouchers().filter { $0.source == "S1" && $0.account == "1122" }
    #expect(receivables.map(\.debit) == [11000, 22000])
    #expect(
      try states(bench) == [
        "T-SA-R-00000001": "void  wrong", "T-SA-R-00000002": "published", "T-SA-R-00000003": "published",
        "T-SA-R-00000004": "published",
      ])
    #expect(try VoucherRegister(bench.workspace).irregularities.isEmpty)
    // The finance system speaks of it all the same.
    try drop(bench, "answer-2.csv", ["T-SA-R-00000001,17,ok,"])
    #expect(try run(bench, 26) == 10)
    #expect(try findings(bench)["voucher-is-void"] == 1)
    // Its refusal stands in a later list, too.
    try drop(bench, "answer-3.csv", ["T-SA-R-00000001,,failed,金额不平", "T-SA-R-00000002,18,ok,"])
    #expect(try run(bench, 27) == 0)
    #expect(try findings(bench)["voucher-is-void"] == nil)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What was in the voided voucher unchanged is posted anew when an export brings it again.
  @Test func aVoidedDocumentMayComeAsItWas() throws {
    let bench = try posted()
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,,failed,x"])
    try run(bench, 22)
    let clock = try #require(RunClock(fixed: "2026-03-24T06:00:00+08:00"))
    _ = try bench.unlocked {
      try Pipeline(bench.workspace, clock: clock).void(
        VoucherVoiding("T-SA-R-00000001", by: "anna", reason: "wrong"))
    }
    let status = try WorkspaceStatus(bench.workspace)
    #expect(status.needsPerson && status.voidedDocuments == 1)
    let row = try #require(
      try RowExplanation.find("sales-1.csv", line: 2, in: bench.workspace, language: .english))
    #expect(!row.gave.isEmpty && row.gave.allSatisfy(\.isVoid))
    // What the posting carried waits, as far as the voucher went.
    let waiting = try bench.state { try $0.unposted() }.filter { $0.causes.contains { $0.code == "R" } }
    #expect(waiting.map { String(decoding: $0.fileName, as: UTF8.self) } == ["sales-1.csv"])
    // The cost of it waited before.
    #expect(waiting.map { $0.causes.map(\.code) } == [["C", "R"]])
    #expect(waiting.map(\.amounts) == [#"{"cost":"0.00","gross":"110.00","net":"99.00","tax":"11.00"}"#])
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 11000, cost: nil)]))
    #expect(try run(bench, 25) == 0)
    #expect(try states(bench)["T-SA-R-00000004"] == "published")
    #expect(try bench.log(run: 4).amount("gross", "posted") == 11000)
  }

  /// An answer counts for what comes in the same run: in whichever order their files are named.
  @Test(arguments: ["answer-1.csv", "zz/answer-1.csv"]) func anAnswerCountsAtOnce(_ name: String) throws {
    let bench = try posted()
    if name.contains("/") { try bench.folder("zz") }
    try drop(bench, name, ["T-SA-R-00000001,,failed,x"])
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 22000, cost: nil)]))
    #expect(try run(bench, 22) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == [
        "refused-to-correct"
      ])
    // And what sets it free does so in its own run.
    try drop(bench, "answer-2.csv", ["T-SA-R-00000001,17,ok,"])
    #expect(try run(bench, 23) == 0)
    #expect(
      try bench.vouchers().filter { $0.source == "S1" && $0.account == "1122" }.map(\.debit) == [
        11000, -11000, 22000,
      ])
  }

  @Test func aReversedVoucherIsReversedWhateverTheAnswerWas() throws {
    let bench = try posted()
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,17,ok,"])
    try run(bench, 22)
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 11000, cost: nil, state: "void")]))
    #expect(try run(bench, 23) == 0)
    #expect(try states(bench)["T-SA-R-00000001"] == "reversed 17")
    // Refused too late, or red and refused: neither can be voided, for the other would stand alone.
    try drop(bench, "answer-2.csv", ["T-SA-R-00000004,,failed,x"])
    try run(bench, 24)
    let clock = try #require(RunClock(fixed: "2026-03-25T06:00:00+08:00"))
    guard
      case .refused(.inCorrection) = try bench.unlocked({
        try Pipeline(bench.workspace, clock: clock).void(
          VoucherVoiding("T-SA-R-00000004", by: "anna", reason: "wrong"))
      })
    else {
      Issue.record("A red voucher was voided")
      return
    }
    #expect(try states(bench)["T-SA-R-00000004"] == "refused  x")
  }

  /// The finance system has neither a voucher nor the red one that takes it back: nothing is missing there.
  @Test func aRefusedPairIsNoMatter() throws {
    let bench = try posted()
    try bench.drop("sales-2.csv", Sale.file([CorrectionTests.sale("S1", 11000, cost: nil, state: "void")]))
    try run(bench, 22)
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,,failed,x"])
    #expect(try run(bench, 23) == 10)
    #expect(try WorkspaceStatus(bench.workspace).refusedVouchers == 1)
    try drop(bench, "answer-2.csv", ["T-SA-R-00000004,,failed,x"])
    try run(bench, 24)
    #expect(try WorkspaceStatus(bench.workspace).refusedVouchers == 0)
    #expect(try run(bench, 25) == 0)
  }

  @Test func aPeriodWithARefusedVoucherIsNotClosed() throws {
    let bench = try posted()
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,,failed,x"])
    try run(bench, 22)
    let change = try #require(PeriodChange(.close(force: nil), "2026-03", book: nil, by: "anna"))
    let clock = try #require(RunClock(fixed: "2026-04-01T06:00:00+08:00"))
    guard
      case .refused(.waiting(let waiting)) = try bench.unlocked({
        try Pipeline(bench.workspace, clock: clock).change(change)
      })
    else {
      Issue.record("A period with a refused voucher was closed")
      return
    }
    #expect(
      waiting.filter { $0.kind == .refused }.map { "\($0.kind) \($0.document) \($0.date ?? "")" } == [
        "refused T-SA-R-00000001 2026-03-01"
      ])
  }

  @Test func silenceIsTold() throws {
    let bench = try bench()
    let book = try bench.read("mappings/books/main.yaml")
    try bench.write("mappings/books/main.yaml", book + "acknowledge_days: 3\n")
    try bench.drop(
      "sales-1.csv", Sale.file([CorrectionTests.sale("S1", 11000), CorrectionTests.sale("S2", 1000)]))
    #expect(try run(bench, 21) == 0)
    #expect(try run(bench, 24) == 0)
    let told = try bench.run(clock: "2026-03-25T06:00:00+08:00")
    #expect(told.exitCode == 10)
    #expect(told.findings.map(\.arguments) == [["T-SA-C-", "1", "3", "1"], ["T-SA-R-", "2", "3", "1"]])
    try drop(
      bench, "answer-1.csv", ["T-SA-C-00000001,1,ok,", "T-SA-R-00000001,2,ok,", "T-SA-R-00000002,3,ok,"])
    #expect(try run(bench, 26) == 0)
  }

  /// An answer with a row for each entry, as a voucher list has it; and one in XML.
  @Test func answersOfOtherShapes() throws {
    let bench = try posted()
    try drop(
      bench, "answer-1.csv",
      [
        "T-SA-R-00000001,17,ok,", "T-SA-R-00000001,17,ok,", "T-SA-R-00000002,,ok,",
        "T-SA-R-00000002,,failed,x",
      ])
    try run(bench, 22)
    #expect(try states(bench)["T-SA-R-00000001"] == "acknowledged 17")
    #expect(try states(bench)["T-SA-R-00000002"] == "refused  x")
    var xml = Self.table.replacing("format: csv", with: "format: xml\n  document: /return/item\n  record: .")
    xml = xml.replacing("  encoding: utf-8\n", with: "").replacing("answer*.csv", with: "answer*.xml")
    for (name, path) in [
      ("id", "\"@key\""), ("number", "\"@number\""), ("result", "\"@succeed\""), ("reason", "\"@dsc\""),
    ] {
      xml = xml.replacing("= \(name)\n", with: "= `\(path.dropFirst().dropLast())`\n")
    }
    try bench.write("mappings/answer.yaml", xml.replacing("result == \"failed\"", with: "result != \"0\""))
    try bench.drop(
      "answer-2.xml",
      "<return><item key=\"T-SA-R-00000003\" number=\"9\" succeed=\"0\"/><item key=\"T-SA-R-00000002\" succeed=\"1\" dsc=\"y\"/></return>"
    )
    try run(bench, 23)
    #expect(try states(bench)["T-SA-R-00000003"] == "acknowledged 9")
    #expect(try states(bench)["T-SA-R-00000002"] == "refused  y")
  }

  /// The inventory system is told of each document what became of it, when that is decided or heard.
  @Test func theInventorySystemIsTold() throws {
    let bench = try bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping + "write_back: \"back_{interface}_{run}.csv\"\n")
    func told(_ run: Int) throws -> [String] {
      try bench.read("outbox/back_sales_00000\(run).csv").replacing("\u{FEFF}", with: "")
        .split(separator: "\r\n").map(String.init)
    }
    let sales = [
      CorrectionTests.sale("S1", 11000), CorrectionTests.sale("S2", 5000, cost: nil),
      CorrectionTests.sale("S3", 100, state: "draft"),
      Sale(no: "S4", buyer: "C9", rows: [Sale.Row(amount: 5650, tax: 650)]),
      Sale(no: "S5", rows: [Sale.Row(amount: nil)]),
    ]
    try bench.drop("sales-1.csv", Sale.file(sales))
    try run(bench, 21)
    #expect(
      try told(1) == [
        "document,result,vouchers,number,reason",
        "S1,posted,T-SA-R-00000001 T-SA-C-00000001,,", "S2,posted in part,T-SA-R-00000002,,",
        "S3,ignored,,,", "S4,held,,,customer C9 is not known",
        "S5,rejected,,,\"\"\"12x.00\"\" is not a number (amount)\"",
      ])
    try drop(bench, "answer-1.csv", ["T-SA-R-00000001,17,ok,", "T-SA-R-00000002,,failed,x"])
    try run(bench, 22)
    #expect(
      try told(2) == [
        "document,result,vouchers,number,reason", "S1,acknowledged,T-SA-R-00000001,17,",
        "S2,refused,T-SA-R-00000002,,x",
      ])
    // Of what comes as it was nothing is said; of what is taken back the red voucher.
    try bench.drop("sales-3.csv", Sale.file([CorrectionTests.sale("S1", 11000, state: "void"), sales[2]]))
    try run(bench, 23)
    #expect(
      try told(3) == [
        "document,result,vouchers,number,reason", "S1,reversed,T-SA-R-00000003 T-SA-C-00000002,,",
        "S3,ignored,,,",
      ])
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func anAnswerHasNoPostings() throws {
    let bench = try bench(Self.table + "postings: {}\nmeasures: [number]\n")
    #expect(throws: WorldError.self) { try bench.run() }
  }
}
