import Ledger

/// The fingerprints of a file's keys so far, of which each is asked for once: whether the key came before.
///
/// Open addressing, for a `Set` of Swift's hashes each of its elements again whenever it grows. Where an element stands
/// depends on a number that is another in every run, so no file can be made in which all stand in one place.
struct Fingerprints {
  private var slots: [ContentHash] = Array(repeating: Self.empty, count: 1 << 10)
  private var count = 0
  /// The fingerprint that a free slot holds is one like any other.
  private var hasEmpty = false
  private let secret = UInt64.random(in: 0...UInt64.max)

  private static let empty = ContentHash(low: 0, high: 0)

  /// - Returns: whether it is a new one.
  mutating func insert(_ fingerprint: ContentHash) -> Bool {
    guard fingerprint != Self.empty else {
      defer { hasEmpty = true }
      return !hasEmpty
    }
    if count * 4 > slots.count * 3 { grow() }
    let place = place(of: fingerprint)
    guard slots[place] == Self.empty else { return false }
    slots[place] = fingerprint
    count += 1
    return true
  }

  /// Where it stands, or is to stand.
  private func place(of fingerprint: ContentHash) -> Int {
    let mask = slots.count &- 1
    var at = Int(truncatingIfNeeded: mixed(fingerprint.low, secret) ^ fingerprint.high) & mask
    while slots[at] != fingerprint, slots[at] != Self.empty { at = (at &+ 1) & mask }
    return at
  }

  private mutating func grow() {
    let known = slots
    slots = Array(repeating: Self.empty, count: known.count * 2)
    for fingerprint in known where fingerprint != Self.empty { slots[place(of: fingerprint)] = fingerprint }
  }
}
