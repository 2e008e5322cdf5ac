internal import Findings

/// Finds rows and cells in a block: RFC 4180, and what real exports make of it.
///
/// - A cell is quoted only where its first byte is `"`; a quote further in is literal text, as in Excel.
/// - A quote that doesn't close within the row limit, or whose closing quote stands on a later line before more text,
///   was never closed: the row ends with the line where that quote opened, and the next line is a row again.
/// - Text after a closing quote makes the row faulty; the rest of it is read as an unquoted cell.
///
/// Every line is scanned at most twice that way: a line that an open quote ran through has no odd quote of its own.
struct RowScanner {
  let base: UnsafePointer<UInt8>
  let end: Int
  /// Nothing comes after `end`: a row without line end is complete.
  let isLast: Bool
  let encoding: TextEncoding
  let delimiter: UInt8
  let limit: Int
  /// The delimiter can be the second byte of a wide character (`|` in GB18030): step over whole characters.
  let stepsOverWide: Bool

  private var index: RowIndex
  private var rowStart: Int
  private var firstCell: Int
  private var innerLines = 0
  private var hasQuotes = false
  private var fault: RowIndex.Fault?

  /// - Parameter reusing: memory of an index that is no longer needed.
  static func scan(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, isLast: Bool, layout: TableLayout,
    reusing index: consuming RowIndex = RowIndex()
  ) -> RowIndex {
    var scanner = RowScanner(base, start, end, isLast, layout, index)
    if scanner.scan() { scanner.finish() }
    var result = scanner.index
    result.restStart = scanner.rowStart
    TextProof.check(base, from: start, to: result.restStart, as: layout.encoding, bad: &result.badBytes)
    return result
  }

  private init(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ isLast: Bool, _ layout: TableLayout,
    _ old: RowIndex
  ) {
    self.base = base
    self.end = end
    self.isLast = isLast
    encoding = layout.encoding
    delimiter = layout.delimiter
    limit = layout.limits.rowBytes
    stepsOverWide = layout.encoding == .gb18030 && layout.delimiter == 0x7C
    index = old
    index.rows.removeAll(keepingCapacity: true)
    index.faults.removeAll(keepingCapacity: true)
    index.badBytes.removeAll(keepingCapacity: true)
    index.lastRowIsCut = false
    index.cellStarts.count = 0
    index.cellStarts.reserve(1)
    rowStart = start
    firstCell = 0
    appendCell(start)
  }

  @inline(__always)
  private func appendCell(_ start: Int) {
    let starts = index.cellStarts
    starts.base[starts.count] = UInt32(truncatingIfNeeded: start)
    starts.count += 1
  }

  /// Scans to the end of the block. `false` where the block ends inside a quoted cell that more bytes may close.
  private mutating func scan() -> Bool {
    var at = rowStart
    while at < end {
      index.cellStarts.reserve(Self.mostEntries)
      if at + VectorScan.width <= end, !stepsOverWide {
        guard let next = scanVector(at) else { return false }
        at = next
        continue
      }
      let byte = base[at]
      if byte == delimiter {
        appendCell(at + 1)
      } else if byte == 0x0A {
        endRow(at: at, next: at + 1)
      } else if byte == 0x22, isCellStart(at) {
        guard let after = passQuotedCell(from: at) else { return false }
        at = after
        continue
      } else if stepsOverWide, byte >= 0x80 {
        at += max(1, TextProof.sequenceGB18030(base, at: at, to: end))
        continue
      }
      at += 1
    }
    return true
  }

  /// More entries than 64 bytes can give, and eight that `appendCells` may write without meaning them.
  private static let mostEntries = 256

  /// Scans 64 bytes from `at`: where to go on, or `nil` as `passQuotedCell`.
  @inline(__always)
  private mutating func scanVector(_ at: Int) -> Int? {
    var (delimiters, special) = VectorScan.structure(base, at, delimiter: delimiter)
    while special != 0 {
      let bit = special.trailingZeroBitCount
      special &= special &- 1
      let before = (1 as UInt64) &<< UInt64(bit) &- 1
      appendCells(delimiters & before, at)
      delimiters &= ~before
      let place = at + bit
      if base[place] == 0x0A {
        endRow(at: place, next: place + 1)
      } else if isCellStart(place) {
        let after: Int
        // Most quoted cells close among these 64 bytes, with nothing but text between the quotes.
        let close = at + special.trailingZeroBitCount
        if special != 0, isPlainClose(close) {
          hasQuotes = true
          after = close + 1
        } else {
          guard let passed = passQuotedCell(from: place) else { return nil }
          after = passed
        }
        guard after < at + VectorScan.width else { return after }
        let rest = UInt64.max &<< UInt64(after - at)
        delimiters &= rest
        special &= rest
      }
    }
    appendCells(delimiters, at)
    return at + VectorScan.width
  }

  /// Whether the first line feed or quote behind an opening quote, at `place`, is a quote that closes the cell.
  @inline(__always)
  private func isPlainClose(_ place: Int) -> Bool {
    guard base[place] == 0x22, place + 1 < end, place < rowStart + limit else { return false }
    return base[place + 1] == delimiter || base[place + 1] == 0x0A
  }

