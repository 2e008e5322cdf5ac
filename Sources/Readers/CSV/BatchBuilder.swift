internal import Findings

/// Makes a batch of the rows that a walk found: where each named cell stands, column by column.
struct BatchBuilder {
  private let cells: [Int]
  private let keyColumns: [Int]
  private let lastCell: Int
  private let encoding: TextEncoding
  private let limit: Int

  init(layout: TableLayout, header: Header) {
    cells = header.cells
    keyColumns = layout.keyColumns
    lastCell = header.cells.max() ?? 0
    encoding = layout.encoding
    limit = layout.limits.rowBytes
  }

  /// Rows are taken a strip at a time, so that their index stays in the processor's nearest memory for all columns.
  private static let strip = 256

  /// - Parameters:
  ///   - blockStart: offset of the block in the file.
  ///   - rowsBefore: data rows of the file before this batch.
  func build(
    _ block: [UInt8], blockStart: Int64, _ walk: RowWalk, _ index: RowIndex, rowsBefore: Int
  ) -> RecordBatch {
    let count = walk.records.count
    var batch = RecordBatch()
    batch.count = count
    batch.lines = walk.lines
    batch.unreadable = walk.unreadable
    batch.columns = cells.map { _ in [TextRange](repeating: .empty, count: count) }
    batch.rows = (0..<count).map { Int32(truncatingIfNeeded: rowsBefore + $0 + 1) }
    batch.starts = walk.records.map { blockStart + Int64(index.rows[Int($0)].start) }
    batch.ends = walk.records.map { blockStart + Int64(index.rows[Int($0)].end) }
    let decoded = block.withUnsafeBufferPointer { bytes -> [UInt8] in
      guard let base = bytes.baseAddress else { return [] }
      var texts = CellTexts(base: base, blockLength: bytes.count, encoding: encoding)
      var characterless: [UnreadableRecord] = []
      for start in stride(from: 0, to: count, by: Self.strip) {
        let range = start..<min(start + Self.strip, count)
        for column in cells.indices {
          fill(&batch.columns[column], range, cells[column], walk, index, &texts, &characterless)
        }
      }
      if !batch.unreadable.isEmpty { blank(&batch, walk, index, base) }
      if !characterless.isEmpty { merge(characterless, into: &batch) }
      return texts.decoded
    }
    batch.bytes = block
    if !decoded.isEmpty { batch.bytes += decoded }
    return batch
  }

  private func fill(
    _ column: inout [TextRange], _ range: Range<Int>, _ cell: Int, _ walk: RowWalk, _ index: RowIndex,
    _ texts: inout CellTexts, _ characterless: inout [UnreadableRecord]
  ) {
    let starts = index.cellStarts.base
    let isPlainEncoding = encoding == .utf8
    walk.records.withUnsafeBufferPointer { records in
      index.rows.withUnsafeBufferPointer { rows in
        column.withUnsafeMutableBufferPointer { out in
          for record in range {
            let row = rows[Int(records[record])]
            guard cell < Int(row.cells) else { continue }
            let at = Int(row.firstCell) + cell
            let start = starts[at]
            let end = starts[at + 1] - 1
            if isPlainEncoding, !row.hasQuotes {
              out[record] = TextRange(
                start: Int32(truncatingIfNeeded: start), length: Int32(truncatingIfNeeded: end - start))
              continue
            }
            let (text, bad) = texts.text(Int(start)..<Int(end))
            if let bad {
              characterless.append(
                UnreadableRecord(
                  index: Int32(record), code: .badByte, line: walk.lines[record], column: Int32(cell + 1),
                  arguments: [hexadecimal(texts.base[bad]), encoding.rawValue]))
            } else {
              out[record] = text
            }
          }
        }
      }
    }
  }

  /// Takes away the cells of unreadable records that can't be what the export meant.
  private func blank(
    _ batch: inout RecordBatch, _ walk: RowWalk, _ index: RowIndex, _ base: UnsafePointer<UInt8>
  ) {
    for fault in batch.unreadable {
      let record = Int(fault.index)
      let row = index.rows[Int(walk.records[record])]
      for (column, cell) in cells.enumerated() where cell < Int(row.cells) {
        let range = index.cell(cell, of: row)
        var bad: [UInt32] = []
        TextProof.check(base, from: range.lowerBound, to: range.upperBound, as: encoding, bad: &bad)
        let isTrusted =
          switch fault.code {
          case .quoteStray, .quoteUnclosed: cell < Int(fault.column) - 1
          // Which cell is which can't be known; the key is believed so that the document can be named.
          case .cellCount: keyColumns.contains(column)
          // The last cell has no delimiter behind it, so that a block may have cut it anywhere.
          case .rowTooLong: range.upperBound <= Int(row.start) + limit && cell + 1 < Int(row.cells)
          default: true
          }
        if !bad.isEmpty || !isTrusted { batch.columns[column][record] = .empty }
      }
    }
  }

  /// Adds records that turned out to be unreadable when their cells were decoded, unless they are listed already.
  private func merge(_ found: [UnreadableRecord], into batch: inout RecordBatch) {
    var byIndex: [Int32: UnreadableRecord] = [:]
    for record in found {
      if let other = byIndex[record.index], other.column <= record.column { continue }
      byIndex[record.index] = record
    }
    for record in batch.unreadable { byIndex[record.index] = record }
    batch.unreadable = byIndex.values.sorted { $0.index < $1.index }
  }
}
