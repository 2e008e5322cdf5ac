import Findings
import Glibc
import Mapping
import Posting
import Readers

/// The rows of chosen documents of a file, read once more from its bytes: what rejects and holds are made of.
struct DocumentRows {
  struct Row {
    var place: RowPlaceInFile
    /// The row as it stood in the file, without its line end.
    var bytes: ArraySlice<UInt8>
    /// How many cells it has.
    var cells: Int
  }

  /// For each of the documents its rows, in order.
  private(set) var documents: [[Row]] = []

  /// - Parameters:
  ///   - indices: of documents in the file's store, ascending; none that breaks encoding or quoting.
  ///   - firsts: the file's `firstRecords`.
  init(_ indices: [Int], of file: ConvertedFile, firsts: [Int]) throws {
    let head = try file.source.bytes(in: file.header.bytes) + [0x0A]
    var bytes = head
    var near: (start: Int64, bytes: [UInt8]) = (0, [])
    for (place, index) in indices.enumerated() {
      let range = file.posted.store.documents[index].bytes
      if range.lowerBound < near.start || range.upperBound > near.start + Int64(near.bytes.count) {
        near = (range.lowerBound, try file.source.bytes(in: Self.near(indices[place...], of: file)))
        guard near.bytes.count >= range.count else { throw Self.changed }
      }
      bytes += near.bytes[Int(range.lowerBound - near.start)..<Int(range.upperBound - near.start)]
      bytes.append(0x0A)
    }
    var plain = file.layout
    plain.trailer = nil
    plain.keyColumns = []
    let header = try Header.find(in: .bytes(head), layout: plain, file: "")
    guard header.fits else { throw Self.changed }
    let text = RowText(layout: plain)
    var reader = CSVReader(source: .bytes(bytes), layout: plain, header: header, file: "")
    var rows: [(bytes: ArraySlice<UInt8>, line: Int32)] = []
    while let batch = try reader.next() {
      for i in 0..<batch.count {
        rows.append((bytes[Int(batch.starts[i])..<Int(batch.ends[i])], batch.lines[i]))
      }
    }
    var at = 0
    for index in indices {
      let document = file.posted.store.documents[index]
      guard at + Int(document.records) <= rows.count else { throw Self.changed }
      let own = rows[at..<at + Int(document.records)]
      at += own.count
      let shift = document.firstLine - (own.first?.line ?? 0)
      let places = try file.places?.places(of: firsts[index]..<firsts[index] + own.count)
      documents.append(
        own.enumerated().map { offset, row in
          let place =
            places.map { $0[offset] }
            ?? RowPlaceInFile(row: document.firstRow + Int32(offset), line: row.line + shift)
          return Row(place: place, bytes: row.bytes, cells: text.cellCount(of: row.bytes))
        })
    }
  }
}

extension DocumentRows {
  /// The bytes of the first of these documents, and of those that follow close behind it: to ask for each alone costs more
  /// than to read a little between them.
  private static func near(_ indices: ArraySlice<Int>, of file: ConvertedFile) -> Range<Int64> {
    let documents = file.posted.store.documents
    var near = documents[indices[indices.startIndex]].bytes
    for index in indices.dropFirst() {
      let next = documents[index].bytes
      guard (near.upperBound...near.upperBound + 1 << 12).contains(next.lowerBound) else { break }
      near = near.lowerBound..<max(near.upperBound, next.upperBound)
    }
    return near
  }

  /// The rows of a document that breaks encoding or quoting. Where a quote is open, what stands below a row can decide
  /// where it ends; a document that does not fall apart into as many rows as it had is given as one.
  ///
  /// - Parameter first: how many records were read before its first one.
  static func ofBroken(_ index: Int, of file: ConvertedFile, first: Int) throws -> [Row] {
    let document = file.posted.store.documents[index]
    let bytes = file.isTooLongToKeep(index) ? [] : try file.bytes(of: index)
    let text = RowText(layout: file.layout)
    let rows = text.rows(in: bytes).filter { !$0.isEmpty }
    let places = try file.places?.places(of: first..<first + Int(document.records))
    func place(_ offset: Int) -> RowPlaceInFile {
      places.map { $0[offset] }
        ?? RowPlaceInFile(row: document.firstRow + Int32(offset), line: document.firstLine + Int32(offset))
    }
    guard rows.count == document.records else { return [Row(place: place(0), bytes: bytes[...], cells: 0)] }
    return rows.enumerated().map { offset, row in
      Row(place: place(offset), bytes: bytes[row], cells: text.cellCount(of: bytes[row]))
    }
  }

  /// The bytes are not those that were read before; whoever asked for the rows looks whether the file has changed.
  private static let changed = ReadError(call: "pread", code: EIO)
}

extension ConvertedFile {
  /// For each document how many records were read before its first one.
  var firstRecords: [Int] {
    var sum = 0
    return posted.store.documents.map { document in
      defer { sum += Int(document.records) }
      return sum
    }
  }

  /// The bytes of a document's rows, as they stood in the file.
  func bytes(of document: Int) throws -> [UInt8] {
    let bytes = try source.bytes(in: posted.store.documents[document].bytes)
    guard let line = regrouped?.guardLine else { return bytes }
    return Array(
      bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        .filter { !$0.starts(with: line) }.joined(separator: [0x0A]))
  }

  /// Whether a document has a row without end, which is copied and never held in memory.
  func isTooLongToKeep(_ document: Int) -> Bool {
    regrouped == nil && posted.store.documents[document].bytes.count > layout.limits.documentBytes
  }

  /// A document's bytes as they stand in the file, a piece at a time.
  func copy(_ document: Int, to sink: ByteSink) throws {
    try source.copy(posted.store.documents[document].bytes, to: sink)
  }

  /// Documents with a record that breaks the encoding or the quoting: a spreadsheet could not read them back.
  var brokenDocuments: Set<Int> {
    Set(
      findings.items.filter { [.badByte, .quoteStray, .quoteUnclosed, .rowTooLong].contains($0.code) }
        .map { Int($0.document) })
  }

  func finding(_ item: RecordFindings.Item, name: String) -> Finding {
    var finding = findings.finding(
      item, file: name, captions: layout.columns,
      cells: header.cellsInFile ?? header.cells)
    // With the whole file, everything in it is rejected: nothing waits, and nothing was posted all the same.
    if stop != nil, finding.severity > .note { finding.severity = .reject }
    return finding
  }
}

extension ByteSource {
  /// Gives these bytes, or all, a piece at a time.
  func copy(_ range: Range<Int64>? = nil, to sink: ByteSink) throws {
    let range = try range ?? 0..<length
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
      try sink(try bytes(in: start..<min(start + (1 << 20), range.upperBound)))
    }
  }
}
