import Glibc

/// A stretch of a register's segment: some thousand documents in order of key, as one value of the database.
///
/// Payload: entries, then the offset of every sixteenth (which spells its key out), their number, and a checksum.
/// An entry is the length shared with the key before, the length of the rest, the length of the value, the rest,
/// and the value (see `PostedDocument`). SQLite keeps no checksums, and a flipped bit here would be a wrong verdict.
struct DocumentBlock: Sendable {
  /// Big enough that the index of a million documents is short, small enough that one look-up reads little.
  static let targetBytes = 48 << 10
  static let restartInterval = 16

  let firstKey: [UInt8]
  let lastKey: [UInt8]
  let count: Int
  let payload: [UInt8]
}

/// The entries of a payload whose checksum held.
struct BlockEntries: Sendable {
  let payload: [UInt8]
  /// Where the entries end and the restart offsets begin.
  let end: Int
  private let restarts: Int

  init(checking payload: [UInt8]) throws {
    guard payload.count >= 12 else { throw StateError.damaged(reason: "document_block: too short") }
    let (sum, restarts) = payload.withUnsafeBytes { bytes in
      (
        bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self).littleEndian,
        Int(bytes.loadUnaligned(fromByteOffset: bytes.count - 12, as: UInt32.self).littleEndian)
      )
    }
    guard sum == Self.checksum(payload, upTo: payload.count - 8) else {
      throw StateError.damaged(reason: "document_block: checksum")
    }
    self.payload = payload
    self.restarts = restarts
    end = payload.count - 12 - restarts * 4
  }

  /// Where the value of `key` begins, or nil.
  func find(_ key: UnsafeBufferPointer<UInt8>) -> Int? {
    payload.withUnsafeBufferPointer { bytes in
      var low = 0
      var high = restarts
      while low < high {
        let middle = (low + high) / 2
        var at = restart(middle, in: bytes)
        at += 1
        let length = Int(Varint.read(bytes, &at))
        _ = Varint.read(bytes, &at)
        if compareKeys(UnsafeBufferPointer(rebasing: bytes[at..<(at + length)]), key) <= 0 {
          low = middle + 1
        } else {
          high = middle
        }
      }
      guard low > 0 else { return nil }
      return scan(
        for: key, from: restart(low - 1, in: bytes), to: low < restarts ? restart(low, in: bytes) : end, bytes
      )
    }
  }

  /// Walks along front-coded keys without spelling them out: `agreed` is how much of `key` the entry before had.
  private func scan(
    for key: UnsafeBufferPointer<UInt8>, from start: Int, to limit: Int, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    var at = start
    var agreed = 0
    while at < limit {
      let shared = Int(Varint.read(bytes, &at))
      let restLength = Int(Varint.read(bytes, &at))
      let valueLength = Int(Varint.read(bytes, &at))
      let value = at + restLength
      // The entry before is smaller and differs from the key at `agreed`. One that shares more with it differs there
      // as well; one that shares less is already past the key.
      if shared < agreed { return nil }
      if shared == agreed {
        let rest = UnsafeBufferPointer(rebasing: bytes[at..<value])
        let sought = UnsafeBufferPointer(rebasing: key[agreed...])
        let length = sharedLength(rest, sought)
        if length == rest.count, length == sought.count { return value }
        if length == sought.count || (length < rest.count && rest[length] > sought[length]) { return nil }
        agreed += length
      }
      at = value + valueLength
    }
    return nil
  }

  private func restart(_ index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    Int(
      UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: end + index * 4, as: UInt32.self)
        .littleEndian)
  }

  static func checksum(_ bytes: [UInt8], upTo count: Int) -> UInt64 {
    bytes.withUnsafeBytes { checksum(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var sum: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
    var at = 0
    while at + 8 <= bytes.count {
      sum =
        (sum ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian)
        &* 0xD6E8_FEB8_6659_FD93
      sum ^= sum >> 32
      at += 8
    }
    while at < bytes.count {
      sum = (sum ^ UInt64(bytes[at])) &* 0xD6E8_FEB8_6659_FD93
      sum ^= sum >> 32
      at += 1
    }
    return sum
  }
}

/// Builds blocks from entries that come in order of key, and hands each on when it is full.
struct BlockWriter: ~Copyable {
  private let emit: (DocumentBlock) throws -> Void
  private var payload: [UInt8] = []
  private var restarts: [UInt32] = []
  private var firstKey: [UInt8] = []
  private var previous: [UInt8] = []
  private var count = 0

  init(emit: @escaping (DocumentBlock) throws -> Void) {
    self.emit = emit
  }

  mutating func append(key: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) throws {
    if count == 0 {
      payload.reserveCapacity(DocumentBlock.targetBytes + 4096)
      firstKey = Array(key)
    }
    var shared = 0
    if count % DocumentBlock.restartInterval == 0 {
      restarts.append(UInt32(payload.count))
    } else {
      shared = previous.withUnsafeBufferPointer { sharedLength($0, key) }
    }
    Varint.append(UInt64(shared), to: &payload)
    Varint.append(UInt64(key.count - shared), to: &payload)
    Varint.append(UInt64(value.count), to: &payload)
    payload.append(contentsOf: UnsafeBufferPointer(rebasing: key[shared...]))
    payload.append(contentsOf: value)
    previous.replaceSubrange(shared..., with: UnsafeBufferPointer(rebasing: key[shared...]))
    count += 1
    if payload.count >= DocumentBlock.targetBytes { try flush() }
  }

  /// Hands on what is left.
  mutating func flush() throws {
    guard count > 0 else { return }
    for restart in restarts { append(littleEndian: restart) }
    append(littleEndian: UInt32(restarts.count))
    append(littleEndian: BlockEntries.checksum(payload, upTo: payload.count))
    try emit(DocumentBlock(firstKey: firstKey, lastKey: previous, count: count, payload: payload))
    payload.removeAll(keepingCapacity: true)
    restarts.removeAll(keepingCapacity: true)
    previous.removeAll(keepingCapacity: true)
    count = 0
  }

  private mutating func append(littleEndian value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { payload.append(contentsOf: $0) }
  }
}
