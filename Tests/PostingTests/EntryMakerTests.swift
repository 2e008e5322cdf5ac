import Ledger
import Mapping
import Testing

@testable import Posting

/// What a document's records become: entries, added up by merge key.
struct EntryMakerTests {
  private let bench = Workbench()
  private let row = Workbench.row

  @Test func `one record`() throws {
    let outcome = try bench.run([[row("A", [:])]])
    #expect(
      outcome.vouchers == [
        [
          "0 2026-03-05 销售 A (A, 1)", "debit 1122 {客户 C1} 113.00", "credit 5001 {客户 C1} {部门 D1} 100.00",
          "credit 2221 /13% 13.00",
        ],
        [
          "1 2026-03-05 结转 2026-03-05 (A, 1)", "debit 5401 {部门 D1} 80.00",
          "credit 1405.01 {仓库 W1} 80.00 × 2箱",
        ],
      ])
    #expect(outcome.told.isEmpty)
  }

  @Test func `records of one document net; what differs in account, dimension, unit or split stays apart`()
    throws
  {
    let outcome = try bench.run([
      [
        row("A", [:]), row("A", ["金额": "-13", "税额": "-3", "部门": "D2", "成本": "0", "数量": "0"]),
        row("A", ["金额": "10", "税额": "0", "税率": "免税", "类": "饮", "单位": "瓶", "成本": "4"]),
        row("A", ["金额": "20", "税额": "1", "税率": "13%", "类": "饮", "单位": "箱", "成本": "5", "数量": "0"]),
        row("A", ["金额": "30", "税额": "2", "税率": "13%", "类": "饮", "单位": "瓶", "成本": "6", "数量": "3.5"]),
      ]
    ])
    #expect(
      outcome.vouchers == [
        [
          "0 2026-03-05 销售 A (A, 1)", "debit 1122 {客户 C1} 160.00", "credit 5001 {客户 C1} {部门 D1} 157.00",
          "credit 5001 {客户 C1} {部门 D2} -10.00", "credit 2221 /13% 13.00",
        ],
        [
          "1 2026-03-05 结转 2026-03-05 (A, 1)", "debit 5401 {部门 D1} 95.00",
          "credit 1405.01 {仓库 W1} 80.00 × 2箱",
          "credit 1405.02 {仓库 W1} 10.00 × 5.5瓶", "credit 1405.02 {仓库 W1} 5.00 × 0箱",
        ],
      ])
  }

  @Test func `dimensions are projected onto what the account allows`() throws {
    let outcome = try bench.run([
      [
        row("A", ["类": "杂", "成本": ""]), row("A", ["类": "杂", "成本": "", "部门": "D2"]),
        row("B", ["部门": "", "成本": ""]), row("B", ["部门": "D1", "成本": ""]),
      ]
    ])
    #expect(outcome.vouchers[0].dropFirst().first == "debit 1122 {客户 C1} 226.00")
    #expect(outcome.vouchers[0].contains("credit 5301 200.00"))
    #expect(outcome.vouchers[1].contains("credit 5001 {客户 C1} 100.00"))
    #expect(outcome.vouchers[1].contains("credit 5001 {客户 C1} {部门 D1} 100.00"))
  }

  @Test func `a required dimension that is missing holds the document, and none of its postings is kept`()
    throws
  {
    let outcome = try bench.run([
      [
        row("A", ["客户": ""]), row("B", ["仓库": ""]), row("C", ["仓库": "", "类": "饮"]),
        row("D", ["仓库": "", "成本": "0"]),
        row("E", [:]),
      ]
    ])
    #expect(outcome.verdicts == [.held, .held, .posted, .posted, .posted])
    #expect(
      outcome.told == ["dimension-required hold A: 客户, 1122", "dimension-required hold B: 仓库, 1405.01"])
    #expect(outcome.files[0].drafts.drafts.map(\.document) == [2, 2, 3, 3, 4, 4])
    #expect(outcome.vouchers.map { $0[0] }.filter { $0.hasPrefix("0") }.count == 3)
  }

  @Test func `entries that don't balance reject the document`() throws {
    let bench = Workbench(replacing: ["amount: net": "amount: round(net / 3)"])
    let outcome = try bench.run([[row("A", [:]), row("B", ["金额": "0", "税额": "0"])]])
    #expect(outcome.verdicts == [.rejected, .posted])
    #expect(outcome.told == ["voucher-unbalanced reject A: revenue, 113.00, 46.33"])
    #expect(outcome.files[0].drafts.drafts.map(\.document) == [1, 1])
    #expect(outcome.files[0].drafts.totals.count == 5)
  }

  @Test func `zero amounts make no entry, and a gift still moves its cost`() throws {
    let outcome = try bench.run([
      [
        row("A", ["金额": "0", "税额": "0"]), row("B", [:]),
        row("B", ["金额": "0", "税额": "0", "成本": "3", "类": "饮"]),
        row("C", ["金额": "0", "税额": "0", "成本": "0"]),
      ]
    ])
    #expect(outcome.verdicts == [.posted, .posted, .posted])
    #expect(
      outcome.vouchers.map { $0.count - 1 } == [3, 3])
    #expect(outcome.vouchers[1].dropFirst().first == "debit 5401 {部门 D1} 163.00")
    #expect(outcome.set.withoutVoucher.map { outcome.files[$0].document } == [0, 2, 2])
  }

  @Test func `red amounts stay on their own side`() throws {
    let outcome = try bench.run([[row("A", ["金额": "-113", "税额": "-13", "成本": "-80", "数量": "-2"])]])
    #expect(
      outcome.vouchers == [
        [
          "0 2026-03-05 销售 A (A, 1)", "debit 1122 {客户 C1} -113.00", "credit 5001 {客户 C1} {部门 D1} -100.00",
          "credit 2221 /13% -13.00",
        ],
        [
          "1 2026-03-05 结转 2026-03-05 (A, 1)", "debit 5401 {部门 D1} -80.00",
          "credit 1405.01 {仓库 W1} -80.00 × -2箱",
        ],
      ])
  }

  @Test func `a posting that waits is pending for its whole document, the others go on`() throws {
    let outcome = try bench.run([[row("A", [:]), row("A", ["成本": ""]), row("B", ["成本": ""])]])
    #expect(outcome.verdicts == [.posted, .posted])
    #expect(outcome.gatherers[0].store.documents.map(\.pending) == [2, 2])
    #expect(outcome.vouchers.map { $0[0].prefix(1) } == ["0", "0"])
  }

  @Test func `a posting whose condition leaves no record is skipped, one that is done is not made again`()
    throws
  {
    let bench = Workbench(replacing: [
      "when: present(cost)": "when: dept == \"D1\" and present(cost)",
      "  key: [no]": "  key: [no]\n  same: [dept]",
    ])
    let outcome = try bench.run([[row("A", ["部门": "D2"]), row("B", [:])]])
    #expect(outcome.gatherers[0].store.documents.map(\.skipped) == [2, 0])
    #expect(outcome.vouchers.map { $0[0].prefix(1) } == ["0", "0", "1"])
    let later = try self.bench.run([[row("A", [:])]], prior: .partly(run: 1, done: 1))
    #expect(later.vouchers.map { $0[0].prefix(1) } == ["1"])
  }

  @Test func `a table miss holds the document before anything is made of it`() throws {
    let outcome = try bench.run([[row("A", ["类": "无"]), row("B", ["类": "无", "成本": ""]), row("C", [:])]])
    #expect(outcome.verdicts == [.held, .posted, .posted])
    #expect(outcome.told == ["code-not-found hold A: stock, 无"])
  }

  @Test func `an account that no record's key names is a finding, not a trap`() throws {
    let bench = Workbench(replacing: ["credit: stock(class)": "credit: \"stock(`货物分级`)\""])
    let outcome = try bench.run([[row("A", ["货物分级": "食"]), row("B", ["货物分级": ""])]])
    #expect(outcome.verdicts == [.posted, .rejected])
    #expect(outcome.told == ["value-missing reject B: cost"])
  }

  @Test func `sums that leave 64 bits reject the document`() throws {
    let large = ["金额": "9999999999999999.99", "税额": "0", "成本": "0"]
    let outcome = try bench.run([(0..<12).map { _ in row("A", large) } + [row("B", [:])]])
    #expect(outcome.verdicts == [.rejected, .posted])
    #expect(outcome.told == ["number-out-of-range reject A: revenue"])
  }

  @Test func `many different entries are merged as few are`() throws {
    let rows = (0..<120).map { row("A", ["部门": "D\($0 % 40)", "成本": ""]) }
    let outcome = try bench.run([rows])
    #expect(outcome.vouchers[0].count == 1 + 1 + 40 + 1)
    #expect(outcome.vouchers[0].filter { $0.hasPrefix("credit 5001") && $0.hasSuffix(" 300.00") }.count == 40)
    #expect(Set(outcome.vouchers[0]).count == outcome.vouchers[0].count)
  }

  @Test func `rule totals are the sums of what each rule gave`() throws {
    let outcome = try bench.run([[row("A", [:]), row("A", ["金额": "-200", "税额": "-20"])]])
    let totals = outcome.files[0].drafts.totals
    #expect((0..<totals.count).map { totals[$0] } == [-8700, -8000, -700, 16000, 16000])
  }
}
