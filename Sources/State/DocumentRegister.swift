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
  private var filters: [Int64: KeyFilter?] = [:]
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
        if segments.last?.number != row[1] { segments.append(Segment(number: row[1])) }
        segments[segments.count - 1].append(
          rowid: row[0], first: [UInt8](row[2] as Data), last: [UInt8](row[3] as Data))
        count += row[4] as Int
      }
      return (postings, segments, count)
    }
  }

  /// What is on record of `key`.
  package func find(_ key: Span<UInt8>) throws(StateError) -> PostedDocument? {
    guard !segments.isEmpty else { return nil }
    let outcome: Result<PostedDocument?, StateError> = key.withUnsafeBufferPointer { key in
      do throws(StateError) {
        for segment in segments {
          guard let rowid = segment.block(for: key) else { continue }
          if let filter = try filter(rowid), !filter.mayHold(KeyFilter.hash(of: key)) { continue }
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

  private func filter(_ rowid: Int64) throws(StateError) -> KeyFilter? {
    if let known = filters[rowid] { return known }
    let filter = try store.reading { try StateStore.filter(ofBlock: rowid, in: $0) }
    let size = filter?.bytes.count ?? 0
    if filterBytes + size > filterLimit {
      filters.removeAll(keepingCapacity: true)
      filterBytes = 0
    }
    filters[rowid] = .some(filter)
    filterBytes += size
    return filter
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

/// First and last keys of a segment's blocks, in one arena.
private struct Segment: Sendable {
  let number: Int
  private var rowids: [Int64] = []
  private var keys: [UInt8] = []
  private var firstEnds: [Int] = []
  private var lastEnds: [Int] = []

  init(number: Int) {
    self.number = number
  }

  mutating func append(rowid: Int64, first: [UInt8], last: [UInt8]) {
    rowids.append(rowid)
    keys += first
    firstEnds.append(keys.count)
    keys += last
    lastEnds.append(keys.count)
  }

  /// The block whose range of keys has `key` in it.
  func block(for key: UnsafeBufferPointer<UInt8>) -> Int64? {
    keys.withUnsafeBufferPointer { keys in
      var low = 0
      var high = rowids.count
      while low < high {
        let middle = (low + high) / 2
        let first = keys[(middle == 0 ? 0 : lastEnds[middle - 1])..<firstEnds[middle]]
        if compareKeys(UnsafeBufferPointer(rebasing: first), key) <= 0 {
          low = middle + 1
        } else {
          high = middle
        }
      }
      guard low > 0 else { return nil }
      let last = UnsafeBufferPointer(rebasing: keys[firstEnds[low - 1]..<lastEnds[low - 1]])
      return compareKeys(key, last) <= 0 ? rowids[low - 1] : nil
    }
  }
}
