internal import Findings

/// How far a file has been walked: everything that must go back when a batch is cut at an earlier row.
struct WalkPlace {
  /// Next row in the index, and where its faults and bad bytes stand there.
  var row = 0
  var fault = 0
  var bad = 0
  /// Physical line of the next row.
  var line: Int
  var dataRows = 0
  var blankRows = 0
  var skippedRows = 0
  var trailerRows = 0
}

/// Goes through indexed rows, tells data from layout, and finds where a batch may end.
struct RowWalk {
  /// Rows of the index that are records, and on which line each begins.
  private(set) var records: [UInt32] = []
  private(set) var lines: [Int32] = []
  private(set) var unreadable: [UnreadableRecord] = []
  /// Layout rows that deserve a word (trailers, bad bytes), in order; `place` is the row's own.
  private(set) var notable: [NotableRow] = []

  private let encoding: TextEncoding
  private let delimiter: UInt8
  private let skips: [MarkedRows]
  private let trailer: MarkedRows?
  /// The header's bytes: where it comes again, at a page break or between files that were put together, it is layout.
  private let headerRow: [UInt8]
  private let joining: TableLayout.Joining?
  /// The cell with the line that the row has in the file that people know.
  private let lineCell: Int?
  private let keyCells: [Int]
  private let minimumCells: Int
  private let maximumCells: Int
  private let runLimit: Int
  /// Line on which the first run begins that is longer than the limit.
  private(set) var longRun: Int32?
  /// The current run's key cells.
  private var keys: [Range<Int>]
  private var isFirst = true
  private var lastWasUntrusted = false

  init(layout: TableLayout, header: Header) {
    encoding = layout.encoding
    delimiter = layout.delimiter
    func cell(_ column: Int) -> Int { header.cells[column] }
    headerRow = header.row
    skips = layout.skips.map {
      MarkedRows(cell: cell($0.column), marks: $0.marks, ignoresColon: false, encoding: layout.encoding)
    }
    trailer = layout.trailer.map {
      MarkedRows(cell: cell($0.column), marks: [$0.mark], ignoresColon: true, encoding: layout.encoding)
    }
    joining = layout.joining
    lineCell = layout.lineColumn.map(cell)
    keyCells = layout.keyColumns.map(cell)
    minimumCells = (header.captions.lastIndex { !$0.isEmpty } ?? 0) + 1
    maximumCells = header.captions.count
    runLimit = layout.limits.documentBytes
    keys = Array(repeating: 0..<0, count: keyCells.count)
  }

  /// Where a walk ended.
  enum End {
    /// The records up to `WalkPlace` are a batch.
    case batch(WalkPlace)
    /// All rows were layout.
    case layoutOnly(WalkPlace)
    /// One run fills the block, and may go on behind it.
    case runGoesOn(WalkPlace)
  }

  /// - Parameters:
  ///   - wanted: how many records make a batch; a run is never cut, so there may be more.
  ///   - isComplete: the last row of the index ends a run, whatever follows.
  mutating func walk(
    _ index: RowIndex, _ base: UnsafePointer<UInt8>, from start: WalkPlace, wanted: Int, isComplete: Bool
  ) -> End {
    records.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
    unreadable.removeAll(keepingCapacity: true)
    notable.removeAll(keepingCapacity: true)
    // Places of an earlier block mean nothing in this one.
    forgetKeys()
    isFirst = true
    lastWasUntrusted = false
    var at = start
    var runStart = start
    var runRecords = 0
    let rows = index.rows
    let measuresRuns = index.restStart > runLimit
    while at.row < rows.count {
      let row = rows[at.row]
      let before = at
      let kind = classify(row, index, base, &at)
      let line = at.line
      at.row += 1
      at.line += 1 + Int(row.innerLines)
      guard kind == .data else { continue }
      if beginsRun(row, index, base) {
        if measuresRuns { measure(rows, from: runStart, to: Int(row.start), runRecords) }
        if records.count >= wanted {
          cut(to: records.count, before)
          return .batch(before)
        }
        runStart = before
        runRecords = records.count
        isFirst = false
      }
      at.dataRows += 1
      records.append(UInt32(truncatingIfNeeded: before.row))
      lines.append(Int32(truncatingIfNeeded: line))
    }
    if records.isEmpty { return .layoutOnly(at) }
    if measuresRuns { measure(rows, from: runStart, to: index.restStart, runRecords) }
    if isComplete { return .batch(at) }
    guard runRecords > 0 else { return .runGoesOn(at) }
    cut(to: runRecords, runStart)
    return .batch(runStart)
  }

  /// Notes the run of `records` from `first` on if it is longer than the limit.
  private mutating func measure(_ rows: [RowIndex.Row], from start: WalkPlace, to end: Int, _ first: Int) {
    guard longRun == nil, first < lines.count, end - Int(rows[start.row].start) > runLimit else { return }
    longRun = lines[first]
  }

