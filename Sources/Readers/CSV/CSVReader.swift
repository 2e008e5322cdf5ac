internal import Findings
internal import Ledger

/// Reads a table of text once, from its first byte to its last, as batches of records.
///
/// Memory is bounded by the block size and the longest run of records with equal keys, not by the file;
/// what `ReadingLimits` say of rows and runs bounds those.
public struct CSVReader {
  /// What a file held besides its records; complete once `next()` has given `nil`.
  public private(set) var outcome = ReadingOutcome()

  private let source: ByteSource
  private let layout: TableLayout
  private let header: Header
  private let file: String
  private let observer: (ArraySlice<UInt8>) -> Void
  private let wanted: Int
  private var blockBytes: Int

  /// A part of the file, complete rows first; `Int` offsets count from its start.
  private var block: [UInt8] = []
  private var blockStart: Int64 = 0
  /// How far the file has been read, and whether that is its end.
  private var readEnd: Int64 = 0
  private var isLast = false
  private var isFinished = false
  private var index = RowIndex()
  private var place: WalkPlace
  private var walk: RowWalk
  private let builder: BatchBuilder
  private var sums: ControlSums
  private var trailer: NotableRow?
  private var badLayoutRows = 0
  /// What was read behind a row that was cut because it is too long, and where that row ends in the file.
  private var rest: ArraySlice<UInt8> = []
  private var cutRowEnd: Int64 = 0

  /// - Parameters:
  ///   - header: what `Header.find` gave for the same source and layout, without findings.
  ///   - file: the name that findings call the file by.
  ///   - blockBytes: how much is read at once.
  ///   - batchRows: about how many records a batch holds.
  ///   - observer: gets every byte of the file in order, once, and may keep what it gets (it shares the reader's
  ///     memory, which is not written again), so a digest can be computed on another thread.
  public init(
    source: ByteSource, layout: TableLayout, header: Header, file: String, blockBytes: Int = 1 << 20,
    batchRows: Int = 8192, observer: @escaping (ArraySlice<UInt8>) -> Void = { _ in }
  ) {
    precondition(header.fits, "a table is read by a header that fits its layout")
    self.source = source
    self.layout = layout
    self.header = header
    self.file = file
    self.blockBytes = blockBytes
    self.observer = observer
    wanted = batchRows
    place = WalkPlace(line: header.bodyLine)
    walk = RowWalk(layout: layout, header: header)
    builder = BatchBuilder(layout: layout, header: header)
    sums = ControlSums(layout: layout)
  }

  /// The next records, or `nil` when the file has ended.
  public mutating func next() throws(ReadError) -> RecordBatch? {
    while true {
      if place.row == index.rows.count {
        if isLast, !index.lastRowIsCut {
          finish()
          return nil
        }
        try refill()
        continue
      }
      let isComplete = isLast || index.lastRowIsCut
      let end = block.withUnsafeBufferPointer {
        walk.walk(index, $0.baseAddress!, from: place, wanted: wanted, isComplete: isComplete)
      }
      switch end {
      case .layoutOnly(let end):
        note(upTo: end)
      case .batch(let end):
        return take(upTo: end)
      case .runGoesOn(let end):
        if walk.longRun != nil { return take(upTo: end) }
        try refill()
      }
    }
  }

  private mutating func take(upTo end: WalkPlace) -> RecordBatch {
    var batch = builder.build(block, blockStart: blockStart, walk, index, rowsBefore: place.dataRows)
    if index.lastRowIsCut, end.row == index.rows.count, let last = batch.ends.indices.last {
      batch.ends[last] = cutRowEnd
    }
    if let column = layout.lineColumn { batch.takeLines(from: column) }
    if !sums.isEmpty { sums.add(batch) }
    if let line = walk.longRun, !outcome.findings.contains(where: { $0.code == .rowTooLong }) {
      stop(.documentTooLong, line: Int(line), [String(layout.limits.documentBytes)])
    }
    for fault in batch.unreadable where fault.code == .rowTooLong {
      // What such a row holds isn't known, so nobody can tell which document lacks it; how much of it counts as part of
      // a document depends on where the blocks of the file begin, so nothing is said of that.
      outcome.findings.removeAll { $0.code == .documentTooLong }
      stop(.rowTooLong, line: Int(fault.line), fault.arguments)
    }
    note(upTo: end)
    return batch
  }
}

// Reading: blocks of the file.
extension CSVReader {
  /// Reads on, keeping what is not taken yet; a run that fills its block gets one twice as long.
  private mutating func refill() throws(ReadError) {
    let kept: ArraySlice<UInt8>
    if index.lastRowIsCut {
      kept = rest
      rest = []
    } else {
      let from = place.row < index.rows.count ? Int(index.rows[place.row].start) : index.restStart
      kept = block[from...]
    }
    blockStart = readEnd - Int64(kept.count)
    block = try read(max(blockBytes, kept.count), after: kept)

    var old = RowIndex(cellStarts: index.cellStarts)
    swap(&old, &index)
    let start = Int(max(0, header.bodyStart - blockStart))
    if start < block.count {
      index = block.withUnsafeBufferPointer {
        RowScanner.scan(
          $0.baseAddress!, from: start, to: $0.count, isLast: isLast, layout: layout, reusing: old)
      }
    } else {
      index = RowIndex(cellStarts: old.cellStarts)
      index.restStart = block.count
    }
    place.row = 0
    place.fault = 0
    place.bad = 0
    if index.lastRowIsCut { try passCutRow() }
    if let last = index.rows.last {
      // Blocks of about one batch: fewer rows are walked twice, and memory stays small.
      let perRow = (Int(last.next) - start) / index.rows.count + 1
      blockBytes = min(blockBytes, max(1 << 16, perRow * wanted))
    }
  }

