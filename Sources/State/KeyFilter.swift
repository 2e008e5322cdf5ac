import Ledger

/// Says of most keys that a block does not have them without reading the block: a Bloom filter (B. H. Bloom, 1970) of 16 bits a key, with
/// eight of them set. Of 2,000 keys that are not there one is taken for there. What is there is never missed.
struct KeyFilter: Sendable {
  private static let bitsPerKey = 16
  private static let probes: UInt32 = 8

  private(set) var bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  init(of block: DocumentBlock) throws {
    bytes = Array(repeating: 0, count: block.count * Self.bitsPerKey / 8)
    var cursor = try SegmentCursor(over: [block])
    while !cursor.isAtEnd {
      let hash = cursor.key.withUnsafeBufferPointer { Self.hash(of: $0) }
      for probe in 0..<Self.probes {
        let bit = place(hash, probe)
        bytes[bit >> 3] |= 1 << UInt8(bit & 7)
      }
      try cursor.advance()
    }
  }

  static func hash(of key: UnsafeBufferPointer<UInt8>) -> UInt64 { contentHash(key) }

  func mayHold(_ hash: UInt64) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      for probe in 0..<Self.probes {
        let bit = place(hash, probe)
        if bytes[bit >> 3] & 1 << UInt8(bit & 7) == 0 { return false }
      }
      return true
    }
  }

  /// Each probe steps on by the hash's upper half from where the lower one is.
  private func place(_ hash: UInt64, _ probe: UInt32) -> Int {
    let at = UInt32(truncatingIfNeeded: hash) &+ probe &* (UInt32(truncatingIfNeeded: hash >> 32) | 1)
    return Int((UInt64(at) * UInt64(bytes.count * 8)) >> 32)
  }
}
