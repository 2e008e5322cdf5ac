import Findings
import Ledger
import Testing

@testable import Writers

/// Lists of source documents (`each: document`).
@Suite struct DocumentListTests {
  private func sample(_ file: String) throws -> Sample {
    var sample = Sample()
    try sample.batch.append(
      posting: 0, date: Day("2026-03-31")!, memo: Array("汇总".utf8)[...], source: Array("S1, S2".utf8)[...],
      attachments: 2,
      entries: [
        Entry(account: Sample.receivable, side: .debit, amount: 30_00),
        Entry(account: Sample.revenue, side: .credit, amount: 30_00),
      ],
      documents: [
        SourceDocument(
          key: Array("S1".utf8), date: Day("2026-03-01")!, file: file, line: 2, rows: 1, amount: 10_00),
        SourceDocument(
          key: Array("=S2".utf8), date: Day("2026-03-02")!, file: file, line: 3, rows: 4, amount: 20_00),
      ])
    sample.batch.number(0, as: 1)
    return sample
  }

  @Test func aRowForEachDocument() throws {
    let text = try sample("销售 03.csv").text(workspaceProfile("source-documents"))
    #expect(
      text
        == """
        \u{FEFF}业务号,凭证日期,单据号,单据日期,来源文件,行,行数,金额
        A-XS-R-00000001,2026-03-31,S1,2026-03-01,销售 03.csv,2,1,10.00
        A-XS-R-00000001,2026-03-31,'=S2,2026-03-02,销售 03.csv,3,4,20.00

        """.replacing("\n", with: "\r\n"))
  }

  @Test func whatItsEncodingLacksIsToldOfTheDocument() throws {
    let gbk = csv("file: document.file\nkey: document.key", "each: document\nencoding: gbk")
    let sample = try sample("𠮷.csv")
    var check = ContractCheck(profile: gbk, batch: sample.batch, context: sample.context)
    let breaches = check.breaches(of: [0])
    #expect(breaches.map(\.document) == [0, 1])
    #expect(check.finding(of: breaches[1]).excerpt == "𠮷.csv")
  }

  @Test(arguments: [
    ("document", "entry.memo"), ("document", "entry.dimension(\"客户\")"), ("entry", "document.key"),
  ])
  func ofEntriesItKnowsNothing(_ each: String, _ path: String) {
    let (profile, findings) = read(
      """
      language: 1
      profile: p
      proven_by: document none
      format: csv
      each: \(each)
      columns:
        a: \(path)
      """)
    #expect(profile == nil)
    #expect(findings.map(\.code) == [.levelMismatch])
  }
}
