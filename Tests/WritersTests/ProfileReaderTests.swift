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
    ("columns: { A: entry.memo }\neach: voucher", "6:7 bad-value voucher · entry | document | code"),
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

  @Test(arguments: [
    ("empty: keep", "1:1 missing-key tree"),
    ("tree: { r: entry.memo }", "5:12 level-mismatch entry.memo"),
    (
      "tree: { r: { v: { each: voucher, a: voucher.id } } }",
      "5:9 wrong-shape each: voucher, and in it each: entry, once"
    ),
    (
      "tree: { r: { e: { each: entry, a: entry.memo } } }",
      "5:14 wrong-shape each: entry within each: voucher"
    ),
    ("tree: { r: { v: { each: vouchers } } }", "5:25 bad-value vouchers · voucher | entry"),
    ("tree: { 1r: voucher.book }", "5:9 bad-value 1r · a name of XML"),
    ("tree: { x:r: voucher.book }", "5:9 unknown-reference @xmlns: · x · "),
    ("tree: { r: { \"@x y\": voucher.book } }", "5:16 bad-value x y · a name of XML"),
    ("tree: { r: voucher.book, s: voucher.book }", "5:26 wrong-shape one root element"),
    ("tree: { r: { e: { \".\": [a, b] } } }", "5:20 wrong-shape a value"),
  ])
  func faultsOfATree(_ yaml: String, _ fault: String) {
    let found = faults("language: 1\nprofile: p\nproven_by: schema x\nformat: xml\n" + yaml)
    #expect(found.contains(fault), "\(found)")
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