  private mutating func cut(to count: Int, _ place: WalkPlace) {
    records.removeLast(records.count - count)
    lines.removeLast(lines.count - count)
    while let last = unreadable.last, Int(last.index) >= count { unreadable.removeLast() }
    while let last = notable.last, last.row >= place.row { notable.removeLast() }
  }

  private enum Kind { case data, layout }

  @inline(__always)
  private mutating func classify(
    _ row: RowIndex.Row, _ index: RowIndex, _ base: UnsafePointer<UInt8>, _ at: inout WalkPlace
  ) -> Kind {
    let bad = index.badByte(in: row, cursor: &at.bad)
    if !row.hasFault {
      if bad == nil, isBlank(row, base) {
        at.blankRows += 1
        return .layout
      }
      if Int(row.end - row.start) == headerRow.count, isHeader(row, base) {
        at.skippedRows += 1
        return .layout
      }
      if !skips.isEmpty, skips.contains(where: { $0.matches(base, row, index) }) {
        at.skippedRows += 1
        note(.skipped, bad, row, index, base, at)
        return .layout
      }
      if let trailer, trailer.matches(base, row, index) {
        at.trailerRows += 1
        note(.trailer, bad, row, index, base, at)
        return .layout
      }
      let cells = Int(row.cells)
      if bad == nil, cells >= minimumCells, cells <= maximumCells, joining == nil || isWhole(row, index, base)
      {
        return .data
      }
    }
    addFault(row, bad, index, base, &at)
    return .data
  }

  /// Whether a row that was put together has all its parts.
  private func isWhole(_ row: RowIndex.Row, _ index: RowIndex, _ base: UnsafePointer<UInt8>) -> Bool {
    switch joining {
    case nil: true
    case .records: Int(row.cells) == maximumCells
    case .head: Int(row.cells) == maximumCells
    case .tagged(let rule, let documentCells):
      tag(rule.cell, row, index, base) == rule.document
        && tag(documentCells + rule.cell, row, index, base) == rule.record
    }
  }

