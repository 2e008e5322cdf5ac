import Testing

@testable import State

struct SegmentTests {
  /// Keys over few letters, so that many are beginnings of others and many share what they begin with.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func `the block of a key is the one whose range has it`(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    func key() -> [UInt8] {
      let beginning: [UInt8] = seed % 2 == 0 ? Array("XS-2026-".utf8) : []
      let length = Int.random(in: 1...12, using: &random)
      return beginning + (0..<length).map { _ in UInt8.random(in: 0...2, using: &random) }
    }
    let keys = Set((0..<400).map { _ in key() }).sorted { $0.lexicographicallyPrecedes($1) }
    var segment = Segment(number: 1, blocksBefore: 0)
    var ranges: [(first: [UInt8], last: [UInt8])] = []
    var at = 0
    while at < keys.count {
      // Between two blocks there may be keys that none has.
      let end = min(at + Int.random(in: 1...4, using: &random), keys.count)
      ranges.append((keys[at], keys[end - 1]))
      segment.append(rowid: Int64(ranges.count), first: keys[at], last: keys[end - 1])
      at = end + Int.random(in: 0...1, using: &random)
    }
    segment.settle()
    for sought in keys + (0..<400).map({ _ in key() }) + [[], [0], Array("Z".utf8)] {
      let expected = ranges.firstIndex {
        !sought.lexicographicallyPrecedes($0.first) && !$0.last.lexicographicallyPrecedes(sought)
      }
      #expect(sought.withUnsafeBufferPointer { segment.block(for: $0) } == expected, "\(sought)")
    }
  }
}
