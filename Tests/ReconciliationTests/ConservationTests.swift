import Findings
import Ledger
import Testing

@testable import Reconciliation

@Suite struct ConservationTests {
  @Test func theSampleTies() {
    #expect(Sample().report.ties)
    #expect(Sample.tally(file: nil).ties)
  }

  /// A document that gets lost at any door leaves lines that do not tie.
  @Test(arguments: Bucket.allCases)
  func aLostDocumentBreaksEveryLine(_ bucket: Bucket) {
    var tally = Sample.tally(file: "a.csv")
    tally.add(bucket, documents: -1, rows: -2, sums: [-1_00, -500])
    #expect(tally.untied.map(\.subject.name) == ["rows", "documents", "含税金额", "数量"])
    let sign: Int128 = bucket == .read || bucket == .released ? -1 : 1
    #expect(tally.lines.map(\.difference) == [2 * sign, sign, 1_00 * sign, 500 * sign])
    #expect(!tally.ties)
  }

  @Test func oneCoinIsEnough() {
    var sample = Sample()
    sample.report.files[0].tally?[measure: 0][.posted] += 1
    sample.report.interfaces[0][measure: 0][.posted] += 1
    let untied = sample.report.untied
    #expect(untied.count == 2)
    for case .line(_, _, let line) in untied {
      #expect(line.subject.name == "含税金额")
      #expect(line.difference == -1)
    }
  }

  /// `posted` of the whole run comes from the entries, that of a file from its documents: neither can hide the other.
  @Test func filesAndWrittenEntriesMustAgree() {
    var sample = Sample()
    sample.report.interfaces[0][measure: 0][.posted] -= 1
    sample.report.interfaces[0][measure: 0][.held] += 1
    #expect(sample.report.interfaces[0].ties)
    #expect(
      sample.report.untied == [
        .whole(
          interface: "sales-issue", .measure(name: "含税金额", scale: 2), .posted, files: 1_234_500_00,
          run: 1_234_499_99),
        .whole(
          interface: "sales-issue", .measure(name: "含税金额", scale: 2), .held, files: 5_00, run: 5_01),
      ])
  }

  @Test func debitsAndCreditsMustAgree() {
    var sample = Sample()
    sample.report.postings[0].credits -= 1
    #expect(
      sample.report.untied == [
        .posting(
          interface: "sales-issue", posting: "revenue", debits: 1_234_500_00, credits: 1_234_499_99),
        .book(
          "main", accountDebits: 1_234_500_00, accountCredits: 1_234_500_00, postingDebits: 1_234_500_00,
          postingCredits: 1_234_499_99),
      ])
  }

  @Test func accountsMustAgreeWithPostings() {
    var sample = Sample()
    sample.report.accounts.removeLast()
    #expect(sample.report.untied.count == 1)
    #expect(!sample.report.ties)
  }

  @Test func talliesAddUp() {
    var whole = Tally(interface: "sales-issue", file: nil, measures: [("含税金额", 2), ("数量", 3)])
    whole.add(Sample.tally(file: "a.csv"))
    whole.add(Sample.tally(file: "b.csv"))
    #expect(whole.rows[.read] == 50)
    #expect(whole[measure: 0][.posted] == 2_469_000_00)
    #expect(whole[measure: 0].unreadable == 4)
    #expect(whole.layoutRows == 6)
    #expect(whole.ties)
  }

  @Test func findingsAreCountedAllAndListedFew() {
    var log = FindingLog()
    var made = 0
    for line in 0..<1000 {
      log.add(.badNumber, .reject, file: line % 2 == 0 ? "a.csv" : "b.csv") {
        made += 1
        return Finding(.badNumber, .reject, at: Place(file: "a.csv", line: line))
      }
    }
    log.add(Finding(.badNumber, .warning, at: Place(file: "c.csv")))
    log.count(.badDate, .reject, times: 5)
    #expect(made == 40)
    #expect(log.listed.count == 41)
    #expect(log.total == 1006)
    #expect(log.times(.reject) == 1005)
    #expect(
      log.counts == [
        .init(code: .badNumber, severity: .warning, times: 1),
        .init(code: .badNumber, severity: .reject, times: 1000),
        .init(code: .badDate, severity: .reject, times: 5),
      ])
  }

  @Test func documentsAreListedUpToALimit() {
    var report = Sample().report
    var made = 0
    for _ in 0..<300 {
      report.note {
        made += 1
        return DocumentNote(file: "a.csv", line: 2, key: "k", bucket: .held, code: .codeNotFound, reason: "")
      }
    }
    #expect(made == 199)
    #expect(report.documents.count == 200)
    #expect(report.unlistedDocuments == 101)
  }
}
