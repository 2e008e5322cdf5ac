import Findings
import Ledger
import Readers

/// A table of any layout: every byte is seen once, every row is one record or one row of layout, and nothing depends on
/// how the file is cut into blocks.
enum CSVFuzz {
  static func fault(in input: [UInt8]) -> String? {
    var choices = Choices(input)
    let layout = layout(&choices)
    let block = 1 + choices.below(200)
    let file = start(layout, &choices) + choices.rest
    do {
      let header = try Header.find(in: .bytes(file), layout: layout, file: "f")
      guard header.fits else {
        return header.findings.allSatisfy { $0.severity == .stopFile && !$0.message(in: .chinese).isEmpty }
          ? nil : "a header that does not fit without a reason"
      }
      let whole = try Reading(file, layout, header, block: 1 << 20, batchRows: 8192)
      if let fault = whole.fault(file, layout, header) { return fault }
      for (block, rows) in [(block, 1 + block % 5), (1, 1), (64, 3)] where file.count < 4096 || block > 8 {
        let cut = try Reading(file, layout, header, block: block, batchRows: rows)
        if let difference = cut.difference(from: whole) { return "in blocks of \(block): \(difference)" }
      }
      return nil
    } catch {
      return "reading bytes failed: \(error)"
    }
  }

  private static func layout(_ choices: inout Choices) -> TableLayout {
    let keys = choices.of([[0], [0, 1], [], [2]])
    // So that every input of the corpus goes on meaning what it did.
    _ = choices.below(2)
    return TableLayout(
      encoding: choices.of([.utf8, .gb18030]), delimiter: choices.of([0x2C, 0x3B, 0x09, 0x7C]),
      columns: ["no", "item", "amount"], keyColumns: keys,
      skips: choices.below(2) == 0 ? [] : [SkipRule(column: 0, marks: ["sub", "小计"])],
      trailer: choices.below(2) == 0 ? nil : TrailerRule(column: 0, mark: "sum", sums: [2]),
      limits: ReadingLimits(
        rowBytes: choices.of([1 << 24, 40, 7]), documentBytes: choices.of([1 << 28, 60, 9]),
        headerRows: choices.of([50, 2]), columns: choices.of([16_384, 4])))
  }

  /// Mostly a header that fits, so that what follows is read.
  private static func start(_ layout: TableLayout, _ choices: inout Choices) -> [UInt8] {
    let delimiter = String(Unicode.Scalar(layout.delimiter))
    let captions = Array(layout.columns.joined(separator: delimiter).utf8)
    switch choices.below(4) {
    case 0: return captions + [0x0A]
    case 1: return Array("title\r\n".utf8) + captions + [layout.delimiter] + Array("note\r\n".utf8)
    case 2: return (layout.encoding == .utf8 ? [0xEF, 0xBB, 0xBF] : []) + captions + [0x0A]
    default: return []
    }
  }
}

/// A file as the reader gave it.
private struct Reading {
  private var cells: [[[UInt8]]] = []
  private var places: [[Int]] = []
  private var unreadable: [Int: UnreadableRecord] = [:]
  private var observed: [UInt8] = []
  private var outcome = ReadingOutcome()

  init(
    _ file: [UInt8], _ layout: TableLayout, _ header: Header, block: Int, batchRows: Int
  ) throws(ReadError) {
    var observed: [UInt8] = []
    var reader = CSVReader(
      source: .bytes(file), layout: layout, header: header, file: "f", blockBytes: block, batchRows: batchRows
    ) { observed += $0 }
    while let batch = try reader.next() {
      for fault in batch.unreadable {
        var fault = fault
        fault.index += Int32(cells.count)
        unreadable[Int(fault.index)] = fault
      }
      for i in 0..<batch.count {
        cells.append(
          batch.columns.map { Array(batch.bytes[Int($0[i].start)..<Int($0[i].start + $0[i].length)]) })
        places.append([Int(batch.rows[i]), Int(batch.lines[i]), Int(batch.starts[i]), Int(batch.ends[i])])
      }
    }
    self.observed = observed
    outcome = reader.outcome
  }

  func difference(from other: Reading) -> String? {
    if observed != other.observed { return "other bytes are seen" }
    if places != other.places { return "other rows: \(places) and \(other.places)" }
    if unreadable != other.unreadable { return "other faults: \(unreadable) and \(other.unreadable)" }
    if cells != other.cells { return "other cells" }
    if outcome != other.outcome { return "another outcome: \(outcome) and \(other.outcome)" }
    return nil
  }

  func fault(_ file: [UInt8], _ layout: TableLayout, _ header: Header) -> String? {
    if observed != file { return "not every byte is seen once" }
    if outcome.bytes != Int64(file.count) || outcome.dataRows != cells.count { return "the count is wrong" }
    let body = Array(file[Int(header.bodyStart)...])
    let text = RowText(layout: layout)
    let rows = text.rows(in: body).map {
      $0.lowerBound + Int(header.bodyStart)..<$0.upperBound + Int(header.bodyStart)
    }
    let layoutRows = outcome.blankRows + outcome.skippedRows + outcome.trailerRows
    if rows.count != cells.count + layoutRows {
      return "\(rows.count) rows are \(cells.count) records and \(layoutRows)"
    }
    var next = rows[...]
    for (record, place) in places.enumerated() {
      if place[0] != record + 1 { return "record \(record) is row \(place[0])" }
      next = next.drop { $0.lowerBound < place[2] }
      guard let row = next.popFirst(), row == place[2]..<place[3] else { return "record \(record) is no row" }
      let line = 1 + file[..<place[2]].count { $0 == 0x0A }
      if line != place[1] { return "record \(record) is on line \(line), not \(place[1])" }
      guard unreadable[record] == nil else { continue }
      let parts = text.cells(of: Array(file[row]))
      for (column, cell) in header.cells.enumerated() {
        let expected = cell < parts.count ? Array(parts[cell].utf8) : []
        if cells[record][column] != expected {
          return "record \(record), column \(column): \(cells[record][column])"
        }
      }
    }
    for finding in outcome.findings
    where finding.message(in: .english).unicodeScalars.contains(where: \.isControl) {
      return "a control character in a message"
    }
    return nil
  }
}
