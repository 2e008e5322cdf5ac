/// A small seeded generator, so that a property that fails once fails again.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number of up to `bits` bits, every length as likely as any other.
  mutating func wide(bits: Int) -> Int128 {
    let length = Int.random(in: 0...bits, using: &self)
    let raw = UInt128(next()) << 64 | UInt128(next())
    let cut = length == 0 ? 0 : raw >> UInt128(128 - length)
    return Bool.random(using: &self) ? Int128(cut) : -Int128(cut)
  }
}
