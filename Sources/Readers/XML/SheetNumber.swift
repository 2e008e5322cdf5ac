/// Numbers as spreadsheets keep them: in binary, of which a file has 17 digits, and the sheet shows 15.
enum SheetNumber {
  private static let digitsShown = 15

  /// The number in plain digits, at most 15 of which count: `0.30000000000000004` is 0.3, `1.13E2` is 113. What is no number
  /// stays as it is.
  static func plain(_ text: [UInt8]) -> [UInt8] {
    var rest = text.filter { $0 != 0x20 }[...]
    let isNegative = rest.first == 0x2D
    if isNegative || rest.first == 0x2B { rest = rest.dropFirst() }
    var digits: [UInt8] = []
    // Digits before the point.
    var whole = 0
    var hasPoint = false
    while let byte = rest.first, (0x30...0x39).contains(byte) || (byte == 0x2E && !hasPoint) {
      rest = rest.dropFirst()
      if byte == 0x2E { hasPoint = true } else { digits.append(byte - 0x30) }
      if byte != 0x2E, !hasPoint { whole += 1 }
    }
    guard !digits.isEmpty else { return text }
    if rest.first == 0x45 || rest.first == 0x65 {
      guard let exponent = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), abs(exponent) <= 30 else {
        return text
      }
      whole += exponent
    } else if !rest.isEmpty {
      return text
    }
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    whole -= zeros
    round(&digits, &whole)
    while digits.last == 0 { digits.removeLast() }
    guard !digits.isEmpty else { return [0x30] }
    if whole < 0 {
      digits.insert(contentsOf: Array(repeating: 0, count: -whole), at: 0)
      whole = 0
    }
    digits += Array(repeating: 0, count: max(0, whole - digits.count))
    let before = digits[..<whole].map { $0 + 0x30 }
    let behind = digits[whole...].map { $0 + 0x30 }
    return (isNegative ? [0x2D] : []) + (before.isEmpty ? [0x30] : before)
      + (behind.isEmpty ? [] : [0x2E] + behind)
  }

  /// Half away from zero, to the digits that a sheet shows.
  private static func round(_ digits: inout [UInt8], _ whole: inout Int) {
    guard digits.count > digitsShown else { return }
    let up = digits[digitsShown] >= 5
    digits.removeLast(digits.count - digitsShown)
    guard up else { return }
    var place = digitsShown - 1
    while place >= 0, digits[place] == 9 {
      digits[place] = 0
      place -= 1
    }
    if place >= 0 {
      digits[place] += 1
    } else {
      digits.insert(1, at: 0)
      whole += 1
    }
  }
}
