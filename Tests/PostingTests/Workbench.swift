import Expressions
import Findings
import Ledger
import Readers

@testable import Mapping
@testable import Posting

/// An interface with its book, compiled from texts, and run over records that are written in the test.
struct Workbench {
  static let accounts = """
    code,name,role,leaf,side,dimensions,required,unit,cash,controlled
    1122,应收账款,应收账款,yes,debit,客户;部门,客户,no,no,no
    1405,库存商品,,no,debit,,,no,no,no
    1405.01,食品,食品,yes,debit,仓库,仓库,yes,no,no
    1405.02,饮料,饮料,yes,debit,仓库,,yes,no,no
    2221,销项税额,销项税额,yes,credit,,,no,no,no
    5001,主营业务收入,收入,yes,credit,部门;客户,,no,no,no
    5301,营业外收入,,yes,credit,,,no,no,no
    5401,主营业务成本,成本,yes,debit,部门,,no,no,no

    """

  static let accountsWithClass =
    accounts
    .replacing("code,name,role", with: "code,name,class,role")
    .replacing("应收账款,应收账款", with: "应收账款,asset,应收账款")
    .replacing("库存商品,,no", with: "库存商品,asset,,no")
    .replacing("食品,食品,yes", with: "食品,asset,食品,yes")
    .replacing("饮料,饮料,yes", with: "饮料,asset,饮料,yes")
    .replacing("销项税额,销项税额", with: "销项税额,liability,销项税额")
    .replacing("主营业务收入,收入", with: "主营业务收入,income,收入")
    .replacing("营业外收入,,yes", with: "营业外收入,income,,yes")
    .replacing("主营业务成本,成本", with: "主营业务成本,expense,成本")

  static let tables = [
    "tables/revenue.csv": "class,account\n*,5001\n杂,5301\n",
    "tables/stock.csv": "class,account\n食,食品\n饮,1405.02\n",
  ]

  static let mapping = """
    language: 1
    interface: sales
    code: XS
    title: 销售
    book: main
    read: { files: ["*.csv"], format: csv, encoding: utf-8 }
    tables:
      revenue: tables/revenue.csv
      stock: tables/stock.csv
    fields:
      no: text = 单号
      date: date = 日期
      customer: text? = 客户
      dept: text? = 部门
      class: text = 类
      store: text? = 仓库
      gross: money = 金额
      tax: money = 税额
      rate: text? = 税率
      net: money = gross - tax
      qty: quantity = 数量
      unit: text? = 单位
      cost: money? = 成本
    document:
      key: [no]
      date: date
    measures: [gross, net, tax, cost]
    postings:
      revenue:
        code: R
        per: document
        date: date
        memo: 销售 {no}
        entries:
          - { debit: 应收账款, amount: gross, by: { 客户: customer } }
          - { credit: "revenue(class)", amount: net, by: { 客户: customer, 部门: dept } }
          - { credit: 销项税额, amount: tax, split: [rate] }
      cost:
        code: C
        when: present(cost)
        per: [date]
        date: date
        memo: 结转 {date}
        entries:
          - { debit: 成本, amount: cost, by: { 部门: dept } }
          - { credit: stock(class), amount: cost, by: { 仓库: store }, quantity: qty, unit: unit }
    write:
      - { profile: v, file: "x" }

    """

  let book: BookDefinition
  let chart: Chart
  let interface: Interface?
  let program: Program
  let rules: [PostingRule]
  let carriers: [[Carrier]]
  let findings: [Finding]
  /// What was wrong before anything was compiled.
  let read: [Finding]

