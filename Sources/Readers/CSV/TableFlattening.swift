internal import Findings

/// Writes a table again so that each row stands alone under one header row, in the same encoding and on the same lines:
/// what comes after it, rejects and held documents included, knows plain tables only.
public struct TableFlattening {
  private let source: ByteSource
  private let layout: TableLayout
  private let header: Header
  private let shape: TableShape
  private let text: RowText
  private let file: String
  /// Cells (from 0) of the key, and of the columns that are filled on a document's first row only.
  private let keyCells: [Int]
  private let filledCells: [Int]
  /// The document's key, and the cells that its later rows take over.
  private var key: [ArraySlice<UInt8>] = []
  private var filled: [ArraySlice<UInt8>] = []
  /// The document row above, and whether a record row has taken its cells yet.
  private var above: (cells: [UInt8], isTaken: Bool)?
  /// Where the rows get more cells from.
  public private(set) var heads: HeadRows?

  /// - Parameters:
  ///   - layout: with its shape.
  ///   - header: what `Header.find` gave for the source and the layout, without findings.
  ///   - heads: where the layout has one.
  public init(
    _ source: ByteSource, layout: TableLayout, header: Header, file: String, heads: HeadRows? = nil
  ) {
    self.heads = heads
    self.source = source
    self.layout = layout
    self.header = header
    self.file = file
    shape = layout.shape ?? TableShape()
    text = RowText(layout: layout.plain)
    keyCells = layout.keyColumns.map { header.cells[$0] }
    filledCells = shape.filledDown.compactMap { caption in
      layout.columns.firstIndex(of: caption).map { header.cells[$0] }
    }
  }

  /// - Parameters:
  ///   - observer: gets every byte of the source in order, once.
  ///   - sink: takes the plain table.
  public mutating func write(
    observer: @escaping (ArraySlice<UInt8>) -> Void, to sink: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    try copy(0..<header.bytes.lowerBound, to: sink)
    try writeHeader(to: sink)
    var reader = CSVReader(
      source: source, layout: rowLayout, header: rowHeader, file: file, observer: observer)
    var at = header.bodyStart
    while let batch = try reader.next() {
      let untouched = Set(batch.unreadable.filter { $0.code != .cellCount || !isTagged }.map(\.index))
      for i in 0..<batch.count {
        let (start, end) = (batch.starts[i], batch.ends[i])
        if untouched.contains(Int32(i)) {
          try settle(to: sink)
          try copy(at..<end, to: sink)
          // By chance it may have as many cells as a row that is whole.
          if heads != nil, text.cellCount(of: try source.bytes(in: start..<end)[...]) == header.captions.count
          {
            try sink([layout.delimiter])
          }
        } else {
          let row = try source.bytes(in: start..<end)
          let written =
            if heads != nil { try withHead(row) } else if isTagged {
              try joined(row, to: sink)
            } else { filledDown(row) }
          try copyLayout(at..<start, to: sink)
          try sink(written[...])
        }
        at = end
      }
    }
    try settle(to: sink)
    try copy(at..<(try source.length), to: sink)
  }

  private var isTagged: Bool { if case .tagged = shape.header { true } else { false } }

  /// Which rows are data decides the layout's own marks, but for tagged rows, where the tag does.
  private var rowLayout: TableLayout {
    var rows = layout.plain
    rows.keyColumns = []
    if isTagged { (rows.columns, rows.skips, rows.trailer) = ([], [], nil) }
    if heads != nil { rows.keep(columns: ownColumns) }
    return rows
  }

  private var rowHeader: Header {
    var rows = header
    if isTagged { (rows.cells, rows.row) = ([], []) }
    if heads != nil {
      rows.cells = ownColumns.map { header.cells[$0] }
      rows.captions = Array(header.captions.prefix(ownWidth))
    }
    return rows
  }

  /// Columns of the layout that are not the heads'.
  private var ownColumns: [Int] { layout.columns.indices.filter { header.cells[$0] < ownWidth } }

