import Crypto
import Readers

/// The digest that a `.sha256` beside a file states.
struct StatedDigest {
  let bytes: [UInt8]
  /// Nothing that `sha256sum` writes for one file is longer.
  static let longest: Int64 = 1 << 13

  /// - Parameter text: one line: 64 hex digits, and what stands behind them after white space (the file's name). `nil`
  ///   for anything else.
  init?(_ text: [UInt8]) {
    var line = text[...]
    while let last = line.last, [0x0A, 0x0D, 0x20, 0x09].contains(last) { line.removeLast() }
    // So begins a line whose name had to be escaped.
    if line.first == 0x5C { line.removeFirst() }
    guard !line.contains(0x0A), line.count >= 64,
      line.count == 64 || line[line.startIndex + 64] == 0x20 || line[line.startIndex + 64] == 0x09
    else { return nil }
    var bytes: [UInt8] = []
    for pair in stride(from: line.startIndex, to: line.startIndex + 64, by: 2) {
      let digits = String(decoding: line[pair..<pair + 2], as: UTF8.self)
      guard digits.utf8.allSatisfy(isHexadecimal), let byte = UInt8(digits, radix: 16) else { return nil }
      bytes.append(byte)
    }
    self.bytes = bytes
  }

  /// The digest that a file has.
  static func of(_ source: ByteSource) throws(ReadError) -> [UInt8] {
    var digest = SHA256()
    var offset: Int64 = 0
    while true {
      let block = try source.bytes(in: offset..<offset + 1 << 20)
      guard !block.isEmpty else { return Array(digest.finalize()) }
      digest.update(data: block)
      offset += Int64(block.count)
    }
  }
}

private func isHexadecimal(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
  default: false
  }
}
