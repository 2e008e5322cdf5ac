import Expressions
import Findings
import Ledger
import Testing

@testable import Mapping

/// What becomes of a document, by its own rows and by the past.
struct VerdictTests {
  private let bench = Workbench()
  private let row = Workbench.row

  @Test func `a field that must be the same rejects its document when it isn't`() throws {
    let gatherer = try bench.gather([
      row("A", ["客户": "C1"]), row("A", ["客户": "C2"]), row("A", ["客户": "C9"]), row("B", [:]),
      row("C", ["日期": "2026-03-05"]), row("C", ["日期": "2026-03-06"]), row("D", ["状态": ""]), row("D", [:]),
      row("E", [:]), row("E", ["日期": "x"]),
    ])
    #expect(gatherer.verdicts == [.rejected, .posted, .rejected, .rejected, .rejected])
    #expect(
      gatherer.told == [
        "0 document-disagrees reject 2 客户: 客户, C1, C2",
        "2 document-disagrees reject 6 日期: 日期, 2026-03-05, 2026-03-06",
        "3 document-disagrees reject 8 状态: 状态, , 已审核", "4 bad-date reject 10 日期: x, 日期",
      ])
  }

  @Test func `checks by their levels, and each record that fails is told`() throws {
    let gatherer = try bench.gather([
      row("A", ["打印": "3"]), row("A", ["打印": "5"]), row("B", ["客户": "C9"]), row("B", ["客户": "C9"]),
      row("C", ["税额": "200"]), row("D", ["客户": "C9", "税额": "200", "打印": "4"]), row("E", [:]),
    ])
    #expect(gatherer.verdicts == [.posted, .held, .rejected, .rejected, .posted])
    #expect(gatherer.stop == nil)
    #expect(
      gatherer.told.filter { !$0.hasPrefix("1") } == [
        "0 check-failed warning 1: 打印了 3 次", "0 check-failed warning 2: 打印了 5 次",
        "2 check-failed reject 5: C 税额 200.00 大于 113.00", "3 check-failed hold 6: 客户 C9 未建档, customers, C9",
        "3 check-failed reject 6: D 税额 200.00 大于 113.00", "3 check-failed warning 6: 打印了 4 次",
      ])
    // A check on what is one value a document is told once a document.
    #expect(gatherer.told.filter { $0.hasPrefix("1") } == ["1 check-failed hold 3: 客户 C9 未建档, customers, C9"])
  }

  @Test func `stop-file says so, with the first message`() throws {
    let gatherer = try bench.gather(
      [row("A", [:]), row("B", ["账套": "002"]), row("C", ["账套": "003"])], cuts: [2])
    #expect(gatherer.stop == "账套 002")
    #expect(gatherer.verdicts == [.posted, .rejected, .rejected])
  }

  @Test func `a condition whose value failed is not failed as well`() throws {
    let gatherer = try bench.gather([row("A", ["税额": "x"])])
    #expect(gatherer.told == ["0 bad-number reject 1 税额: x, 税额"])
    #expect(gatherer.verdicts == [.rejected])
  }

  @Test func `drafts and what is older are ignored, whatever else is wrong with them`() throws {
    let gatherer = try bench.gather([
      row("A", ["状态": "草稿", "税额": "x"]), row("B", ["日期": "2025-12-31", "客户": "C9"]),
      row("C", ["日期": "2026-01-01"]),
      row("D", ["日期": "1970-01-01"]), row("E", ["日期": "1960-05-05"]),
    ])
    #expect(gatherer.verdicts == [.ignored, .ignored, .posted, .ignored, .ignored])
    #expect(
      gatherer.told == [
        "1 document-before-start note 2: B, 2025-12-31, 2026-01-01",
        "3 document-before-start note 4: D, 1970-01-01, 2026-01-01",
        "4 document-before-start note 5: E, 1960-05-05, 2026-01-01",
      ])
  }

  @Test func `one bad line rejects the whole document, also where another would only be held`() throws {
    let gatherer = try bench.gather([row("A", [:]), row("A", ["金额": "12x"]), row("A", [:])])
    #expect(gatherer.verdicts == [.rejected])
    #expect(gatherer.told == ["0 bad-number reject 2 金额: 12x, 金额"])
  }

  @Test func `a check with an aggregate is told once a document, and looks at all its records`() throws {
    let bench = Workbench(replacing: [
      "- warn unless": "- reject unless sum(tax) <= 20: \"{no} 税额共 {sum(tax)}\"\n  - warn unless"
    ])
    let gatherer = try bench.gather(
      [
        row("A", [:]), row("A", [:]), row("B", [:]), row("C", ["税额": "x"]), row("C", [:]), row("D", [:]),
        row("D", [:]),
      ],
      unreadable: [6])
    #expect(gatherer.verdicts == [.rejected, .posted, .rejected, .rejected])
    #expect(
      gatherer.told == [
        "0 check-failed reject 1: A 税额共 26.00", "2 bad-number reject 4 税额: x, 税额",
        // Of a record that can't be read nobody knows what it adds.
        "3 cell-count reject 7: 3, 9",
      ])
  }

  @Test func `a document that is not complete is held, unless it is rejected or ignored`() throws {
    let bench = Workbench(replacing: [
      "  start: 2026-01-01": "  start: 2026-01-01\n  complete: sum(gross) >= 200 or customer == \"C2\""
    ])
    let gatherer = try bench.gather([
      row("A", [:]), row("A", [:]), row("B", [:]), row("C", ["客户": "C2"]), row("D", ["税额": "200"]),
      row("E", ["状态": "草稿"]), row("F", ["金额": "x"]),
    ])
    #expect(gatherer.verdicts == [.posted, .held, .posted, .rejected, .ignored, .rejected])
    #expect(gatherer.told.filter { $0.contains("incomplete") } == ["1 document-incomplete hold 3: B"])
  }

  @Test func `a table miss in a field holds`() throws {
    let bench = Workbench(replacing: [
      "net: money = gross - tax": "net: money = gross - tax\n  name: text = customers(customer)"
    ])
    let gatherer = try bench.gather([row("A", ["客户": "C9"])])
    #expect(gatherer.verdicts == [.held])
    #expect(
      gatherer.told == [
        "0 code-not-found hold 1: customers, C9", "0 check-failed hold 1: 客户 C9 未建档, customers, C9",
      ])
  }

  @Test func `a record that could not be read rejects its document, and says nothing else`() throws {
    let empty = row("A", ["状态": "", "客户": "", "金额": "", "税额": "", "日期": "", "账套": "", "成本": ""])
    for unreadable in [0, 1, 2] {
      var rows = [row("A", [:]), row("A", [:]), row("A", [:])]
      rows[unreadable] = empty
      let gatherer = try bench.gather(rows, unreadable: [unreadable])
      #expect(gatherer.verdicts == [.rejected])
      #expect(gatherer.told == ["0 cell-count reject \(unreadable + 1): 3, 9"])
      #expect(gatherer.stop == nil)
    }
  }

  @Test func `unreadable comes before ignored and before the past`() throws {
    let gatherer = try bench.gather([row("A", ["状态": "草稿"])], unreadable: [0]) { _, _, _, _ in
      .repeated(run: 3)
    }
    #expect(gatherer.verdicts == [.rejected])
  }

  @Test func `the past decides`() throws {
    let priors: [String: Prior] = [
      "A": .repeated(run: 3), "B": .changed(run: 4, done: 0, back: 3),
      "C": .otherYear(posted: 2025, now: 2026),
      "D": .partly(run: 2, done: 0b01),
      "E": .repeated(run: 5), "F": .changed(run: 6, done: 0, back: 3), "G": .waiting(run: 7),
    ]
    let gatherer = try bench.gather([
      row("A", [:]), row("B", [:]), row("C", [:]), row("D", [:]), row("E", ["状态": "草稿"]),
      row("F", ["税额": "999"]),
      row("G", ["税额": "999"]), row("H", [:]),
    ]) { key, _, _, _ in priors[key] ?? .unknown }
    #expect(
      gatherer.verdicts == [.repeated, .held, .held, .posted, .repeated, .rejected, .repeated, .posted])
    #expect(gatherer.store.documents.map(\.done) == [0, 0, 0, 1, 0, 0, 0, 0])
    #expect(
      gatherer.told == [
        "0 document-repeated note 1: A, 3", "1 document-changed hold 2: B, 4",
        "2 document-other-year hold 3: C, 2025, 2026", "4 document-withdrawn warning 5: E, 5",
        "5 check-failed reject 6: F 税额 999.00 大于 113.00", "6 document-waiting note 7: G, 7",
      ])
  }

  @Test func `the past is asked with key, content, pending postings and date`() throws {
    final class Log: @unchecked Sendable { var lines: [String] = [] }
    let log = Log()
    let gatherer = try bench.gather([row("A", [:]), row("B", ["成本": ""]), row("B", [:]), row("", [:])]) {
      key, hashes, pending, day in
      log.lines.append("\(key) \(hashes.count) \(pending) \(day)")
      return .unknown
    }
    #expect(log.lines == ["A 2 0 2026-03-05", "B 2 2 2026-03-05"])
    #expect(gatherer.store.documents.map(\.pending) == [0, 2, 0])
    #expect(gatherer.verdicts == [.posted, .posted, .rejected])
  }
}