  /// A cell's text without white space; empty where the row has no such cell.
  private func tag(_ cell: Int, _ row: RowIndex.Row, _ index: RowIndex, _ base: UnsafePointer<UInt8>)
    -> String
  {
    guard cell < Int(row.cells) else { return "" }
    let range = unquoted(base, index.cell(cell, of: row))
    return encoding.text(of: Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)))
      .filter { !$0.isWhitespace }
  }

  private func isHeader(_ row: RowIndex.Row, _ base: UnsafePointer<UInt8>) -> Bool {
    !headerRow.isEmpty
      && headerRow.withUnsafeBufferPointer { equalBytes($0.baseAddress!, base + Int(row.start), $0.count) }
  }

  private mutating func addFault(
    _ row: RowIndex.Row, _ bad: Int?, _ index: RowIndex, _ base: UnsafePointer<UInt8>, _ at: inout WalkPlace
  ) {
    var found = UnreadableRecord(
      index: Int32(records.count), code: .cellCount, line: Int32(truncatingIfNeeded: at.line), column: 1,
      arguments: [])
    if row.hasFault {
      while index.faults[at.fault].row < at.row { at.fault += 1 }
      let fault = index.faults[at.fault]
      found.code = fault.code
      found.line += Int32(fault.innerLine)
      found.column = Int32(fault.cell + 1)
      found.arguments = fault.arguments
    } else if let bad {
      found.code = .badByte
      found.line += Int32(WordScan.lineFeeds(base, from: Int(row.start), to: bad))
      found.column = Int32(cellHolding(bad, row, index) + 1)
      found.arguments = [hexadecimal(base[bad]), encoding.rawValue]
    } else if case .head(let ownCells, let heads, let key)? = joining {
      if Int(row.cells) == ownCells {
        found.code = .rowWithoutHead
        found.arguments = [heads, key]
      } else {
        found.arguments = [String(row.cells), String(ownCells)]
      }
    } else if case .records(let paths)? = joining {
      (found.code, found.column, found.arguments) = (.documentWithoutRows, 0, [paths])
      found.line = lineCell.flatMap { Int32(tag($0, row, index, base)) } ?? found.line
    } else if case .tagged(let rule, let documentCells)? = joining, !isWhole(row, index, base) {
      let tags = [rule.cell, documentCells + rule.cell].map { tag($0, row, index, base) }
      if tags[0].isEmpty {
        found.code = .tagMisplaced
        found.column = Int32(rule.cell + 1)
        found.arguments = [
          tags[1], tags[1] == rule.record ? rule.document : "\(rule.document) | \(rule.record)",
        ]
      } else {
        found.code = .documentWithoutRows
        found.arguments = [rule.record]
      }
    } else {
      let cells = Int(row.cells)
      let surplus =
        cells > maximumCells ? (maximumCells..<cells).first { !isBlank(index.cell($0, of: row), base) } : nil
      if cells >= minimumCells, surplus == nil { return }
      found.column = Int32(min(surplus ?? cells, cells - 1) + 1)
      found.arguments = [String(cells), String(maximumCells)]
    }
    unreadable.append(found)
  }

  private func cellHolding(_ place: Int, _ row: RowIndex.Row, _ index: RowIndex) -> Int {
    (0..<Int(row.cells)).last { index.cell($0, of: row).lowerBound <= place } ?? 0
  }

  private mutating func note(
    _ kind: NotableRow.Kind, _ bad: Int?, _ row: RowIndex.Row, _ index: RowIndex,
    _ base: UnsafePointer<UInt8>,
    _ at: WalkPlace
  ) {
    guard kind == .trailer || bad != nil else { return }
    notable.append(
      NotableRow(
        row: at.row, kind: kind, line: at.line, dataRows: at.dataRows,
        badByte: bad.map { (hexadecimal(base[$0]), cellHolding($0, row, index)) }))
  }

  /// Whether all cells of the row are empty.
  @inline(__always)
  private func isBlank(_ row: RowIndex.Row, _ base: UnsafePointer<UInt8>) -> Bool {
    guard row.start < row.end else { return true }
    // A row whose first byte is a letter or digit is told without a look at the rest.
    let first = base[Int(row.start)]
    if first > 0x2C, first < 0x80, first != delimiter { return false }
    return isBlank(Int(row.start)..<Int(row.end), base)
  }

  private func isBlank(_ range: Range<Int>, _ base: UnsafePointer<UInt8>) -> Bool {
    var at = range.lowerBound
    while at < range.upperBound {
      let width =
        base[at] == delimiter || base[at] == 0x22
        ? 1 : encoding.spaceWidth(base, at: at, to: range.upperBound)
      if width == 0 { return false }
      at += width
    }
    return true
  }

  /// Whether `row` begins a new run of records, and if so makes its key cells the run's.
  ///
  /// An unreadable row whose key can't be seen stays with the run above it, so that it is in the batch of the document
  /// that it most probably belongs to; a second one in a row does not, so that a file of nothing else stays bounded.
  @inline(__always)
  private mutating func beginsRun(_ row: RowIndex.Row, _ index: RowIndex, _ base: UnsafePointer<UInt8>)
    -> Bool
  {
    if let last = unreadable.last, Int(last.index) == records.count {
      return beginsRun(unreadable: last, row, index, base)
    }
    lastWasUntrusted = false
    return keysChange(row, index, base)
  }

  private mutating func beginsRun(
    unreadable fault: UnreadableRecord, _ row: RowIndex.Row, _ index: RowIndex, _ base: UnsafePointer<UInt8>
  ) -> Bool {
    let seen =
      [.badByte, .cellCount, .rowWithoutHead, .tagMisplaced, .documentWithoutRows].contains(fault.code)
      ? Int(row.cells) : Int(fault.column) - 1
    let badCell = fault.code == .badByte ? Int(fault.column) - 1 : -1
    if keyCells.allSatisfy({ $0 < seen && $0 != badCell }) {
      lastWasUntrusted = false
      return keysChange(row, index, base)
    }
    let staysAbove = !lastWasUntrusted && !isFirst
    lastWasUntrusted = true
    // A batch may begin with such a run, and then knows of no key before it.
    if !staysAbove { forgetKeys() }
    return !staysAbove
  }

  private mutating func forgetKeys() {
    for key in keys.indices { keys[key] = 0..<0 }
  }

  @inline(__always)
  private mutating func keysChange(_ row: RowIndex.Row, _ index: RowIndex, _ base: UnsafePointer<UInt8>)
    -> Bool
  {
    var changes = isFirst || keyCells.isEmpty
    for key in keyCells.indices {
      let range = unquoted(base, index.cell(keyCells[key], of: row))
      let old = keys[key]
      if !changes, old.count == range.count,
        equalBytes(base + old.lowerBound, base + range.lowerBound, range.count)
      {
        continue
      }
      changes = true
      keys[key] = range
    }
    return changes
  }
}

/// A row that is layout and has something to say.
struct NotableRow {
  enum Kind { case skipped, trailer }

  /// Index of the row in the block's index.
  var row: Int
  var kind: Kind
  var line: Int
  /// Data rows of the file before it.
  var dataRows: Int
  var badByte: (hexadecimal: String, cell: Int)?
}

func hexadecimal(_ byte: UInt8) -> String {
  // Few know that it is a character at all, and that no text has it.
  if byte == 0 { return "00 (NUL)" }
  let digits = String(byte, radix: 16, uppercase: true)
  return digits.count == 1 ? "0" + digits : digits
}

@inline(__always)
func equalBytes(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
  var at = 0
  while at + 8 <= count {
    if WordScan.load(left, at) != WordScan.load(right, at) { return false }
    at += 8
  }
  while at < count {
    if left[at] != right[at] { return false }
    at += 1
  }
  return true
}
