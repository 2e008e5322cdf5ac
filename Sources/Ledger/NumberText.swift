/// What a cell's text is, read as a number.
public enum NumberText: Sendable, Hashable {
  case empty
  /// `units` × 10^-`scale`; `percent` where a percent sign stood behind it (the value is not divided).
  case number(units: Int128, scale: Int, percent: Bool)
  case notANumber
  /// `1.23457E+11`: what a spreadsheet makes of a long code; its digits are lost.
  case scientific
}

/// Reads a number as exports write it: `1,234.50`, `￥99.00`, `(12.00)`, `12.00-`, `-12`, full-width digits,
/// `13%`, with white space around. At most 18 digits before and 18 behind the point.
///
/// Commas are accepted only as thousands separators, three digits apart and not behind a zero (`0,123` is how others
/// write 0.123); white space between two digits makes two numbers, so none.
public func parseNumber(_ text: UnsafeBufferPointer<UInt8>) -> NumberText {
  guard !text.isEmpty else { return .empty }
  let plain = parsePlainNumber(text)
  if plain.scale >= 0 { return .number(units: Int128(plain.units), scale: plain.scale, percent: false) }
  return parseDecoratedNumber(text)
}

/// The form that nearly every cell has, `-1234.50` with at most 18 digits, read without looking at any other.
/// A scale of -1 says that it is not of that form.
@inlinable
public func parsePlainNumber(_ text: UnsafeBufferPointer<UInt8>) -> (units: Int64, scale: Int) {
  let n = text.count
  guard n > 0, n <= 20 else { return (0, -1) }
  let negative = text[0] == 0x2D
  let first = negative ? 1 : 0
  var units: Int64 = 0
  var point = -1
  var i = first
  while i < n {
    let digit = text[i] &- 0x30
    if digit < 10 {
      units = units &* 10 &+ Int64(digit)
    } else if text[i] == 0x2E, point < 0 {
      point = i
    } else {
      return (0, -1)
    }
    i &+= 1
  }
  let digits = n - first - (point < 0 ? 0 : 1)
  guard digits > 0, digits <= 18, point != n - 1 else { return (0, -1) }
  return (negative ? -units : units, point < 0 ? 0 : n - point - 1)
}

/// As `parsePlainNumber`, of a text within others: where at most eight characters stand behind the sign, as in nearly
/// every cell, all are read at once, in one word.
@inlinable @inline(__always)
public func parsePlainNumber(
  in bytes: UnsafeBufferPointer<UInt8>, from start: Int, count: Int
) -> (units: Int64, scale: Int) {
  let end = start &+ count
  guard count > 0, end >= 8, let base = UnsafeRawPointer(bytes.baseAddress) else {
    return parsePlainNumber(UnsafeBufferPointer(rebasing: bytes[start..<end]))
  }
  let isNegative = bytes[start] == 0x2D
  let length = isNegative ? count &- 1 : count
  guard length > 0, length <= 8 else {
    return parsePlainNumber(UnsafeBufferPointer(rebasing: bytes[start..<end]))
  }
  // The first character is the lowest byte; what stands before it counts as zeros.
  let before = UInt64(1) &<< UInt64((8 &- length) &* 8) &- 1
  var text = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: end &- 8, as: UInt64.self))
  text = text & ~before | 0x3030_3030_3030_3030 & before
  var scale = 0
  let points = text ^ 0x2E2E_2E2E_2E2E_2E2E
  let point = (points &- 0x0101_0101_0101_0101) & ~points & 0x8080_8080_8080_8080
  if point != 0 {
    let place = UInt64(point.trailingZeroBitCount & ~7)
    scale = Int(56 &- place) / 8
    guard scale > 0, length > 1 else { return (0, -1) }
    let whole = UInt64(1) &<< place &- 1
    text = text & UInt64.max &<< (place &+ 8) | (text & whole) &<< 8 | 0x30
  }
  let digits = text ^ 0x3030_3030_3030_3030
  guard (digits &+ 0x7676_7676_7676_7676 | digits) & 0x8080_8080_8080_8080 == 0 else { return (0, -1) }
  // Neighbours are joined: digits to pairs, pairs to fours, fours to the number.
  let pairs = digits &* 10 &+ digits &>> 8
  let low = (pairs & 0x0000_00FF_0000_00FF) &* (1_000_000 &<< 32 | 100)
  let high = (pairs &>> 16 & 0x0000_00FF_0000_00FF) &* (10_000 &<< 32 | 1)
  let units = Int64(truncatingIfNeeded: (low &+ high) &>> 32)
  return (isNegative ? 0 &- units : units, scale)
}

