import Expressions
import Ledger
import Mapping
import Readers

/// A file whose documents' rows are not together, put in order: its rows by document, documents by first occurrence.
/// What follows is the way of any other file, so the output is that of the contiguous file.
struct ScatteredRows {
  /// The header, then the rows in their new order; no trailer, which the first reading has checked.
  var source: ByteSource
  /// For each row of `source` the row and line that it has in the file.
  var places: [RowPlaceInFile]
  /// What the first reading said of the file.
  var outcome: ReadingOutcome

  private struct Row {
    var document: Int32
    var place: RowPlaceInFile
    var bytes: Range<Int64>
  }

  static func regroup(
    _ source: ByteSource, header: Header, compiled: CompiledInterface, file: String, digest: BackgroundDigest
  ) throws -> ScatteredRows {
    var reader = CSVReader(source: source, layout: compiled.interface.layout, header: header, file: file) {
      digest.update($0)
    }
    var evaluation = Evaluation(compiled.program)
    var documents = Codes()
    var rows: [Row] = []
    // Rows without a key are documents of their own; they stay where they are, behind the numbers of all others.
    var nameless: Int32 = .max
    while var batch = try reader.next() {
      evaluation.run(over: &batch)
      for i in 0..<batch.count {
        let key = DocumentGatherer.key(of: i, compiled.interface, batch, evaluation)
        let document: Int32
        if let key {
          document = key.withUnsafeBufferPointer { documents.intern($0) }
        } else {
          document = nameless
          nameless -= 1
        }
        rows.append(
          Row(
            document: document, place: RowPlaceInFile(row: batch.rows[i], line: batch.lines[i]),
            bytes: batch.starts[i]..<batch.ends[i]))
      }
    }
    rows.sort { ($0.document, $0.place.row) < ($1.document, $1.place.row) }
    var bytes = try source.bytes(in: 0..<header.bodyStart)
    for row in rows {
      bytes.append(contentsOf: try source.bytes(in: row.bytes))
      bytes.append(0x0A)
    }
    return ScatteredRows(source: .bytes(bytes), places: rows.map(\.place), outcome: reader.outcome)
  }
}
