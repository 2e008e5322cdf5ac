/// Proves that bytes are text in an encoding: every byte, not only those of the cells that somebody names.
///
/// UTF-8 is the strict kind: no overlong form, no surrogate (so no CESU-8), nothing above U+10FFFF. GB18030 is proven
/// by structure: sequences of one, two and four bytes. NUL is no text in either.
enum TextProof {
  /// Appends to `bad` where in `start..<end` a byte is that can't be text: at most one a physical line, since a
  /// record with one bad byte is unreadable as a whole.
  static func check(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, as encoding: TextEncoding, bad: inout [UInt32]
  ) {
    var at = start
    while at < end {
      at =
        switch encoding {
        case .utf8: firstBadUTF8(base, from: at, to: end)
        case .gb18030: firstBadGB18030(base, from: at, to: end)
        }
      if at < end {
        bad.append(UInt32(at))
        at = WordScan.find(0x0A, base, from: at, to: end)
      }
    }
  }

  /// First byte in `start..<end` that begins no valid sequence, or `end`.
  static func firstBadUTF8(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    var at = start
    while at < end {
      // The vectors look three bytes back, so those must be proven first.
      if at - start >= 3, at + VectorScan.width <= end {
        let from = at
        while at + VectorScan.width <= end, VectorScan.isUTF8(base, at) { at += VectorScan.width }
        if at > from {
          // Back to the sequence that the last vector may have cut.
          var back = 1
          while back < 4, base[at - back] & 0xC0 == 0x80 { back += 1 }
          if base[at - back] >= 0xC0 { at -= back }
        }
        // Here is the end of the text, or a fault that the steps below find before the next vector.
        let bound = min(end, at + VectorScan.width + 4)
        while at < bound {
          let width = sequenceUTF8(base, at: at, to: end)
          guard width > 0 else { return at }
          at += width
        }
        continue
      }
      let width = sequenceUTF8(base, at: at, to: end)
      guard width > 0 else { return at }
      at += width
    }
    return end
  }

  /// Width of the valid UTF-8 sequence at `at`, or 0.
  @inline(__always)
  static func sequenceUTF8(_ base: UnsafePointer<UInt8>, at: Int, to end: Int) -> Int {
    let first = base[at]
    if first < 0x80 { return first == 0 ? 0 : 1 }
    func follows(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      at + offset < end && range.contains(base[at + offset])
    }
    switch first {
    case 0xC2...0xDF: return follows(1) ? 2 : 0
    case 0xE0: return follows(1, 0xA0...0xBF) && follows(2) ? 3 : 0
    case 0xED: return follows(1, 0x80...0x9F) && follows(2) ? 3 : 0
    case 0xE1...0xEF: return follows(1) && follows(2) ? 3 : 0
    case 0xF0: return follows(1, 0x90...0xBF) && follows(2) && follows(3) ? 4 : 0
    case 0xF1...0xF3: return follows(1) && follows(2) && follows(3) ? 4 : 0
    case 0xF4: return follows(1, 0x80...0x8F) && follows(2) && follows(3) ? 4 : 0
    default: return 0
    }
  }

  /// First byte in `start..<end` that begins no sequence of GB18030's structure, or `end`.
  static func firstBadGB18030(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    var at = start
    while at < end {
      while at + 8 <= end, !WordScan.unusual(WordScan.load(base, at)) { at += 8 }
      while at < end {
        let width = sequenceGB18030(base, at: at, to: end)
        guard width > 0 else { return at }
        at += width
        // Back to whole words only after a run of wide characters has ended.
        if width == 1, at + 8 <= end, !WordScan.unusual(WordScan.load(base, at)) { break }
      }
    }
    return end
  }

  /// Width of the GB18030 sequence at `at`, or 0 where there is none.
  @inline(__always)
  static func sequenceGB18030(_ base: UnsafePointer<UInt8>, at: Int, to end: Int) -> Int {
    let first = base[at]
    if first < 0x80 { return first == 0 ? 0 : 1 }
    guard first != 0x80, first != 0xFF, at + 1 < end else { return 0 }
    let second = base[at + 1]
    if second >= 0x40 { return second == 0x7F || second == 0xFF ? 0 : 2 }
    guard second >= 0x30, second <= 0x39, at + 3 < end else { return 0 }
    let third = base[at + 2]
    let fourth = base[at + 3]
    return third >= 0x81 && third <= 0xFE && fourth >= 0x30 && fourth <= 0x39 ? 4 : 0
  }
}
