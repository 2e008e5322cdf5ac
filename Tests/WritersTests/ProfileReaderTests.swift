import Findings
import Testing

@testable import Writers

@Suite struct ProfileReaderTests {
  private static let head = "language: 1\nprofile: p\nproven_by: document none\nformat: csv\n"

  private func faults(_ yaml: String) -> [String] {
    let (profile, findings) = read(yaml)
    #expect((profile == nil) == !findings.isEmpty)
    return findings.map {
      "\($0.place.line ?? 0):\($0.place.column ?? 0) \($0.code.rawValue) \($0.arguments.joined(separator: " · "))"
    }
  }

  @Test(arguments: [
    ("columns: { A: voucher.memmo }", "5:15 unknown-name voucher.memmo · voucher.memo"),
    ("columns: { A: entry.dimension(客户) }", "5:31 expression-syntax \"…\""),
    ("columns: { A: account.name }", "5:15 level-mismatch account.name"),
    ("columns: { A: 'entry.unit ?' }", "5:27 expression-syntax ??"),
    ("columns: { A: '\"x{entry.unit\"' }", "5:29 expression-syntax }"),
    ("columns: { A: { value: entry.debit, decimals: 1 } }", "5:47 bad-value 1 · 2…12"),
    ("columns: { A: { value: entry.memo, zero: empty } }", "5:36 type-mismatch text · number"),
    ("columns: { A: { valeu: entry.memo } }", "5:12 missing-key value"),
    ("columns: { A: entry.memo }\neach: voucher", "6:7 bad-value voucher · entry | document"),
    ("columns: { A: entry.memo }\nencoding: utf8", "6:11 bad-value utf8 · utf-8 | gb18030 | gbk"),
    ("columns: { A: entry.memo }\ncontract: { B: { required: yes } }", "6:13 unknown-name B · A"),
    ("columns: { A: entry.memo }\ncontract: { A: { range: [0, 1] } }", "6:13 type-mismatch text · number"),
    ("columns: { A: entry.memo }\ncolour: red", "6:1 unknown-key colour · "),
    ("columns: { A: entry.memo }\nreplace: { ab: c }", "6:12 bad-value ab · one ASCII character"),
    ("header: yes", "1:1 missing-key columns"),
  ])
  func faultsHaveTheirPlace(_ yaml: String, _ fault: String) {
    #expect(faults(Self.head + yaml).contains(fault), "\(faults(Self.head + yaml))")
  }

  @Test func everythingIsToldAtOnce() {
    let found = faults(Self.head + "columns: { A: voucher.x, B: entry.y, C: voucher.id }\nline_ends: cr")
    #expect(found.count == 3)
  }

  @Test func xmlIsNotBuiltYet() {
    let found = faults("language: 1\nprofile: p\nproven_by: schema x\nformat: xml")
    #expect(found == ["4:9 not-built-yet format: xml"])
  }

  @Test func proofIsNamed() {
    let found = faults("language: 2\nprofile: p\nproven_by: hearsay\nformat: text\nentry: x")
    #expect(found.map { $0.split(separator: " ")[1] } == ["language-version", "bad-value"])
  }

  @Test func textLinesKnowTheirLevel() {
    let found = faults(
      """
      language: 1
      profile: p
      proven_by: document none
      format: text
      header: "{voucher.id}"
      accounts: "{entry.memo}"
      voucher: "{entry.line} {entry.dimension("x")}"
      entry: "{account.code}"
      """.replacing(
        "\"{entry.line} {entry.dimension(\"x\")}\"", with: "'{entry.line} {entry.dimension(\"x\")}'"))
    #expect(
      found == [
        "5:10 level-mismatch voucher.id", "6:12 level-mismatch entry.memo", "7:11 level-mismatch entry.line",
        "7:11 level-mismatch entry.dimension", "8:9 level-mismatch account.code",
      ])
  }

  @Test(arguments: [
    "hledger", "voucher-csv", "u8-text", "k3-sheet", "online-book", "ledger", "beancount",
  ])
  func workspaceProfilesAreRight(_ name: String) {
    #expect(workspaceProfile(name).name == name)
  }
}
