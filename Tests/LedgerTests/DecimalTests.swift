import Testing

@testable import Ledger

struct DecimalTests {
  /// Half away from zero, said without a division: what is left over is less than half a divisor, or exactly half of
  /// one where the result went away from zero.
  private func isRounded(_ result: Int128, _ value: Int128, by divisor: Int128) -> Bool {
    guard value >= 0 else { return isRounded(-result, -value, by: divisor) }
    let left = value - result * divisor
    return 2 * left < divisor && 2 * left >= -divisor
  }

  @Test(arguments: [
    (0, 10, 0), (4, 10, 0), (5, 10, 1), (14, 10, 1), (15, 10, 2), (25, 10, 3), (-4, 10, 0), (-5, 10, -1),
    (-15, 10, -2), (-25, 10, -3), (-14, 10, -1), (1, 3, 0), (2, 3, 1), (-2, 3, -1), (7, 1, 7),
  ])
  func `halves go away from zero, on both sides of it`(_ value: Int, _ divisor: Int, _ expected: Int) {
    #expect(roundedHalfAwayFromZero(Int128(value), dividedBy: Int128(divisor)) == Int128(expected))
  }

  @Test func `rounding is right and symmetric at every size`() {
    var random = SplitMix(seed: 1)
    for _ in 0..<20_000 {
      let value = random.wide(bits: 126)
      let divisor = max(1, random.wide(bits: 120).magnitude)
      let rounded = roundedHalfAwayFromZero(value, dividedBy: Int128(divisor))
      #expect(isRounded(rounded, value, by: Int128(divisor)), "\(value) / \(divisor) gave \(rounded)")
      #expect(roundedHalfAwayFromZero(-value, dividedBy: Int128(divisor)) == -rounded)
    }
  }

  @Test func `exact halves at 128 bits are rounded as small ones are`() {
    let factor = powerOfTen(30)
    for odd in stride(from: Int128(1), to: 199, by: 2) {
      let half = odd * (factor / 2)
      #expect(roundedHalfAwayFromZero(half, dividedBy: factor) == odd / 2 + 1)
      #expect(roundedHalfAwayFromZero(half - 1, dividedBy: factor) == odd / 2)
      #expect(roundedHalfAwayFromZero(-half, dividedBy: factor) == -(odd / 2 + 1))
      #expect(roundedHalfAwayFromZero(-half + 1, dividedBy: factor) == -(odd / 2))
    }
  }

  @Test func `the smallest and largest numbers are rounded without a trap`() {
    #expect(roundedHalfAwayFromZero(.max, dividedBy: 1) == .max)
    #expect(roundedHalfAwayFromZero(.min, dividedBy: 1) == .min)
    #expect(roundedHalfAwayFromZero(Int128(Int64.min), dividedBy: 10) == -922_337_203_685_477_581)
    #expect(roundedHalfAwayFromZero(Int128(Int64.max), dividedBy: 10) == 922_337_203_685_477_581)
  }

  @Test(arguments: [
    (0, 0, "0"), (0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (1250, 2, "12.50"), (-1250, 2, "-12.50"),
    (7, 0, "7"), (1, 12, "0.000000000001"), (123_456, 6, "0.123456"), (1_234_567, 6, "1.234567"),
  ])
  func `all digits of the scale are printed`(_ units: Int, _ scale: Int, _ text: String) {
    #expect(Decimal(units: Int128(units), scale: scale).description == text)
  }

  @Test func `printing agrees with the digits of the integer, also beyond 64 bits`() {
    var random = SplitMix(seed: 2)
    let edges: [Int128] = [Int128(Int64.min), Int128(Int64.max), Int128(Int64.max) + 1, .min, .max, 0, -1]
    for units in edges + (0..<5_000).map({ _ in random.wide(bits: 127) }) {
      let scale = Int.random(in: 0...30, using: &random)
      let printed = Decimal(units: units, scale: scale).description
      let parts = printed.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
      #expect(parts.count == (scale == 0 ? 1 : 2))
      #expect(scale == 0 || parts[1].count == scale)
      #expect(parts[0] == "0" || parts[0].first != "0")
      #expect(UInt128(parts.joined()) == units.magnitude)
      #expect(printed.hasPrefix("-") == (units < 0))
    }
  }

  @Test func `a sum or rescaling that leaves 128 bits is nil`() {
    let huge = Decimal(units: .max, scale: 2)
    #expect((huge + Decimal(units: 1, scale: 2)) == nil)
    #expect(huge.rescaled(to: 3) == nil)
    #expect((Decimal(units: 150, scale: 2) + Decimal(units: 1, scale: 3)) == Decimal(units: 1501, scale: 3))
    #expect(Decimal(units: -1005, scale: 3).rescaled(to: 2)?.units == -101)
  }

  @Test func `equality is of value, and hashes agree with it`() {
    let (a, b) = (Decimal(units: 150, scale: 2), Decimal(units: 15, scale: 1))
    #expect(a == b)
    #expect(a.hashValue == b.hashValue)
    #expect(a != Decimal(units: 151, scale: 2))
    #expect(Decimal(units: 0, scale: 6) == .zero)
  }

  @Test func `order is of value, also where a common scale would not fit`() {
    let one = Decimal(units: powerOfTen(30), scale: 30)
    let big = Decimal(units: powerOfTen(37), scale: 0)
    #expect(one < big)
    #expect(!(big < one))
    #expect(-big < -one)
    #expect(!(-one < -big))
    #expect(Decimal(units: 15, scale: 1) < Decimal(units: 151, scale: 2))
    #expect(Decimal(units: -151, scale: 2) < Decimal(units: -15, scale: 1))
    #expect(!(Decimal(units: 150, scale: 2) < Decimal(units: 15, scale: 1)))
  }
}
