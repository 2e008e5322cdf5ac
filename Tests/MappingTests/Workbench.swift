import Expressions
import Findings
import Ledger
import Readers

@testable import Mapping

/// An interface that is compiled from its text, and run over records that are written in the test.
struct Workbench {
  static let mapping = """
    language: 1
    interface: sales
    code: XS
    title: 销售
    book: main
    read: { files: ["*.csv"], format: csv, encoding: utf-8 }
    tables:
      customers: tables/customers.csv
    fields:
      no: text = 单号
      date: date = 日期
      status: text? = 状态
      customer: text = 客户
      gross: money = 金额
      tax: money = 税额
      net: money = gross - tax
      cost: money? = 成本
      print: int? = 打印
    document:
      key: [no]
      date: date
      same: [customer, status]
      start: 2026-01-01
      ignore: status == "草稿"
    measures: [gross, net, cost]
    checks:
      - stop-file unless 账套 == "001": "账套 {账套}"
      - hold unless customer in customers: "客户 {customer} 未建档"
      - reject unless tax <= gross: "{no} 税额 {tax} 大于 {gross}"
      - warn unless not present(print) or print < 3: "打印了 {print} 次"
    postings:
      p: { code: R, per: document, date: date, memo: x, entries: [{ debit: 应收, amount: gross }, { credit: 收入, amount: gross }] }
    write:
      - { profile: v, file: "x" }

    """

  let interface: Interface
  let builder: ProgramBuilder
  let postings: [PostingInputs]

  /// - Parameter replacing: pieces of the mapping above, and what stands there instead.
  init(replacing pieces: [String: String] = [:]) {
    var compiler = Self.compiler(replacing: pieces)
    precondition(compiler.builder.findings.isEmpty, "\(compiler.builder.findings)")
    builder = compiler.builder
    interface = compiler.finish()!
    func field(_ name: String) -> Slot { compiler.builder.field(name)!.slot }
    func named(_ names: [String]) -> [(name: String, slot: Slot)] {
      names.map { (compiler.builder.sourceName(field($0)), field($0)) }
    }
    postings = [
      PostingInputs(
        name: "revenue", when: nil, waitsFor: [], sources: named(["no", "date", "customer", "gross", "tax"])),
      PostingInputs(
        name: "cost", when: nil, waitsFor: named(["cost"]), sources: named(["no", "date", "cost"])),
    ]
  }

  static func compiler(replacing pieces: [String: String]) -> InterfaceCompiler {
    var text = mapping
    for (old, new) in pieces {
      precondition(text.contains(old), "\(old) is not in the mapping")
      text = text.replacing(old, with: new)
    }
    let files = [
      "workspace.yaml": "language: 1\n", "sales.yaml": text,
      "tables/customers.csv": "code,name\nC1,甲\nC2,乙\n",
    ]
    let set = DefinitionsFolder.load(list: Array(files.keys)) { path in Array(files[path]!.utf8) }
    return InterfaceCompiler(set.interfaces[0])
  }

  /// A record that nothing is wrong with, but for what is stated.
  static func row(_ no: String, _ cells: [String: String] = [:]) -> [String: String] {
    [
      "单号": no, "日期": "2026-03-05", "状态": "已审核", "客户": "C1", "金额": "113.00", "税额": "13.00", "成本": "80",
      "打印": "",
      "账套": "001",
    ].merging(cells) { $1 }
  }

  /// - Parameters:
  ///   - cuts: where a new batch begins.
  ///   - unreadable: records that the reader could not read.
  func gather(
    _ rows: [[String: String]], cuts: [Int] = [], unreadable: [Int] = [],
    prior: @escaping (String, ArraySlice<ContentHash>, UInt32, Day) -> Prior = { _, _, _, _ in .unknown }
  ) throws -> DocumentGatherer {
    var gatherer = DocumentGatherer(interface, program: builder.program, postings: postings) {
      prior(String(decoding: $0, as: UTF8.self), $1, $2, $3)
    }
    var evaluation = Evaluation(builder.program)
    let edges = [0] + cuts + [rows.count]
    for (start, end) in zip(edges, edges.dropFirst()) where start < end {
      var batch = RecordBatch(columns: builder.program.columns, Array(rows[start..<end]), firstRow: start)
      batch.unreadable = unreadable.filter { (start..<end).contains($0) }.map {
        UnreadableRecord(
          index: Int32($0 - start), code: .cellCount, line: Int32($0 + 2), column: 1, arguments: ["3", "9"])
      }
      evaluation.run(over: &batch)
      let documents = try gatherer.gather(batch, evaluation)
      precondition(documents.map(\.count).reduce(0, +) == batch.count)
    }
    return gatherer
  }
}

extension DocumentGatherer {
  /// The findings as `document code severity row: arguments`.
  var told: [String] {
    findings.items.map { item in
      let finding = findings.finding(item, file: "f.csv", captions: interface.layout.columns, cells: [])
      let field = finding.place.field.map { " \($0)" } ?? ""
      return "\(item.document) \(finding.code.rawValue) \(finding.severity.rawValue) \(item.row)\(field): "
        + finding.arguments.joined(separator: ", ")
    }
  }

  var verdicts: [Verdict] { store.documents.map(\.verdict) }

  var keys: [String] { store.documents.indices.map { store.keyText($0) } }
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
