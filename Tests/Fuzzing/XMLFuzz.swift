import Findings
import Readers
import Writers

/// An XML file, as documents with records or as a spreadsheet: every byte is seen once, nothing depends on how the file is cut,
/// the table that is made of it is one, and what goes back of it holds the same records.
enum XMLFuzz {
  private static let columns = [
    "/a/@o", "../@k", "../h", "v", "@n", "v[2]", "name()", XMLShape.elementCaption,
  ]

  static func fault(in input: [UInt8]) -> String? {
    var choices = Choices(input)
    let records = choices.of([["r"], ["r", "s"], ["t/r"], ["."]])
    let limits = ReadingLimits(
      rowBytes: choices.of([1 << 24, 30]), documentBytes: choices.of([1 << 26, 400]),
      columns: choices.of([16_384, 5]))
    let piece = 1 + choices.below(100)
    let file = start(&choices) + choices.rest
    do {
      return try sheetFault(file, piece, limits) ?? documentsFault(file, piece, records, limits)
    } catch {
      return "reading bytes failed: \(error)"
    }
  }

  /// Mostly something that fits, so that what follows is read.
  private static func start(_ choices: inout Choices) -> [UInt8] {
    let sheet =
      "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>"
    return Array(
      [
        "", "<?xml version='1.0' encoding='UTF-8'?><a o='1'>", "<a><d k='1'><h>x</h>",
        "<b:a xmlns:b='urn:b'>",
        sheet + "<Worksheet ss:Name='S'><Table>",
      ][choices.below(5)].utf8)
  }

  private struct Flat: Equatable {
    var table: [UInt8] = []
    var fault: Finding?
    var documents: [XMLDocumentPlace] = []
  }

  private static func sheetFault(_ file: [UInt8], _ piece: Int, _ limits: ReadingLimits) throws -> String? {
    let layout = TableLayout(
      encoding: .utf8, delimiter: 0x2C, columns: [], keyColumns: [], sheet: SheetShape(), limits: limits)
    func flat(_ piece: Int) throws -> Flat {
      var flat = Flat()
      var seen: [UInt8] = []
      flat.fault = try SheetFlattening(.bytes(file), layout: layout, file: "f", pieceBytes: piece).write(
        observer: { seen += $0 }, to: { flat.table += $0 })
      return seen == file ? flat : Flat(table: Array("other bytes".utf8))
    }
    let whole = try flat(1 << 16)
    for piece in [piece, 1] {
      let cut = try flat(piece)
      // How far bytes are converted ahead decides which of several faults is seen first.
      if (cut.fault == nil) != (whole.fault == nil) { return "sheet in pieces of \(piece): another fault" }
      if cut.fault == nil, cut != whole { return "sheet in pieces of \(piece): another table" }
    }
    return nil
  }

  private static func documentsFault(
    _ file: [UInt8], _ piece: Int, _ records: [String], _ limits: ReadingLimits
  ) throws -> String? {
    guard let document = try? XMLPath("/a/d"),
      let paths = try? records.map({ try XMLPath($0) })
    else { return "the paths are sound" }
    let layout = TableLayout(
      encoding: .utf8, delimiter: 0x2C, columns: columns, keyColumns: [1],
      xml: XMLShape(document: document, records: paths, namespaces: [:]), limits: limits)
    func flat(_ file: [UInt8], _ piece: Int) throws -> Flat {
      var flat = Flat()
      var seen: [UInt8] = []
      var tapes = try XMLTapes(.bytes(file), file: "f", pieceBytes: piece) { seen += $0 }
      (flat.fault, flat.documents) = try XMLFlattening(layout: layout, file: "f")
        .write({ try tapes.next(on: $0) }, to: { flat.table += $0 })
      return seen == file ? flat : Flat(table: Array("other bytes".utf8))
    }
    let whole = try flat(file, 1 << 16)
    for piece in [piece, 1] {
      let cut = try flat(file, piece)
      if (cut.fault == nil) != (whole.fault == nil) { return "in pieces of \(piece): another fault" }
      if cut.fault == nil, cut != whole { return "in pieces of \(piece): another table" }
    }
    guard whole.fault == nil else {
      return whole.fault?.message(in: .english).isEmpty == true ? "a fault without words" : nil
    }
    // Of documents that are left out the elements are not counted.
    let every = 1 + piece % 3
    let element = columns.count - 1
    let records = try read(whole.table, layout)
    let cells = records.enumerated().filter { ($0.offset + 1) % every == 0 }.map {
      var row = $0.element
      row[element] = ""
      return row
    }
    guard var text = XMLText(encoding: "UTF-8") else { return "UTF-8 is known" }
    try XMLExcerpt(.bytes(file), layout: layout, documents: whole.documents, interface: "i").write(
      stride(from: every, through: records.count, by: every).map { $0..<$0 + 1 },
      mark: { _ in ["R1", "code", "place", "reason\u{1}", "remedy"] },
      to: { piece in
        switch piece {
        case .start(let name, let attributes):
          text.start(name)
          for (name, value) in attributes { text.attribute(name, value) }
        case .text(let part): text.text(part)
        case .end: text.end()
        }
      })
    let back = try flat(text.finish(), 1 << 16)
    guard back.fault == nil || cells.isEmpty else {
      return "what goes back is broken: \(String(describing: back.fault))"
    }
    let again = try read(back.table, layout).map { row in
      var row = row
      row[element] = ""
      return row
    }
    return cells.isEmpty || again == cells ? nil : "what goes back has other records"
  }

  private static func read(_ table: [UInt8], _ layout: TableLayout) throws -> [[String]] {
    let plain = layout.flattened(Header())
    let header = try Header.find(in: .bytes(table), layout: plain, file: "f")
    var reader = CSVReader(source: .bytes(table), layout: plain, header: header, file: "f")
    var rows: [[String]] = []
    while let batch = try reader.next() {
      for i in 0..<batch.count {
        rows.append(
          batch.columns.prefix(layout.columns.count).map { column in
            String(
              decoding: batch.bytes[Int(column[i].start)..<Int(column[i].start + column[i].length)],
              as: UTF8.self)
          } + [batch.unreadable.contains { $0.index == i } ? "without records" : ""])
      }
    }
    return rows
  }
}
