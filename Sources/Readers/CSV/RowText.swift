internal import Findings

/// Rows as bytes: taken apart again, and made longer, for files that give rows back as they came.
public struct RowText: Sendable {
  private let layout: TableLayout

  public init(layout: TableLayout) { self.layout = layout }

  /// Where each row of `bytes` stands, line ends not included; blank rows are among them.
  ///
  /// `bytes` must begin at the start of a row and hold whole rows, as a document's records have them.
  public func rows(in bytes: [UInt8]) -> [Range<Int>] {
    bytes.withUnsafeBufferPointer { all in
      guard let base = all.baseAddress else { return [] }
      return RowScanner.scan(base, from: 0, to: all.count, isLast: true, layout: layout).rows.map {
        Int($0.start)..<Int($0.end)
      }
    }
  }

  /// The cells of one row (without its line end) as text, unquoted and decoded.
  public func cells(of row: [UInt8]) -> [String] {
    row.withUnsafeBufferPointer { all in
      guard let base = all.baseAddress else { return [] }
      let index = RowScanner.scan(base, from: 0, to: all.count, isLast: true, layout: layout)
      guard let only = index.rows.first else { return [] }
      var texts = CellTexts(base: base, blockLength: all.count, encoding: .utf8)
      return (0..<Int(only.cells)).map { layout.encoding.text(of: texts.bytes(of: index.cell($0, of: only))) }
    }
  }

  /// The cells of one row (without its line end) as they stand in it.
  func rawCells(of row: [UInt8]) -> [ArraySlice<UInt8>] {
    row.withUnsafeBufferPointer { all in
      guard let base = all.baseAddress else { return [] }
      let index = RowScanner.scan(base, from: 0, to: all.count, isLast: true, layout: layout)
      guard let only = index.rows.first else { return [] }
      return (0..<Int(only.cells)).map { row[index.cell($0, of: only)] }
    }
  }

  /// How many cells one row (without its line end) has.
  public func cellCount(of row: ArraySlice<UInt8>) -> Int {
    row.withUnsafeBufferPointer { all in
      guard let base = all.baseAddress else { return 0 }
      // Without a quote each delimiter ends a cell, unless it can be a part of a wide character.
      if !all.isEmpty, all.count <= layout.limits.rowBytes,
        layout.encoding == .utf8 || layout.delimiter != 0x7C
      {
        let delimiter = layout.delimiter
        var (delimiters, quotes) = (0, 0)
        for byte in all {
          delimiters &+= byte == delimiter ? 1 : 0
          quotes &+= byte == 0x22 ? 1 : 0
        }
        if quotes == 0 { return delimiters + 1 }
      }
      let index = RowScanner.scan(base, from: 0, to: all.count, isLast: true, layout: layout)
      return index.rows.first.map { Int($0.cells) } ?? 0
    }
  }

  /// One row (without its line end) less some of its cells (from 0); the others keep their bytes.
  public func row(_ row: [UInt8], without cells: Set<Int>) -> [UInt8] {
    guard !cells.isEmpty else { return row }
    return row.withUnsafeBufferPointer { all in
      guard let base = all.baseAddress else { return [] }
      let index = RowScanner.scan(base, from: 0, to: all.count, isLast: true, layout: layout)
      guard let only = index.rows.first else { return [] }
      let kept = (0..<Int(only.cells)).filter { !cells.contains($0) }
      return Array(kept.map { all[index.cell($0, of: only)] }.joined(separator: [layout.delimiter]))
    }
  }

  /// Appends cells to a row (without line end), in the file's own encoding and with its delimiter.
  ///
  /// The first `cells` are empty ones that fill the row up to `width`, so that the texts stand below their captions.
  public func append(_ texts: [String], to row: inout [UInt8], cells present: Int, width: Int) {
    fill(&row, cells: present, width: width)
    for text in texts { append(cell: text, to: &row) }
  }

  /// Appends empty cells to a row that has fewer than its header.
  public func fill(_ row: inout [UInt8], cells present: Int, width: Int) {
    for _ in present..<max(present, width) { row.append(layout.delimiter) }
  }

  /// Appends a cell of our own, a delimiter before it; none that a spreadsheet would run.
  public func append(cell text: String, to bytes: inout [UInt8]) {
    bytes.append(layout.delimiter)
    var text = text
    let isPlain = text.withUTF8 { text in
      guard layout.encoding == .utf8, !isFormula(text),
        !text.contains(where: { $0 == 0x22 || $0 == 0x0A || $0 == 0x0D || $0 == layout.delimiter })
      else { return false }
      bytes.append(contentsOf: text)
      return true
    }
    if !isPlain { bytes += cell(text.guardedFromSpreadsheets) }
  }

  /// One cell as bytes, quoted where it must be; a character that the encoding lacks becomes `?`.
  public func cell(_ text: String) -> [UInt8] {
    var text = text
    let (hasQuotes, isSpecial) = text.withUTF8 { bytes in
      (bytes.contains(0x22), bytes.contains { $0 == 0x0A || $0 == 0x0D || $0 == layout.delimiter })
    }
    guard hasQuotes || isSpecial else { return layout.encoding.bytes(of: text) }
    if hasQuotes {
      text = text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    }
    return layout.encoding.bytes(of: "\"" + text + "\"")
  }
}
