/// Eight bytes at a time in an ordinary register: each byte that is meant gets its highest bit set.
///
/// Offsets in a word count from the lowest byte, which is the first in memory on little-endian machines.
enum WordScan {
  static let high: UInt64 = 0x8080_8080_8080_8080
  static let low: UInt64 = 0x0101_0101_0101_0101

  /// `byte` in all eight places.
  @inline(__always)
  static func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* low }

  /// The bytes of `word` that equal those of `pattern`; exact, no neighbour is marked by a carry.
  @inline(__always)
  static func equal(_ word: UInt64, _ pattern: UInt64) -> UInt64 {
    let x = word ^ pattern
    return ~(((x & ~high) &+ ~high) | x | ~high)
  }

  /// Whether a byte of `word` is above 0x7F or NUL.
  @inline(__always)
  static func unusual(_ word: UInt64) -> Bool { (word | (word &- low)) & high != 0 }

  @inline(__always)
  static func load(_ base: UnsafePointer<UInt8>, _ at: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  /// First place of `byte` in `at..<end`, or `end`.
  static func find(_ byte: UInt8, _ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    let pattern = repeated(byte)
    var at = start
    while at + 8 <= end {
      let found = equal(load(base, at), pattern)
      if found != 0 { return at + found.trailingZeroBitCount >> 3 }
      at += 8
    }
    while at < end, base[at] != byte { at += 1 }
    return at
  }

  /// How many line feeds stand in `start..<end`.
  static func lineFeeds(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    var count = 0
    var at = start
    while at + 8 <= end {
      count += equal(load(base, at), repeated(0x0A)).nonzeroBitCount
      at += 8
    }
    while at < end {
      if base[at] == 0x0A { count += 1 }
      at += 1
    }
    return count
  }

  /// Whether all bytes of `start..<end` are below 0x80. The last words overlap, so that no cell needs a loop of bytes.
  @inline(__always)
  static func isASCII(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Bool {
    let count = end - start
    if count >= 8 {
      var seen = load(base, end - 8)
      var at = start
      while at + 8 < end {
        seen |= load(base, at)
        at += 8
      }
      return seen & high == 0
    }
    if count >= 4 {
      let raw = UnsafeRawPointer(base)
      let seen =
        raw.loadUnaligned(fromByteOffset: start, as: UInt32.self)
        | raw.loadUnaligned(fromByteOffset: end - 4, as: UInt32.self)
      return seen & 0x8080_8080 == 0
    }
    var seen: UInt8 = 0
    for at in start..<end { seen |= base[at] }
    return seen < 0x80
  }
}
