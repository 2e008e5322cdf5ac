import GRDB
import Testing

@testable import State

@Suite struct KeyFilterTests {
  private func key(_ number: Int) -> [UInt8] { Array("XS2603\(100_000 + number)".utf8) }

  private func columns(_ numbers: some Sequence<Int>) -> DocumentColumns {
    var columns = DocumentColumns(postings: 1)
    for number in numbers { columns.append(key: key(number).span, run: 1, file: 1, row: number, year: 2026) }
    return columns
  }

  private func mayHold(_ filter: KeyFilter, _ key: [UInt8]) -> Bool {
    key.withUnsafeBufferPointer { filter.mayHold(KeyFilter.hash(of: $0)) }
  }

  @Test func whatABlockHasIsNeverMissedAndWhatItHasNotSeldomTaken() throws {
    var blocks: [DocumentBlock] = []
    columns((0..<20_000).map { $0 * 2 }).seal { blocks.append($0) }
    #expect(blocks.count > 3)
    var (taken, asked) = (0, 0)
    for block in blocks {
      let filter = try KeyFilter(of: block)
      #expect(filter.bytes.count == block.count * 2)
      var cursor = try SegmentCursor(over: [block])
      while !cursor.isAtEnd {
        #expect(mayHold(filter, cursor.key))
        // The number behind it is odd, and in no block.
        if mayHold(filter, cursor.key.dropLast() + [cursor.key.last! + 1]) { taken += 1 }
        asked += 1
        try cursor.advance()
      }
    }
    #expect(asked == 20_000)
    #expect(taken < asked / 500, "\(taken) of \(asked)")
  }

  /// A state of before has blocks without one, and its documents are known all the same.
  @Test func blocksWithoutAFilterAreRead() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    try store.commitRun {
      $0.registers = [RegisterChange(interface: "sales", postings: ["R"], documents: columns(0..<100))]
    }
    #expect(try store.reading { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM block_filter") } == 1)
    try store.writing { try $0.execute(sql: "DELETE FROM block_filter") }
    let register = try store.register(of: "sales")
    #expect(try register.find(key: key(42))?.row == 42)
    #expect(try register.find(key: key(100)) == nil)
  }

  /// A bit too few would have a document posted a second time.
  @Test func aChangedFilterIsFound() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    try store.commitRun {
      $0.registers = [RegisterChange(interface: "sales", postings: ["R"], documents: columns(0..<100))]
    }
    try store.prove()
    try store.writing { try $0.execute(sql: "UPDATE block_filter SET filter = zeroblob(length(filter))") }
    #expect(throws: StateError.self) { try store.prove() }
  }

  /// Numbers of rows come again: the filter of a block that was merged must not stay behind for another.
  @Test func eachBlockHasItsOwn() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    for commit in 0..<9 {
      try store.commitRun {
        $0.registers = [
          RegisterChange(
            interface: "sales", postings: ["R"], documents: columns((0..<700).map { $0 * 9 + commit }))
        ]
      }
      let left = try store.reading {
        try Int.fetchOne(
          $0, sql: "SELECT COUNT(*) FROM block_filter WHERE block NOT IN (SELECT rowid FROM document_block)")
      }
      #expect(left == 0)
    }
    let register = try store.register(of: "sales")
    for number in 0..<6_300 { #expect(try register.find(key: key(number))?.row == number) }
  }
}
