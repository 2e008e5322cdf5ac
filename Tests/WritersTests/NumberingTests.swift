import Findings
import Ledger
import Testing

@testable import Writers

@Suite struct NumberingTests {
  private let profile = csv(
    "I: voucher.id\nP: voucher.period\nT: voucher.type\nN: voucher.number", "header: no")

  private func rows(_ sample: Sample, pattern: String = "{book}_{period}_{run}") -> [String: [Substring]] {
    var writer = ProfileWriter(profile: profile, batch: sample.batch, context: sample.context)
    var all: [String: [Substring]] = [:]
    for file in sample.files(profile, pattern: pattern) {
      var text: [UInt8] = []
      _ = writer.write(file) { (chunk: inout [UInt8]) in text += chunk }
      let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
      all[file.name] = lines.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    }
    return all
  }

  @Test func filesAreSplitByPeriodAndCountFromOne() {
    var sample = Sample()
    sample.add("2026-03-31", amount: 1, number: 1)
    sample.add("2026-04-01", amount: 1, number: 2)
    sample.add("2026-03-01", amount: 1, number: 3)
    sample.add("2025-12-31", amount: 1, number: 4)
    #expect(
      rows(sample) == [
        "main_2025-12_000017": ["A-XS-R-00000004,2025-12,记,1"],
        "main_2026-03_000017": ["A-XS-R-00000001,2026-03,记,1", "A-XS-R-00000003,2026-03,记,2"],
        "main_2026-04_000017": ["A-XS-R-00000002,2026-04,记,1"],
      ])
    #expect(
      sample.files(profile).map(\.name) == [
        "main_sales-issue_凭证_2025-12_000017.csv", "main_sales-issue_凭证_2026-03_000017.csv",
        "main_sales-issue_凭证_2026-04_000017.csv",
      ])
  }

  @Test func vouchersStandInOrderOfTheirIDsWhateverTheirOrderInTheBatch() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, posting: 0, number: 2)
    sample.add("2026-03-04", amount: 1, posting: 1, number: 1)
    sample.add("2026-03-06", amount: 1, posting: 0, number: 1)
    #expect(
      rows(sample)["main_2026-03_000017"] == [
        "A-XS-C-00000001,2026-03,记,1", "A-XS-R-00000001,2026-03,记,2", "A-XS-R-00000002,2026-03,记,3",
      ])
  }

  @Test func everyTypeCountsByItself() {
    var sample = Sample()
    sample.postings[1].voucherType = "转"
    for number in 1...2 as ClosedRange<Int64> {
      sample.add("2026-03-05", amount: 1, posting: 0, number: number)
      sample.add("2026-03-05", amount: 1, posting: 1, number: number)
    }
    #expect(
      rows(sample)["main_2026-03_000017"]?.map { $0.suffix(3) } == ["转,1", "转,2", "记,1", "记,2"])
  }

  @Test func postingInThePatternMakesAFileForEach() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, posting: 1, number: 9)
    sample.add("2026-03-05", amount: 1, posting: 0, number: 9)
    #expect(
      rows(sample, pattern: "{posting}_{period}_{run}") == [
        "cost_2026-03_000017": ["A-XS-C-00000009,2026-03,记,1"],
        "revenue_2026-03_000017": ["A-XS-R-00000009,2026-03,记,1"],
      ])
  }

  @Test func noVoucherNoFile() {
    #expect(Sample().files(profile).isEmpty)
  }

  @Test func aCounterBeyondEightDigitsIsNotCut() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, number: 1_234_567_890)
    #expect(rows(sample).values.first == ["A-XS-R-1234567890,2026-03,记,1"])
  }

  @Test func totalsAreCountedFromWhatWasWritten() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 10_00, number: 3)
    sample.add("2026-03-06", amount: -2_50, number: 7)
    sample.add("2026-04-06", amount: 5_00, posting: 1, number: 1)
    var writer = ProfileWriter(profile: profile, batch: sample.batch, context: sample.context)
    var totals = WrittenTotals(postings: 2, accounts: 4)
    for file in sample.files(profile) { totals += writer.write(file) { (_: inout [UInt8]) in } }
    #expect(totals.voucherCount == 3)
    #expect(totals.vouchers == [2, 1])
    #expect(totals.numbers == [3...7, 1...1])
    #expect(totals.sums(posting: 0) == .init(entries: 4, debits: 750, credits: 750))
    #expect(totals.sums(posting: 0, account: 0) == .init(entries: 2, debits: 750, credits: 0))
    #expect(totals.sums(account: 2) == .init(entries: 3, debits: 0, credits: 1250))
    #expect(totals.sums(posting: 1, rule: 0) == .init(entries: 2, debits: 500, credits: 500))
    #expect(totals.sums(posting: 1, rule: 3) == .init())
    #expect(totals.all == .init(entries: 6, debits: 1250, credits: 1250))
  }
}
