import Findings

@testable import Mapping

/// A small folder of definitions in which nothing is wrong, to be spoilt by tests.
struct FolderOfTexts {
  var files: [String: String] = [
    "workspace.yaml": "language: 1\nmessages: en\ntime_zone: Asia/Shanghai\nsettle: 5\n",
    "books/main.yaml": """
    language: 1
    book: main
    code: A
    title: 示例
    standard: small-enterprise
    currency: CNY
    chart: tables/accounts.csv
    prepared_by: 理货员
    voucher_types: { default: 记 }
    number: finance
    closed_period: hold
    tail_limit: 0.05
    fiscal_year_start: 4
    start: 2026-01-01

    """,
    "profiles/voucher-csv.yaml": "language: 1\nprofile: voucher-csv\n",
    "tables/accounts.csv": """
    code,name,role,leaf,side,dimensions,required,unit,cash,controlled
    1122,应收账款,应收账款,yes,debit,客户,客户,no,no,no
    1405,库存商品,,no,debit,,,no,no,no
    1405.01,食品,库存商品,yes,debit,仓库;批次,仓库,yes,no,no
    5001,主营业务收入,主营业务收入,yes,credit,部门,,no,no,no

    """,
    "tables/customers.csv": "code,name\n00101,华鑫\n",
    "tables/revenue.csv": """
    class,dept,account,valid_from,valid_to
    食品,D01,5001,,2026-03-10
    食品,D01,主营业务收入,2026-03-11,
    *,*,5001,,

    """,
    "sales.yaml": Self.sales,
  ]

  private static let sales = """
    language: 1
    interface: sales
    code: XS
    title: 销售
    book: main
    read:
      files: ["销售*.csv"]
      format: csv
      encoding: gb18030
      delimiter: ;
      skip: { column: 单号, marks: [小计] }
      trailer: { column: 单号, mark: 合计, totals: { 金额: sum } }
    tables:
      customers: tables/customers.csv
      revenue: { file: tables/revenue.csv, key: [class, dept], value: account, valid: [valid_from, valid_to] }
    fields:
      no: text = 单号
      rate: percent(whole)? = 税率
      net: "decimal(3) = round(金额, 2)"
    document:
      key: [no]
      date: 日期
      same: [no]
      start: 2026-01-01
      ignore: 状态 != "已审核"
    measures: [net]
    checks:
      - stop-file unless 账套 == "001": "not ours"
      - hold   unless no in customers: "{no}"
    postings:
      revenue:
        code: R
        when: present(rate)
        per: [no]
        date: 日期
        memo: 销售 {no}
        entries:
          - { debit: 应收账款, amount: net, by: { 客户: no }, split: [rate], quantity: qty, unit: 单位 }
          - { credit: "revenue(class, dept)", amount: net }
    write:
      - { profile: voucher-csv, file: "{book}_{period}_{run}.csv" }

    """

  /// The same folder, with `old` replaced by `new` in one file.
  func with(_ new: String, for old: String, in path: String = "sales.yaml") -> FolderOfTexts {
    var folder = self
    precondition(files[path]!.contains(old), "\(old) is not in \(path)")
    folder.files[path] = files[path]!.replacing(old, with: new, maxReplacements: 1)
    return folder
  }

  func load() -> DefinitionSet {
    DefinitionsFolder.load(list: Array(files.keys)) { path in Array(files[path]!.utf8) }
  }

  /// What is wrong, as `file:line:column code arguments`, the file without the folder.
  var told: [String] {
    load().findings.map { finding in
      let place = finding.place
      let numbers = [place.line, place.column].compactMap { $0 }.map { ":\($0)" }.joined()
      let file = place.file.hasPrefix("mappings/") ? String(place.file.dropFirst(9)) : place.file
      return
        (["\(file)\(numbers)", finding.code.rawValue]
        + (finding.arguments.isEmpty ? [] : [finding.arguments.joined(separator: ", ")])).joined(
          separator: " ")
    }
  }
}
