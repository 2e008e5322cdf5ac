/// What an excerpt of a file has to know of each document in it.
public struct XMLDocumentPlace: Sendable, Hashable {
  var rows: Int32
  /// Whether nothing but white space is between it and the document before it.
  var followsDocument: Bool
  /// Where it ends in the file; -1 where that can't be told.
  var end: Int64
}

/// Rows of cells: the texts of all of them one behind another.
struct XMLRows {
  private var bytes = RawBuffer<UInt8>(capacity: 4096)
  /// For each row and column where its text begins and ends; -1 where there is none.
  private var ranges = RawBuffer<Range>()
  private var lines = RawBuffer<Int32>()
  /// Of which kind each row's record is.
  private var kinds = RawBuffer<Int32>()
  let columns: Int

  private struct Range: BitwiseCopyable {
    var start: Int32
    var end: Int32
  }

  init(columns: Int) { self.columns = columns }

  func free() {
    bytes.free()
    ranges.free()
    lines.free()
    kinds.free()
  }

  var count: Int { lines.count }
  var lastLine: Int32? { lines.count > 0 ? lines.base[lines.count - 1] : nil }

  mutating func clear() {
    bytes.cut(to: 0)
    ranges.cut(to: 0)
    lines.cut(to: 0)
    kinds.cut(to: 0)
  }

  mutating func begin(line: Int32, kind: Int32 = 0) {
    lines.append(line)
    kinds.append(kind)
    for _ in 0..<columns { ranges.append(Range(start: -1, end: -1)) }
  }

  /// Of the last row.
  @inline(__always)
  func isSet(_ column: Int32) -> Bool {
    lines.count > 0 && ranges.base[ranges.count - columns + Int(column)].start >= 0
  }

  @inline(__always)
  mutating func set(_ column: Int32, _ text: UnsafePointer<UInt8>, _ length: Int) {
    if lines.count > 0 { set(column, of: lines.count - 1, text, length) }
  }

  @inline(__always)
  mutating func set(_ column: Int32, of row: Int, _ text: UnsafePointer<UInt8>, _ length: Int) {
    let start = Int32(truncatingIfNeeded: bytes.count)
    bytes.append(text, count: length)
    ranges.base[row * columns + Int(column)] = Range(
      start: start, end: start + Int32(truncatingIfNeeded: length))
  }

  /// Gives rows the cells that they have not themselves: those of their ancestors at these depths.
  ///
  /// - Parameter outer: for each kind of record and column the depth where it is looked for, or -1.
  mutating func complete(
    from first: Int, _ depths: ClosedRange<Int32>, _ scopes: UnsafeMutablePointer<XMLRows>,
    _ outer: UnsafeMutableBufferPointer<Int32>
  ) {
    for column in 0..<columns {
      // Rows of one document mostly share a cell.
      var copied: (depth: Int32, range: Range) = (-1, Range(start: -1, end: -1))
      for row in first..<max(first, count) where ranges.base[row * columns + column].start < 0 {
        let depth = outer[Int(kinds.base[row]) * columns + column]
        guard depths.contains(depth) else { continue }
        if copied.depth != depth {
          copied = (depth, Range(start: -1, end: -1))
          let own = scopes[Int(depth)].ranges.base[column]
          if own.start >= 0 {
            let start = Int32(truncatingIfNeeded: bytes.count)
            bytes.append(scopes[Int(depth)].bytes.base + Int(own.start), count: Int(own.end - own.start))
            copied.range = Range(start: start, end: start + own.end - own.start)
          }
        }
        ranges.base[row * columns + column] = copied.range
      }
    }
  }

  func line(_ row: Int) -> Int32 { lines.base[row] }

  /// A cell's text; empty where there is none.
  @inline(__always)
  func cell(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
    let range = ranges.base[row * columns + column]
    guard range.start >= 0 else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: bytes.base + Int(range.start), count: Int(range.end - range.start))
  }
}