  init(
    replacing pieces: [String: String] = [:], tables: [String: String] = [:], bookKeys: String = ""
  ) {
    var files = Self.tables.merging(["tables/accounts.csv": Self.accounts]) { $1 }.merging(tables) { $1 }
    var text = Self.mapping
    for (old, new) in pieces {
      precondition(text.contains(old), "\(old) is not in the mapping")
      text = text.replacing(old, with: new)
    }
    files["sales.yaml"] = text
    files["workspace.yaml"] = "language: 1\n"
    files["books/main.yaml"] = """
      language: 1
      book: main
      code: A
      title: t
      standard: small-enterprise
      currency: CNY
      chart: tables/accounts.csv
      prepared_by: x
      voucher_types: { default: 记 }
      number: finance
      closed_period: hold
      tail_limit: 0.05

      """ + bookKeys
    let set = DefinitionsFolder.load(list: Array(files.keys)) { path in Array(files[path]!.utf8) }
    book = set.books[0]
    chart = book.book.chart
    var compiler = InterfaceCompiler(set.interfaces[0])
    let postings = PostingCompiler(set.interfaces[0], book: set.books[0])
    rules = postings.rules(&compiler.builder, document: compiler.documentRule!)
    interface = compiler.finish()
    program = compiler.builder.program
    read = set.findings
    findings = compiler.builder.findings
    carriers = postings.carriers(of: interface?.measures ?? [])
  }

  /// What is wrong, as `line:column code arguments`.
  var told: [String] { told(findings) }
  var allTold: [String] { told(read + findings) }

  private func told(_ findings: [Finding]) -> [String] {
    findings.map { finding in
      "\(finding.place.line ?? 0):\(finding.place.column ?? 0) \(finding.code.rawValue) "
        + finding.arguments.joined(separator: ", ")
    }
  }

  /// A record that nothing is wrong with, but for what is stated.
  static func row(_ no: String, _ cells: [String: String] = [:]) -> [String: String] {
    [
      "单号": no, "日期": "2026-03-05", "客户": "C1", "部门": "D1", "类": "食", "仓库": "W1", "金额": "113.00",
      "税额": "13.00",
      "税率": "13%", "数量": "2", "单位": "箱", "成本": "80.00",
    ].merging(cells) { $1 }
  }

  /// Takes files to vouchers, as a run does.
  /// - Parameter cuts: for each file where a new batch begins.
  func run(
    _ files: [[[String: String]]], cuts: [[Int]] = [], prior: Prior = .unknown,
    verdict: [String: Verdict] = [:], entriesMax: Int? = nil, attachmentsMax: Int? = nil
  ) throws -> RunOutcome {
    precondition(findings.isEmpty, "\(told)")
    var outcome = RunOutcome(bench: self)
    outcome.groups = Array(repeating: Codes(), count: rules.count)
    for (sequence, rows) in files.enumerated() {
      var gatherer = DocumentGatherer(interface!, program: program, postings: rules.map(\.inputs)) {
        _, _, _, _ in prior
      }
      var maker = EntryMaker(
        rules, books: [(book.book, book.tailUnits)], dimensions: &outcome.dimensions)
      var drafts = EntryDrafts()
      var evaluation = Evaluation(program)
      let edges = [0] + (sequence < cuts.count ? cuts[sequence] : []) + [rows.count]
      for (start, end) in zip(edges, edges.dropFirst()) where start < end {
        var batch = RecordBatch(columns: program.columns, Array(rows[start..<end]), firstRow: start)
        evaluation.run(over: &batch)
        let documents = try gatherer.gather(batch, evaluation)
        maker.post(
          documents, of: &gatherer, evaluation, batch, &outcome.dimensions, groups: &outcome.groups,
          into: &drafts)
      }
      for index in gatherer.store.documents.indices {
        if let later = verdict[gatherer.store.keyText(index)] {
          gatherer.store.documents[index].verdict = later
        }
      }
      outcome.gatherers.append(gatherer)
      outcome.files.append(
        PostedFile(sequence: sequence, name: "file \(sequence)", store: gatherer.store, drafts: drafts))
    }
    let maker = VoucherMaker(
      rules, dimensions: outcome.dimensions, groups: outcome.groups, books: [book.book],
      entriesMax: entriesMax, attachmentsMax: attachmentsMax,
      listsDocuments: true)
    // In two halves, as those of many documents are made on two threads.
    let plan = maker.plan(outcome.files)
    outcome.set = try maker.vouchers(of: outcome.files, plan, 0..<plan.count / 2, firstPosting: 0)
    outcome.set.append(
      try maker.vouchers(of: outcome.files, plan, plan.count / 2..<plan.count, firstPosting: 0))
    return outcome
  }
}

