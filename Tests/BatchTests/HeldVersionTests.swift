import Foundation
import State
import Testing

@testable import Batch

/// A later version is held, and an export brings the document as it was before: by mistake, or since the change was taken back.
/// Nobody but a person knows.
@Suite struct HeldVersionTests {
  private func sale(_ amount: Int, _ buyer: String = "C1", state: String = "approved", cost: Int? = 6000)
    -> Sale
  {
    Sale(no: "S1", state: state, buyer: buyer, rows: [Sale.Row(amount: amount, tax: amount / 10, cost: cost)])
  }

  private func night(_ bench: Bench, _ day: Int, _ sales: Sale...) throws -> Int32 {
    for (place, sale) in sales.enumerated() {
      try bench.drop("sales-\(day)-\(place).csv", Sale.file([sale]))
    }
    return try bench.run(clock: "2026-03-\(day)T06:00:00+08:00").exitCode
  }

  private func change(_ bench: Bench, _ old: String, _ new: String) throws {
    let mapping = try bench.read("mappings/sales.yaml")
    #expect(mapping.contains(old))
    try bench.write("mappings/sales.yaml", mapping.replacing(old, with: new))
  }

  private func decide(_ bench: Bench, _ day: Int, _ subject: Dismissal.Subject) throws {
    let clock = try #require(RunClock(fixed: "2026-03-\(day)T08:00:00+08:00"))
    let decision = Dismissal(subject, by: "anna", reason: "so it is")
    guard
      case .done = try bench.unlocked({ try Pipeline(bench.workspace, clock: clock).dismiss(decision) })
    else {
      Issue.record("Nothing was decided")
      return
    }
  }

  /// Of receivables, by all vouchers.
  private func balance(_ bench: Bench) throws -> Int {
    try bench.vouchers().filter { $0.account == "1122" }.reduce(0) { $0 + $1.debit - $1.credit }
  }

  /// Why the document is held; empty where it isn't.
  private func causes(_ bench: Bench) throws -> [String] {
    try bench.state { try $0.heldDocument("sales", key: Array("S1".utf8)) }?.causes.map(\.code) ?? []
  }

