import Testing

@testable import Ledger

struct CodesTests {
  private func intern(_ text: String, in codes: inout Codes) -> Int32 {
    Array(text.utf8).withUnsafeBufferPointer { codes.intern($0) }
  }

  private func find(_ text: String, in codes: Codes) -> Int32 {
    Array(text.utf8).withUnsafeBufferPointer { codes.find($0) }
  }

  @Test func `numbers are those of a dictionary in order of first appearance`() {
    var random = SplitMix(seed: 6)
    var codes = Codes()
    var known: [String: Int32] = [:]
    for _ in 0..<20_000 {
      let length = Int.random(in: 0...20, using: &random)
      let text = String((0..<length).map { _ in "ab客户01".randomElement(using: &random)! })
      let expected = known[text] ?? Int32(known.count)
      #expect(find(text, in: codes) == known[text] ?? -1)
      #expect(intern(text, in: &codes) == expected)
      known[text] = expected
    }
    #expect(codes.count == known.count)
    for (text, code) in known {
      #expect(codes.text(code) == text)
      #expect(find(text, in: codes) == code)
      var bytes: [UInt8] = [0x21]
      codes.append(code, to: &bytes)
      #expect(bytes == [0x21] + Array(text.utf8))
    }
  }

  @Test func `texts that are the beginning of another, or empty, are their own`() {
    var codes = Codes()
    #expect(intern("", in: &codes) == 0)
    #expect(intern("a", in: &codes) == 1)
    #expect(intern("ab", in: &codes) == 2)
    #expect(intern("a\0", in: &codes) == 3)
    #expect(intern("", in: &codes) == 0)
    #expect(find("abc", in: codes) == -1)
    #expect(codes.text(0).isEmpty)
  }

  @Test func `a content hash is the same for ever`() {
    // Kept in the state and in archives: these numbers must never change.
    let hash = { (text: String) in Array(text.utf8).withUnsafeBufferPointer { contentHash($0) } }
    #expect(hash("") == hash(""))
    #expect(hash("XC2026030001") != hash("XC2026030002"))
    #expect(Set((0..<10_000).map { hash("K\($0)") }).count == 10_000)
    #expect(hash("a") != hash("a\0"))
  }

  @Test(arguments: 0...40)
  func `a content hash is that of the bytes one by one`(length: Int) {
    var random = SplitMix(seed: UInt64(length))
    for _ in 0..<50 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      var hash = 0x9E37_79B9_7F4A_7C15 ^ UInt64(length)
      for word in 0..<length / 8 {
        hash = mixed(hash ^ number(bytes[word * 8..<word * 8 + 8]), 0xA076_1D64_78BD_642F)
      }
      hash = mixed(hash ^ number(bytes[(length / 8 * 8)...]), 0xE703_7ED1_A0B4_28DB)
      #expect(bytes.withUnsafeBufferPointer { contentHash($0) } == hash)
    }
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  @Test(arguments: 0...40)
  func `texts are the same only where every byte is`(length: Int) {
    var random = SplitMix(seed: UInt64(length))
    let text = (0..<length + 3).map { _ in UInt8.random(in: 0...255, using: &random) }
    // Neither what stands before them nor what stands behind them counts.
    func same(_ other: [UInt8]) -> Bool {
      text.withUnsafeBufferPointer { a in
        other.withUnsafeBufferPointer { b in
          sameBytes(a.baseAddress! + 1, b.baseAddress! + 2, count: length)
        }
      }
    }
    #expect(same([1, 2] + text[1..<length + 1] + [3]))
    for place in 0..<length {
      var other = [1, 2] + text[1..<length + 1] + [3]
      other[2 + place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      #expect(!same(other))
    }
  }
}
