import Foundation
import Ledger
import Testing

@testable import Writers

/// The real program reads what the profile writes, and must come to our balances.
@Suite struct HledgerTests {
  @Test func journalIsPinned() {
    var sample = Sample()
    let set = sample.set(["客户": "C001", "部门": "D01"])
    sample.add("2026-03-05", amount: 113_00, memo: "销售出库 XS-1", set: set)
    #expect(
      sample.text(workspaceProfile("hledger")) == """
        ; 示例商贸有限公司 · main · 2026-03
        commodity CNY 1000.0000
        account 1122 应收账款
        account 5001 主营业务收入

        2026-03-05 (A-XS-R-00000001) 销售出库 XS-1
            ; type:记, number:1, attachments:1, prepared_by:理货员
            ; source:XS-1
            1122 应收账款  CNY 113.00  ; side:debit
            ; 客户:C001, 部门:D01
            5001 主营业务收入  CNY -113.00  ; side:credit

        """)
  }

  @Test func hledgerChecksAndBalancesEqualOurs() throws {
    let sample = Sample.ofAllKinds()
    let profile = workspaceProfile("hledger")
    let file = try #require(sample.files(profile).first)
    var bytes: [UInt8] = []
    var writer = ProfileWriter(profile: profile, batch: sample.batch, context: sample.context)
    let totals = writer.write(file) { (chunk: inout [UInt8]) in bytes += chunk }
    let journal = try Journal(bytes)

    let check = try journal.read(with: "hledger", "check", "-s")
    #expect(check.status == 0, "\(check.errors)")
    let balances = try journal.read(with: "hledger", "bal", "--flat", "-N", "-E", "-O", "csv")
    #expect(balances.status == 0, "\(balances.errors)")
    let theirs = Set(balances.output.split(separator: "\n").dropFirst())
    let names = ["1122 应收 账款", "222101 应交税费-销项税额", "5001 主营业务收入"]
    let ours = names.indices.map { account in
      let sums = totals.sums(account: account)
      return "\"\(names[account])\",\"CNY \(Decimal(units: sums.debits - sums.credits, scale: 2)).\""
    }
    // hledger shows the four decimals of its commodity.
    #expect(theirs == Set(ours.map { Substring($0.replacing(".\"", with: "00\"")) }))
    let count = try journal.read(with: "hledger", "stats")
    #expect(count.output.contains("300"))
  }

  /// The check above could not fail if hledger let a cent pass.
  @Test func hledgerRefusesADifferenceOfLessThanACent() throws {
    var sample = Sample()
    sample.add("2026-03-05", amount: 113_00)
    let text = sample.text(workspaceProfile("hledger")).replacing("CNY -113.00", with: "CNY -113.0010")
    #expect(try Journal(Array(text.utf8)).read(with: "hledger", "check", "-s").status != 0)
  }
}