  @Test(arguments: [true, false]) func aHeldChangeStaysForAPerson(_ isRight: Bool) throws {
    let bench = try CorrectionTests.bench()
    try change(bench, "changed: reverse", "changed: hold")
    #expect(try night(bench, 21, sale(11000)) == 0)
    #expect(try night(bench, 22, sale(22000)) == 10)
    #expect(try night(bench, 23, sale(11000)) == 10)
    #expect(try causes(bench) == ["document-changed", "document-older"])
    #expect(try RunEntry.last(1, of: bench.workspace)[0].summary?.findings["document-older"] == 1)
    #expect(try bench.log(run: 3).amount("documents", "repeated") == 1)
    let subject: Dismissal.Subject =
      isRight ? .accepted(interface: nil, key: "S1") : .held(interface: nil, key: "S1")
    try decide(bench, 24, subject)
    #expect(try causes(bench) == [])
    #expect(
      try balance(bench) == (isRight ? 22000 : 11000))
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What it waited for comes, and it is not posted by itself: the change may have been taken back.
  @Test(arguments: [true, false]) func whatWaitsForACodeStaysToo(_ isOneRun: Bool) throws {
    let bench = try CorrectionTests.bench()
    #expect(try night(bench, 21, sale(11000)) == 0)
    if isOneRun {
      #expect(try night(bench, 22, sale(22000, "C9"), sale(11000)) == 10)
    } else {
      #expect(try night(bench, 22, sale(22000, "C9")) == 10)
      #expect(try night(bench, 23, sale(11000)) == 10)
    }
    #expect(try causes(bench) == ["check-failed", "document-older"])
    try bench.write(
      "mappings/tables/customers.csv", try bench.read("mappings/tables/customers.csv") + "C9,New\n")
    try bench.run(clock: "2026-03-24T06:00:00+08:00")
    #expect(try causes(bench) == ["document-older"])
    #expect(try bench.vouchers().debits("1122") == 11000)
    // It comes once more, and still nobody has said anything.
    _ = try night(bench, 25, sale(22000, "C9"))
    #expect(try causes(bench) == ["document-older"])
    // A third version is what counts.
    #expect(try night(bench, 26, sale(33000)) == 0)
    #expect(try causes(bench) == [])
    #expect(try balance(bench) == 33000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// What was posted before settles nothing of a later version that went back.
  @Test func aRejectedChangeStaysOpen() throws {
    let bench = try CorrectionTests.bench()
    try change(bench, "changed: reverse", "changed: reject")
    #expect(try night(bench, 21, sale(11000)) == 0)
    #expect(try night(bench, 22, sale(22000)) == 10)
    let open = try bench.state { try $0.openRejects().map(\.number) }
    #expect(open.count == 1)
    _ = try night(bench, 23, sale(11000))
    #expect(try bench.state { try $0.openRejects().map(\.number) } == open)
    try change(bench, "changed: reject", "changed: reverse")
    #expect(try night(bench, 24, sale(22000)) == 0)
    #expect(try bench.state { try $0.openRejects() }.isEmpty)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// The mistake is over when the export brings what is posted.
  @Test func anOldVersionLeavesHoldByItself() throws {
    let bench = try CorrectionTests.bench()
    for (day, amount, code) in [(21, 11000, Int32(0)), (22, 22000, 0), (23, 11000, 10), (24, 22000, 0)] {
      #expect(try night(bench, day, sale(amount)) == code)
    }
    #expect(try causes(bench) == [])
    #expect(try balance(bench) == 22000)
  }

  /// The void one was held for the voucher's sake, and the run that voids the voucher has not judged it yet.
  @Test func anOldFileBehindAVoidedVoucher() throws {
    let bench = try CorrectionTests.bench()
    try bench.write("mappings/answer.yaml", AnswerTests.table)
    #expect(try night(bench, 21, sale(11000)) == 0)
    try bench.drop("answer-1.csv", "id,number,result,reason\nT-SA-C-00000001,,failed,no\n")
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    #expect(try night(bench, 23, sale(11000, state: "void")) == 10)
    #expect(try causes(bench) == ["refused-to-correct"])
    let clock = try #require(RunClock(fixed: "2026-03-24T06:00:00+08:00"))
    let voiding = VoucherVoiding("T-SA-C-00000001", by: "anna", reason: "wrong")
    guard case .done = try bench.unlocked({ try Pipeline(bench.workspace, clock: clock).void(voiding) })
    else {
      Issue.record("Not voided")
      return
    }
    let before = try bench.vouchers()
    #expect(try night(bench, 25, sale(11000)) == 10)
    #expect(try bench.vouchers() == before)
    #expect(try causes(bench).contains("document-older"))
    try decide(bench, 26, .accepted(interface: nil, key: "S1"))
    #expect(try balance(bench) == 0)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// The finance system has refused the voucher, so that the document can't be taken back. One that was only not approved is
  /// approved again; one that is void is not, and stays doubted also when it comes once more.
  @Test(arguments: ["draft", "void"]) func whatCantBeTakenBackComesAsItWas(_ state: String) throws {
    let bench = try CorrectionTests.bench()
    try bench.write("mappings/answer.yaml", AnswerTests.table)
    #expect(try night(bench, 21, sale(11000)) == 0)
    try bench.drop("answer-1.csv", "id,number,result,reason\nT-SA-R-00000001,,failed,no\n")
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    #expect(try night(bench, 23, sale(11000, state: state)) == 10)
    _ = try night(bench, 24, sale(11000))
    let held = state == "draft" ? [] : ["refused-to-correct", "document-older"]
    #expect(try causes(bench) == held)
    if state == "void" {
      _ = try night(bench, 25, sale(11000, state: state))
      #expect(try causes(bench) == held)
    }
    #expect(try balance(bench) == 11000)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Not approved any more, it is not posted when its code comes, whatever else of it is as it was.
  @Test(arguments: [false, true]) func whatIsNotApprovedAnyMoreLeavesHold(_ isPosted: Bool) throws {
    let bench = try CorrectionTests.bench()
    try change(bench, "  void: status == \"void\"\n", "")
    if isPosted { #expect(try night(bench, 21, sale(11000)) == 0) }
    #expect(try night(bench, 22, sale(22000, "C9")) == 10)
    #expect(try night(bench, 23, sale(22000, "C9", state: "draft")) == 0)
    #expect(try causes(bench) == [])
    try bench.write(
      "mappings/tables/customers.csv", try bench.read("mappings/tables/customers.csv") + "C9,New\n")
    try bench.run(clock: "2026-03-24T06:00:00+08:00")
    #expect(try balance(bench) == 0)
    #expect(try bench.log(run: isPosted ? 3 : 2).amount("documents", "ignored") == 1 + 1)
    #expect(try bench.verify().findings.isEmpty)
  }
}
