import Findings
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

  /// - Parameter indices: of documents in the file's store, ascending; none that breaks encoding or quoting.
  init(_ indices: [Int], of file: ConvertedFile) throws {
    var bytes = try file.source.bytes(in: file.header.bytes) + [0x0A]
    for index in indices {
      bytes += try file.source.bytes(in: file.posted.store.documents[index].bytes)
      bytes.append(0x0A)
    }
    var plain = file.layout
    plain.trailer = nil
    plain.keyColumns = []
    let source = ByteSource.bytes(bytes)
    let header = try Header.find(in: source, layout: plain, file: "")
    precondition(header.fits, "a file's own header fits the layout by which the file was read")
    let text = RowText(layout: plain)
    var reader = CSVReader(source: source, layout: plain, header: header, file: "")
    var rows: [(bytes: ArraySlice<UInt8>, line: Int32)] = []
    while let batch = try reader.next() {
      for i in 0..<batch.count {
        rows.append((bytes[Int(batch.starts[i])..<Int(batch.ends[i])], batch.lines[i]))
      }
    }
    let firsts = file.firstRecords
    var at = 0
    for index in indices {
      let document = file.posted.store.documents[index]
      let own = rows[at..<at + Int(document.records)]
      at += own.count
      let shift = document.firstLine - (own.first?.line ?? 0)
      documents.append(
        own.enumerated().map { offset, row in
          let place =
            file.places.map { $0[firsts[index] + offset] }
            ?? RowPlaceInFile(row: document.firstRow + Int32(offset), line: row.line + shift)
          return Row(place: place, bytes: row.bytes, cells: text.cells(of: Array(row.bytes)).count)
        })
    }
  }
}

extension DocumentRows {
  /// The rows of a document that breaks encoding or quoting. Where a quote is open, what stands below a row can decide
  /// where it ends; a document that does not fall apart into as many rows as it had is given as one.
  static func ofBroken(_ index: Int, of file: ConvertedFile) throws -> [Row] {
    let document = file.posted.store.documents[index]
    let bytes = try file.source.bytes(in: document.bytes)
    let text = RowText(layout: file.layout)
    let rows = text.rows(in: bytes).filter { !$0.isEmpty }
    let first = file.firstRecords[index]
    func place(_ offset: Int) -> RowPlaceInFile {
      file.places.map { $0[first + offset] }
        ?? RowPlaceInFile(row: document.firstRow + Int32(offset), line: document.firstLine + Int32(offset))
    }
    guard rows.count == document.records else { return [Row(place: place(0), bytes: bytes[...], cells: 0)] }
    return rows.enumerated().map { offset, row in
      Row(place: place(offset), bytes: bytes[row], cells: text.cells(of: Array(bytes[row])).count)
    }
  }
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

  /// Documents with a record that breaks the encoding or the quoting: a spreadsheet could not read them back.
  var brokenDocuments: Set<Int> {
    Set(
      findings.items.filter { [.badByte, .quoteStray, .quoteUnclosed, .rowTooLong].contains($0.code) }
        .map { Int($0.document) })
  }

  func finding(_ item: RecordFindings.Item, name: String) -> Finding {
    var finding = findings.finding(item, file: name, captions: layout.columns, cells: header.cells)
    // With the whole file, everything in it is rejected: nothing waits, and nothing was posted all the same.
    if stop != nil, finding.severity > .note { finding.severity = .reject }
    return finding
  }
}
