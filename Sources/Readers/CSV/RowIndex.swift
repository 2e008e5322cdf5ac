internal import Findings

/// Where the rows and cells of a block begin and end. Offsets count from the start of the block.
///
/// Only complete rows are indexed; what the block cuts off begins at `restStart`.
struct RowIndex {
  /// One row, its quoted line breaks included.
  struct Row {
    var start: UInt32
    /// End of the content: the line end (CR LF, LF) is not part of it.
    var end: UInt32
    /// First byte of the row after it.
    var next: UInt32
    /// Index in `cellStarts` of its first cell.
    var firstCell: UInt32
    var cells: UInt32
    /// Line breaks inside quotes.
    var innerLines: UInt32
    var hasQuotes: Bool
    var hasFault: Bool
  }

  /// What is wrong with a row's quoting or length.
  struct Fault {
    var row: Int
    var code: FindingCode
    /// Line breaks of the row that stand before the place.
    var innerLine: Int
    /// Cell, from 0.
    var cell: Int
    var arguments: [String]
  }

  var rows: [Row] = []
  /// For each row the starts of its cells, then one entry that is one behind the row's end: cell `c` of a row is
  /// `cellStarts[firstCell + c] ..< cellStarts[firstCell + c + 1] - 1`, whichever it is.
  let cellStarts: GrowingIndex
  /// In rising order of `row`, at most one a row.
  var faults: [Fault] = []
  /// Bytes that are no text, in rising order, at most one a line.
  var badBytes: [UInt32] = []
  /// Where the first row begins that is not indexed.
  var restStart = 0
  /// The last row was longer than the limit and not complete: the file up to its line end must be passed over.
  var lastRowIsCut = false

  init(cellStarts: GrowingIndex = GrowingIndex()) { self.cellStarts = cellStarts }

  @inline(__always)
  func cell(_ cell: Int, of row: Row) -> Range<Int> {
    let at = Int(row.firstCell) + cell
    return Int(cellStarts.base[at])..<Int(cellStarts.base[at + 1]) - 1
  }

  /// The first byte of `row` that is no text, or `nil`. `cursor` moves along `badBytes`, so rows are asked in order.
  @inline(__always)
  func badByte(in row: Row, cursor: inout Int) -> Int? {
    while cursor < badBytes.count, badBytes[cursor] < row.start { cursor += 1 }
    guard cursor < badBytes.count, badBytes[cursor] < row.next else { return nil }
    return Int(badBytes[cursor])
  }
}

/// A growing list of offsets in memory of its own: appending checks nothing, `reserve` says when there is room.
final class GrowingIndex {
  private(set) var base: UnsafeMutablePointer<UInt32>
  private(set) var capacity: Int
  var count = 0

  init(capacity: Int = 1 << 12) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  func reserve(_ more: Int) {
    guard count + more > capacity else { return }
    let grown = max(capacity * 2, count + more)
    let bigger = UnsafeMutablePointer<UInt32>.allocate(capacity: grown)
    bigger.update(from: base, count: count)
    base.deallocate()
    base = bigger
    capacity = grown
  }
}
