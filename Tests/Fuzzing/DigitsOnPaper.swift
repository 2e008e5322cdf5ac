/// A decimal number as one writes it: sign, digits, and how many of them stand behind the point. Every operation is
/// what a child does with a pencil.
struct DigitsOnPaper: Equatable {
  var negative: Bool
  /// Highest first; at least one before the point.
  var digits: [UInt8]
  var scale: Int

  init(negative: Bool, digits: [UInt8], scale: Int) {
    self.scale = scale
    self.digits = Array(repeating: 0, count: max(0, scale + 1 - digits.count)) + digits
    let spare = min(self.digits.prefix { $0 == 0 }.count, self.digits.count - scale - 1)
    self.digits.removeFirst(max(0, spare))
    self.negative = negative && self.digits.contains { $0 != 0 }
  }

  init(units: Int128, scale: Int) {
    self.init(
      negative: units < 0, digits: String(units.magnitude).utf8.map { $0 - 0x30 }, scale: scale)
  }

  var text: String {
    let all = digits.map { String($0) }
    let fraction = scale > 0 ? "." + all.suffix(scale).joined() : ""
    return (negative ? "-" : "") + all.dropLast(scale).joined() + fraction
  }

  /// Whether the digits without their point are less than 2^127.
  var fits: Bool {
    let limit = Array(String(Int128.max).utf8.map { $0 - 0x30 })
    let own = Array(digits.drop { $0 == 0 })
    if own.count != limit.count { return own.count < limit.count }
    return !limit.lexicographicallyPrecedes(own)
  }

  func extended(to wider: Int) -> DigitsOnPaper {
    DigitsOnPaper(
      negative: negative, digits: digits + Array(repeating: 0, count: wider - scale), scale: wider)
  }

  /// To fewer digits, half away from zero: the first one that is dropped decides.
  func rounded(to narrower: Int) -> DigitsOnPaper {
    let kept = Array(digits.dropLast(scale - narrower))
    var result = DigitsOnPaper(negative: negative, digits: kept, scale: narrower)
    if narrower < scale, digits[digits.count - (scale - narrower)] >= 5 {
      let one = DigitsOnPaper(negative: negative, digits: [1], scale: narrower)
      let isZero = kept.allSatisfy { $0 == 0 }
      result = isZero ? DigitsOnPaper(negative: negative, digits: [1], scale: narrower) : result.adding(one)
    }
    return result
  }

  func adding(_ other: DigitsOnPaper) -> DigitsOnPaper {
    let scale = max(scale, other.scale)
    let (a, b) = (extended(to: scale), other.extended(to: scale))
    let length = max(a.digits.count, b.digits.count)
    func padded(_ digits: [UInt8]) -> [Int] {
      Array(repeating: 0, count: length - digits.count) + digits.map { Int($0) }
    }
    let (x, y) = (padded(a.digits), padded(b.digits))
    if a.negative == b.negative {
      var sum: [UInt8] = []
      var carry = 0
      for (p, q) in zip(x, y).reversed() {
        sum.append(UInt8((p + q + carry) % 10))
        carry = (p + q + carry) / 10
      }
      return DigitsOnPaper(negative: a.negative, digits: [UInt8(carry)] + sum.reversed(), scale: scale)
    }
    let swapped = x.lexicographicallyPrecedes(y)
    var difference: [UInt8] = []
    var borrow = 0
    for (p, q) in (swapped ? zip(y, x) : zip(x, y)).reversed() {
      let digit = p - q - borrow
      borrow = digit < 0 ? 1 : 0
      difference.append(UInt8(digit + 10 * borrow))
    }
    return DigitsOnPaper(
      negative: swapped ? b.negative : a.negative, digits: difference.reversed(), scale: scale)
  }

  static func < (left: DigitsOnPaper, right: DigitsOnPaper) -> Bool {
    left.adding(DigitsOnPaper(negative: !right.negative, digits: right.digits, scale: right.scale)).negative
  }
}
