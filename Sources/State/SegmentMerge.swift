/// Walks the entries of a segment in order of key, block after block.
struct SegmentCursor {
  private let nextBlock: () throws -> BlockEntries?
  private var loaded: BlockEntries?
  private var at = 0
  private(set) var key: [UInt8] = []
  private(set) var value = 0..<0
  private(set) var isAtEnd = false

  /// Stands on the first entry.
  init(nextBlock: @escaping () throws -> BlockEntries?) throws {
    self.nextBlock = nextBlock
    try advance()
  }

  /// Over blocks that are in memory.
  init(over blocks: [DocumentBlock]) throws {
    var next = 0
    try self.init {
      guard next < blocks.count else { return nil }
      next += 1
      return try BlockEntries(checking: blocks[next - 1].payload)
    }
  }

  var payload: [UInt8] { loaded?.payload ?? [] }

  mutating func advance() throws {
    while loaded.map({ at >= $0.end }) ?? true {
      guard let next = try nextBlock() else {
        isAtEnd = true
        return
      }
      loaded = next
      at = 0
      key.removeAll(keepingCapacity: true)
    }
    loaded!.payload.withUnsafeBufferPointer { bytes in
      let shared = Int(Varint.read(bytes, &at))
      let rest = Int(Varint.read(bytes, &at))
      let length = Int(Varint.read(bytes, &at))
      key.replaceSubrange(shared..., with: UnsafeBufferPointer(rebasing: bytes[at..<(at + rest)]))
      value = (at + rest)..<(at + rest + length)
      at = value.upperBound
    }
  }
}

/// Writes several segments as one, older first; of equal keys the newest counts.
func mergeSegments(_ cursors: [SegmentCursor], into writer: inout BlockWriter) throws {
  try forEachNewest(of: cursors) { newest in
    try newest.key.withUnsafeBufferPointer { key in
      try newest.payload.withUnsafeBufferPointer { payload in
        try writer.append(key: key, value: UnsafeBufferPointer(rebasing: payload[newest.value]))
      }
    }
  }
  try writer.flush()
}

/// Goes through several segments, older first, in order of key; of equal keys the newest counts.
func forEachNewest(of cursors: [SegmentCursor], _ body: (borrowing SegmentCursor) throws -> Void) throws {
  var cursors = cursors
  while true {
    var least = -1
    for index in cursors.indices where !cursors[index].isAtEnd {
      // On a tie the later, newer cursor wins.
      if least < 0 || compareKeys(cursors[index].key, cursors[least].key) <= 0 { least = index }
    }
    guard least >= 0 else { break }
    try body(cursors[least])
    for index in cursors.indices
    where index < least && !cursors[index].isAtEnd && compareKeys(cursors[index].key, cursors[least].key) == 0
    {
      try cursors[index].advance()
    }
    try cursors[least].advance()
  }
}

private func compareKeys(_ left: [UInt8], _ right: [UInt8]) -> Int {
  left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { compareKeys(left, $0) } }
}

extension DocumentColumns {
  /// Gives all documents in order of key, encoded; of equal keys the last counts.
  func seal(emit: @escaping (DocumentBlock) -> Void) {
    var writer = BlockWriter(emit: emit)
    do { try seal(into: &writer) } catch { preconditionFailure("Writing to memory does not fail: \(error)") }
  }

  private func seal(into writer: inout BlockWriter) throws {
    let order = order()
    var value: [UInt8] = []
    try keys.withUnsafeBufferPointer { keys in
      for index in order.indices {
        let document = Int(order[index])
        let key = key(document, in: keys)
        if index + 1 < order.count, compareKeys(key, self.key(Int(order[index + 1]), in: keys)) == 0 {
          continue
        }
        value.removeAll(keepingCapacity: true)
        PostedDocument.encode(self, document, to: &value)
        try value.withUnsafeBufferPointer { try writer.append(key: key, value: $0) }
      }
    }
    try writer.flush()
  }
}
