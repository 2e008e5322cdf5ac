internal import Findings
internal import Ledger

/// Adds up the columns that an export's trailer states, and compares.
struct ControlSums {
  private let columns: [Int]
  private var totals: [ControlTotal]
  private var declaredTexts: [String?]
  private let encoding: TextEncoding
  private let mark: DecimalMark

  init(layout: TableLayout) {
    encoding = layout.encoding
    mark = layout.decimalMark
    columns = layout.trailer?.sums ?? []
    totals = columns.map {
      ControlTotal(column: layout.columns[$0], declared: nil, summed: .zero, unparsed: 0)
    }
    declaredTexts = Array(repeating: nil, count: columns.count)
  }

  var isEmpty: Bool { columns.isEmpty }
  var result: [ControlTotal] { totals }

  /// Adds the cells of all records of `batch`, readable or not: the export added them too.
  mutating func add(_ batch: RecordBatch) {
    batch.bytes.withUnsafeBufferPointer { bytes in
      for (place, column) in columns.enumerated() {
        // Sums of 18-digit numbers stay far inside 128 bits for any number of rows that a file can have.
        var sums = [Int128](repeating: 0, count: 38)
        // Also what cancels out says how many decimals the sum has, wherever a batch ends.
        var occurs = [Bool](repeating: false, count: 38)
        var unparsed = 0
        for cell in batch.columns[column] {
          let text = UnsafeBufferPointer(rebasing: bytes[Int(cell.start)..<Int(cell.start + cell.length)])
          switch parseNumber(text, mark: mark) {
          case .empty: break
          case .number(let units, let scale, let percent):
            let digits = percent ? scale + 2 : scale
            occurs[digits] = true
            let (sum, overflow) = sums[digits].addingReportingOverflow(units)
            if overflow { unparsed += 1 } else { sums[digits] = sum }
          case .notANumber, .scientific: unparsed += 1
          }
        }
        // A record that can't be read may have lost its amount.
        unparsed += batch.unreadable.count { batch.columns[column][Int($0.index)].length == 0 }
        for (scale, units) in sums.enumerated() where occurs[scale] {
          guard let sum = totals[place].summed + Decimal(units: units, scale: scale) else {
            unparsed += 1
            continue
          }
          totals[place].summed = sum
        }
        totals[place].unparsed += unparsed
      }
    }
  }

  /// Takes what the trailer states; `texts` are its cells in the order of the rule's sums, already UTF-8.
  mutating func declare(_ texts: [String]) {
    for (place, text) in texts.enumerated() {
      declaredTexts[place] = text
      let number = Array(text.utf8).withUnsafeBufferPointer { parseNumber($0, mark: mark) }
      if case .number(let units, let scale, let percent) = number {
        totals[place].declared = Decimal(units: units, scale: percent ? scale + 2 : scale)
      }
    }
  }

  /// A finding for each column that doesn't add up to what the trailer states.
  ///
  /// - Parameter cells: for each column of the rule its cell in a row, from 0.
  func mismatches(file: String, line: Int, cells: [Int]) -> [Finding] {
    totals.indices.compactMap { place in
      let total = totals[place]
      if let declared = total.declared, declared == total.summed { return nil }
      let text = declaredTexts[place] ?? ""
      return Finding(
        .trailerMismatch, .stopFile,
        at: Place(file: file, line: line, column: cells[place] + 1, field: total.column),
        [total.column, total.declared?.description ?? text, total.summed.description], excerpt: text)
    }
  }
}