  private func copy(_ range: Range<Int64>, to sink: (ArraySlice<UInt8>) throws -> Void) throws {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
      try sink(try source.bytes(in: start..<min(start + (1 << 20), range.upperBound))[...])
    }
  }

  /// One row of captions, on the last line that the header has in the source; a table without header gets one before its
  /// first line.
  private func writeHeader(to sink: (ArraySlice<UInt8>) throws -> Void) throws {
    if case .one = shape.header, heads == nil {
      return try copy(header.bytes.lowerBound..<header.bodyStart, to: sink)
    }
    if header.bytes.isEmpty { try copy(0..<header.bodyStart, to: sink) }
    let blank = [UInt8](repeating: 0x0A, count: max(0, header.bodyLine - header.line - 1))
    try sink((blank + captions + [0x0A])[...])
  }

  private var captions: [UInt8] {
    Array(header.captions.map { text.cell($0) }.joined(separator: [layout.delimiter]))
  }

  /// Rows between records; a header that comes again is to be known again as one.
  private func copyLayout(_ range: Range<Int64>, to sink: (ArraySlice<UInt8>) throws -> Void) throws {
    guard heads != nil, !header.row.isEmpty, !range.isEmpty else { return try copy(range, to: sink) }
    let bytes = try source.bytes(in: range)
    var at = 0
    for row in text.rows(in: bytes) where bytes[row] == header.row[...] {
      try sink(bytes[at..<row.lowerBound])
      try sink(captions[...])
      at = row.upperBound
    }
    try sink(bytes[at...])
  }

  // MARK: - Filling down

  /// The row with the document's own cells where it has none.
  private mutating func filledDown(_ row: [UInt8]) -> [UInt8] {
    guard !filledCells.isEmpty else { return row }
    var cells = text.rawCells(of: row)
    func cell(_ index: Int) -> ArraySlice<UInt8> { index < cells.count ? cells[index] : [] }
    let own = keyCells.map(cell)
    let isFirst = own.contains { !isBlank($0) } && own.map(Array.init) != key.map(Array.init)
    if isFirst {
      key = own
      filled = filledCells.map(cell)
      return row
    }
    var isChanged = false
    for (place, index) in filledCells.enumerated() where place < filled.count {
      guard index < cells.count, isBlank(cells[index]), !isBlank(filled[place]) else { continue }
      // A line break would move what stands below.
      cells[index] =
        filled[place].contains(0x0A) ? filled[place].map { $0 == 0x0A ? 0x20 : $0 }[...] : filled[place]
      isChanged = true
    }
    return isChanged ? Array(cells.joined(separator: [layout.delimiter])) : row
  }

  private func isBlank(_ cell: ArraySlice<UInt8>) -> Bool {
    Array(cell).withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return true }
      let inner = unquoted(base, 0..<bytes.count)
      return layout.encoding.trimmed(base, inner).isEmpty
    }
  }

  // MARK: - Rows of two tables

  /// The row with its head's cells behind its own; alone where there is no such row, and so too short.
  private mutating func withHead(_ row: [UInt8]) throws -> [UInt8] {
    let key = HeadRows.key(of: row, text, headKeyCells)
    let own = Array(
      (text.rawCells(of: row) + Array(repeating: [], count: ownWidth)).prefix(ownWidth).joined(separator: [
        layout.delimiter
      ]))
    guard let more = try heads?.cells(for: key) else { return own }
    return own + [layout.delimiter] + more
  }

  private var headKeyCells: [Int] { header.keyCells(layout) }

  /// How many cells a row has in the file.
  private var ownWidth: Int { header.upperCells }

  // MARK: - Tagged rows

  /// A record's row behind the cells of its document; nothing for the document's row itself.
  private mutating func joined(_ row: [UInt8], to sink: (ArraySlice<UInt8>) throws -> Void) throws -> [UInt8]
  {
    guard case .tagged(let rule) = shape.header else { return row }
    let cells = text.cells(of: row)
    let tag = rule.cell < cells.count ? cells[rule.cell].filter { !$0.isWhitespace } : ""
    if tag == rule.document {
      try settle(to: sink)
      var own = row
      text.fill(&own, cells: cells.count, width: documentWidth)
      above = (own, false)
      return []
    }
    if tag == rule.record, let document = above {
      above?.isTaken = true
      return document.cells + [layout.delimiter] + row
    }
    try settle(to: sink)
    return [UInt8](repeating: layout.delimiter, count: documentWidth) + row
  }

  /// A document without records is written as one that lacks all its values, so that it is told.
  private mutating func settle(to sink: (ArraySlice<UInt8>) throws -> Void) throws {
    guard let document = above, !document.isTaken else { return }
    above?.isTaken = true
    var row = document.cells
    text.fill(&row, cells: documentWidth, width: header.captions.count)
    try sink(row[...])
  }

  /// How many cells a document's row has: as many as the upper header row.
  private var documentWidth: Int { header.upperCells }
}
