/// Sixty-four bytes at a time, in vectors of sixteen.
enum VectorScan {
  typealias Bytes = SIMD16<UInt8>
  typealias Mask = SIMDMask<SIMD16<Int8>>

  static let width = 64

  @inline(__always)
  static func load(_ base: UnsafePointer<UInt8>, _ at: Int) -> Bytes {
    UnsafeRawPointer(base).loadUnaligned(fromByteOffset: at, as: Bytes.self)
  }

  @inline(__always)
  private static func words(_ mask: Mask) -> SIMD2<UInt64> { unsafeBitCast(mask, to: SIMD2<UInt64>.self) }

  /// One bit a byte, the first byte lowest: the multiplication gathers eight bits in the highest byte.
  @inline(__always)
  private static func bits(_ mask: Mask) -> UInt64 {
    let words = words(mask)
    let low = ((words[0] & WordScan.low) &* 0x0102_0408_1020_4080) &>> 56
    let high = ((words[1] & WordScan.low) &* 0x0102_0408_1020_4080) &>> 56
    return low | high &<< 8
  }

  /// For 64 bytes from `at`: which are `delimiter`, and which are line feeds or quotes.
  @inline(__always)
  static func structure(
    _ base: UnsafePointer<UInt8>, _ at: Int, delimiter: UInt8
  ) -> (delimiters: UInt64, special: UInt64) {
    var delimiters: UInt64 = 0
    var special: UInt64 = 0
    for part in 0..<4 {
      let bytes = load(base, at + 16 * part)
      let ends = (bytes .== Bytes(repeating: 0x0A)) .| (bytes .== Bytes(repeating: 0x22))
      delimiters |= bits(bytes .== Bytes(repeating: delimiter)) &<< UInt64(16 * part)
      special |= bits(ends) &<< UInt64(16 * part)
    }
    return (delimiters, special)
  }

  /// Whether 64 bytes from `at` can stand in valid UTF-8 without NUL, given the three bytes before them: each byte is
  /// told by itself and by those three. A sequence that `at + 64` cuts is not looked at behind the cut.
  @inline(__always)
  static func isUTF8(_ base: UnsafePointer<UInt8>, _ at: Int) -> Bool {
    func all(_ byte: UInt8) -> Bytes { Bytes(repeating: byte) }
    var wrong = Mask(repeating: false)
    for part in 0..<4 {
      let place = at + 16 * part
      let byte = load(base, place)
      let before = load(base, place - 1)
      // A byte continues a sequence exactly when one, two or three bytes before it a long enough one began.
      let one = before .>= all(0xC0)
      let two = load(base, place - 2) .>= all(0xE0)
      let three = load(base, place - 3) .>= all(0xF0)
      let misplaced = (one .| two .| three) .^ ((byte & all(0xC0)) .== all(0x80))
      let never = (byte .== all(0)) .| (byte .>= all(0xF5)) .| ((byte & all(0xFE)) .== all(0xC0))
      // Overlong forms, surrogates, and what is above U+10FFFF show in the second byte.
      let overlong3 = (before .== all(0xE0)) .& (byte .< all(0xA0))
      let surrogate = (before .== all(0xED)) .& (byte .>= all(0xA0))
      let overlong4 = (before .== all(0xF0)) .& (byte .< all(0x90))
      let tooHigh = (before .== all(0xF4)) .& (byte .>= all(0x90))
      let forbidden = overlong3 .| surrogate .| overlong4 .| tooHigh
      wrong .|= misplaced .| never .| forbidden
    }
    let words = words(wrong)
    return words[0] | words[1] == 0
  }
}
