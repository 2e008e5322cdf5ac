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
  }

  var count: Int { lines.count }
  var lastLine: Int32? { lines.count > 0 ? lines.base[lines.count - 1] : nil }

  mutating func clear() {
    bytes.cut(to: 0)
    ranges.cut(to: 0)
    lines.cut(to: 0)
  }

  mutating func begin(line: Int32) {
    lines.append(line)
    for _ in 0..<columns { ranges.append(Range(start: -1, end: -1)) }
  }

  /// Of the last row.
  @inline(__always)
  func isSet(_ column: Int32) -> Bool {
    lines.count > 0 && ranges.base[ranges.count - columns + Int(column)].start >= 0
  }

  @inline(__always)
  mutating func set(_ column: Int32, _ text: UnsafePointer<UInt8>, _ length: Int) {
    guard lines.count > 0 else { return }
    let start = Int32(truncatingIfNeeded: bytes.count)
    bytes.append(text, count: length)
    ranges.base[ranges.count - columns + Int(column)] = Range(
      start: start, end: start + Int32(truncatingIfNeeded: length))
  }

  /// Gives each row the cells that it has not itself: those of its document, else of its file.
  mutating func complete(_ document: XMLRows, _ file: XMLRows) {
    for column in 0..<columns {
      let outer = document.ranges.base[column].start >= 0 ? document : file
      let own = outer.ranges.base[column]
      guard own.start >= 0 else { continue }
      let start = Int32(truncatingIfNeeded: bytes.count)
      var isUsed = false
      for row in 0..<count where ranges.base[row * columns + column].start < 0 {
        ranges.base[row * columns + column] = Range(start: start, end: start + own.end - own.start)
        isUsed = true
      }
      if isUsed { bytes.append(outer.bytes.base + Int(own.start), count: Int(own.end - own.start)) }
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
