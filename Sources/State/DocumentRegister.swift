internal import Foundation
internal import GRDB

/// What is posted of one interface, as the last commit left it. Belongs to one thread.
///
/// Documents lie in sorted segments, and of those that know a key the newest is right. Only the first and last keys
/// of the blocks are in memory from the start; blocks are read when a key falls into them.
package final class DocumentRegister {
  package let interface: String
  /// Codes of the postings, by slot. A slot is never given to another posting.
  package let postings: [String]
  private let store: StateStore
  private let segments: [Segment]
  private var cache: [Int64: BlockEntries] = [:]
  private var cachedBytes = 0
  private let cacheLimit = 64 << 20
  /// By block, those of all segments numbered through; what was not read yet is not known.
  private var filters: [Known<KeyFilter?>] = []
  private var filterBytes = 0
  private let filterLimit = 32 << 20

  /// Documents on record, versions of one key in different segments counted each.
  package let count: Int

  init(_ store: StateStore, interface: String) throws(StateError) {
    self.store = store
    self.interface = interface
    (postings, segments, count) = try store.reading { database in
      let postings = try String.fetchAll(
        database, sql: "SELECT posting FROM register_posting WHERE interface = ? ORDER BY slot",
        arguments: [interface])
      var segments: [Segment] = []
      var count = 0
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT rowid, segment, first_key, last_key, count FROM document_block WHERE interface = ?
          ORDER BY segment DESC, block
          """, arguments: [interface])
      while let row = try rows.next() {
        if segments.last?.number != row[1] {
          segments.append(
            Segment(number: row[1], blocksBefore: segments.last.map { $0.blocksBefore + $0.count } ?? 0))
        }
        segments[segments.count - 1].append(
          rowid: row[0], first: [UInt8](row[2] as Data), last: [UInt8](row[3] as Data))
        count += row[4] as Int
      }
      for index in segments.indices { segments[index].settle() }
      return (postings, segments, count)
    }
    filters = Array(repeating: .no, count: segments.last.map { $0.blocksBefore + $0.count } ?? 0)
  }

  /// What is on record of `key`.
  package func find(_ key: Span<UInt8>) throws(StateError) -> PostedDocument? {
    guard !segments.isEmpty else { return nil }
    let outcome: Result<PostedDocument?, StateError> = key.withUnsafeBufferPointer { key in
      do throws(StateError) {
        for segment in segments {
          guard let at = segment.block(for: key) else { continue }
          let rowid = segment.rowid(at)
          guard try mayHold(key, segment.blocksBefore + at, rowid) else { continue }
          let block = try entries(rowid)
          if let at = block.find(key) { return .success(PostedDocument(payload: block.payload, at: at)) }
        }
        return .success(nil)
      } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// Goes through all that is on record, in order of key.
  package func visit(_ body: (_ key: [UInt8], PostedDocument) -> Void) throws(StateError) {
    try store.reading { database in
      let cursors = try segments.reversed().map {
        try StateStore.cursor(over: $0.number, interface: interface, in: database)
      }
      try forEachNewest(of: cursors) { newest in
        body(newest.key, PostedDocument(payload: newest.payload, at: newest.value.lowerBound))
      }
    }
  }

  /// Whether the block may have the key, by its filter.
  private func mayHold(
    _ key: UnsafeBufferPointer<UInt8>, _ block: Int, _ rowid: Int64
  ) throws(StateError) -> Bool {
    if case .no = filters[block] {
      let filter = try store.reading { try StateStore.filter(ofBlock: rowid, in: $0) }
      let size = filter?.bytes.count ?? 0
      if filterBytes + size > filterLimit {
        filters = Array(repeating: .no, count: filters.count)
        filterBytes = 0
      }
      filters[block] = .yes(filter)
      filterBytes += size
    }
    guard case .yes(let filter?) = filters[block] else { return true }
    return filter.mayHold(KeyFilter.hash(of: key))
  }

  private func entries(_ rowid: Int64) throws(StateError) -> BlockEntries {
    if let known = cache[rowid] { return known }
    let block = try store.reading { try StateStore.block(rowid, in: $0) }
    // Keys mostly come in order, so what was read long ago is not missed.
    if cachedBytes + block.payload.count > cacheLimit {
      cache.removeAll(keepingCapacity: true)
      cachedBytes = 0
    }
    cache[rowid] = block
    cachedBytes += block.payload.count
    return block
  }
}

/// What may not have been read yet.
private enum Known<Value: Sendable>: Sendable {
  case no
  case yes(Value)
}

/// First and last keys of a segment's blocks, in one arena.
struct Segment: Sendable {
  let number: Int
  /// How many blocks the segments before it have.
  let blocksBefore: Int
  private var rowids: [Int64] = []
  private var keys: [UInt8] = []
  private var firstEnds: [Int] = []
  private var lastEnds: [Int] = []
  /// How many bytes all its keys share, and of each block's first key the eight that follow: most comparisons are of numbers.
  private var shared = 0
  private var leads: [UInt64] = []

  init(number: Int, blocksBefore: Int) {
    self.number = number
    self.blocksBefore = blocksBefore
  }

  var count: Int { rowids.count }

  func rowid(_ block: Int) -> Int64 { rowids[block] }

  /// Blocks come in order of key; `settle` comes behind the last.
  mutating func append(rowid: Int64, first: [UInt8], last: [UInt8]) {
    rowids.append(rowid)
    keys += first
    firstEnds.append(keys.count)
    keys += last
    lastEnds.append(keys.count)
  }

  mutating func settle() {
    (shared, leads) = keys.withUnsafeBufferPointer { keys in
      let shared = rowids.isEmpty ? 0 : sharedLength(first(0, in: keys), last(rowids.count - 1, in: keys))
      return (shared, rowids.indices.map { Self.lead(first($0, in: keys), behind: shared) })
    }
  }

  /// The block whose range of keys has `key` in it.
  func block(for key: UnsafeBufferPointer<UInt8>) -> Int? {
    keys.withUnsafeBufferPointer { keys in
      guard !leads.isEmpty, compareKeys(key, last(leads.count - 1, in: keys)) <= 0,
        compareKeys(first(0, in: keys), key) <= 0
      else { return nil }
      // What lies between two keys shares what they share.
      let lead = Self.lead(key, behind: shared)
      var low = 0
      var high = leads.count
      while low < high {
        let middle = (low + high) / 2
        if leads[middle] < lead { low = middle + 1 } else { high = middle }
      }
      high = low < leads.count && leads[low] == lead ? leads.count : low
      while low < high {
        let middle = (low + high) / 2
        if compareKeys(first(middle, in: keys), key) <= 0 { low = middle + 1 } else { high = middle }
      }
      guard low > 0 else { return nil }
      return compareKeys(key, last(low - 1, in: keys)) <= 0 ? low - 1 : nil
    }
  }

  private func first(_ block: Int, in keys: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: keys[(block == 0 ? 0 : lastEnds[block - 1])..<firstEnds[block]])
  }

  private func last(_ block: Int, in keys: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: keys[firstEnds[block]..<lastEnds[block]])
  }

  /// Eight bytes of a key as a number; what it lacks of them counts as zeros.
  private static func lead(_ key: UnsafeBufferPointer<UInt8>, behind shared: Int) -> UInt64 {
    var lead: UInt64 = 0
    for place in shared..<shared + 8 { lead = lead << 8 | (place < key.count ? UInt64(key[place]) : 0) }
    return lead
  }
}
