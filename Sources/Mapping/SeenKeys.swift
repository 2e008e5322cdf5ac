import Ledger

/// The document keys of a file so far, of which each is asked for once: whether it came before.
///
/// While each key is larger than the one before, none can have come before, and nobody need look. Else their fingerprints
/// are kept: open addressing, for a `Set` of Swift's hashes each of its elements again whenever it grows. Where an
/// element stands depends on a number that is another in every run, so no file can be made in which all stand in one place.
struct SeenKeys {
  private var ascend = true
  private var largest: Range<Int>?
  private var slots: [ContentHash] = []
  private var count = 0
  /// The fingerprint that a free slot holds is one like any other.
  private var hasEmpty = false
  private let secret = UInt64.random(in: 0...UInt64.max)

  private static let empty = ContentHash(low: 0, high: 0)

  /// Adds a key that is to be that of the store's next document.
  /// - Returns: whether none of its documents has it.
  mutating func insert(_ key: Range<Int>, of store: borrowing DocumentStore) -> Bool {
    if ascend {
      guard let largest, !store.keys[largest].lexicographicallyPrecedes(store.keys[key]) else {
        largest = key
        return true
      }
      ascend = false
      slots = Array(repeating: Self.empty, count: 1 << 10)
      for document in store.documents where !document.nameless {
        _ = insert(fingerprint(of: store.keys[document.key]))
      }
    }
    return insert(fingerprint(of: store.keys[key]))
  }

  private func fingerprint(of key: ArraySlice<UInt8>) -> ContentHash {
    key.withUnsafeBufferPointer {
      ContentHash(low: contentHash($0), high: contentHash($0, seed: 0x4528_21E6_38D0_1377))
    }
  }

  private mutating func insert(_ fingerprint: ContentHash) -> Bool {
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
