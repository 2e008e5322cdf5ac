import Findings
import Mapping
import Testing

@testable import Posting

struct PostingCompilerTests {
  @Test func `nothing is wrong with the mapping as it stands`() {
    let bench = Workbench()
    #expect(bench.told.isEmpty)
    #expect(bench.rules.map(\.name) == ["revenue", "cost"])
    #expect(bench.rules.map(\.inputs.waitsFor.count) == [0, 1])
    #expect(
      bench.carriers == [
        [Carrier(posting: 0, rule: 0)], [Carrier(posting: 0, rule: 1)], [Carrier(posting: 0, rule: 2)],
        [Carrier(posting: 1, rule: 0)],
      ])
  }

  @Test(arguments: [
    ("debit: 应收账款", "debit: 应收帐款", ["35:18 unknown-account 应收帐款, 应收账款"]),
    ("debit: 应收账款", "debit: 1123", ["35:18 unknown-account 1123, 1122"]),
    ("debit: 应收账款", "debit: 1405", ["35:18 account-not-leaf 1405"]),
    ("debit: 应收账款", "debit: 库存商品", ["35:18 unknown-account 库存商品, "]),
    ("debit: 应收账款", "debit: reveneu(class)", ["35:18 unknown-reference table, reveneu, revenue"]),
    (
      "debit: 应收账款", "debit: \"\\\"x\\\" ?? stock(class)\"",
      [
        "35:19 type-mismatch an expression, a role, an account code, or the call of a code table"
      ]
    ),
    (
      "by: { 客户: customer } }\n      - { credit: \"revenue",
      "by: { 仓库: store } }\n      - { credit: \"revenue",
      ["35:18 dimension-not-given 客户, 1122", "35:45 dimension-not-allowed 仓库, 1122"]
    ),
    ("{ 仓库: store }", "{ 客户: store }", ["46:53 dimension-not-allowed 客户, 1405.01"]),
    ("by: { 部门: dept } }", "by: { 部门: gross } }", ["45:46 type-mismatch number, text"]),
    ("amount: gross", "amount: gros", ["35:32 unknown-name gros, gross"]),
    ("amount: gross", "amount: no", ["35:32 type-mismatch text, number"]),
    ("amount: tax, split", "amount: cost, split", ["37:33 optional-unguarded cost"]),
    ("when: present(cost)", "when: cost", ["40:11 type-mismatch number?, bool"]),
    (
      "when: present(cost)", "when: present(cost) and no == \"A\" and no == \"B\"",
      ["40:11 rule-never-applies cost, false"]
    ),
    ("when: present(cost)", "when: gross", ["40:11 type-mismatch number, bool"]),
    ("when: present(cost)", "when: gross > 0 and present(cost)", ["40:11 level-mismatch gross"]),
    ("quantity: qty", "quantity: unit", ["46:76 type-mismatch text?, number"]),
    ("memo: 销售 {no}", "memo: 销售 {no} {class}", ["33:11 level-mismatch class"]),
    ("memo: 销售 {no}", "memo: 销售 {nr}", ["33:15 unknown-name nr, no"]),
    ("memo: 销售 {no}", "memo: 销售 {no} {sum(gross)}", []),
    ("memo: 结转 {date}", "memo: 结转 {sum(gross)}", ["43:11 level-mismatch gross"]),
    (
      "amount: tax, split: [rate]", "amount: tax, split: [rate], cash_flow: 购买商品",
      ["37:64 unknown-name 购买商品, ", "37:64 bad-value cash_flow, 2221: cash: yes"]
    ),
    ("memo: 结转 {date}", "memo: 结转 {no}", ["43:11 level-mismatch no"]),
    ("per: [date]", "per: [date, dept]", ["41:17 level-mismatch dept"]),
    ("per: [date]", "per: [date, depth]", ["41:17 unknown-name depth, dept"]),
    ("split: [rate]", "split: [rat]", ["37:46 unknown-name rat, rate"]),
    ("per: document\n    date: date", "per: document\n    date: no", ["32:11 type-mismatch text, date"]),
    ("per: document\n    date: date", "per: document\n    date: month_end(date)", []),
  ])
  func `faults of postings, each with its place`(_ old: String, _ new: String, _ expected: [String]) {
    #expect(Workbench(replacing: [old: new]).told == expected)
  }

  @Test func `a posting's date is its document's, not a record's`() {
    let bench = Workbench(replacing: [
      "cost: money? = 成本": "cost: money? = 成本\n  due: date = 到期",
      "per: document\n    date: date": "per: document\n    date: due",
    ])
    #expect(bench.told == ["33:11 level-mismatch due"])
  }

  @Test func `each account of a table must be a leaf of the chart`() {
    let bench = Workbench(tables: ["tables/stock.csv": "class,account\n食,1405\n饮,1405.02\n杂,x\n空,\n"])
    #expect(
      bench.told == [
        "46:19 account-not-leaf 1405", "46:19 account-unknown-in-table x, stock",
        "46:19 account-unknown-in-table , stock",
      ])
  }

  @Test func `all faults are found at once`() {
    let bench = Workbench(replacing: [
      "amount: gross": "amount: gros", "credit: 销项税额": "credit: 进项税额", "when: present(cost)": "when: cost",
    ])
    #expect(bench.told.count == 3)
    #expect(bench.rules.isEmpty)
  }

  @Test func `a posting's content is what its entries are made of`() {
    let names = Workbench().rules.map { Set($0.inputs.sources.map(\.name)) }
    let text = { (column: String) in column + "\u{1F}text" }
    let number = { (column: String) in column + "\u{1F}number" }
    let head: Set = [text("单号"), "日期\u{1F}date"]
    #expect(
      names[0] == head.union([text("客户"), text("部门"), text("类"), text("税率"), number("金额"), number("税额")]))
    #expect(
      names[1] == head.union([text("部门"), text("类"), text("仓库"), text("单位"), number("成本"), number("数量")]))
  }

  @Test func `a measure that no rule carries alone is summed by document`() {
    let bench = Workbench(replacing: [
      "amount: net": "amount: gross - tax", "amount: tax, ": "amount: 0 + tax, ",
    ])
    #expect(
      bench.carriers.prefix(3) == [
        [Carrier(posting: 0, rule: 0)], [Carrier(posting: 0, rule: nil)], [Carrier(posting: 0, rule: nil)],
      ])
  }
}
