import Findings
import Testing

@testable import Mapping

@Suite struct PostingParsingTests {
  private static let check = "hold   unless no in customers: \"{no}\""
  private static let shape = "wrong-shape LEVEL unless CONDITION: \"MESSAGE\""

  @Test(arguments: [
    ("hodl unless no in customers: \"x\"", "29:5 bad-value hodl, warn | hold | reject | stop-file"),
    ("hold  if no in customers: \"x\"", "29:11 bad-value if, unless"),
    ("hold: x", "29:9 bad-value , unless"),
    ("hold unless: x", "29:5 \(shape)"),
    ("hold unless no in customers:", "29:5 \(shape)"),
    ("hold unless no in customers", "29:5 \(shape)"),
    ("[a]", "29:5 \(shape)"),
    ("hold unless a: x\n    warn unless b: x", "30:5 \(shape)"),
  ])
  func checkFaults(new: String, expected: String) {
    #expect(FolderOfTexts().with(new, for: Self.check).told == ["sales.yaml:\(expected)"])
  }

  @Test(arguments: [
    ("    code: R\n", "", "31:3 missing-key code"),
    ("code: R", "code: r", "32:11 bad-value r, 1–6 × A–Z 0–9"),
    ("per: [no]", "per: documnet", "34:10 bad-value documnet, document | file | [FIELD, …]"),
    ("per: [no]", "per: []", "34:10 wrong-shape a list"),
    ("per: [no]", "per: [no]\n    gather: week", "35:13 bad-value week, month"),
    ("per: [no]", "per: [no]\n    wehn: x", "35:5 unknown-key wehn, when"),
    ("code: R\n", "code: RJ\n", "32:11 bad-value RJ, 1–6 × A–Z 0–9, not RJ"),
    ("    memo: 销售 {no}\n", "", "31:3 missing-key memo"),
    ("debit: 应收账款", "debitt: 应收账款", "38:9 missing-key debit | credit; 38:11 unknown-key debitt, debit"),
    ("debit: 应收账款", "debit: 应收账款, credit: x", "38:24 wrong-shape debit or credit, one of them"),
    ("debit: 应收账款", "debit: 应收账款, absorb: ja", "38:32 bad-value ja, yes | no"),
    ("debit: 应收账款", "debit: 应收账款, rate: x", "38:9 missing-key currency; 38:9 missing-key foreign"),
    ("{ 客户: no }", "{ 客户: }", "38:43 missing-key 客户"),
    ("{ 客户: no }", "客户", "38:41 wrong-shape keys with values"),
    (
      "\"revenue(class, dept)\"", "revenue(class, dept)",
      "39:26 yaml-syntax ( is left open: close it, or quote this expression"
    ),
    ("voucher-csv", "vouchr-csv", "41:16 unknown-reference profile, vouchr-csv, voucher-csv"),
    ("profile: voucher-csv, ", "", "41:5 missing-key profile"),
  ])
  func postingFaults(old: String, new: String, expected: String) {
    let told = FolderOfTexts().with(new, for: old).told
    #expect(told == expected.split(separator: "; ").map { "sales.yaml:\($0)" })
  }

  @Test func codesOfPostingsDiffer() {
    let second =
      "  cost: { code: R, per: file, date: d, memo: m, entries: [{ debit: a, amount: b }] }\nwrite:"
    #expect(
      FolderOfTexts().with(second, for: "write:").told == [
        "sales.yaml:40:17 doubled-name code, R, mappings/sales.yaml:32"
      ])
  }

  @Test func everyFaultOfAFileIsToldInOneGo() {
    let folder = FolderOfTexts().with("code: x", for: "code: XS").with("fromat: csv", for: "format: csv")
      .with("no: txt = 单号", for: "no: text = 单号").with("per: all", for: "per: [no]")
      .with("hld unless", for: "hold   unless").with("flie: \"{book}", for: "file: \"{book}")
    #expect(
      folder.told.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
        "sales.yaml:3:7 bad-value", "sales.yaml:6:1 missing-key", "sales.yaml:8:3 unknown-key",
        "sales.yaml:17:7 bad-value", "sales.yaml:29:5 bad-value", "sales.yaml:34:10 bad-value",
        "sales.yaml:41:5 missing-key", "sales.yaml:41:29 unknown-key",
      ])
  }
}
