import Findings

/// A small CSV of the definitions' folder: UTF-8, RFC 4180, a header row; cells without white space at their ends.
///
/// The inbox's files have a reader of their own; this one reads what we ask integrators to write, and keeps lines.
struct TableText {
  struct Row {
    var line: Int
    var cells: [String]
  }

  let file: String
  let header: [String]
  let rows: [Row]

  /// - Returns: `nil` where the bytes are no table; the findings say why.
  init?(_ bytes: [UInt8], file: String, findings: inout [Finding]) {
    self.file = file
    let before = findings.count
    if let (line, byte) = firstBadByte(bytes) {
      let hex = String(byte, radix: 16, uppercase: true)
      findings.append(
        Finding(
          .badByte, .error, at: Place(file: file, line: line),
          ["0x" + (hex.count < 2 ? "0" : "") + hex, "utf-8"]))
      return nil
    }
    var scanner = TableScanner(bytes: bytes, file: file)
    var rows = scanner.rows()
    findings += scanner.findings
    guard findings.count == before else { return nil }
    guard !rows.isEmpty else {
      findings.append(
        Finding(.headerMissing, .error, at: Place(file: file, line: 1), ["…", "1", String(bytes.count)]))
      return nil
    }
    let header = rows.removeFirst()
    self.header = header.cells
    self.rows = rows
    reportDoubled(header, &findings)
    for row in rows where row.cells.count != header.cells.count {
      findings.append(
        Finding(
          .cellCount, .error, at: Place(file: file, line: row.line),
          [String(row.cells.count), String(header.cells.count)]))
    }
    if findings.count != before { return nil }
  }

  /// The place of a cell, for findings.
  func place(_ row: Row, _ column: Int) -> Place {
    Place(file: file, line: row.line, column: column + 1, field: header[column])
  }

  private func reportDoubled(_ row: Row, _ findings: inout [Finding]) {
    var first: [String: Int] = [:]
    for (column, caption) in header.enumerated() where !caption.isEmpty {
      if let earlier = first[caption] {
        findings.append(
          Finding(.columnDoubled, .error, at: place(row, column), [caption, "\(earlier + 1), \(column + 1)"]))
      } else {
        first[caption] = column
      }
    }
  }
}

private func firstBadByte(_ bytes: [UInt8]) -> (line: Int, byte: UInt8)? {
  if String(validating: bytes, as: UTF8.self) != nil { return nil }
  var line = 1
  for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
    if String(validating: part, as: UTF8.self) == nil {
      var decoder = UTF8()
      var rest = part.makeIterator()
      var good = part.startIndex
      while case .scalarValue(let scalar) = decoder.decode(&rest) { good += UTF8.width(scalar) }
      return (line, part[min(good, part.endIndex - 1)])
    }
    line += 1
  }
  return nil
}

/// Cuts valid UTF-8 into rows of cells.
private struct TableScanner {
  let bytes: [UInt8]
  let file: String
  var findings: [Finding] = []
  private var at = 0
  private var line = 1
  /// How many cells the row before had.
  private var width = 0

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
  }

  /// All rows but the blank ones.
  mutating func rows() -> [TableText.Row] {
    var rows: [TableText.Row] = []
    while at < bytes.count {
      let row = TableText.Row(line: line, cells: cells())
      if row.cells.contains(where: { !$0.isEmpty }) { rows.append(row) }
    }
    return rows
  }

  private mutating func cells() -> [String] {
    var cells: [String] = []
    cells.reserveCapacity(width)
    defer { width = cells.count }
    while true {
      cells.append(at < bytes.count && bytes[at] == 0x22 ? quotedCell() : plainCell())
      guard at < bytes.count else { return cells }
      let separator = bytes[at]
      at += 1
      if separator == 0x2C { continue }
      if separator == 0x0D, at < bytes.count, bytes[at] == 0x0A { at += 1 }
      line += 1
      return cells
    }
  }

  private mutating func plainCell() -> String {
    let start = at
    skipToSeparator()
    return text(bytes[start..<at])
  }

  private mutating func quotedCell() -> String {
    let opened = line
    var content: [UInt8] = []
    at += 1
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == 0x22 {
        guard at < bytes.count, bytes[at] == 0x22 else {
          reportStray()
          return text(content[...])
        }
        at += 1
      } else if byte == 0x0A {
        line += 1
      }
      content.append(byte)
    }
    findings.append(Finding(.quoteUnclosed, .error, at: Place(file: file, line: opened)))
    return text(content[...])
  }

  /// Behind a closing quote only a separator can stand.
  private mutating func reportStray() {
    let start = at
    skipToSeparator()
    guard at > start else { return }
    let stray = String(decoding: bytes[start..<at], as: UTF8.self)
    findings.append(
      Finding(.quoteStray, .error, at: Place(file: file, line: line), [String(stray.prefix(1))]))
  }

  private mutating func skipToSeparator() {
    while at < bytes.count, bytes[at] != 0x2C, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
  }

  /// Without blanks at both ends, found in the bytes: splitting into characters would cost more than all the rest.
  private func text(_ cell: ArraySlice<UInt8>) -> String {
    guard let first = cell.first, let last = cell.last else { return "" }
    if Self.isPlain(first), Self.isPlain(last) { return String(decoding: cell, as: UTF8.self) }
    var cell = cell
    while let blank = Self.blanks.first(where: cell.starts) { cell = cell.dropFirst(blank.count) }
    while let blank = Self.blanks.first(where: { cell.suffix($0.count).elementsEqual($0) }) {
      cell = cell.dropLast(blank.count)
    }
    return String(decoding: cell, as: UTF8.self)
  }

  /// Whether the byte begins and ends no blank: true of nearly every cell's ends.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != 0x80 && byte != 0xA0 && byte != 0xC2 && byte != 0xE3
  }

  /// Space, tab, line ends, no-break space, ideographic space.
  private static let blanks: [[UInt8]] = [[0x20], [0x09], [0x0A], [0x0D], [0xC2, 0xA0], [0xE3, 0x80, 0x80]]
}
