import Findings
import Ledger
import Testing

@testable import Mapping

@Suite struct BookParsingTests {
  private static let file = "books/main.yaml"
  private static let chart = "tables/accounts.csv"

  @Test func everythingIsTaken() throws {
    let book = try #require(FolderOfTexts().load().books.first)
    #expect(book.book.code == "A")
    #expect(book.book.voucherType == "记")
    #expect(book.standard == .smallEnterprise)
    #expect(book.tailLimit == Decimal(units: 5, scale: 2))
    #expect(book.fiscalYearStart == 4)
    #expect(book.start == Day(year: 2026, month: 1, day: 1))
    let chart = book.book.chart
    let stock = chart.accounts[try #require(chart.index(of: "库存商品"))]
    #expect(stock.code == "1405.01")
    #expect(stock.dimensions == ["仓库", "批次"])
    #expect(stock.required == ["仓库"])
    #expect(stock.keepsQuantity)
  }

  @Test(arguments: [
    ("code: A", "code: ABCDEFG", "3:7 bad-value ABCDEFG, 1–6 × A–Z 0–9"),
    (
      "standard: small-enterprise", "standard: small-enterprize",
      "5:11 bad-value small-enterprize, small-enterprise | enterprise"
    ),
    ("currency: CNY", "currency: rmb", "6:11 bad-value rmb, CNY, EUR, USD …"),
    ("chart: tables/accounts.csv", "chart: tables/acounts.csv", "7:8 table-missing tables/acounts.csv"),
    ("{ default: 记 }", "{ default: 记, transfer: 转 }", "9:30 not-built-yet voucher_types.transfer"),
    ("{ default: 记 }", "{}", "9:1 missing-key default"),
    ("closed_period: hold", "closed_period: hodl", "11:16 bad-value hodl, hold | next_open | reject"),
    ("tail_limit: 0.05", "tail_limit: -1", "12:13 bad-value -1, ≥ 0"),
    ("fiscal_year_start: 4", "fiscal_year_start: 13", "13:20 bad-value 13, 1–12"),
    ("fiscal_year_start: 4", "gather_days: 0", "13:14 bad-value 0, 1–31"),
    (
      "prepared_by: 理货员", "prepared: 理货员",
      "1:1 missing-key prepared_by; 8:1 unknown-key prepared, prepared_by"
    ),
  ])
  func bookFaults(old: String, new: String, expected: String) {
    let told = FolderOfTexts().with(new, for: old, in: Self.file).told
    #expect(told == expected.split(separator: "; ").map { "\(Self.file):\($0)" })
  }

  @Test(arguments: [
    ("库存商品,,no", "库存商品,x,no", "3:3 account-not-leaf 1405"),
    ("1122,应收账款,应收账款", "1122,应收账款,库存商品", "4:1 role-doubled 库存商品, 1122, 1405.01"),
    ("1405,库存", "1122,库存", "3:1 doubled-name account, 1122, mappings/tables/accounts.csv:2"),
    ("客户,客户,no", "客户,客户群,no", "2:7 dimension-not-allowed 客户群, 1122"),
    ("yes,debit,客户", "ja,debit,客户", "2:4 table-value ja, yes | no"),
    ("yes,debit,客户", "yes,Debit,客户", "2:5 table-value Debit, debit | credit"),
    ("1405,库存商品", ",库存商品", "3:1 table-value , an account code"),
    ("dimensions,required", "dimension,required", "1 table-column dimensions, dimension"),
  ])
  func chartFaults(old: String, new: String, expected: String) {
    #expect(FolderOfTexts().with(new, for: old, in: Self.chart).told == ["\(Self.chart):\(expected)"])
  }

  @Test(arguments: [
    ("messages: en", "messages: de", "2:11 bad-value de, zh | en"),
    ("settle: 5", "settle: soon", "4:9 bad-value soon, 0–86400"),
    ("settle: 5", "retention: 5", "4:1 not-built-yet retention"),
    ("settle: 5", "setle: 5", "4:1 unknown-key setle, settle"),
  ])
  func workspaceFaults(old: String, new: String, expected: String) {
    #expect(FolderOfTexts().with(new, for: old, in: "workspace.yaml").told == ["workspace.yaml:\(expected)"])
  }
}
