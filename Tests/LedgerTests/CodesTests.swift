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
}
