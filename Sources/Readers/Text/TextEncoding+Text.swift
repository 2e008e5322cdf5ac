extension TextEncoding {
  /// Bytes of a file as text for people: what is no text becomes U+FFFD.
  public func text(of bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    guard self == .gb18030 else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    bytes.withUnsafeBufferPointer { all in
      var at = 0
      while let bad = WideCharacters.gb18030.decode(UnsafeBufferPointer(rebasing: all[at...]), into: &text) {
        text.append(contentsOf: "\u{FFFD}".utf8)
        at += bad + 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `text` in this encoding; a character that it doesn't have becomes `?`.
  public func bytes(of text: String) -> [UInt8] {
    let utf8 = Array(text.utf8)
    guard self == .gb18030, !utf8.allSatisfy({ $0 < 0x80 }) else { return utf8 }
    guard let converter = Converter(from: "UTF-8", to: "GB18030") else {
      preconditionFailure("the C library converts to GB18030")
    }
    if let whole = converter.convert(utf8) { return whole }
    return text.unicodeScalars.flatMap { converter.convert(Array(String($0).utf8)) ?? [0x3F] }
  }

  /// White space that cells are padded with, as bytes: space, tab and line ends, no-break space, U+3000; and the
  /// byte-order mark, which some tools write before every file that they join.
  @inline(__always)
  func spaceWidth(_ base: UnsafePointer<UInt8>, at: Int, to end: Int) -> Int {
    let byte = base[at]
    if byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) { return 1 }
    guard byte >= 0x80 else { return 0 }
    let room = end - at
    switch self {
    case .utf8:
      if byte == 0xC2, room >= 2, base[at + 1] == 0xA0 { return 2 }
      guard room >= 3 else { return 0 }
      if byte == 0xE3, base[at + 1] == 0x80, base[at + 2] == 0x80 { return 3 }
      return byte == 0xEF && base[at + 1] == 0xBB && base[at + 2] == 0xBF ? 3 : 0
    case .gb18030:
      if byte == 0xA1, room >= 2, base[at + 1] == 0xA1 { return 2 }
      guard byte == 0x81, room >= 4, base[at + 1] == 0x30, base[at + 2] == 0x84 else { return 0 }
      return base[at + 3] == 0x32 ? 4 : 0
    }
  }

  /// `range` without white space at both ends.
  func trimmed(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound {
      let width = spaceWidth(base, at: start, to: range.upperBound)
      if width == 0 { break }
      start += width
    }
    // The end of what is no space, found going forward: in GB18030 a text can't be read backwards.
    var end = range.upperBound
    // (0x32 may be the last byte of GB18030's no-break space.)
    if end > start, base[end - 1] > 0x20, base[end - 1] < 0x80, base[end - 1] != 0x32 { return start..<end }
    end = start
    var at = start
    while at < range.upperBound {
      let space = spaceWidth(base, at: at, to: range.upperBound)
      if space > 0 {
        at += space
        continue
      }
      let width =
        switch self {
        case .utf8: TextProof.sequenceUTF8(base, at: at, to: range.upperBound)
        case .gb18030: TextProof.sequenceGB18030(base, at: at, to: range.upperBound)
        }
      at += max(1, width)
      end = at
    }
    return start..<end
  }
}