  /// `kept` and up to `count` more bytes of the file, which the observer gets too.
  private mutating func read(_ count: Int, after kept: ArraySlice<UInt8>) throws(ReadError) -> [UInt8] {
    var outcome: Result<Int, ReadError> = .success(0)
    let bytes = [UInt8](unsafeUninitializedCapacity: kept.count + count) { buffer, filled in
      let all = UnsafeMutableRawBufferPointer(buffer)
      kept.withUnsafeBytes { all.copyMemory(from: $0) }
      let room = UnsafeMutableRawBufferPointer(rebasing: all[kept.count..<kept.count + count])
      do throws(ReadError) {
        let got = try source.read(at: readEnd, into: room)
        outcome = .success(got)
        filled = kept.count + got
      } catch {
        outcome = .failure(error)
        filled = 0
      }
    }
    let got = try outcome.get()
    if got < count { isLast = true }
    readEnd += Int64(got)
    if got > 0 { observer(bytes[kept.count...]) }
    return bytes
  }

  /// Reads to the end of a row that is longer than the limit, without keeping it.
  private mutating func passCutRow() throws(ReadError) {
    // Carriage returns right before the line feed are part of the line end, even across pieces.
    var returns = block.reversed().prefix { $0 == 0x0D }.count
    while true {
      let pieceStart = readEnd
      let piece = try read(max(blockBytes, 1 << 12), after: [])
      let lineEnd = piece.firstIndex(of: 0x0A) ?? piece.count
      let before = piece[..<lineEnd].reversed().prefix { $0 == 0x0D }.count
      returns = before == lineEnd ? returns + before : before
      if lineEnd < piece.count || isLast {
        cutRowEnd = pieceStart + Int64(lineEnd - returns)
        rest = piece[min(lineEnd + 1, piece.count)...]
        return
      }
    }
  }
}

// What the file says besides its records.
extension CSVReader {
  private mutating func stop(_ code: FindingCode, line: Int, _ arguments: [String]) {
    if let told = outcome.findings.firstIndex(where: { $0.code == code && $0.severity == .stopFile }) {
      // A batch tells of its layout rows before its records: the first place is the one to name.
      let known = outcome.findings[told].place.line ?? line
      outcome.findings[told].place.line = min(known, line)
      return
    }
    outcome.findings.append(Finding(code, .stopFile, at: Place(file: file, line: line), arguments))
  }

  /// Makes `end` the place that is reached, and listens to the layout rows before it.
  private mutating func note(upTo end: WalkPlace) {
    for row in walk.notable {
      if let bad = row.badByte, badLayoutRows < Self.mostFindings {
        badLayoutRows += 1
        outcome.findings.append(
          Finding(
            .badByte, .warning, at: Place(file: file, line: row.line, column: bad.cell + 1),
            [bad.hexadecimal, layout.encoding.rawValue]))
      }
      guard row.kind == .trailer, !header.isRejectFile else { continue }
      if trailer == nil {
        trailer = row
        sums.declare(trailerTexts(index.rows[row.row]))
      } else {
        stop(.rowAfterTrailer, line: row.line, [])
      }
    }
    if let trailer, end.dataRows > trailer.dataRows, !walk.lines.isEmpty {
      let first = max(0, trailer.dataRows - place.dataRows)
      stop(.rowAfterTrailer, line: Int(walk.lines[first]), [])
    }
    place = end
  }

  private static let mostFindings = 100

  /// The trailer's cells that state sums.
  private func trailerTexts(_ row: RowIndex.Row) -> [String] {
    block.withUnsafeBufferPointer { bytes in
      var texts = CellTexts(base: bytes.baseAddress!, blockLength: bytes.count, encoding: .utf8)
      return (layout.trailer?.sums ?? []).map { column in
        let cell = header.cells[column]
        guard cell < Int(row.cells) else { return "" }
        return layout.encoding.text(of: texts.bytes(of: index.cell(cell, of: row)))
      }
    }
  }

  private mutating func finish() {
    outcome.bytes = readEnd
    outcome.titleRows = header.titleRows
    outcome.dataRows = place.dataRows
    outcome.blankRows = place.blankRows
    outcome.skippedRows = place.skippedRows
    outcome.trailerRows = place.trailerRows
    outcome.controlTotals = sums.result
    // In the order of the file, whatever batch they were met in.
    outcome.findings = outcome.findings.enumerated()
      .sorted { ($0.element.place.line ?? .max, $0.offset) < ($1.element.place.line ?? .max, $1.offset) }
      .map(\.element)
    guard let rule = layout.trailer, !header.isRejectFile, !isFinished else { return }
    isFinished = true
    if let trailer {
      outcome.findings += sums.mismatches(
        file: file, line: trailer.line, cells: rule.sums.map { header.cells[$0] })
    } else {
      outcome.findings.append(Finding(.trailerMissing, .stopFile, at: Place(file: file), [rule.mark]))
    }
  }
}
