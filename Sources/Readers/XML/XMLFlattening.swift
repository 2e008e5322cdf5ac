public import Findings

/// Writes the records of an XML file as a plain table in UTF-8, a column a path, with the line of each record in a column
/// of its own: what comes after it, rejects and held documents included, knows plain tables only.
public struct XMLFlattening {
  private let layout: TableLayout
  private let plan: XMLPlan
  private let file: String
  private let isRejectFile: Bool

  /// - Parameters:
  ///   - layout: with `xml`, whose columns are sound paths.
  ///   - header: what `Header.ofXML` gave; of a reject file that came back the table has the numbers as well.
  public init(layout: TableLayout, header: Header = Header(), file: String) {
    isRejectFile = header.isRejectFile
    self.layout = layout
    self.file = file
    plan = Self.plan(layout, hasNumbers: header.isRejectFile)
  }

  private static func plan(_ layout: TableLayout, hasNumbers: Bool) -> XMLPlan {
    guard let shape = layout.xml else { preconditionFailure("An XML file has a layout of its own") }
    let paths = layout.columns.map { column -> XMLPath? in
      if column == XMLShape.elementCaption { return nil }
      guard let path = try? XMLPath(column, namespaces: shape.namespaces) else {
        preconditionFailure("Paths are checked before a file is opened")
      }
      return path
    }
    return XMLPlan(shape, columns: paths, hasNumbers: hasNumbers)
  }

  /// - Parameters:
  ///   - next: gives the file's tapes in their order, and gets back the one that it gave before.
  ///   - sink: takes the plain table.
  /// - Returns: why the file can't be read to its end, where it can't: none of its rows may be posted; and its documents.
  public func write(
    _ next: (XMLTape?) throws -> XMLTape?, to sink: (ArraySlice<UInt8>) throws -> Void
  ) throws -> (fault: Finding?, documents: [XMLDocumentPlace]) {
    var documents: [XMLDocumentPlace] = []
    let fault = try withoutActuallyEscaping(sink) { sink in
      let captions = layout.columns + (isRejectFile ? [Header.rejectCaptions[1][0]] : [])
      let text = RowText(layout: layout.flattened(Header()).plain)
      let first = (captions + [TableLayout.lineCaption, TableLayout.wholeCaption]).map { text.cell($0) }
      var buffer = RawBuffer<UInt8>(capacity: 1 << 17)
      defer { buffer.free() }
      Array(first.joined(separator: [0x2C]) + [0x0A]).withUnsafeBufferPointer {
        if let base = $0.baseAddress { buffer.append(base, count: $0.count) }
      }
      func flush() throws {
        try sink(Array(UnsafeBufferPointer(start: buffer.base, count: buffer.count))[...])
        buffer.cut(to: 0)
      }
      var longRow: Int32?
      let walk = XMLWalk(plan, layout.limits) { rows, isRecord, place in
        documents.append(place)
        let long = Self.append(rows, isRecord, limit: layout.limits.rowBytes, to: &buffer)
        longRow = longRow ?? long
        if buffer.count > 1 << 16 { try flush() }
      }
      var fault = try play(next, to: walk)
      if let longRow {
        fault = limitFault(line: Int(longRow), "row_bytes", layout.limits.rowBytes)
      } else if fault == nil, walk.documents == 0, walk.hasElements {
        fault = Finding(
          .xmlNoDocuments, .stopFile, at: Place(file: file), [layout.xml.map { $0.documentText } ?? ""])
      }
      try flush()
      return fault
    }
    return (fault, documents)
  }

  private func play(_ next: (XMLTape?) throws -> XMLTape?, to walk: XMLWalk) throws -> Finding? {
    var finding: Finding?
    var tape: XMLTape?
    while true {
      tape = try next(tape)
      guard let tape else { return finding }
      // What comes behind a limit is read for its digest alone.
      guard finding == nil else { continue }
      tape.play(to: walk)
      finding = tape.fault
      if let (line, limit, most) = walk.exceeded {
        finding = limitFault(line: line, limit, most)
      }
      if let error = walk.failure { throw error }
    }
  }

  private func limitFault(line: Int, _ limit: String, _ most: Int) -> Finding {
    Finding(.xmlLimit, .stopFile, at: Place(file: file, line: line), [limit, String(most)])
  }

  /// Returns the line of the first row that is longer than the limit: who reads the table would not know where it ends.
  private static func append(
    _ rows: borrowing XMLRows, _ isRecord: Bool, limit: Int, to bytes: inout RawBuffer<UInt8>
  ) -> Int32? {
    var longRow: Int32?
    for row in 0..<rows.count {
      let start = bytes.count
      for column in 0..<rows.columns {
        let cell = rows.cell(row, column)
        if let base = cell.baseAddress {
          if cell.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) {
            bytes.append(0x22)
            for byte in cell {
              if byte == 0x22 { bytes.append(0x22) }
              bytes.append(byte)
            }
            bytes.append(0x22)
          } else {
            bytes.append(base, count: cell.count)
          }
        }
        bytes.append(0x2C)
      }
      append(rows.line(row), to: &bytes)
      if isRecord {
        bytes.append(0x2C)
        bytes.append(0x31)
      }
      if longRow == nil, bytes.count - start > limit { longRow = rows.line(row) }
      bytes.append(0x0A)
    }
    return longRow
  }

  private static func append(_ number: Int32, to bytes: inout RawBuffer<UInt8>) {
    var power: Int32 = 1
    while number / power >= 10 { power *= 10 }
    while power > 0 {
      bytes.append(UInt8(truncatingIfNeeded: number / power % 10) + 0x30)
      power /= 10
    }
  }
}

extension TableLayout {
  /// No paths: no column can have them by chance. The second one's cell is missing in a document's row that stands for
  /// no record.
  static let lineCaption = "(line)"
  static let wholeCaption = "(record)"
}
