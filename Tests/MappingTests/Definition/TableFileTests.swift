import Expressions
import Findings
import Ledger
import Testing

@testable import Mapping

@Suite struct TableFileTests {
  private static let revenue = "tables/revenue.csv"

  @Test func validityAndWildcardsAreTaken() throws {
    let table = try #require(FolderOfTexts().load().interfaces.first?.tables.last?.loaded)
    func account(_ keys: [String], _ month: Int, _ day: Int) -> String {
      table.texts(of: 0)[Int(table.row(keys, on: Day(year: 2026, month: month, day: day)))]
    }
    #expect(account(["食品", "D01"], 3, 10) == "5001")
    #expect(account(["食品", "D01"], 3, 11) == "主营业务收入")
    #expect(account(["酒水", "D09"], 3, 11) == "5001")
  }

  @Test(arguments: [
    ("食品,D01,5001,,2026-03-10", "食品,D01,5001,,2026-02-30", "2:5 table-value 2026-02-30, YYYY-MM-DD"),
    (
      "食品,D01,5001,,2026-03-10", "食品,D01,5001,2026-03-10,2026-03-09",
      "2:5 table-value 2026-03-09, ≥ 2026-03-10"
    ),
    ("食品,D01,5001,,2026-03-10", "食品,,5001,,2026-03-10", "2:2 table-value , a key or *"),
    ("食品,D01,5001,,2026-03-10", "食品,D01,5001,", "2 cell-count 4, 5"),
    ("食品,D01,5001,,2026-03-10", "食品,\"D01,5001,,2026-03-10", "2 quote-unclosed"),
    ("食品,D01,5001,,2026-03-10", "食品,\"D01\"x,5001,,2026-03-10", "2 quote-stray x"),
    ("食品,D01,5001,,2026-03-10", "食品,D01,5001,,2026-03-11", "3 table-ambiguous 2, 3, 食品, D01"),
    ("class,dept,account", "class,dept,class", "1:3 column-doubled class, 1, 3"),
  ])
  func faultsOfCells(old: String, new: String, expected: String) {
    #expect(FolderOfTexts().with(new, for: old, in: Self.revenue).told == ["tables/revenue.csv:\(expected)"])
  }

  @Test(arguments: [
    ("key: [class, dept]", "key: [clas, dept]", "15:46 table-column clas, class"),
    ("value: account", "value: konto", "15:67 table-column konto, "),
    (
      "valid: [valid_from, valid_to]", "valid: [valid_form, valid_to]",
      "15:84 table-column valid_form, valid_from"
    ),
    ("valid: [valid_from, valid_to]", "valid: [valid_from]", "15:76 wrong-shape [FROM, TO]"),
    ("tables/customers.csv", "tables/customer.csv", "14:14 table-missing tables/customer.csv"),
    ("tables/customers.csv", "../customers.csv", "14:14 table-missing ../customers.csv"),
    ("value: account", "vlaue: account", "15:60 unknown-key vlaue, value"),
  ])
  func faultsOfColumns(old: String, new: String, expected: String) {
    let told = FolderOfTexts().with(new, for: old).told
    #expect(told.first == "sales.yaml:\(expected)")
    #expect(told.count == (expected.contains("vlaue") || expected.contains("[FROM") ? told.count : 1))
  }

  @Test func theShortFormNeedsTwoColumns() {
    var folder = FolderOfTexts()
    folder.files["tables/customers.csv"] = "code\n1\n"
    #expect(folder.told == ["sales.yaml:14:14 wrong-shape a table with two columns"])
    folder.files["tables/customers.csv"] = ""
    #expect(folder.told == ["tables/customers.csv:1 header-missing …, 1, 0"])
  }

  @Test func csvIsReadAsItReallyComes() throws {
    var findings: [Finding] = []
    let bytes = Array("\u{FEFF}a, b\r\n\"x\"\"y\n,z\",　1 \r\n\r\n,\r\n最后,\"\"".utf8)
    let table = try #require(TableText(bytes, file: "t.csv", findings: &findings))
    #expect(findings == [])
    #expect(table.header == ["a", "b"])
    #expect(table.rows.map(\.line) == [2, 6])
    #expect(table.rows.map(\.cells) == [["x\"y\n,z", "1"], ["最后", ""]])
  }

  @Test func bytesThatAreNotUTF8AreNamed() {
    var findings: [Finding] = []
    #expect(TableText(Array("a,b\nx,".utf8) + [0xD6, 0xD0, 0x0A], file: "t.csv", findings: &findings) == nil)
    #expect(findings.map(\.code) == [.badByte])
    #expect(findings.first?.place.line == 2)
    #expect(findings.first?.arguments == ["0xD6", "utf-8"])
  }

  @Test func aLargeTableLoads() throws {
    var text = "code,name,account\n"
    for row in 0..<100_000 { text += "C\(row),客户名称\(row),1122\n" }
    var folder = FolderOfTexts()
    folder.files["tables/customers.csv"] = text
    let table = try #require(folder.load().interfaces.first?.tables.first?.loaded)
    #expect(table.count == 100_000)
    #expect(table.texts(of: 0)[Int(table.row(["C99999"], on: nil))] == "客户名称99999")
  }
}
