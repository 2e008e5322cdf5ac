/// Texts from outside, made harmless for whoever reads them: a terminal, a log, a spreadsheet.
extension Unicode.Scalar {
  /// Whether it drives a terminal instead of being seen, or changes the order or the lines in which other characters
  /// are seen: C0, DEL, C1, the marks, embeddings and isolates of bidirectional text, line and paragraph separators.
  public var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Whether the UTF-8 of any of them begins with this byte.
  fileprivate static func mayBeginControl(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xD8 || byte == 0xE2
  }
}

extension String {
  /// The text with control characters shown as pictures or escapes, so that what a file holds can't drive a terminal.
  public var printable: String {
    // Told by the bytes that such a character begins with nearly always.
    guard utf8.contains(where: Unicode.Scalar.mayBeginControl), unicodeScalars.contains(where: \.isControl)
    else {
      return self
    }
    var shown = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0..<0x20: shown.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value)!)
      case 0x7F: shown.append("␡")
      default:
        if scalar.isControl {
          shown.append("\\u{" + String(scalar.value, radix: 16) + "}")
        } else {
          shown.unicodeScalars.append(scalar)
        }
      }
    }
    return shown
  }

  /// The same for a text that is JSON, where such a character can only stand within a string.
  package var printableJSON: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    var shown = ""
    for scalar in unicodeScalars {
      guard scalar.isControl else {
        shown.unicodeScalars.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      shown += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    return shown
  }

  /// The text, or its beginning where it is longer than `limit` characters.
  package func shortened(to limit: Int) -> String {
    // A character is at least a byte: nearly every text is told by its length alone.
    guard utf8.count > limit, let end = index(startIndex, offsetBy: limit, limitedBy: endIndex),
      end < endIndex
    else { return self }
    return self[..<end] + "…"
  }

  /// With an apostrophe before it where a spreadsheet would run it.
  package var guardedFromSpreadsheets: String {
    var text = self
    return text.withUTF8(isFormula) ? "'" + self : self
  }
}

/// Whether a spreadsheet would take a cell with this text for a formula and run it.
///
/// So it does where the first character that can be seen is one of `= + - @` or its full-width or small form, or the minus sign; and some begin
/// a new cell at a tab or line end. A plain negative number is nothing to run.
@inlinable
public func isFormula(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
  guard let first = text.first else { return false }
  // Told by the first byte nearly always: letters, digits, and nearly all ideographs begin with others.
  switch first {
  case 0x00...0x20, 0x2B, 0x2D, 0x3D, 0x40, 0x7F, 0xC2, 0xD8, 0xE2, 0xE3, 0xEF: return beginsFormula(text)
  default: return false
  }
}

@usableFromInline
func beginsFormula(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
  if text[0] == 0x09 || text[0] == 0x0A || text[0] == 0x0D { return true }
  var rest = String(decoding: text, as: UTF8.self).unicodeScalars[...]
  rest = rest.drop { $0.isControl || $0.properties.isWhitespace || $0.properties.isDefaultIgnorableCodePoint }
  switch rest.first {
  case "=", "+", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫", "−": return true
  case "-": return !isNegativeNumber(text)
  default: return false
  }
}

private func isNegativeNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
  let parts = text.dropFirst().split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
  return text[0] == 0x2D && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
}
