import Glibc

/// Texts that occur again and again (customer codes, units, accounts …), each stored once and known by a small number.
///
/// Numbers are given in order of first appearance, from 0. Open addressing; a lookup costs a hash and a compare.
public struct Codes: Sendable {
  @usableFromInline var bytes: [UInt8] = []
  @usableFromInline var ends: [Int32] = []
  @usableFromInline var hashes: [UInt64] = []
  @usableFromInline var slots: [Int32]

  public init() { slots = Array(repeating: -1, count: 64) }

  @inlinable public var count: Int { ends.count }

  @inlinable
  func start(of code: Int32) -> Int { code == 0 ? 0 : Int(ends[Int(code) - 1]) }

  /// The text with the number `code`.
  @inlinable
  public func withText<T>(_ code: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    bytes.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[start(of: code)..<Int(ends[Int(code)])]))
    }
  }

  public func text(_ code: Int32) -> String {
    withText(code) { String(decoding: $0, as: UTF8.self) }
  }

  /// The order of two texts by their bytes; -1, no text, stands before all.
  public func precedes(_ a: Int32, _ b: Int32) -> Bool {
    guard a >= 0, b >= 0 else { return a < b }
    return bytes.withUnsafeBufferPointer { all in
      let (left, right) = (start(of: a), start(of: b))
      let (leftCount, rightCount) = (Int(ends[Int(a)]) - left, Int(ends[Int(b)]) - right)
      let common = min(leftCount, rightCount)
      let order = common == 0 ? 0 : memcmp(all.baseAddress! + left, all.baseAddress! + right, common)
      if order != 0 { return order < 0 }
      return leftCount < rightCount
    }
  }

  /// Appends the text with the number `code`.
  @inlinable
  public func append(_ code: Int32, to text: inout [UInt8]) {
    text.append(contentsOf: bytes[start(of: code)..<Int(ends[Int(code)])])
  }

  /// The number of `text`, or -1 where it was never given one.
  @inlinable
  public func find(_ text: UnsafeBufferPointer<UInt8>) -> Int32 {
    find(text, hash: contentHash(text))
  }

  @inlinable
  func find(_ text: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int32 {
    let mask = slots.count &- 1
    var at = Int(truncatingIfNeeded: hash) & mask
    while slots[at] >= 0 {
      let code = slots[at]
      if hashes[Int(code)] == hash, holds(code, text) { return code }
      at = (at &+ 1) & mask
    }
    return -1
  }

  /// Whether `code` is the number of `text`.
  @inlinable
  public func holds(_ code: Int32, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let from = start(of: code)
    guard Int(ends[Int(code)]) - from == text.count else { return false }
    guard let text = text.baseAddress else { return true }
    return bytes.withUnsafeBufferPointer {
      sameBytes($0.baseAddress! + from, text, count: Int(ends[Int(code)]) - from)
    }
  }

  /// The number of `text`, given now where it is new.
  @inlinable
  public mutating func intern(_ text: UnsafeBufferPointer<UInt8>) -> Int32 {
    let hash = contentHash(text)
    let known = find(text, hash: hash)
    return known >= 0 ? known : add(text, hash: hash)
  }

  public mutating func intern(_ text: String) -> Int32 {
    var text = text
    return text.withUTF8 { intern($0) }
  }

  @usableFromInline
  mutating func add(_ text: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int32 {
    let code = Int32(ends.count)
    bytes.append(contentsOf: text)
    ends.append(Int32(bytes.count))
    hashes.append(hash)
    if ends.count * 2 > slots.count { grow() }
    place(code)
    return code
  }

  private mutating func place(_ code: Int32) {
    let mask = slots.count &- 1
    var at = Int(truncatingIfNeeded: hashes[Int(code)]) & mask
    while slots[at] >= 0 { at = (at &+ 1) & mask }
    slots[at] = code
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for code in 0..<Int32(ends.count - 1) { place(code) }
  }
}

/// 64 bits of a text's content: the same on every machine and in every run. Not for use against an adversary.
@inlinable
public func contentHash(_ text: UnsafeBufferPointer<UInt8>, seed: UInt64 = 0x9E37_79B9_7F4A_7C15) -> UInt64 {
  var hash = seed ^ UInt64(truncatingIfNeeded: text.count)
  var i = 0
  let n = text.count
  let base = UnsafeRawPointer(text.baseAddress)
  while i &+ 8 <= n {
    hash = mixed(hash ^ base!.loadUnaligned(fromByteOffset: i, as: UInt64.self), 0xA076_1D64_78BD_642F)
    i &+= 8
  }
  let tail = n == i ? 0 : lastBytes(base!, from: i, count: n)
  return mixed(hash ^ tail, 0xE703_7ED1_A0B4_28DB)
}

/// The fewer than eight bytes from `start` on as one number, the first of them lowest.
@inlinable @inline(__always)
func lastBytes(_ bytes: UnsafeRawPointer, from start: Int, count: Int) -> UInt64 {
  let rest = count &- start
  // Reads overlap, for a byte that is read twice gives the same bits twice.
  if count >= 8 {
    return bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self) &>> UInt64((8 &- rest) &* 8)
  }
  func part(_ place: Int) -> UInt64 {
    UInt64(bytes.load(fromByteOffset: start &+ place, as: UInt8.self)) &<< UInt64(place &* 8)
  }
  guard rest >= 4 else { return part(0) | part(rest / 2) | part(rest &- 1) }
  let low = UInt64(bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
  let high = UInt64(bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
  return low | high &<< UInt64((rest &- 4) &* 8)
}

/// Whether two texts of `count` bytes are the same: eight at a time, as most codes are short.
@inlinable @inline(__always)
public func sameBytes(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, count: Int) -> Bool {
  let (left, right) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
  @inline(__always)
  func same<Word: FixedWidthInteger>(_ word: Word.Type, at place: Int) -> Bool {
    left.loadUnaligned(fromByteOffset: place, as: word)
      == right.loadUnaligned(fromByteOffset: place, as: word)
  }
  if count >= 8 {
    var at = 0
    while at &+ 8 < count {
      if !same(UInt64.self, at: at) { return false }
      at &+= 8
    }
    return same(UInt64.self, at: count &- 8)
  }
  if count >= 4 { return same(UInt32.self, at: 0) && same(UInt32.self, at: count &- 4) }
  for at in 0..<count where a[at] != b[at] { return false }
  return true
}

/// Both halves of the 128-bit product, folded: one multiplication mixes every bit of both factors.
@inlinable
public func mixed(_ left: UInt64, _ right: UInt64) -> UInt64 {
  let product = (left ^ 0x2D35_8DCC_AA6C_78A5).multipliedFullWidth(by: right ^ 0x8BB8_4B93_962E_ACC9)
  return product.high ^ product.low
}
