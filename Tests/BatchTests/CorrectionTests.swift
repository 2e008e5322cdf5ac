import Foundation
import State
import Testing

@testable import Batch

/// Documents that come again with other content, void, or not approved any more, after they were posted.
@Suite struct CorrectionTests {
  static func sale(_ no: String, _ amount: Int, cost: Int? = 6000, state: String = "approved") -> Sale {
    Sale(no: no, state: state, rows: [Sale.Row(amount: amount, tax: amount / 10, cost: cost)])
  }

  static func bench() throws -> Bench {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing(
        "  ignore: status",
        with: "  void: status == \"void\"\n  changed: reverse\n  withdrawn: reverse\n  ignore: status"))
    return bench
  }

  private func night(_ bench: Bench, _ day: Int, _ sales: [Sale]) throws -> Int32 {
    try bench.drop("sales-\(day).csv", Sale.file(sales))
    return try bench.run(clock: "2026-03-\(day)T06:00:00+08:00").exitCode
  }

  /// What all vouchers so far add up to, debit less credit.
  private func balances(_ bench: Bench) throws -> [String: Int] {
    try bench.vouchers().reduce(into: [:]) { $0[$1.account, default: 0] += $1.debit - $1.credit }
      .filter { $0.value != 0 }
  }

  private func balances(of sales: [Sale]) throws -> [String: Int] {
    let bench = try Bench()
    if !sales.isEmpty { _ = try night(bench, 21, sales) }
    return try balances(bench)
  }

  @Test func aChangedDocumentIsTakenBackInRedAndPostedAnew() throws {
    let bench = try Self.bench()
    #expect(try night(bench, 21, [Self.sale("S1", 11000), Self.sale("S2", 5000)]) == 0)
    #expect(try night(bench, 22, [Self.sale("S1", 22000), Self.sale("S2", 5000)]) == 0)
    let revenue = try bench.vouchers().filter { $0.id.contains("-R-") && $0.source == "S1" }
    let ids = Array(Set(revenue.map(\.id))).sorted()
    #expect(ids.count == 3)
    let red = revenue.filter { $0.id == ids[1] }
    #expect(red.debits("1122") == -11000)
    #expect(red.allSatisfy { $0.memo == "reversal of \(ids[0])" && $0.date == "2026-03-01" })
    #expect(revenue.filter { $0.id == ids[2] }.debits("1122") == 22000)
    // The cost has not changed: nothing of it is touched.
    #expect(try bench.vouchers().debits("5401") == 12000)
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 22000), Self.sale("S2", 5000)]))
    let correction = try #require(
      try bench.state { try $0.corrections("sales", key: Array("S1".utf8)) }.first)
    #expect(correction.cause == .changed)
    #expect(correction.postings.map(\.red) == [ids[1], ""])
    #expect(correction.postings.map(\.black) == [ids[2], ""])
    let log = try bench.log(run: 2)
    #expect(log.amount("gross", "posted") == 22000)
    #expect(log.amount("gross", "repeated") == 5000)
    #expect(log.differences == ["0", "0.00"])
    #expect(try bench.verify().findings.isEmpty)
    // The same file once more changes nothing.
    #expect(try night(bench, 23, [Self.sale("S1", 22000), Self.sale("S2", 5000)]) == 0)
    #expect(try bench.log(run: 3).amount("documents", "repeated") == 2)
  }

  /// Of a summary the changed documents alone are reversed; the voucher that was published stays.
  @Test func ofASummaryOnlyTheChangedDocumentIsTakenBack() throws {
    let bench = try Self.bench()
    let all = (1...5).map { Self.sale("S\($0)", 10000, cost: 100 * $0) }
    _ = try night(bench, 21, all)
    #expect(
      try night(bench, 22, [Self.sale("S2", 10000, cost: 777), Self.sale("S4", 10000, cost: 888)]) == 0)
    let costs = try bench.vouchers().filter { $0.id.contains("-C-") && $0.account == "5401" }
    #expect(costs.map(\.debit) == [1500, -600, 1665])
    #expect(try bench.log(run: 2).amount("cost", "posted") == 1665)
    #expect(try bench.log(run: 2).amount("gross", "repeated") == 20000)
  }

  @Test func whatIsVoidIsTakenBackAndAnOldExportOfItIsHeld() throws {
    let bench = try Self.bench()
    _ = try night(bench, 21, [Self.sale("S1", 11000)])
    #expect(try night(bench, 22, [Self.sale("S1", 11000, state: "void")]) == 0)
    #expect(try balances(bench) == [:])
    #expect(try night(bench, 23, [Self.sale("S1", 11000, state: "void")]) == 0)
    #expect(try balances(bench) == [:])
    #expect(try night(bench, 24, [Self.sale("S1", 11000)]) == 10)
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }[0].causes[0].code == "document-reverted")
    #expect(try balances(bench) == [:])
    #expect(try night(bench, 25, [Self.sale("S1", 9000)]) == 0)
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 9000)]))
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func whatIsNotApprovedAnyMoreIsTakenBackAndMayComeAgainAsItWas() throws {
    let bench = try Self.bench()
    _ = try night(bench, 21, [Self.sale("S1", 11000)])
    #expect(try night(bench, 22, [Self.sale("S1", 11000, state: "draft")]) == 0)
    #expect(try balances(bench) == [:])
    #expect(try night(bench, 23, [Self.sale("S1", 11000)]) == 0)
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 11000)]))
  }

  /// Without `void:` the state is no part of the content: what is not approved any more is taken back, also where it is as it
  /// was before a correction.
  @Test func anOlderVersionThatIsNotApprovedIsTakenBack() throws {
    let bench = try Self.bench()
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml").replacing("  void: status == \"void\"\n", with: ""))
    _ = try night(bench, 21, [Self.sale("S1", 11000)])
    _ = try night(bench, 22, [Self.sale("S1", 22000)])
    #expect(try night(bench, 23, [Self.sale("S1", 11000, state: "draft")]) == 0)
    #expect(try balances(bench) == [:])
  }

  /// What is held because it changed, or is as it was before a correction, is right when somebody says so.
  @Test(arguments: ["reverse", "hold"]) func whatIsAcceptedIsCorrected(_ policy: String) throws {
    let bench = try Self.bench()
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml").replacing("changed: reverse", with: "changed: \(policy)"))
    func accept(_ day: Int) throws {
      let clock = try #require(RunClock(fixed: "2026-03-\(day)T08:00:00+08:00"))
      let acceptance = Dismissal(.accepted(interface: nil, key: "S1"), by: "anna", reason: "it is")
      guard
        case .done(let outcome) = try bench.unlocked({
          try Pipeline(bench.workspace, clock: clock).dismiss(acceptance)
        })
      else {
        Issue.record("Not accepted")
        return
      }
      #expect(outcome.exitCode == 0)
    }
    _ = try night(bench, 21, [Self.sale("S1", 11000), Self.sale("S2", 100)])
    let changed = try night(bench, 22, [Self.sale("S1", 22000)])
    #expect(changed == (policy == "hold" ? 10 : 0))
    if policy == "hold" { try accept(22) }
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 22000), Self.sale("S2", 100)]))
    #expect(try night(bench, 23, [Self.sale("S1", 11000)]) == 10)
    try accept(23)
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 11000), Self.sale("S2", 100)]))
    // The other way round again: both have been before.
    #expect(try night(bench, 24, [Self.sale("S1", 22000)]) == 10)
    try accept(24)
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 22000), Self.sale("S2", 100)]))
    #expect(try bench.state { try $0.heldSummary() }.isEmpty)
    #expect(try bench.verify().findings.isEmpty)
  }

  @Test func anOlderVersionIsHeldAsReverted() throws {
    let bench = try Self.bench()
    _ = try night(bench, 21, [Self.sale("S1", 11000)])
    _ = try night(bench, 22, [Self.sale("S1", 22000)])
    _ = try night(bench, 23, [Self.sale("S1", 22000, cost: 7000)])
    #expect(try night(bench, 24, [Self.sale("S1", 11000)]) == 10)
    #expect(try night(bench, 25, [Self.sale("S1", 33000)]) == 0)
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 33000)]))
  }

  /// A cost that comes later posts the cost alone; one that goes away is taken back, and waits.
  @Test func aValueThatComesOrGoesTouchesItsPostingAlone() throws {
    let bench = try Self.bench()
    _ = try night(bench, 21, [Self.sale("S1", 11000)])
    #expect(try night(bench, 22, [Self.sale("S1", 11000, cost: nil)]) == 0)
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 11000, cost: nil)]))
    #expect(try bench.log(run: 2).amount("cost", "posted") == 0)
    // What was missing for a while comes again as it was.
    #expect(try night(bench, 23, [Self.sale("S1", 11000)]) == 0)
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 11000)]))
  }

  /// An export from before a cost was filled in takes nothing back, whatever else has changed by then.
  @Test func anExportFromBeforeTheCostIsHeldAsReverted() throws {
    let bench = try Self.bench()
    let first = Self.sale("S1", 11000, cost: nil)
    _ = try night(bench, 21, [first, Self.sale("S2", 500, cost: nil), Self.sale("S3", 700, cost: 60)])
    _ = try night(bench, 22, [Self.sale("S1", 11000), Self.sale("S2", 500), Self.sale("S3", 700)])
    #expect(try night(bench, 23, [first]) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == [
        "document-reverted"
      ])
    _ = try night(bench, 24, [Self.sale("S1", 11000, cost: 7000), Self.sale("S2", 600)])
    // S1 was so; of S2 the revenue was another then, and S3 always had a cost.
    let later = [first, Self.sale("S2", 600, cost: nil), Self.sale("S3", 700, cost: nil)]
    #expect(try night(bench, 25, later) == 10)
    #expect(
      try balances(bench)
        == balances(of: [
          Self.sale("S1", 11000, cost: 7000), Self.sale("S2", 600, cost: nil),
          Self.sale("S3", 700, cost: nil),
        ]))
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What was not approved for a while may come again as it was; once something else has come, it is old.
  @Test(arguments: [
    "A dA A", "A dA A dA A", "A B dB B", "A dA B A held", "A dA dB B A held", "A dA vA A held",
    "A vA dA A held",
    "A B dB A held", "A dA C A held",
  ])
  func afterALostApproval(_ story: String) throws {
    let isHeld = story.hasSuffix(" held")
    let nights = story.split(separator: " ").filter { $0 != "held" }
    let bench = try Self.bench()
    var last: Int32 = 0
    for (day, version) in nights.enumerated() {
      let state = version.hasPrefix("d") ? "draft" : version.hasPrefix("v") ? "void" : "approved"
      last = try night(
        bench, 21 + day,
        [
          Self.sale(
            "S1", version.hasSuffix("B") ? 22000 : 11000, cost: version.hasSuffix("C") ? 7500 : 6000,
            state: state)
        ])
    }
    #expect(last == (isHeld ? 10 : 0))
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.count == (isHeld ? 1 : 0))
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What was accepted is the latest version.
  @Test func anAcceptedVersionMayLoseItsApprovalToo() throws {
    let bench = try Self.bench()
    _ = try night(bench, 21, [Self.sale("S1", 11000)])
    _ = try night(bench, 22, [Self.sale("S1", 22000)])
    #expect(try night(bench, 23, [Self.sale("S1", 11000)]) == 10)
    let clock = try #require(RunClock(fixed: "2026-03-23T08:00:00+08:00"))
    _ = try bench.unlocked {
      try Pipeline(bench.workspace, clock: clock).dismiss(
        Dismissal(.accepted(interface: nil, key: "S1"), by: "anna", reason: "it is"))
    }
    #expect(try night(bench, 24, [Self.sale("S1", 11000, state: "draft")]) == 0)
    #expect(try night(bench, 25, [Self.sale("S1", 11000)]) == 0)
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 11000)]))
  }

  /// A change of the mapping does not make a new version of an old one.
  @Test(arguments: ["per: [customer, date]", "per: [date]\n    extra: x", "new"])
  func anOldVersionIsHeldWhateverTheMappingIsNow(_ change: String) throws {
    let bench = try Self.bench()
    _ = try night(bench, 21, [Self.sale("S1", 11000), Self.sale("S2", 500)])
    _ = try night(bench, 22, [Self.sale("S1", 11000, state: "void"), Self.sale("S2", 600)])
    let before = try balances(bench)
    let mapping = try bench.read("mappings/sales.yaml")
    let changed =
      switch change {
      case "new":
        mapping.replacing(
          "write:\n",
          with: """
              extra:
                code: X
                per: document
                date: date
                memo: "extra {number}"
                entries:
                  - { debit: cost, amount: gross }
                  - { credit: stock, amount: gross, quantity: qty, unit: unit }

            write:

            """)
      case "per: [customer, date]": mapping.replacing("per: [date]", with: change)
      default:
        mapping.replacing(
          "by: { customer: customer } }\n      - { credit: tax",
          with: "by: { customer: customer }, split: [unit] }\n      - { credit: tax")
      }
    #expect(changed != mapping)
    try bench.write("mappings/sales.yaml", changed)
    #expect(try night(bench, 23, [Self.sale("S1", 11000), Self.sale("S2", 500)]) == 10)
    #expect(
      try bench.state { try $0.heldDocuments(of: "sales") }.map { $0.causes[0].code } == [
        "document-reverted", "document-reverted",
      ])
    #expect(try balances(bench) == before)
  }

  /// Versions that come in one run end where they would had each come in a run of its own; what is posted by the first has
  /// no voucher yet, so the next run judges the others.
  @Test(arguments: [
    ["11000", "22000 void"], ["11000", "22000 draft"], ["11000", "11000 draft"], ["11000", "22000"],
    ["11000 void", "11000"], ["11000 draft", "11000"], ["9000 void", "22000"], ["22000", "11000"],
    ["22000", "33000", "33000 void"], ["22000 void", "22000 void"], ["22000", "22000"],
  ])
  func versionsInOneRun(_ versions: [String]) throws {
    for first in [nil, "11000"] {
      let (together, apart) = (try Self.bench(), try Self.bench())
      for (bench, isTogether) in [(together, true), (apart, false)] {
        if let first { _ = try night(bench, 21, [Self.version(first)]) }
        for (index, version) in versions.enumerated() {
          if isTogether {
            try bench.drop("sales-2\(index).csv", Sale.file([Self.version(version)]))
          } else {
            _ = try night(bench, 22 + index, [Self.version(version)])
          }
        }
        for day in 26...28 { _ = try bench.run(clock: "2026-03-\(day)T06:00:00+08:00") }
        #expect(try bench.verify().findings.isEmpty)
      }
      // Of more than two, the last takes the place of those that were held before it.
      #expect(try balances(together) == balances(apart), "\(first ?? "-"), \(versions)")
    }
  }

  private static func version(_ text: String) -> Sale {
    let words = text.split(separator: " ")
    return sale("S1", Int(words[0]) ?? 0, state: words.count > 1 ? String(words[1]) : "approved")
  }

  /// A red voucher that the finance system would refuse sends back the document that asks for it.
  @Test func aRedVoucherThatBreaksAContractIsNotWritten() throws {
    let bench = try Self.bench()
    _ = try night(bench, 21, [Self.sale("S1", 11000)])
    let profile = try bench.read("mappings/profiles/vouchers.yaml")
    try bench.write(
      "mappings/profiles/vouchers.yaml",
      profile.replacing("memo: { bytes_max: 200 }", with: "memo: { bytes_max: 20 }"))
    #expect(try night(bench, 22, [Self.sale("S1", 11000, state: "void")]) == 10)
    #expect(try bench.rejectedRows(run: 2).map { $0.prefix(2) } == ["S1"])
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 11000)]))
    try bench.write("mappings/profiles/vouchers.yaml", profile)
    #expect(try night(bench, 23, [Self.sale("S1", 11000, state: "void")]) == 0)
    #expect(try balances(bench) == [:])
  }

  @Test func withoutTheKeptEntriesNothingIsTakenBackUntilTheyAreThereAgain() throws {
    let bench = try Self.bench()
    _ = try night(bench, 21, [Self.sale("S1", 11000)])
    let entries = bench.folder + "/archive/entries/000001.entries"
    try FileManager.default.moveItem(atPath: entries, toPath: entries + ".lost")
    #expect(try night(bench, 22, [Self.sale("S1", 22000)]) == 10)
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }[0].causes[0].code == "entries-lost")
    try FileManager.default.moveItem(atPath: entries + ".lost", toPath: entries)
    #expect(try bench.run().exitCode == 0)
    #expect(try balances(bench) == balances(of: [Self.sale("S1", 22000)]))
  }
}
