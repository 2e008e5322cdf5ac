import Expressions
import Ledger
import Readers
import Testing

@testable import Mapping

/// Which records are a document, and what it sums to.
struct DocumentGathererTests {
  private let bench = Workbench()
  private let row = Workbench.row

  @Test func `records with one key are one document, in the order of their first ones`() throws {
    let gatherer = try bench.gather([
      row("B", [:]), row(" B", [:]), row("A", [:]), row("C", [:]), row("C", [:]),
    ])
    #expect(gatherer.keys == ["B", "A", "C"])
    #expect(gatherer.verdicts == [.posted, .posted, .posted])
    #expect(gatherer.store.documents.map(\.records) == [2, 1, 2])
    #expect(gatherer.store.documents.map(\.firstRow) == [1, 3, 4])
    #expect(gatherer.store.documents.map(\.firstLine) == [2, 4, 5])
    #expect(gatherer.store.documents.map(\.bytes) == [0..<199, 200..<299, 300..<499])
    #expect(gatherer.store.documents.map(\.day.description) == Array(repeating: "2026-03-05", count: 3))
    #expect(gatherer.told.isEmpty)
  }

  @Test func `a key of several fields keeps them apart`() throws {
    let bench = Workbench(replacing: [
      "key: [no]": "key: [no, customer]", "same: [customer, status]": "same: [status]",
    ])
    let gatherer = try bench.gather([
      row("1", ["客户": "C1"]), row("1", ["客户": "C1"]), row("1", ["客户": "C2"]), row("1C", ["客户": "C2"]),
    ])
    #expect(gatherer.keys == ["1/C1", "1/C2", "1C/C2"])
    #expect(Array(gatherer.store.key(1)) == Array("1\u{1F}C2".utf8))
    #expect(
      bench.interface.layout.keyColumns.map { bench.interface.layout.columns[$0] }.sorted() == ["单号", "客户"])
  }

  @Test func `rows without a key are rejected one by one, and join no one`() throws {
    let gatherer = try bench.gather([
      row("", [:]), row("", [:]), row("A", [:]), row("1E+15", [:]), row("", [:]),
    ])
    #expect(gatherer.verdicts == [.rejected, .rejected, .posted, .rejected, .rejected])
    #expect(gatherer.store.documents.map(\.nameless) == [true, true, false, true, true])
    #expect(gatherer.keys == ["", "", "A", "", ""])
    #expect(
      gatherer.told == [
        "0 value-missing reject 1 单号: 单号", "1 value-missing reject 2 单号: 单号",
        "3 excel-scientific reject 4 单号: 1E+15, 单号", "4 value-missing reject 5 单号: 单号",
      ])
  }

  @Test(arguments: [[], [2], [1, 2, 3]])
  func `a key that comes back later is not silently a second document`(_ cuts: [Int]) {
    do {
      _ = try bench.gather([row("A", [:]), row("B", [:]), row("C", [:]), row("A", [:])], cuts: cuts)
      Issue.record("it was gathered")
    } catch let scattered as DocumentGatherer.Scattered {
      #expect(scattered.line == 5)
    } catch { Issue.record("\(error)") }
  }

  @Test func `measures are summed exactly, and what can't be read is not summed`() throws {
    let gatherer = try bench.gather([
      row("A", ["金额": "0.10", "税额": "0", "成本": ""]), row("A", ["金额": "0.20", "税额": "0.05", "成本": "-7"]),
      row("B", ["金额": "x", "成本": "1,5"]), row("B", ["税额": "y"]), row("B", ["成本": ""]),
      row("C", ["金额": "-113", "税额": "-13"]),
    ])
    #expect(gatherer.store.measures == 3)
    #expect(
      (0..<3).map { Array(gatherer.store.sums($0)) } == [
        [30, 25, -700], [22600, 10000, 8000], [-11300, -10000, 8000],
      ])
  }

  @Test func `sums of many large amounts stay exact`() throws {
    let rows = (0..<200).map { _ in row("A", ["金额": "9999999999999999.99", "税额": "0"]) }
    let gatherer = try bench.gather(rows)
    #expect(gatherer.store.sums(0).first == Int128(200) * 999_999_999_999_999_999)
  }

  @Test func `any cut between documents gives the same store`() throws {
    var random = SplitMix(seed: 31)
    for _ in 0..<40 {
      var rows: [[String: String]] = []
      var edges: [Int] = []
      for document in 0..<Int.random(in: 1...12, using: &random) {
        edges.append(rows.count)
        let customer = ["C1", "C2", "C9"].randomElement(using: &random)!
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let cells = [
            "客户": customer, "成本": ["", "5", "n/a"].randomElement(using: &random)!,
            "金额": "\(Int.random(in: -99...999, using: &random))",
            "税额": "0", "打印": ["", "9"].randomElement(using: &random)!,
            "状态": Int.random(in: 0..<9, using: &random) == 0 ? "草稿" : "已审核",
          ]
          rows.append(row("D\(document)", cells))
        }
      }
      let whole = try bench.gather(rows)
      for _ in 0..<4 {
        let cuts = edges.dropFirst().filter { _ in Bool.random(using: &random) }
        let cut = try bench.gather(rows, cuts: cuts)
        #expect(cut.store.keys == whole.store.keys)
        #expect(cut.store.measureSums == whole.store.measureSums)
        #expect(cut.store.hashes == whole.store.hashes)
        #expect(cut.store.documents.map { "\($0)" } == whole.store.documents.map { "\($0)" })
        #expect(cut.told == whole.told)
      }
    }
  }
}
