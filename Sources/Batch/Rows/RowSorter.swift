import Glibc
import Readers

/// Puts a file's rows in order of their documents: what fits into memory is sorted there and written to disk as a run,
/// and the runs are merged, each read from its start to its end.
struct RowSorter {
  /// A row without its bytes.
  struct Row {
    /// Order of the documents by first occurrence.
    var document: Int32
    var place: RowPlaceInFile
    /// A quote in it is never closed, so that what stands behind it matters.
    var isOpen: Bool

    fileprivate var order: UInt64 {
      UInt64(UInt32(bitPattern: document)) << 32 | UInt64(UInt32(bitPattern: place.row))
    }
  }

  private struct Kept {
    var row: Row
    var bytes: Range<Int>
  }

  /// Rows in memory, the bytes of all of them one behind another.
  private struct Rows {
    var bytes: [UInt8] = []
    var kept: [Kept] = []

    mutating func removeAll() {
      bytes.removeAll(keepingCapacity: true)
      kept.removeAll(keepingCapacity: true)
    }
  }

  /// What is on disk, and rows that are.
  private struct Written {
    var runs: SpillWriter
    var ranges: [Range<Int64>] = []
    var rows = Rows()
  }

  /// Bytes of the rows that are gathered; as many may be written meanwhile.
  private let room: Int
  private var rows = Rows()
  private var written: Written
  private var writing: Background<Result<Written, SystemFailure>>?

  init(_ spilling: Spilling) {
    room = spilling.budget / 4
    // What is spilled is written at once.
    written = Written(runs: SpillWriter(spilling, most: 0))
  }

  mutating func append(_ row: Row, _ content: ArraySlice<UInt8>) throws(SystemFailure) {
    let size = rows.bytes.count + content.count + (rows.kept.count + 1) * MemoryLayout<Kept>.stride
    if size > room { try spill() }
    rows.kept.append(Kept(row: row, bytes: rows.bytes.count..<rows.bytes.count + content.count))
    rows.bytes.append(contentsOf: content)
  }

  /// A row that is too long to be kept in memory: a run of its own.
  mutating func append(
    _ row: Row, _ content: Range<Int64>, of source: ByteSource, note: (ArraySlice<UInt8>) -> Void
  ) throws {
    try spill()
    try settle()
    let start = written.runs.count
    try written.runs.append(Run.head(of: row, length: Int64(content.count))[...])
    var at = content.lowerBound
    while at < content.upperBound {
      let piece = try source.bytes(in: at..<min(at + 1 << 20, content.upperBound))
      guard !piece.isEmpty else { throw ReadError(call: "pread", code: EIO) }
      note(piece[...])
      try written.runs.append(piece[...])
      at += Int64(piece.count)
    }
    written.ranges.append(start..<written.runs.count)
  }

  /// Sorts and writes what is in memory on a thread of its own.
  private mutating func spill() throws(SystemFailure) {
    guard !rows.kept.isEmpty else { return }
    try settle()
    swap(&rows, &written.rows)
    rows.removeAll()
    writing = Background { [written] in
      var written = written
      do throws(SystemFailure) {
        try Self.write(&written)
        return .success(written)
      } catch {
        return .failure(error)
      }
    }
    written.rows = Rows()
  }

  /// Waits for what is being written.
  mutating func settle() throws(SystemFailure) {
    guard let writing else { return }
    self.writing = nil
    written = try writing.get().get()
  }

  private static func write(_ written: inout Written) throws(SystemFailure) {
    let start = written.runs.count
    written.rows.kept.sort { $0.row.order < $1.row.order }
    var out: [UInt8] = []
    for row in written.rows.kept {
      out += Run.head(of: row.row, length: Int64(row.bytes.count))
      out += written.rows.bytes[row.bytes]
      if out.count > 1 << 20 {
        try written.runs.append(out[...])
        out.removeAll(keepingCapacity: true)
      }
    }
    try written.runs.append(out[...])
    written.ranges.append(start..<written.runs.count)
  }

