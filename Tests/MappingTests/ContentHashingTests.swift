import Expressions
import Testing

@testable import Mapping

/// What makes two documents the same, and what doesn't.
struct ContentHashingTests {
  private let bench = Workbench()
  private let row = Workbench.row

  private func hashes(_ rows: [[String: String]]) throws -> [ContentHash] {
    let store = try bench.gather(rows).store
    #expect(store.documents.count == 1)
    return Array(store.hashes(0))
  }

  @Test func `the order of the records doesn't matter`() throws {
    let rows = [
      row("A", ["金额": "1"]), row("A", ["金额": "2"]), row("A", ["金额": "3", "成本": ""]), row("A", ["金额": "1"]),
    ]
    let first = try hashes(rows)
    #expect(try hashes([rows[2], rows[0], rows[3], rows[1]]) == first)
    #expect(try hashes(rows.reversed()) == first)
  }

  @Test func `how often a record occurs does`() throws {
    let (a, b) = (row("A", ["金额": "1"]), row("A", ["金额": "2"]))
    let all = try [[a], [a, a], [a, a, a], [a, b], [a, b, b], [a, a, b], [a, a, a, b], [a, b, b, b]].map {
      try hashes($0)[0]
    }
    #expect(Set(all).count == all.count)
  }

  @Test(arguments: [
    ("日期", "2026-03-06", [true, true]), ("客户", "C2", [true, false]), ("金额", "113.01", [true, false]),
    ("税额", "13.01", [true, false]), ("成本", "80.01", [false, true]), ("成本", "", [false, true]),
    ("打印", "2", [false, false]),
    ("状态", "", [false, false]), ("账套", "002", [false, false]),
  ])
  func `each source value of a posting counts, and no other column`(
    _ column: String, _ cell: String, _ differs: [Bool]
  ) throws {
    let before = try hashes([row("A", [:]), row("A", [:])])
    let after = try hashes([row("A", [:]), row("A", [column: cell])])
    // One record alone can't be changed in what must be the same; its verdict is another matter.
    #expect(zip(before, after).map { $0 != $1 } == differs)
  }

  @Test func `how a value is written doesn't matter`() throws {
    let plain = try hashes([row("A", [:])])
    #expect(
      try hashes([
        row(" A", ["日期": "2026年3月5日", "金额": "￥113", "税额": "1,3.00".replacing(",", with: ""), "成本": "80.00"])
      ]) == plain)
  }

  @Test func `values of neighbouring columns can't change places`() throws {
    let one = try hashes([row("A", ["金额": "20", "税额": "10"])])
    let other = try hashes([row("A", ["金额": "10", "税额": "20"])])
    #expect(one[0] != other[0])
    #expect(one[1] == other[1])
  }

  @Test func `nothing is not zero`() throws {
    #expect(try hashes([row("A", ["成本": ""])])[1] != (try hashes([row("A", ["成本": "0"])])[1]))
  }

  @Test func `a mapping that keeps more digits of a number changes no document`() throws {
    let wide = Workbench(replacing: ["gross: money": "gross: decimal(4)", "cost: money?": "cost: quantity?"])
    for cells in [[:], ["金额": "-0.01"], ["金额": "999999999999"]] {
      let hashes = try hashes([row("A", cells)])
      #expect(Array(try wide.gather([row("A", cells)]).store.hashes(0)) == hashes)
    }
  }

  @Test func `the hash of a known document is the same for ever`() throws {
    // The state keeps these: should this test fail, every document that was ever posted would look changed.
    let known = try hashes([row("XC2026030001", [:])])
    #expect(known.map(\.low) == [0x8d79_cec9_61f9_4bfe, 0x7ad1_f886_cade_54ce])
    #expect(known.map(\.high) == [0xe71f_b4d2_d5c4_33fe, 0x5f62_d82c_8913_0441])
  }
}
