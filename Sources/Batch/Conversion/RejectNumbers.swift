import Mapping
import Readers

/// The reject numbers that stand in a reject file which came back: they say which rejected document a row belongs to,
/// also where its key was what had to be mended.
struct RejectNumbers: Sendable {
  /// By the line on which a row begins; of an XML file, which may have all of them on one line, by the row.
  private var numbers: [Int32: String] = [:]
  private var byRow = false

  /// None, as in every file that is no reject file.
  init() {}

  /// - Parameter byRow: the table was made from an XML file.
  init(_ source: ByteSource, _ layout: FileLayout, byRow: Bool = false) throws(ReadError) {
    self.byRow = byRow
    guard let caption = layout.header.rejectNumberCaption else { return }
    let only = layout.layout.only(caption)
    let header = try Header.find(in: source, layout: only, file: "")
    guard header.fits, header.bodyStart == layout.header.bodyStart else { return }
    var reader = CSVReader(source: source, layout: only, header: header, file: "")
    while let batch = try reader.next() {
      for i in 0..<batch.count {
        let text = batch.columns[0][i]
        guard text.length > 0 else { continue }
        numbers[byRow ? batch.rows[i] : batch.lines[i]] =
          String(
            decoding: batch.bytes[Int(text.start)..<Int(text.start + text.length)], as: UTF8.self
          ).trimmingSpace
      }
    }
  }

  subscript(document: Document) -> String? {
    isEmpty ? nil : numbers[byRow ? document.firstRow : document.firstLine]
  }

  var isEmpty: Bool { numbers.isEmpty }

  /// Whether there is a number that begins so.
  func has(prefix: String) -> Bool { numbers.values.contains { $0.hasPrefix(prefix) } }
}

extension String {
  /// Without white space at its ends.
  var trimmingSpace: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