  /// Gives all rows in order: each first without bytes, then its bytes, in one piece or several.
  mutating func merge(
    row: (Row) throws -> Void, bytes give: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    try settle()
    guard !written.ranges.isEmpty else {
      rows.kept.sort { $0.row.order < $1.row.order }
      for each in rows.kept {
        try row(each.row)
        try give(rows.bytes[each.bytes])
      }
      return
    }
    try spill()
    try settle()
    (rows, written.rows) = (Rows(), Rows())
    let spilled = try written.runs.finish()
    try withExtendedLifetime(spilled) {
      let piece = max(1 << 12, min(1 << 20, room / written.ranges.count))
      var heads: [Run] = []
      for range in written.ranges { heads.append(try Run(spilled.source, range, piece: piece)) }
      var heap = RunHeap(heads.map(\.order))
      while let first = heap.first {
        if let next = heads[first].row { try row(next) }
        try heads[first].pass(to: give)
        heap.replaceFirst(heads[first].row == nil ? nil : heads[first].order)
      }
    }
  }
}

/// A sorted run on disk, read from its start to its end.
private struct Run {
  /// The row that comes next; `nil` at the end.
  private(set) var row: RowSorter.Row?
  private let source: ByteSource
  private var offset: Int64
  private let end: Int64
  private let piece: Int
  private var buffer: ArraySlice<UInt8> = []
  private var length: Int64 = 0
  private static let headSize = 21

  var order: UInt64 { row?.order ?? .max }

  init(_ source: ByteSource, _ range: Range<Int64>, piece: Int) throws(ReadError) {
    self.source = source
    offset = range.lowerBound
    end = range.upperBound
    self.piece = piece
    try readHead()
  }

  static func head(of row: RowSorter.Row, length: Int64) -> [UInt8] {
    var head = [UInt8](repeating: 0, count: headSize)
    head.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(of: row.document, toByteOffset: 0, as: Int32.self)
      bytes.storeBytes(of: row.place.row, toByteOffset: 4, as: Int32.self)
      bytes.storeBytes(of: row.place.line, toByteOffset: 8, as: Int32.self)
      bytes.storeBytes(of: length, toByteOffset: 12, as: Int64.self)
      bytes[20] = row.isOpen ? 1 : 0
    }
    return head
  }

  private mutating func readHead() throws(ReadError) {
    if buffer.isEmpty, offset == end {
      row = nil
      return
    }
    while buffer.count < Self.headSize { try fill() }
    let (next, length) = buffer.withUnsafeBytes { bytes in
      (
        RowSorter.Row(
          document: bytes.loadUnaligned(fromByteOffset: 0, as: Int32.self),
          place: RowPlaceInFile(
            row: bytes.loadUnaligned(fromByteOffset: 4, as: Int32.self),
            line: bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self)), isOpen: bytes[20] == 1),
        bytes.loadUnaligned(fromByteOffset: 12, as: Int64.self)
      )
    }
    buffer = buffer.dropFirst(Self.headSize)
    (row, self.length) = (next, length)
  }

  /// Gives the bytes of the row that comes next, and goes on to the one behind it.
  mutating func pass(to give: (ArraySlice<UInt8>) throws -> Void) throws {
    while length > 0 {
      if buffer.isEmpty { try fill() }
      let part = buffer.prefix(Int(min(length, Int64(buffer.count))))
      try give(part)
      buffer = buffer.dropFirst(part.count)
      length -= Int64(part.count)
    }
    try readHead()
  }

  private mutating func fill() throws(ReadError) {
    let more = try source.bytes(in: offset..<min(offset + Int64(piece), end))
    // Our own file is shorter than what was written to it.
    guard !more.isEmpty else { throw ReadError(call: "pread", code: EIO) }
    offset += Int64(more.count)
    buffer = buffer.isEmpty ? more[...] : (Array(buffer) + more)[...]
  }
}

/// Which of several runs comes next: a heap of their orders.
private struct RunHeap {
  private var orders: [UInt64]
  private var heap: [Int]

  init(_ orders: [UInt64]) {
    self.orders = orders
    heap = orders.indices.sorted { orders[$0] < orders[$1] }
  }

  var first: Int? { heap.first }

  /// The first run has gone on; `nil`: it has ended.
  mutating func replaceFirst(_ order: UInt64?) {
    if let order {
      orders[heap[0]] = order
    } else {
      let last = heap.removeLast()
      if heap.isEmpty { return }
      heap[0] = last
    }
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2]
      where child < heap.count && orders[heap[child]] < orders[heap[least]] { least = child }
      if least == at { return }
      heap.swapAt(at, least)
      at = least
    }
  }
}
