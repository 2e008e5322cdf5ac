import CPosix

/// GB18030 text as UTF-8, from a table of its 23,940 two-byte characters that the C library's converter fills once.
///
/// Sequences of four bytes are rare (minority scripts, rare ideographs) and go through the converter one at a time.
struct WideCharacters: Sendable {
  static let gb18030 = WideCharacters()

  /// For lead and second byte: the character's UTF-8 in the lower 24 bits, first byte lowest, and its length above;
  /// 0 where there is no character.
  private let packed: [UInt32]
  private static let trails = Array(UInt8(0x40)...0x7E) + Array(UInt8(0x80)...0xFE)

  private init() {
    var packed = [UInt32](repeating: 0, count: 0x80 << 8)
    let converter = Converter(from: "GB18030", to: "UTF-8")
    for lead in UInt8(0x81)...0xFE {
      let row = Self.trails.flatMap { [lead, $0] }
      let text = converter?.convert(row).map { String(decoding: $0, as: UTF8.self) }
      if let scalars = text?.unicodeScalars, scalars.count == Self.trails.count {
        for (trail, scalar) in zip(Self.trails, scalars) {
          packed[Self.slot(lead, trail)] = Self.pack(scalar)
        }
      } else {
        for trail in Self.trails {
          guard let text = converter?.convert([lead, trail]) else { continue }
          let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
          if let scalar = scalars.first, scalars.count == 1 {
            packed[Self.slot(lead, trail)] = Self.pack(scalar)
          }
        }
      }
    }
    self.packed = packed
  }

  @inline(__always)
  private static func slot(_ lead: UInt8, _ trail: UInt8) -> Int { Int(lead & 0x7F) << 8 | Int(trail) }

  private static func pack(_ scalar: Unicode.Scalar) -> UInt32 {
    let bytes = Array(String(scalar).utf8)
    // Two-byte characters are all in the first plane, so their UTF-8 has at most three bytes.
    guard bytes.count <= 3 else { return 0 }
    return bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) } | UInt32(bytes.count) << 24
  }

  /// Appends the UTF-8 of `text` to `out`. `nil` if all went well; else the offset of the first sequence that has no
  /// character, and `out` holds what stands before it.
  func decode(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) -> Int? {
    guard let base = text.baseAddress else { return nil }
    let end = text.count
    out.reserveCapacityAmortized(end * 2)
    var at = 0
    while at < end {
      let first = base[at]
      if first < 0x80 {
        out.append(first)
        at += 1
        continue
      }
      switch TextProof.sequenceGB18030(base, at: at, to: end) {
      case 2:
        var code = packed[Self.slot(first, base[at + 1])]
        // The length stands in the highest byte.
        let length = code >> 24
        guard length > 0 else { return at }
        for _ in 0..<length {
          out.append(UInt8(truncatingIfNeeded: code))
          code >>= 8
        }
        at += 2
      case 4:
        guard let converter = Converter(from: "GB18030", to: "UTF-8"),
          let wide = converter.convert(Array(text[at..<at + 4]))
        else { return at }
        out.append(contentsOf: wide)
        at += 4
      default: return at
      }
    }
    return nil
  }
}

/// A converter of the C library between two encodings. Not for several threads at once.
final class Converter {
  private let handle: UnsafeMutableRawPointer

  /// `nil` where the C library doesn't know an encoding.
  init?(from: String, to: String) {
    guard let handle = posix_iconv_open(to, from) else { return nil }
    self.handle = handle
  }

  deinit { posix_iconv_close(handle) }

  /// `nil` where a part of `text` has no equivalent.
  func convert(_ text: [UInt8]) -> [UInt8]? {
    var ok = true
    let converted = [UInt8](unsafeUninitializedCapacity: text.count * 4 + 16) { buffer, count in
      var consumed = 0
      let written = posix_iconv(handle, text, text.count, buffer.baseAddress!, buffer.count, &consumed)
      ok = written >= 0
      count = max(0, written)
    }
    return ok ? converted : nil
  }
}

extension [UInt8] {
  /// Room for `more` bytes, at least doubling, so that many small calls cost linear time.
  @inline(__always)
  mutating func reserveCapacityAmortized(_ more: Int) {
    if count + more > capacity { reserveCapacity(Swift.max(capacity * 2, count + more)) }
  }
}
