import Foundation
import Ledger
import Testing

@testable import Writers

/// Two more real programs read what their profiles write, and must come to our balances, account by account.
@Suite struct LedgerAndBeancountTests {
  private static let beancount = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(".build/beancount/bin")
    .path

  private func write(_ name: String) throws -> (journal: Journal, totals: WrittenTotals) {
    let sample = Sample.ofAllKinds()
    let profile = workspaceProfile(name)
    let file = try #require(sample.files(profile).first)
    var bytes: [UInt8] = []
    var writer = ProfileWriter(profile: profile, batch: sample.batch, context: sample.context)
    let totals = writer.write(file) { (chunk: inout [UInt8]) in bytes += chunk }
    return (try Journal(bytes, name: "v.\(name)"), totals)
  }

  private func balance(_ totals: WrittenTotals, _ account: Int) -> String {
    let sums = totals.sums(account: account)
    return Decimal(units: sums.debits - sums.credits, scale: 2).description
  }

  @Test func ledgerBalancesEqualOurs() throws {
    let (journal, totals) = try write("ledger")
    let balances = try journal.read(
      with: "ledger", "--pedantic", "bal", "--flat", "--no-total", "--format",
      "%(account)\\t%(quantity(scrub(total)))\\n")
    #expect(balances.status == 0, "\(balances.errors)")
    let names = ["1122 应收 账款", "222101 应交税费-销项税额", "5001 主营业务收入"]
    let ours = names.indices.map { "\(names[$0])\t\(balance(totals, $0))" }
    #expect(Set(balances.output.split(separator: "\n").map(String.init)) == Set(ours))
  }

  @Test func beancountBalancesEqualOurs() throws {
    let (journal, totals) = try write("beancount")
    let check = try journal.read(with: Self.beancount + "/bean-check", "FILE")
    #expect(check.status == 0, "\(check.output.prefix(800)) \(check.errors.prefix(800))")
    let balances = try journal.read(
      with: Self.beancount + "/bean-query", "-f", "csv", "FILE",
      "SELECT account, sum(number) AS n GROUP BY account ORDER BY account")
    let theirs = balances.output.split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let names = ["Assets:1122-应收--账款", "Liabilities:222101-应交税费-销项税额", "Income:5001-主营业务收入"]
    let ours = names.indices.map { [names[$0], balance(totals, $0)] }
    #expect(Set(theirs) == Set(ours))
  }

  /// The checks above could not fail if the programs let a difference pass.
  @Test func bothRefuseADifference() throws {
    var sample = Sample.ofAllKinds()
    sample.add("2026-03-05", amount: 113_00)
    let ledger = sample.text(workspaceProfile("ledger")).replacing("CNY -113.00\n", with: "CNY -112.99\n")
    #expect(try Journal(Array(ledger.utf8)).read(with: "ledger", "--pedantic", "bal").status != 0)
    let beancount = sample.text(workspaceProfile("beancount")).replacing(
      "  -113.00 CNY", with: "  -113.001 CNY")
    let check = try Journal(Array(beancount.utf8), name: "v.beancount").read(
      with: Self.beancount + "/bean-check", "FILE")
    #expect(check.status != 0)
  }
}
