import Findings
import Testing

@testable import Batch

/// From a document to what every run made of it.
@Suite struct DocumentHistoryTests {
  private func night(_ bench: Bench, _ day: Int, _ sales: [Sale]) throws {
    try bench.drop("sales-\(day).csv", Sale.file(sales))
    try bench.run(clock: "2026-03-\(day)T06:00:00+08:00")
  }

  private func history(_ key: String, _ bench: Bench) throws -> DocumentHistory {
    let found = try DocumentHistory.find(key, in: bench.workspace, language: .english)
    #expect(found.count == 1)
    return try #require(found.first)
  }

  private func words(_ history: DocumentHistory) -> [String] {
    history.versions.map { version in
      ([String(version.run), version.verdict.rawValue, version.file?.name ?? "?"]
        + version.vouchers.map { "\($0.voucher)@\($0.run)" } + version.pending.map { $0 + "?" })
        .joined(separator: " ")
    }
  }

  @Test func aDocumentThatIsHeldThenPostedThenCorrectedThenVoid() throws {
    let bench = try CorrectionTests.bench()
    func sale(_ amount: Int, cost: Int?, state: String = "approved") -> Sale {
      Sale(no: "S1", state: state, buyer: "C9", rows: [Sale.Row(amount: amount, cost: cost)])
    }
    try night(bench, 21, [CorrectionTests.sale("S0", 100), sale(11000, cost: nil)])
    try bench.write(
      "mappings/tables/customers.csv", try bench.read("mappings/tables/customers.csv") + "C9,New\n")
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    try night(bench, 23, [sale(11000, cost: 6000)])
    try night(bench, 24, [sale(22000, cost: 6000)])
    try night(bench, 25, [sale(22000, cost: 6000, state: "void")])
    let history = try history("S1", bench)
    #expect(history.document == "S1" && history.interface == "sales" && history.deferred.isEmpty)
    #expect(
      words(history) == [
        "1 held sales-21.csv", "2 posted sales-21.csv T-SA-R-00000002@2 cost?",
        "3 posted sales-23.csv T-SA-R-00000002@2 T-SA-C-00000002@3",
        "4 posted sales-24.csv T-SA-R-00000004@4 T-SA-C-00000002@3", "5 void sales-25.csv",
      ])
    #expect(history.versions[0].reasons.map(\.message) == ["customer C9 is not known"])
    #expect(history.versions[0].file?.row == 2)
    #expect(
      history.versions[3].corrections.map { [$0.voucher, $0.red, $0.black] } == [
        ["T-SA-R-00000002", "T-SA-R-00000003", "T-SA-R-00000004"]
      ])
    #expect(
      history.versions[4].corrections.map { [$0.voucher, $0.red, $0.black] } == [
        ["T-SA-R-00000004", "T-SA-R-00000005", ""], ["T-SA-C-00000002", "T-SA-C-00000003", ""],
      ])
  }

  @Test func aRejectedDocumentThatComesBackMended() throws {
    let bench = try Bench()
    try night(bench, 21, [Sale(no: "S1", rows: [Sale.Row()])])
    try night(bench, 22, [Sale(no: "S1", rows: [Sale.Row(amount: 500)])])
    let history = try history("S1", bench)
    #expect(words(history) == ["1 rejected sales-21.csv", "2 posted sales-22.csv T-SA-R-00000001@2 cost?"])
    #expect(history.versions[0].reasons.map(\.code) == ["bad-number"])
  }

  /// A refused voucher is voided, and its document comes again.
  @Test func whatTheFinanceSystemSays() throws {
    let bench = try AnswerTests().bench()
    try night(bench, 21, [CorrectionTests.sale("S1", 11000, cost: nil), CorrectionTests.sale("S2", 500)])
    try bench.drop(
      "answer-1.csv",
      "id,number,result,reason\nT-SA-R-00000001,,failed,closed\nT-SA-R-00000002,记-7,,\n")
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    func answer(_ number: Int) throws -> Explanation.Answer? {
      try #require(try Explanation.find("T-SA-R-0000000\(number)", in: bench.workspace)).answer
    }
    let (refused, taken) = (try #require(try answer(1)), try #require(try answer(2)))
    #expect(refused.state == "refused" && refused.reason == "closed" && refused.run == 2)
    #expect(taken.state == "acknowledged" && taken.financeNumber == "记-7")
    #expect(try Explanation.find("T-SA-C-00000001", in: bench.workspace)?.answer == nil)
    let row = try #require(
      try RowExplanation.find("answer-1.csv", line: 2, in: bench.workspace, language: .english))
    #expect(row.verdict == .answer && row.document == "T-SA-R-00000001")
    let pipeline = Pipeline(
      bench.workspace, clock: try #require(RunClock(fixed: "2026-03-23T06:00:00+08:00")))
    _ = try bench.unlocked {
      try pipeline.void(VoucherVoiding("T-SA-R-00000001", by: "me", reason: "wrong month"))
    }
    #expect(try answer(1)?.state == "void")
    try night(bench, 24, [CorrectionTests.sale("S1", 11000, cost: nil)])
    let history = try history("S1", bench)
    #expect(
      words(history) == [
        "1 posted sales-21.csv T-SA-R-00000001@1 cost?", "4 posted sales-24.csv T-SA-R-00000003@4 cost?",
      ])
    #expect(history.versions.flatMap(\.vouchers).map(\.isVoid) == [true, false])
    // The void one and the one in its place lead to each other.
    for (number, part) in [(1, CorrectionLink.Part.voided), (3, .replaces)] {
      let found = try #require(try Explanation.find("T-SA-R-0000000\(number)", in: bench.workspace))
      let links = found.documents.flatMap(\.corrections)
      #expect(links.map(\.part) == [part] && links[0].cause == "refused" && links[0].run == 3)
      #expect(links[0].voucher == "T-SA-R-00000001" && links[0].black == "T-SA-R-00000003")
    }
  }

  @Test func aKeyOfSeveralPartsIsWrittenAsLogsShowIt() throws {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml", mapping.replacing("key: [number]", with: "key: [number, customer]"))
    try night(bench, 21, [Sale(no: "S/1", rows: [Sale.Row(amount: 500)])])
    let history = try history("S/1/C1", bench)
    #expect(
      history.document == "S/1/C1" && words(history) == ["1 posted sales-21.csv T-SA-R-00000001@1 cost?"])
  }

  /// A draft that is approved, and is a draft once more while its vouchers stand; that it is one still, nobody is told again.
  @Test func aDraftAndAPostedOneThatBecameADraft() throws {
    let bench = try Bench()
    func sale(_ state: String, _ amount: Int = 500) -> Sale {
      Sale(no: "S1", state: state, rows: [Sale.Row(amount: amount, cost: 100)])
    }
    try night(bench, 21, [sale("draft")])
    #expect(words(try history("S1", bench)) == ["1 ignored sales-21.csv"])
    #expect(try history("S1", bench).versions[0].file?.row == 1)
    let steps: [(Int, Sale)] = [
      (22, sale("approved")), (23, sale("draft")), (24, sale("draft", 600)), (25, sale("approved")),
    ]
    for (day, sale) in steps { try night(bench, day, [sale]) }
    let history = try history("S1", bench)
    let vouchers = "T-SA-R-00000001@2 T-SA-C-00000001@2"
    #expect(
      words(history) == [
        "1 ignored sales-21.csv", "2 posted sales-22.csv \(vouchers)", "3 unapproved ? \(vouchers)",
      ])
    #expect(history.versions[0].condition == #"mappings/sales.yaml:35: status != "approved""#)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What no record names, the files tell.
  @Test func whatIsVoidFromTheStartOrBeforeItIsPosted() throws {
    let bench = try CorrectionTests.bench()
    func sale(_ no: String, _ buyer: String = "C1", _ state: String = "approved", amount: Int = 500) -> Sale {
      Sale(no: no, state: state, buyer: buyer, rows: [Sale.Row(amount: amount, cost: 100)])
    }
    try night(bench, 21, [sale("V1", "C1", "void"), sale("H1", "C9"), sale("S1")])
    try night(bench, 22, [sale("H1", "C9", "void"), sale("S1", "C9", amount: 600)])
    try night(bench, 23, [sale("S1")])
    #expect(words(try history("V1", bench)) == ["1 ignored sales-21.csv"])
    let void = try history("H1", bench)
    #expect(words(void) == ["1 held sales-21.csv", "2 ignored sales-22.csv"])
    #expect(void.versions[1].reasons.map(\.code) == ["document-void"] && void.versions[1].file?.row == 1)
    #expect(
      words(try history("S1", bench)).map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
        "1 posted", "2 held", "3 held",
      ])
    #expect(try DocumentHistory.find("V9", in: bench.workspace, language: .english).isEmpty)
    #expect(try DocumentHistory.find("V", in: bench.workspace, language: .english).isEmpty)
  }

  @Test func whatWaitedAndIsGone() throws {
    let bench = try SnapshotTests().bench()
    let snapshots = SnapshotTests()
    let held = ["H1", "H2"].map {
      Sale(no: $0, day: "2026-03-03", buyer: "C9", rows: [Sale.Row(amount: 100)])
    }
    let others = snapshots.sales(0..<3)
    _ = try snapshots.night(bench, 21, others + held + [snapshots.sale("D1", state: "draft")])
    let clock = try #require(RunClock(fixed: "2026-03-21T08:00:00+08:00"))
    _ = try bench.unlocked {
      try Pipeline(bench.workspace, clock: clock).dismiss(
        Dismissal(.held(interface: nil, key: "H2"), by: "li", reason: "cancelled"))
    }
    _ = try snapshots.night(bench, 22, Array(others.dropFirst()))
    #expect(words(try history("H1", bench)) == ["1 held sales-21.csv", "3 gone ?"])
    #expect(words(try history("H2", bench)) == ["1 held sales-21.csv", "2 dismissed ?"])
    #expect(words(try history("D1", bench)) == ["1 ignored sales-21.csv", "3 gone ?"])
    let missing = try #require(try history("S1000", bench).versions.last)
    #expect(missing.verdict == .missing && missing.file?.name == "sales-22.csv" && missing.file?.row == nil)
    // It comes again, and is posted.
    var again = held[0]
    again.buyer = "C1"
    _ = try snapshots.night(bench, 23, Array(others.dropFirst()) + [again])
    #expect(
      words(try history("H1", bench)) == [
        "1 held sales-21.csv", "3 gone ?", "4 posted sales-23.csv T-SA-R-00000005@4 cost?",
      ])
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Of two files of a run one lacks it, and the other brings it.
  @Test func whatOneFileLacksAndTheOtherBringsIsPosted() throws {
    let snapshots = SnapshotTests()
    let bench = try snapshots.bench()
    var sale = Sale(no: "H1", day: "2026-03-03", buyer: "C9", rows: [Sale.Row(amount: 100)])
    let others = snapshots.sales(0..<3)
    _ = try snapshots.night(bench, 21, others + [sale])
    sale.buyer = "C1"
    for (name, sales) in [
      ("sales-22a.csv", snapshots.sales(0..<4)), ("sales-22b.csv", snapshots.sales(0..<4) + [sale]),
    ] {
      try bench.drop(name, Sale.file(sales))
      try bench.drop(name + ".ok", "")
    }
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    #expect(words(try history("H1", bench)).map { String($0.prefix(8)) } == ["1 held s", "2 posted"])
    let row = try RowExplanation.find("sales-22b.csv", line: 6, in: bench.workspace, language: .english)
    #expect(row?.document == "H1" && row?.verdict == .posted)
  }

  @Test func whatASnapshotLacksStandsWithAWarning() throws {
    let bench = try SnapshotTests().bench("warn")
    let snapshots = SnapshotTests()
    let all = snapshots.sales(0..<3)
    for (day, sales) in [(21, all), (22, Array(all.dropFirst())), (23, Array(all.dropLast().dropFirst()))] {
      _ = try snapshots.night(bench, day, sales)
    }
    let history = try history("S1000", bench)
    #expect(history.versions.map(\.run) == [1, 2])
    #expect(history.versions[1].verdict == .lacking && history.versions[1].vouchers.map(\.run) == [1, 1])
  }

  @Test func aDocumentThatThereIsNot() throws {
    let bench = try Bench()
    #expect(try DocumentHistory.find("S1", in: bench.workspace, language: .english).isEmpty)
    try night(bench, 21, [Sale(no: "S1", day: "2025-12-31", rows: [Sale.Row(amount: 500)])])
    #expect(try history("S1", bench).versions[0].reasons.map(\.code) == ["document-before-start"])
    for (key, interface) in [("S2", nil), ("", nil), ("S1", "purchases")] as [(String, String?)] {
      let found = try DocumentHistory.find(
        key, interface: interface, in: bench.workspace, language: .english)
      #expect(found.isEmpty, "\(key)")
    }
  }
}
