import Findings
import Readers
import Testing

@testable import Mapping

@Suite struct DefinitionsFolderTests {
  @Test func whatIsMissingIsNamed() {
    let empty = DefinitionsFolder.load(list: []) { _ in [] }
    #expect(empty.findings.map(\.code) == [.definitionMissing, .definitionMissing])
    #expect(empty.findings.map(\.arguments) == [["mappings/workspace.yaml"], ["mappings/*.yaml"]])
  }

  @Test func namesAndCodesAreUnique() {
    var folder = FolderOfTexts()
    folder.files["sales2.yaml"] = folder.files["sales.yaml"]
    folder.files["books/second.yaml"] = folder.files["books/main.yaml"]
    folder.files["profiles/second.yaml"] = folder.files["profiles/voucher-csv.yaml"]
    #expect(
      folder.told == [
        "books/second.yaml:2:7 doubled-name book, main, mappings/books/main.yaml:2",
        "books/second.yaml:3:7 doubled-name code, A, mappings/books/main.yaml:3",
        "profiles/voucher-csv.yaml:2:10 doubled-name profile, voucher-csv, mappings/profiles/second.yaml:2",
        "sales2.yaml:2:12 doubled-name interface, sales, mappings/sales.yaml:2",
        "sales2.yaml:3:7 doubled-name code, XS, mappings/sales.yaml:3",
      ])
  }

  @Test func fingerprintCoversWhatIsUsedAndNothingElse() {
    var folder = FolderOfTexts()
    folder.files["tables/unused.csv"] = "\u{0}"
    folder.files["tests/sales.yaml"] = "}"
    folder.files["notes.txt"] = "x"
    let set = folder.load()
    #expect(set.findings == [])
    #expect(
      set.files.map(\.path) == [
        "books/main.yaml", "profiles/voucher-csv.yaml", "sales.yaml", "tables/accounts.csv",
        "tables/customers.csv", "tables/revenue.csv", "workspace.yaml",
      ])
  }

  @Test func anEndingThatWouldBeOverlookedIsAFault() {
    var folder = FolderOfTexts()
    folder.files["other.yml"] = "x"
    #expect(folder.told == ["other.yml bad-value other.yml, .yaml"])
  }

  @Test func faultsOfAllFilesAreToldTogether() {
    let folder = FolderOfTexts().with("code: a", for: "code: A", in: "books/main.yaml")
      .with("code: xs", for: "code: XS").with("settle: x", for: "settle: 5", in: "workspace.yaml")
      .with("profile: \"x", for: "profile: voucher-csv", in: "profiles/voucher-csv.yaml")
    #expect(
      folder.told.map { String($0.prefix { $0 != " " }) } == [
        "books/main.yaml:3:7", "profiles/voucher-csv.yaml:2:10", "sales.yaml:3:7", "sales.yaml:41:16",
        "workspace.yaml:4:9",
      ])
  }

  @Test func limitsAreSetAndHaveLimits() {
    let workspace = "limits: { row_bytes: 100, columns: 8 }\n"
    let set = FolderOfTexts().with("settle: 5\n" + workspace, for: "settle: 5\n", in: "workspace.yaml").load()
    #expect(set.findings == [])
    #expect(set.workspace.limits == ReadingLimits(rowBytes: 100, columns: 8))
    let wrong = "limits: { row_bytes: 0, document_bytes: 99999999999999999999, rows: 5 }\n"
    let folder = FolderOfTexts().with("settle: 5\n" + wrong, for: "settle: 5\n", in: "workspace.yaml")
    #expect(
      folder.told.map { $0.split(separator: " ").prefix(3).joined(separator: " ") } == [
        "workspace.yaml:5:22 bad-value 0,", "workspace.yaml:5:41 bad-value 99999999999999999999,",
        "workspace.yaml:5:63 unknown-key rows,",
      ])
  }

  private struct DiskGone: Error {}

  @Test func aFileThatCannotBeReadIsThrown() {
    #expect(throws: DiskGone.self) {
      try DefinitionsFolder.load(list: ["workspace.yaml"]) { _ throws(DiskGone) in throw DiskGone() }
    }
  }
}
