import CPosix

/// GB18030 text as UTF-8, from a table of its 23,940 two-byte characters that the C library's converter fills once.
///
/// Sequences of four bytes (other scripts, rare ideographs) have a table of their own, and emoji a rule.
public struct WideCharacters: Sendable {
  static let gb18030 = WideCharacters()

  /// For lead and second byte: the character's UTF-8 in the lower 24 bits, first byte lowest, and its length above;
  /// 0 where there is no character.
  private let packed: [UInt32]
  private static let trails = Array(UInt8(0x40)...0x7E) + Array(UInt8(0x80)...0xFE)

  /// Whether the C library has its converter: on small systems that is a package of its own.
  public static var canBeRead: Bool { Converter(from: "GB18030", to: "UTF-8") != nil }

  private init() {
    var packed = [UInt32](repeating: 0, count: 0x80 << 8)
    for lead in UInt8(0x81)...0xFE {
      let characters = Self.pack(Self.trails.map { [lead, $0] })
      for (trail, character) in zip(Self.trails, characters) { packed[Self.slot(lead, trail)] = character }
    }
    self.packed = packed
  }

  /// The characters of the first plane that four bytes stand for, by their place in the order of those bytes; made
  /// when the first is met, since most files have none.
  private static let fourBytes: [UInt32] = {
    let digits = UInt8(0x30)...0x39
    var sequences: [[UInt8]] = []
    for first in UInt8(0x81)...0x84 {
      for second in digits {
        for third in UInt8(0x81)...0xFE { sequences += digits.map { [first, second, third, $0] } }
      }
    }
    return stride(from: 0, to: sequences.count, by: 100).flatMap {
      pack(Array(sequences[$0..<min($0 + 100, sequences.count)]))
    }
  }()

  /// The packed character of each sequence: converted together where the C library has them all, else one by one.
  private static func pack(_ sequences: [[UInt8]]) -> [UInt32] {
    guard let converter = Converter(from: "GB18030", to: "UTF-8") else {
      preconditionFailure("No command begins without the converter")
    }
    func scalars(_ bytes: [UInt8]) -> [Unicode.Scalar] {
      converter.convert(bytes).map { Array(String(decoding: $0, as: UTF8.self).unicodeScalars) } ?? []
    }
    let all = scalars(Array(sequences.joined()))
    if all.count == sequences.count { return all.map(pack) }
    return sequences.map { sequence in
      let one = scalars(sequence)
      return one.count == 1 ? pack(one[0]) : 0
    }
  }

  /// The character of a sequence of four bytes, packed, or 0.
  private static func fourByteCharacter(_ base: UnsafePointer<UInt8>) -> UInt32 {
    let high = Int(base[0] - 0x81) * 10 + Int(base[1] - 0x30)
    let place = (high * 126 + Int(base[2] - 0x81)) * 10 + Int(base[3] - 0x30)
    return place < fourBytes.count ? fourBytes[place] : 0
  }

  /// From 90 30 81 30 on, the other planes follow in the order of their code points.
  private static func otherPlanes(_ base: UnsafePointer<UInt8>) -> Unicode.Scalar? {
    guard base[0] >= 0x90 else { return nil }
    let high = Int(base[0] - 0x90) * 10 + Int(base[1] - 0x30)
    let place = (high * 126 + Int(base[2] - 0x81)) * 10 + Int(base[3] - 0x30)
    return Unicode.Scalar(UInt32(0x10000 + place))
  }

  @inline(__always)
  private static func slot(_ lead: UInt8, _ trail: UInt8) -> Int { Int(lead & 0x7F) << 8 | Int(trail) }

  private static func pack(_ scalar: Unicode.Scalar) -> UInt32 {
    let bytes = Array(String(scalar).utf8)
    // Characters that tables hold are all in the first plane, so their UTF-8 has at most three bytes.
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
        guard append(packed[Self.slot(first, base[at + 1])], to: &out) else { return at }
        at += 2
      case 4:
        if let scalar = Self.otherPlanes(base + at) {
          out.append(contentsOf: String(scalar).utf8)
        } else {
          guard append(Self.fourByteCharacter(base + at), to: &out) else { return at }
        }
        at += 4
      default: return at
      }
    }
    return nil
  }

  /// `false` where there is no character.
  @inline(__always)
  private func append(_ character: UInt32, to out: inout [UInt8]) -> Bool {
    var rest = character
    for _ in 0..<character >> 24 {
      out.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
    return character != 0
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
