import Findings

/// How a text stands in a delimited file.
struct DelimitedText: Sendable, Hashable {
  var delimiter: UInt8
  /// With the guard a text (never a number) that a spreadsheet would run gets an apostrophe in front, which
  /// spreadsheets hide.
  var guardsFormulas: Bool

  /// Whether a text would be taken for a formula.
  @inline(__always)
  func needsGuard(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guardsFormulas && isFormula(text)
  }

  /// Makes what was appended from `start` on one text cell: guarded, and quoted (RFC 4180) where it must be.
  @inline(__always)
  func finish(_ output: inout ByteBuffer, from start: Int) {
    let text = output.bytes(from: start)
    let special = text.contains { $0 == 0x22 || $0 == 0x0A || $0 == 0x0D || $0 == delimiter }
    if special || needsGuard(text) { rewrite(&output, from: start, quoted: special) }
  }

  @inline(never)
  private func rewrite(_ output: inout ByteBuffer, from start: Int, quoted: Bool) {
    let text = Array(output.bytes(from: start))
    let guarded = needsGuard(output.bytes(from: start))
    output.truncate(to: start)
    if quoted { output.append(0x22) }
    if guarded { output.append(0x27) }
    for byte in text {
      if byte == 0x22 { output.append(0x22) }
      output.append(byte)
    }
    if quoted { output.append(0x22) }
  }

  /// Guards what was appended from `start` on, without quoting it.
  func guardFormula(_ output: inout ByteBuffer, from start: Int) {
    guard needsGuard(output.bytes(from: start)) else { return }
    let text = Array(output.bytes(from: start))
    output.truncate(to: start)
    output.append(0x27)
    output.append(text)
  }
}
