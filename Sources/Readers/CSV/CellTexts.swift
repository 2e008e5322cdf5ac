/// Gives cells as UTF-8 text: most stand in the block as they are, the others are unquoted or decoded behind it.
struct CellTexts {
  let base: UnsafePointer<UInt8>
  let encoding: TextEncoding
  /// What stands behind the block, whose length is `blockLength`.
  private(set) var decoded: [UInt8] = []
  private let blockLength: Int
  private var plain: [UInt8] = []

  init(base: UnsafePointer<UInt8>, blockLength: Int, encoding: TextEncoding) {
    self.base = base
    self.blockLength = blockLength
    self.encoding = encoding
  }

  /// The text of the cell at `range`, or `nil` and where in the block a sequence begins that has no character.
  @inline(__always)
  mutating func text(_ range: Range<Int>) -> (text: TextRange, bad: Int?) {
    let isQuoted = !range.isEmpty && base[range.lowerBound] == 0x22
    if !isQuoted {
      if encoding == .utf8 || WordScan.isASCII(base, from: range.lowerBound, to: range.upperBound) {
        return (
          TextRange(
            start: Int32(truncatingIfNeeded: range.lowerBound), length: Int32(truncatingIfNeeded: range.count)
          ), nil
        )
      }
    }
    return converted(range)
  }

  private mutating func converted(_ range: Range<Int>) -> (text: TextRange, bad: Int?) {
    let inner = unquoted(base, range)
    let isQuoted = inner != range
    let hasInnerQuotes =
      isQuoted && WordScan.find(0x22, base, from: inner.lowerBound, to: inner.upperBound) < inner.upperBound
    let isPlain = encoding == .utf8 || WordScan.isASCII(base, from: inner.lowerBound, to: inner.upperBound)
    if isPlain, !hasInnerQuotes {
      return (TextRange(start: Int32(inner.lowerBound), length: Int32(inner.count)), nil)
    }
    let start = decoded.count
    let bad: Int?
    if hasInnerQuotes {
      unescape(inner)
      bad = plain.withUnsafeBufferPointer { Self.append($0, encoding, to: &decoded) }
    } else {
      bad = Self.append(
        UnsafeBufferPointer(start: base + inner.lowerBound, count: inner.count), encoding, to: &decoded)
    }
    let text = TextRange(start: Int32(blockLength + start), length: Int32(decoded.count - start))
    return (text, bad.map { inner.lowerBound + (hasInnerQuotes ? 0 : $0) })
  }

  /// Puts the text between a cell's quotes into `plain`, each doubled quote once.
  private mutating func unescape(_ inner: Range<Int>) {
    plain.removeAll(keepingCapacity: true)
    var at = inner.lowerBound
    while at < inner.upperBound {
      let quote = WordScan.find(0x22, base, from: at, to: inner.upperBound)
      // Up to and with the first quote of a pair.
      let stop = min(quote + 1, inner.upperBound)
      plain.append(contentsOf: UnsafeBufferPointer(start: base + at, count: stop - at))
      at = quote + 2
    }
  }

  private static func append(
    _ source: UnsafeBufferPointer<UInt8>, _ encoding: TextEncoding, to decoded: inout [UInt8]
  ) -> Int? {
    if encoding == .utf8 {
      decoded.append(contentsOf: source)
      return nil
    }
    return WideCharacters.gb18030.decode(source, into: &decoded)
  }

  /// The bytes of a cell, unquoted but not decoded.
  mutating func bytes(of range: Range<Int>) -> [UInt8] {
    let inner = unquoted(base, range)
    if inner == range {
      return Array(UnsafeBufferPointer(start: base + inner.lowerBound, count: inner.count))
    }
    unescape(inner)
    return plain
  }
}
