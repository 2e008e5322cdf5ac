import Ledger
import Testing

@testable import Expressions

struct DivisionTests {
  @Test func `the integers of the tests are right themselves`() {
    var random = SplitMix(seed: 21)
    for _ in 0..<2_000 {
      let (a, b) = (random.wide(bits: 62), random.wide(bits: 62))
      #expect((BigInteger(a) * BigInteger(b)).int128 == a * b)
      #expect((BigInteger(a) + BigInteger(b)).int128 == a + b)
      #expect((BigInteger(a) - BigInteger(b)).int128 == a - b)
      #expect((BigInteger(a) < BigInteger(b)) == (a < b))
      if b != 0 {
        let twice = 2 * a.magnitude + b.magnitude
        let expected = Int128(twice / (2 * b.magnitude)) * a.signum() * b.signum()
        #expect(BigInteger.rounded(BigInteger(a), over: BigInteger(b)).int128 == expected)
      }
    }
    #expect((BigInteger(.max) + BigInteger(1)).int128 == nil)
    #expect(BigInteger(.max).int128 == .max)
    #expect(BigInteger(.min).int128 == .min)
  }

  @Test func `a quotient that is rounded later is rounded as the exact one would be`() {
    var random = SplitMix(seed: 22)
    for _ in 0..<1_000 {
      let (a, b) = (random.wide(bits: 60), random.wide(bits: Bool.random(using: &random) ? 8 : 60))
      guard b != 0, let quotient = stickyQuotient(a, b, shift: Program.quotientScale) else { continue }
      for digits in [0, 2, 6, 12] {
        let later = roundedHalfAwayFromZero(quotient, dividedBy: powerOfTen(Program.quotientScale - digits))
        let exact = BigInteger.rounded(BigInteger(a) * .tenTo(digits), over: BigInteger(b)).int128
        #expect(later == exact, "\(a) / \(b) to \(digits) digits")
      }
    }
  }

  @Test func `halves, and what is just beside a half`() {
    // 1/8 is 0.125 exactly; the others differ from a half only far behind the digits that are kept.
    let tiny = powerOfTen(16)
    for (a, b, digits, expected) in [
      (1, 8, 2, 13), (-1, 8, 2, -13), (1, -8, 2, -13), (3, 8, 2, 38),
      (tiny / 2, tiny, 0, 1), (tiny / 2 - 1, tiny, 0, 0), (tiny / 2 + 1, tiny, 0, 1),
      (-(tiny / 2 - 1), tiny, 0, 0),
    ] as [(Int128, Int128, Int, Int128)] {
      let quotient = stickyQuotient(a, b, shift: Program.quotientScale)!
      #expect(
        roundedHalfAwayFromZero(quotient, dividedBy: powerOfTen(Program.quotientScale - digits)) == expected,
        "\(a) / \(b)")
    }
  }

  @Test func `a quotient is equal to a decimal only if it is that decimal`() {
    var bench = Bench()
    bench.field("a", .int, "甲")
    bench.field("b", .int, "乙")
    let slots = [
      bench.field("e", .bool, "a / b == 0.333333333333"), bench.field("g", .bool, "a / b > 0.333333333333"),
      bench.field("h", .bool, "a / b == 0.5"), bench.field("l", .bool, "a / b < 0"),
    ]
    let outcome = bench.run([
      ["甲": "1", "乙": "3"], ["甲": "1", "乙": "2"], ["甲": "-1", "乙": "30000000000000"],
    ])
    #expect(slots.map { outcome.text($0, 0) } == ["否", "是", "否", "否"])
    #expect(slots.map { outcome.text($0, 1) } == ["否", "是", "是", "否"])
    #expect(slots.map { outcome.text($0, 2) } == ["否", "否", "否", "是"])
  }
}
