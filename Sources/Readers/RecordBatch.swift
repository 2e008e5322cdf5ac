public import Findings

/// A piece of a batch's bytes: where a cell's text stands.
public struct TextRange: Sendable, Hashable {
  public var start: Int32
  public var length: Int32

  @inlinable
  public init(start: Int32, length: Int32) {
    self.start = start
    self.length = length
  }

  public static let empty = TextRange(start: 0, length: 0)
}

/// A few thousand records, column by column: what passes the door between `Readers` and the field programs.
///
/// A batch never cuts a run of records whose key cells are equal, so a contiguous document is always whole in
/// one batch. Cells are UTF-8 whatever the file's encoding was, without quotes, not trimmed.
public struct RecordBatch: Sendable {
  /// The block of the file, followed by the cells that had to be decoded or unquoted. `TextRange` points here.
  public var bytes: [UInt8] = []
  /// How many records: every array below that is "one a record" has this length.
  public var count = 0
  /// For each column of the layout, in its order: one cell a record. Empty cells have length 0.
  public var columns: [[TextRange]] = []
  /// Number of the data row in its file, from 1 (titles, header, skipped and trailer rows don't count).
  public var rows: [Int32] = []
  /// Physical line on which the record begins, from 1.
  public var lines: [Int32] = []
  /// Where the record's own bytes begin in the source, and where they end (its line end not included).
  public var starts: [Int64] = []
  public var ends: [Int64] = []
  /// Records that could not be read; in order of `index`, at most one each.
  public var unreadable: [UnreadableRecord] = []

  public init() {}

  /// Takes each record's line from a cell of its own.
  mutating func takeLines(from column: Int) {
    for record in 0..<count {
      let cell = columns[column][record]
      let digits = bytes[Int(cell.start)..<Int(cell.start + cell.length)]
      if let line = Int32(String(decoding: digits, as: UTF8.self)) { lines[record] = line }
    }
  }
}

/// A record that is not as its format says: its cells can't be trusted.
public struct UnreadableRecord: Sendable, Hashable {
  /// Index in the batch.
  public var index: Int32
  /// `bad-byte`, `quote-stray`, `quote-unclosed`, `cell-count` or `row-too-long`.
  public var code: FindingCode
  /// Physical line and cell of the row, from 1.
  public var line: Int32
  public var column: Int32
  public var arguments: [String]

  public init(index: Int32, code: FindingCode, line: Int32, column: Int32, arguments: [String]) {
    self.index = index
    self.code = code
    self.line = line
    self.column = column
    self.arguments = arguments
  }
}