private func parseDecoratedNumber(_ text: UnsafeBufferPointer<UInt8>) -> NumberText {
  var plain: [UInt8] = []
  var gap = false
  for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x3000, 0xFEFF, 0x1F:
      gap = true
      continue
    // Full-width forms stand 0xFEE0 above ASCII.
    case 0xFF01...0xFF5E: plain.append(UInt8(scalar.value - 0xFEE0))
    case 0xA5, 0xFFE5: plain.append(0x24)  // ¥ ￥, read as the mark of a currency
    case 0x2212: plain.append(0x2D)
    case 0..<0x80: plain.append(UInt8(scalar.value))
    default: return .notANumber
    }
    if gap, plain.suffix(2).count(where: isOfDigits) == 2 { return .notANumber }
    gap = false
  }
  guard !plain.isEmpty else { return .empty }
  var rest = plain[...]
  var negative = false
  if rest.first == 0x28, rest.last == 0x29 {  // (12.00)
    negative = true
    rest = rest.dropFirst().dropLast()
  }
  var percent = false
  if rest.last == 0x25 {
    percent = true
    rest = rest.dropLast()
  }
  var signed = negative
  func takeSign() -> Bool {
    guard let sign = rest.first, sign == 0x2D || sign == 0x2B else { return true }
    if signed { return false }
    signed = true
    negative = sign == 0x2D
    rest = rest.dropFirst()
    return true
  }
  guard takeSign() else { return .notANumber }
  if rest.first == 0x24 { rest = rest.dropFirst() }
  guard takeSign() else { return .notANumber }
  if rest.last == 0x2D {  // 12.00-, as SAP writes it
    if signed { return .notANumber }
    negative = true
    rest = rest.dropLast()
  }
  return parsePlain(rest, negative: negative, percent: percent)
}

private func isOfDigits(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || byte == 0x2C || byte == 0x2E }

private func parsePlain(_ text: ArraySlice<UInt8>, negative: Bool, percent: Bool) -> NumberText {
  var units: Int128 = 0
  var whole = 0
  var fraction = 0
  var point = false
  var sinceComma: Int?
  for (offset, byte) in text.enumerated() {
    switch byte {
    case 0x30...0x39:
      if point { fraction += 1 } else { whole += 1 }
      if let since = sinceComma, !point { sinceComma = since + 1 }
      guard whole <= 18, fraction <= 18 else { return .notANumber }
      units = units * 10 + Int128(byte - 0x30)
    case 0x2C:
      guard !point, whole > 0, sinceComma ?? 3 == 3, sinceComma != nil || whole <= 3 && text.first != 0x30
      else {
        return .notANumber
      }
      sinceComma = 0
    case 0x2E:
      guard !point else { return .notANumber }
      point = true
    case 0x45, 0x65:
      let exponent = text.dropFirst(offset + 1)
      let digits = exponent.first == 0x2B || exponent.first == 0x2D ? exponent.dropFirst() : exponent
      let isExponent = !digits.isEmpty && digits.allSatisfy { $0 &- 0x30 < 10 }
      return whole > 0 && isExponent ? .scientific : .notANumber
    default:
      return .notANumber
    }
  }
  guard whole > 0 || fraction > 0, !(point && fraction == 0), sinceComma ?? 3 == 3 else { return .notANumber }
  return .number(units: negative ? -units : units, scale: fraction, percent: percent)
}

/// What stands before the decimals of a number; the other of the two separates thousands.
public enum DecimalMark: String, Sendable, Hashable, CaseIterable {
  case point = "."
  case comma = ","
}

/// As `parseNumber`, of a text that may be written `1.234,50`.
public func parseNumber(_ text: UnsafeBufferPointer<UInt8>, mark: DecimalMark) -> NumberText {
  guard mark == .comma else { return parseNumber(text) }
  return text.map { $0 == 0x2C ? 0x2E : $0 == 0x2E ? 0x2C : $0 }.withUnsafeBufferPointer { parseNumber($0) }
}
