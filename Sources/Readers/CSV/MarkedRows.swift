/// Recognises rows that are layout by one cell's whole text: subtotals to skip, and the trailer.
struct MarkedRows: Sendable {
  /// Index into the header's cells.
  let cell: Int
  private let marks: [[UInt8]]
  /// A colon behind the mark, in the file's encoding, is ignored.
  private let colons: [[UInt8]]
  private let encoding: TextEncoding
  /// Whether a cell that begins with a byte can be a mark: nearly every row is told by this alone.
  private let mayBegin: [Bool]

  private static let bytesBefore: [UInt8] = [
    0x22, 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x81, 0xA1, 0xC2, 0xE3, 0xEF,
  ]

  init(cell: Int, marks: [String], ignoresColon: Bool, encoding: TextEncoding) {
    self.cell = cell
    self.encoding = encoding
    self.marks = marks.map { mark in
      let bytes = encoding.bytes(of: mark)
      return bytes.withUnsafeBufferPointer { all in
        guard let base = all.baseAddress else { return [UInt8]() }
        return Array(all[encoding.trimmed(base, 0..<all.count)])
      }
    }
    colons = ignoresColon ? [[0x3A], encoding.bytes(of: "：")] : []
    // A quote, or white space (whose wide forms begin with these bytes), may stand before the mark.
    var mayBegin = [Bool](repeating: false, count: 256)
    for byte in Self.bytesBefore + self.marks.compactMap(\.first) { mayBegin[Int(byte)] = true }
    self.mayBegin = mayBegin
  }

  @inline(__always)
  func matches(_ base: UnsafePointer<UInt8>, _ row: RowIndex.Row, _ index: RowIndex) -> Bool {
    guard cell < Int(row.cells) else { return false }
    let range = index.cell(cell, of: row)
    guard !range.isEmpty, mayBegin[Int(base[range.lowerBound])] else { return false }
    return compare(base, range)
  }

  private func compare(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Bool {
    var text = encoding.trimmed(base, unquoted(base, range))
    if hasMark(base, text) { return true }
    for colon in colons
    where UnsafeBufferPointer(start: base + text.lowerBound, count: text.count).ends(with: colon) {
      text = encoding.trimmed(base, text.lowerBound..<text.upperBound - colon.count)
      return hasMark(base, text)
    }
    return false
  }

  private func hasMark(_ base: UnsafePointer<UInt8>, _ text: Range<Int>) -> Bool {
    let bytes = UnsafeBufferPointer(start: base + text.lowerBound, count: text.count)
    return marks.contains { $0.count == bytes.count && $0.elementsEqual(bytes) }
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func ends(with tail: [UInt8]) -> Bool {
    count >= tail.count && suffix(tail.count).elementsEqual(tail)
  }
}

/// A cell's range without the quotes around it.
@inline(__always)
func unquoted(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
  guard range.count >= 2, base[range.lowerBound] == 0x22, base[range.upperBound - 1] == 0x22 else {
    return range
  }
  return range.lowerBound + 1..<range.upperBound - 1
}
