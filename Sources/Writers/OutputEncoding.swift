import CPosix

/// The encodings that a profile can ask for.
package enum OutputEncoding: String, Sendable, Hashable, CaseIterable {
  case utf8 = "utf-8"
  case gb18030
  case gbk

  /// The mark that `byte_order_mark: yes` puts in front.
  var byteOrderMark: [UInt8] {
    switch self {
    case .utf8: [0xEF, 0xBB, 0xBF]
    case .gb18030: [0x84, 0x31, 0x95, 0x33]
    // U+FEFF doesn't exist in GBK, so a profile that asks for a mark there is refused.
    case .gbk: []
    }
  }

  var iconvName: String {
    switch self {
    case .utf8: "UTF-8"
    case .gb18030: "GB18030"
    case .gbk: "GBK"
    }
  }
}

/// Turns UTF-8 into a profile's encoding. ASCII, which most cells are, is copied.
///
/// Holds a converter of the C library, so it stays in the task that made it.
final class Transcoder {
  let encoding: OutputEncoding
  /// What stands for a character that the encoding lacks; without it nothing of the text is written.
  private let missing: [UInt8]?
  private let converter: UnsafeMutableRawPointer?
  private var scratch: [UInt8] = []

  init(to encoding: OutputEncoding, missing: [UInt8]? = nil) {
    self.encoding = encoding
    self.missing = missing
    guard encoding != .utf8 else {
      converter = nil
      return
    }
    converter = posix_iconv_open(encoding.iconvName, "UTF-8")
    precondition(converter != nil, "the C library has a converter to \(encoding.iconvName)")
  }

  deinit {
    if let converter { posix_iconv_close(converter) }
  }

  /// Whether `text` is certain to be writable, and in at most `most` bytes; false where only converting it can tell.
  func surelyWrites(_ text: UnsafeBufferPointer<UInt8>, most: Int?) -> Bool {
    let longest = encoding == .utf8 ? text.count : text.count * 2
    if let most, longest > most { return false }
    switch encoding {
    case .utf8: return true
    // All that the C library's GB18030 lacks are two dozen private characters, whose UTF-8 begins with this byte.
    case .gb18030: return !text.contains(0xEE)
    case .gbk: return isASCII(text)
    }
  }

  /// Appends `text` in the encoding; the first character that it doesn't have, where there is one. Then the text is
  /// appended with what stands for such characters, or not at all.
  func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer) -> Unicode.Scalar? {
    guard let lacking = convert(text, to: &output) else { return nil }
    guard let missing else { return lacking }
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if bytes.withUnsafeBufferPointer({ convert($0, to: &output) }) != nil {
        _ = missing.withUnsafeBufferPointer { convert($0, to: &output) }
      }
    }
    return lacking
  }

  private func convert(_ text: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer) -> Unicode.Scalar? {
    guard let converter, let base = text.baseAddress, !isASCII(text) else {
      output.append(text)
      return nil
    }
    // No encoding here takes more than twice what UTF-8 takes.
    let capacity = text.count * 2 + 8
    if scratch.count < capacity { scratch = [UInt8](repeating: 0, count: capacity * 2) }
    var consumed = 0
    let written = scratch.withUnsafeMutableBufferPointer {
      posix_iconv(converter, base, text.count, $0.baseAddress, $0.count, &consumed)
    }
    guard written >= 0 else {
      return String(decoding: text[consumed...].prefix(4), as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
    }
    output.append(scratch, 0..<written)
    return nil
  }
}

/// Whether all bytes are ASCII, eight at a time.
func isASCII(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
  var all: UInt64 = 0
  var i = 0
  let raw = UnsafeRawBufferPointer(text)
  while i &+ 8 <= raw.count {
    all |= raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)
    i &+= 8
  }
  while i < raw.count {
    all |= UInt64(raw[i])
    i &+= 1
  }
  return all & 0x8080_8080_8080_8080 == 0
}
