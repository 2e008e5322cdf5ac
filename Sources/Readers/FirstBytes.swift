/// What a file is by its first bytes, where that can't be a table of text.
///
/// The raw value is what a finding calls it.
public enum FirstBytes: String, Sendable, Hashable, CaseIterable {
  case zip = "XLSX (zip)"
  case legacyExcel = "XLS (OLE2)"
  case gzip
  case html = "HTML"
  case xml = "XML"
  case pdf = "PDF"
  case utf16 = "UTF-16"
  case carriageReturns = "CR line ends (no LF)"

  /// The kind that `prefix` (some hundred bytes suffice) gives away, or `nil` where it may be a table of text.
  public static func kind(of prefix: some Collection<UInt8>) -> FirstBytes? {
    let start = Array(prefix.prefix(1024))
    if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
      return .zip
    }
    if start.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { return .legacyExcel }
    if start.starts(with: [0x1F, 0x8B]) { return .gzip }
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) || isUnmarkedUTF16(start) {
      return .utf16
    }

    var text = start[...]
    if text.starts(with: byteOrderMark) { text = text.dropFirst(3) }
    text = text.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let lowered = text.prefix(16).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    func begins(_ word: String) -> Bool { lowered.starts(with: word.utf8) }
    if let end = start.firstIndex(of: 0x0D), end < start.count - 1, !start.contains(0x0A) {
      return .carriageReturns
    }
    if begins("%pdf-") { return .pdf }
    if ["<!doctype html", "<html", "<head", "<body", "<table", "<meta"].contains(where: begins) {
      return .html
    }
    if ["<?xml", "<!doctype", "<!--"].contains(where: begins) { return .xml }
    // An element without a declaration: a table's first caption is hardly `<name`.
    if lowered.first == 0x3C, lowered.count > 1, (0x61...0x7A).contains(lowered[1]) || lowered[1] >= 0x80 {
      return .xml
    }
    return nil
  }

  /// Without a byte-order mark it shows by its delimiters, line ends and digits: NUL beside each, always on one side.
  private static func isUnmarkedUTF16(_ start: [UInt8]) -> Bool {
    var nuls = [0, 0]
    for (place, byte) in start.enumerated() where byte == 0 { nuls[place % 2] += 1 }
    return nuls.min() == 0 && nuls.max()! >= 4
  }
}

/// U+FEFF in UTF-8.
let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