/// What came of a run's files.
struct RunOutcome {
  let bench: Workbench
  var dimensions = Dimensions()
  var groups: [Codes] = []
  var gatherers: [DocumentGatherer] = []
  var files: [PostedFile] = []
  var set = VoucherSet()

  /// An entry as `debit 1122 {客户 C1} 113.00`, with quantity and split where it has them.
  func text(_ entry: Entry) -> String {
    var text = "\(entry.side) \(bench.chart.accounts[Int(entry.account)].code)"
    for value in dimensions.values(ofSet: entry.dimensions) {
      text += " {\(dimensions.names[Int(value.dimension)]) \(dimensions.codes.text(value.code))}"
    }
    let detail = dimensions.detail(entry.detail)
    if detail.split >= 0 { text += " /\(dimensions.codes.text(detail.split).replacing("\u{1F}", with: ""))" }
    if detail.memo >= 0 { text += " “\(dimensions.codes.text(detail.memo))”" }
    if detail.cashFlow >= 0 { text += " →\(dimensions.codes.text(detail.cashFlow))" }
    if detail.currency >= 0 {
      text +=
        " \(dimensions.codes.text(detail.currency))"
        + " \(Decimal(units: Int128(entry.foreign), scale: Entry.amountScale))"
        + " @\(Decimal(units: Int128(detail.rate), scale: Entry.rateScale).trimmed)"
    }
    text += " \(Decimal(units: Int128(entry.amount), scale: Entry.amountScale))"
    if entry.quantity != Entry.noQuantity {
      text += " × \(Decimal(units: Int128(entry.quantity), scale: Entry.quantityScale).trimmed)"
    }
    if entry.unit >= 0 { text += dimensions.codes.text(entry.unit) }
    return text
  }

  /// A voucher as its date, memo and source, then its entries.
  func voucher(_ index: Int) -> [String] {
    let voucher = set.batch.vouchers[index]
    let texts = [set.batch.memo(of: voucher), set.batch.source(of: voucher)].map {
      String(decoding: $0, as: UTF8.self)
    }
    return ["\(voucher.posting) \(voucher.date) \(texts[0]) (\(texts[1]), \(voucher.attachments))"]
      + set.batch.entries(of: voucher).map(text)
  }

  var vouchers: [[String]] { self.set.batch.vouchers.indices.map(voucher) }

  var verdicts: [Verdict] { gatherers.flatMap { $0.store.documents.map(\.verdict) } }

  /// Findings as `code severity key: arguments`.
  var told: [String] {
    gatherers.flatMap { gatherer in
      gatherer.findings.items.map { item in
        let arguments = gatherer.findings.arguments(of: item).joined(separator: ", ")
        return
          "\(item.code.rawValue) \(item.severity.rawValue) \(gatherer.store.keyText(Int(item.document))): \(arguments)"
      }
    }
  }
}

extension RecordBatch {
  init(columns captions: [String], _ rows: [[String: String]], firstRow: Int) {
    self.init()
    count = rows.count
    columns = captions.map { caption in
      rows.map { row in
        let text = Array((row[caption] ?? "").utf8)
        let start = bytes.count
        bytes.append(contentsOf: text)
        return TextRange(start: Int32(start), length: Int32(text.count))
      }
    }
    self.rows = rows.indices.map { Int32(firstRow + $0 + 1) }
    lines = rows.indices.map { Int32(firstRow + $0 + 2) }
    starts = rows.indices.map { Int64((firstRow + $0) * 100) }
    ends = rows.indices.map { Int64((firstRow + $0) * 100 + 99) }
  }
}