  /// Appends the cells that begin behind the delimiters `marks`, bits that count from `at`.
  ///
  /// Eight are written whether there are as many or not, since guessing a loop's end wrong costs more.
  @inline(__always)
  private mutating func appendCells(_ marks: UInt64, _ at: Int) {
    guard marks != 0 else { return }
    let starts = index.cellStarts
    let out = starts.base + starts.count
    if marks & (marks &- 1) == 0 {
      out[0] = UInt32(truncatingIfNeeded: at &+ 1 &+ marks.trailingZeroBitCount)
      starts.count += 1
      return
    }
    let count = marks.nonzeroBitCount
    var rest = marks
    for place in 0..<8 {
      out[place] = UInt32(truncatingIfNeeded: at &+ 1 &+ rest.trailingZeroBitCount)
      rest &= rest &- 1
    }
    var place = 8
    while rest != 0 {
      out[place] = UInt32(truncatingIfNeeded: at &+ 1 &+ rest.trailingZeroBitCount)
      rest &= rest &- 1
      place += 1
    }
    starts.count += count
  }

  /// Beyond the limit no quote counts any more, so that such a row has one end whatever the block's size.
  private func isCellStart(_ place: Int) -> Bool {
    let starts = index.cellStarts
    return Int(starts.base[starts.count - 1]) == place && place - rowStart < limit
  }

  /// Passes over the cell whose opening quote stands at `open`: where to go on, or `nil` where the block is too short
  /// to tell.
  private mutating func passQuotedCell(from open: Int) -> Int? {
    hasQuotes = true
    let bound = min(end, rowStart + limit)
    var at = open + 1
    while true {
      at = WordScan.find(0x22, base, from: at, to: bound)
      if at >= bound { return bound == end && !isLast ? nil : giveUpQuote(from: open) }
      if at + 1 == end, !isLast { return nil }
      if at + 1 < end, base[at + 1] == 0x22 {
        at += 2
        continue
      }
      break
    }
    let lines = WordScan.lineFeeds(base, from: open, to: at)
    var after = at + 1
    while after < end, base[after] == 0x0D { after += 1 }
    if after == end, !isLast, after - rowStart <= limit { return nil }
    if after == end || base[after] == 0x0A || (after == at + 1 && base[after] == delimiter) {
      innerLines += lines
      return after
    }
    if lines > 0 { return giveUpQuote(from: open) }
    if fault == nil {
      let stray = strayText(at: at + 1)
      fault = RowIndex.Fault(
        row: index.rows.count, code: .quoteStray, innerLine: innerLines, cell: cellCount - 1,
        arguments: [stray])
    }
    return at + 1
  }

  private var cellCount: Int { index.cellStarts.count - firstCell }

  /// The quote at `open` never closes: its row ends with its line.
  private mutating func giveUpQuote(from open: Int) -> Int {
    fault = RowIndex.Fault(
      row: index.rows.count, code: .quoteUnclosed, innerLine: innerLines, cell: cellCount - 1, arguments: [])
    let lineEnd = WordScan.find(0x0A, base, from: open, to: end)
    index.cellStarts.reserve(Self.mostEntries)
    if lineEnd == end {
      index.lastRowIsCut = !isLast
      endRow(at: end, next: end)
    } else {
      endRow(at: lineEnd, next: lineEnd + 1)
    }
    return rowStart
  }

  private func strayText(at place: Int) -> String {
    let width =
      switch encoding {
      case .utf8: TextProof.sequenceUTF8(base, at: place, to: end)
      case .gb18030: TextProof.sequenceGB18030(base, at: place, to: end)
      }
    return encoding.text(of: UnsafeBufferPointer(start: base + place, count: max(1, width)))
  }

  @inline(__always)
  private mutating func endRow(at place: Int, next: Int) {
    var contentEnd = place
    while contentEnd > rowStart, base[contentEnd - 1] == 0x0D { contentEnd -= 1 }
    if place - rowStart > limit {
      fault = RowIndex.Fault(
        row: index.rows.count, code: .rowTooLong, innerLine: 0, cell: 0, arguments: [String(limit)])
    }
    let cells = cellCount
    appendCell(contentEnd + 1)
    index.rows.append(
      RowIndex.Row(
        start: UInt32(truncatingIfNeeded: rowStart), end: UInt32(truncatingIfNeeded: contentEnd),
        next: UInt32(truncatingIfNeeded: next), firstCell: UInt32(truncatingIfNeeded: firstCell),
        cells: UInt32(truncatingIfNeeded: cells), innerLines: UInt32(truncatingIfNeeded: innerLines),
        hasQuotes: hasQuotes, hasFault: fault != nil))
    if let found = fault {
      index.faults.append(found)
      fault = nil
    }
    hasQuotes = false
    innerLines = 0
    rowStart = next
    firstCell = index.cellStarts.count
    appendCell(next)
  }

  /// The block is scanned: what has no line end is a row if nothing follows, or if it is too long to wait for more.
  private mutating func finish() {
    guard rowStart < end else { return }
    index.cellStarts.reserve(2)
    if isLast {
      endRow(at: end, next: end)
    } else if end - rowStart > limit {
      index.lastRowIsCut = true
      endRow(at: end, next: end)
    }
  }
}
