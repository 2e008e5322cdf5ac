/// Whole numbers of any size, written for being obviously right and not for being fast.
struct BigInteger: Comparable {
  private var negative: Bool
  /// Base 10^9, lowest first, no zeros at the end.
  private var limbs: [UInt64]
  private static let base: UInt64 = 1_000_000_000

  private init(_ negative: Bool, _ limbs: [UInt64]) {
    self.limbs = limbs
    while self.limbs.last == 0 { self.limbs.removeLast() }
    self.negative = negative && !self.limbs.isEmpty
  }

  init(_ value: Int128) {
    var rest = value.magnitude
    var limbs: [UInt64] = []
    while rest > 0 {
      limbs.append(UInt64(rest % UInt128(Self.base)))
      rest /= UInt128(Self.base)
    }
    self.init(value < 0, limbs)
  }

  static func tenTo(_ exponent: Int) -> BigInteger {
    (0..<exponent).reduce(BigInteger(1)) { power, _ in power * BigInteger(10) }
  }

  var magnitude: BigInteger { BigInteger(false, limbs) }
  var isNegative: Bool { negative }
  var isZero: Bool { limbs.isEmpty }

  /// `nil` where 128 bits are too few.
  var int128: Int128? {
    var value: Int128 = 0
    for limb in limbs.reversed() {
      let (scaled, tooMuch) = value.multipliedReportingOverflow(by: Int128(Self.base))
      let (sum, overflow) = scaled.subtractingReportingOverflow(Int128(limb))
      if tooMuch || overflow { return nil }
      value = sum
    }
    if negative { return value }
    return value == .min ? nil : -value
  }

  static prefix func - (value: BigInteger) -> BigInteger { BigInteger(!value.negative, value.limbs) }

  static func + (left: BigInteger, right: BigInteger) -> BigInteger {
    guard left.negative == right.negative else {
      return compare(left.limbs, right.limbs) >= 0
        ? BigInteger(left.negative, difference(left.limbs, right.limbs))
        : BigInteger(right.negative, difference(right.limbs, left.limbs))
    }
    var sum: [UInt64] = []
    var carry: UInt64 = 0
    for i in 0..<max(left.limbs.count, right.limbs.count) {
      let total =
        (i < left.limbs.count ? left.limbs[i] : 0) + (i < right.limbs.count ? right.limbs[i] : 0) + carry
      sum.append(total % base)
      carry = total / base
    }
    return BigInteger(left.negative, sum + [carry])
  }

  static func - (left: BigInteger, right: BigInteger) -> BigInteger { left + -right }

  static func * (left: BigInteger, right: BigInteger) -> BigInteger {
    var product = [UInt64](repeating: 0, count: left.limbs.count + right.limbs.count + 1)
    for (i, a) in left.limbs.enumerated() {
      var carry: UInt64 = 0
      for j in 0...right.limbs.count {
        let total = product[i + j] + a * (j < right.limbs.count ? right.limbs[j] : 0) + carry
        product[i + j] = total % base
        carry = total / base
      }
    }
    return BigInteger(left.negative != right.negative, product)
  }

  /// Left ÷ right, half away from zero, by trying digit after digit.
  static func rounded(_ left: BigInteger, over right: BigInteger) -> BigInteger {
    let (dividend, divisor) = (left.magnitude, right.magnitude)
    var digits = 0
    while !(dividend < divisor * tenTo(digits)) { digits += 1 }
    var (quotient, rest) = (BigInteger(0), dividend)
    for digit in (0..<digits).reversed() {
      let step = divisor * tenTo(digit)
      while !(rest < step) {
        rest = rest - step
        quotient = quotient + tenTo(digit)
      }
    }
    if !(rest + rest < divisor) { quotient = quotient + BigInteger(1) }
    return left.negative == right.negative ? quotient : -quotient
  }

  static func < (left: BigInteger, right: BigInteger) -> Bool {
    if left.negative != right.negative { return left.negative }
    let order = compare(left.limbs, right.limbs)
    return left.negative ? order > 0 : order < 0
  }

  private static func compare(_ left: [UInt64], _ right: [UInt64]) -> Int {
    if left.count != right.count { return left.count < right.count ? -1 : 1 }
    for (a, b) in zip(left, right).reversed() where a != b { return a < b ? -1 : 1 }
    return 0
  }

  private static func difference(_ large: [UInt64], _ small: [UInt64]) -> [UInt64] {
    var result: [UInt64] = []
    var borrow: UInt64 = 0
    for i in large.indices {
      let taken = (i < small.count ? small[i] : 0) + borrow
      borrow = large[i] < taken ? 1 : 0
      result.append(large[i] + borrow * base - taken)
    }
    return result
  }
}
