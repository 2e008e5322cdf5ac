import Expressions
import Findings
import Glibc
import Ledger
import Mapping
import Readers

/// A file whose documents' rows are not together, put in order: its rows by document, documents by first occurrence.
/// What follows is the way of any other file, so the output is that of the contiguous file. Memory is bounded by the
/// budget and by what is needed a document; the rest is on disk.
struct ScatteredRows {
  /// The header, then the rows in their new order; no trailer, which the first reading has checked.
  var rows: Spilled
  /// For each of them the row and line that it has in the file.
  var places: RowPlaces
  /// By which it is read.
  var layout: TableLayout
  /// What the first reading said of the file.
  var outcome: ReadingOutcome
  /// Stands behind each row with a quote that is never closed, so that the quotes of the row that follows now are not
  /// taken for its end.
  var guardLine: [UInt8]

  static func regroup(
    _ source: ByteSource, header: Header, layout: TableLayout, compiled: CompiledInterface, file: String,
    spilling: Spilling, digest: BackgroundDigest, batchRows: Int
  ) throws -> ScatteredRows {
    let feed = RecordFeed(
      RecordFeed.Request(
        source: source, layout: layout, header: header, file: file, program: compiled.program, measures: [],
        digest: digest, batchRows: batchRows, doors: Doors()))
    var documents = DocumentNumbers()
    var sorter = RowSorter(spilling)
    var longest = LongestRepeat()
    do {
      while let item = try feed.next() {
        let batch = item.batch
        let open = Set(batch.unreadable.filter { $0.code == .quoteUnclosed }.map { Int($0.index) })
        var bytes = BatchBytes(batch, of: source, limit: layout.limits.rowBytes)
        for i in 0..<batch.count {
          let key = DocumentGatherer.key(of: i, compiled.interface, batch, item.evaluation)
          let row = RowSorter.Row(
            document: documents.number(of: key),
            place: RowPlaceInFile(row: batch.rows[i], line: batch.lines[i]), isOpen: open.contains(i))
          if let content = try bytes.row(i) {
            longest.look(at: content)
            try sorter.append(row, content)
          } else {
            try sorter.append(row, batch.starts[i]..<batch.ends[i], of: source) { longest.look(at: $0) }
          }
        }
        feed.recycle(item)
      }
    } catch {
      feed.cancel()
      // Whoever begins anew puts files where it writes.
      try? sorter.settle()
      throw error
    }
    let mark = String(repeating: "\u{1}", count: longest.count + 1) + "\"!"
    let guardLine =
      Array(repeating: layout.delimiter, count: header.cells[0]) + Array(mark.utf8)
    var ordered = ScatteredRows(
      rows: Spilled(bytes: []), places: RowPlaces([]), layout: layout, outcome: feed.end.outcome,
      guardLine: guardLine)
    ordered.layout.trailer = nil
    ordered.layout.skips = [SkipRule(column: 0, marks: [mark])]
    try ordered.write(&sorter, source, header, spilling)
    return ordered
  }

  private mutating func write(
    _ sorter: inout RowSorter, _ source: ByteSource, _ header: Header, _ spilling: Spilling
  ) throws {
    var rows = SpillWriter(spilling, most: spilling.budget / 4)
    var places = SpillWriter(spilling, most: spilling.budget / 8)
    let top = try source.bytes(in: 0..<header.bodyStart)
    let lineEnd = top[Int(header.bytes.upperBound)...]
    try rows.append(top.prefix(Int(header.bytes.upperBound)))
    var before: RowSorter.Row?
    func end() throws {
      try rows.append(lineEnd)
      guard before?.isOpen == true else { return }
      try rows.append(guardLine[...])
      try rows.append(lineEnd)
    }
    try sorter.merge { row in
      try end()
      before = row
      try places.append(RowPlaces.bytes(of: row.place)[...])
    } bytes: {
      try rows.append($0)
    }
    try end()
    self.rows = try rows.finish()
    self.places = RowPlaces(try places.finish())
  }
}

/// Numbers of documents in order of their first occurrence; a row without a key is a document of its own.
private struct DocumentNumbers {
  private var keys = Codes()
  private var numbers: [Int32] = []
  private var count: Int32 = 0

  mutating func number(of key: [UInt8]?) -> Int32 {
    if let key {
      let code = Int(key.withUnsafeBufferPointer { keys.intern($0) })
      if code < numbers.count { return numbers[code] }
      numbers.append(count)
    }
    defer { count += 1 }
    return count
  }
}

/// The bytes of a batch's rows, read in pieces that hold many of them.
private struct BatchBytes {
  private let batch: RecordBatch
  private let source: ByteSource
  private let limit: Int64
  private var piece: [UInt8] = []
  private var start: Int64 = 0
  private static let pieceBytes: Int64 = 1 << 22

  init(_ batch: RecordBatch, of source: ByteSource, limit: Int) {
    self.batch = batch
    self.source = source
    self.limit = Int64(limit)
  }

  /// `nil` where the row is too long to be kept in memory.
  mutating func row(_ index: Int) throws(ReadError) -> ArraySlice<UInt8>? {
    let row = batch.starts[index]..<batch.ends[index]
    guard row.upperBound - row.lowerBound <= limit else { return nil }
    if row.lowerBound < start || row.upperBound > start + Int64(piece.count) {
      start = row.lowerBound
      let end = max(row.upperBound, min(start + Self.pieceBytes, batch.ends[batch.count - 1]))
      piece = try source.bytes(in: start..<end)
      // The file was cut off since it was read; whoever asked for its rows sees that it has changed.
      guard start + Int64(piece.count) >= row.upperBound else { throw ReadError(call: "pread", code: EIO) }
    }
    return piece[Int(row.lowerBound - start)..<Int(row.upperBound - start)]
  }
}

/// How often U+0001 is repeated at most, so that a text can be made that the file does not hold.
private struct LongestRepeat {
  private(set) var count = 0
  private var current = 0

  mutating func look(at bytes: ArraySlice<UInt8>) {
    let holds = bytes.withUnsafeBytes { $0.count > 0 && memchr($0.baseAddress!, 1, $0.count) != nil }
    guard holds else {
      current = 0
      return
    }
    for byte in bytes {
      current = byte == 1 ? current + 1 : 0
      count = max(count, current)
    }
  }
}
