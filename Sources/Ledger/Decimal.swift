/// An exact decimal number: `units` × 10^-`scale`. Never a floating-point number.
///
/// Arithmetic that could leave 128 bits returns `nil`; the caller makes a finding of it.
public struct Decimal: Sendable, Hashable {
  public var units: Int128
  /// Digits behind the point, 0...30.
  public var scale: Int

  @inlinable
  public init(units: Int128, scale: Int) {
    self.units = units
    self.scale = scale
  }

  public static let zero = Decimal(units: 0, scale: 0)

  /// The same value with exactly `newScale` digits, rounded half away from zero (四舍五入) where digits are lost.
  @inlinable
  public func rescaled(to newScale: Int) -> Decimal? {
    if newScale == scale { return self }
    if newScale > scale {
      let (product, overflow) = units.multipliedReportingOverflow(by: powerOfTen(newScale - scale))
      return overflow ? nil : Decimal(units: product, scale: newScale)
    }
    return Decimal(
      units: roundedHalfAwayFromZero(units, dividedBy: powerOfTen(scale - newScale)), scale: newScale)
  }

  /// The same value without zeros at the end of its fraction.
  public var trimmed: Decimal {
    var units = units
    var scale = scale
    while scale > 0, units % 10 == 0 {
      units /= 10
      scale -= 1
    }
    return Decimal(units: units, scale: scale)
  }

  public static func + (left: Decimal, right: Decimal) -> Decimal? {
    let scale = max(left.scale, right.scale)
    guard let a = left.rescaled(to: scale), let b = right.rescaled(to: scale) else { return nil }
    let (sum, overflow) = a.units.addingReportingOverflow(b.units)
    return overflow ? nil : Decimal(units: sum, scale: scale)
  }

  public static prefix func - (value: Decimal) -> Decimal { Decimal(units: -value.units, scale: value.scale) }
}

extension Decimal: CustomStringConvertible {
  public var description: String {
    var text: [UInt8] = []
    appendDecimal(units, scale: scale, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

extension Decimal: Comparable {
  public static func < (left: Decimal, right: Decimal) -> Bool {
    let scale = max(left.scale, right.scale)
    if let a = left.rescaled(to: scale), let b = right.rescaled(to: scale) { return a.units < b.units }
    // Where a common scale leaves 128 bits: whole parts first, then what is behind the point, which always fits.
    let (a, b) = (left.split, right.split)
    return a.whole != b.whole
      ? a.whole < b.whole
      : a.rest * powerOfTen(scale - left.scale) < b.rest * powerOfTen(scale - right.scale)
  }

  private var split: (whole: Int128, rest: Int128) {
    let (whole, rest) = units.quotientAndRemainder(dividingBy: powerOfTen(scale))
    return (whole, rest)
  }

  /// Equal in value: 1.50 is 1.5.
  public static func == (left: Decimal, right: Decimal) -> Bool {
    let (a, b) = (left.trimmed, right.trimmed)
    return a.units == b.units && a.scale == b.scale
  }

  public func hash(into hasher: inout Hasher) {
    let canonical = trimmed
    hasher.combine(canonical.units)
    hasher.combine(canonical.scale)
  }
}

/// 10^0 … 10^38.
public let powersOfTen: [Int128] = (0...37).reduce(into: [1]) { powers, _ in powers.append(powers.last! * 10)
}

/// 10^`exponent`, for 0...38.
@inlinable
public func powerOfTen(_ exponent: Int) -> Int128 { powersOfTen[exponent] }

/// `value` ÷ `divisor` (positive), rounded half away from zero, symmetric for red amounts.
@inlinable
public func roundedHalfAwayFromZero(_ value: Int128, dividedBy divisor: Int128) -> Int128 {
  if let small = Int64(exactly: value), let by = Int64(exactly: divisor) {
    let (quotient, rest) = small.quotientAndRemainder(dividingBy: by)
    let half = UInt64(by) - rest.magnitude <= rest.magnitude
    return Int128(half ? quotient + (small < 0 ? -1 : 1) : quotient)
  }
  let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
  let half = divisor.magnitude - rest.magnitude <= rest.magnitude
  return half ? quotient + (value < 0 ? -1 : 1) : quotient
}

/// Appends `units` × 10^-`scale` as ASCII: `-12.50`. All digits of the scale are written.
@inlinable
public func appendDecimal(_ units: Int128, scale: Int, to text: inout [UInt8]) {
  guard let small = Int64(exactly: units), small != .min else {
    appendWideDecimal(units, scale: scale, to: &text)
    return
  }
  if small < 0 { text.append(0x2D) }
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { digits in
    var rest = small.magnitude
    var at = 64
    var written = 0
    repeat {
      if written == scale, scale > 0 {
        at -= 1
        digits[at] = 0x2E
      }
      at -= 1
      digits[at] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
      rest /= 10
      written += 1
    } while rest > 0 || written <= scale
    text.append(contentsOf: UnsafeBufferPointer(rebasing: digits[at..<64]))
  }
}

@usableFromInline
func appendWideDecimal(_ units: Int128, scale: Int, to text: inout [UInt8]) {
  var digits = Array(String(units.magnitude).utf8)
  if digits.count <= scale {
    digits.insert(contentsOf: repeatElement(0x30, count: scale + 1 - digits.count), at: 0)
  }
  if units < 0 { text.append(0x2D) }
  text.append(contentsOf: digits.dropLast(scale))
  if scale > 0 {
    text.append(0x2E)
    text.append(contentsOf: digits.suffix(scale))
  }
}
