/// Reads a date as exports write it: `2025-3-5`, `2025/03/05`, `2025.3.5`, `20250305`, `2025年3月5日`, each with a
/// time or a zone behind it or not (`2025-03-05 09:31:00`, `2025-03-05T00:00:00.000+08:00`, `2025-03-05Z`); year, month, day in that order.
///
/// `nil` where it is no date, or the calendar has no such day.
public func parseDay(_ text: UnsafeBufferPointer<UInt8>) -> Day? {
  if text.count == 10, text[4] == text[7], text[4] == 0x2D || text[4] == 0x2F {
    if let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2) {
      return Day(year: year, month: month, day: day)
    }
    return nil
  }
  if text.count == 8, let year = number(text, 0, 4), let month = number(text, 4, 2),
    let day = number(text, 6, 2)
  {
    return Day(year: year, month: month, day: day)
  }
  return parseSpacedDay(text)
}

private func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ length: Int) -> Int? {
  var value = 0
  for i in start..<start + length {
    let digit = text[i] &- 0x30
    guard digit < 10 else { return nil }
    value = value * 10 + Int(digit)
  }
  return value
}

private func parseSpacedDay(_ text: UnsafeBufferPointer<UInt8>) -> Day? {
  var rest = String(decoding: text, as: UTF8.self).unicodeScalars.map { scalar -> Unicode.Scalar in
    (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0)! : scalar
  }[...]
  func takeNumber(digits: ClosedRange<Int>) -> Int? {
    var value = 0
    var count = 0
    while let scalar = rest.first, ("0"..."9").contains(scalar) {
      value = value * 10 + Int(scalar.value - 0x30)
      count += 1
      guard count <= digits.upperBound else { return nil }
      rest = rest.dropFirst()
    }
    return digits.contains(count) ? value : nil
  }
  func take(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == scalar else { return false }
    rest = rest.dropFirst()
    return true
  }
  if rest.prefix(while: { ("0"..."9").contains($0) }).count == 8, let compact = takeNumber(digits: 8...8) {
    guard rest.isEmpty || isTime(rest) || isZone(rest) else { return nil }
    return Day(year: compact / 10_000, month: compact / 100 % 100, day: compact % 100)
  }
  guard let year = takeNumber(digits: 4...4), let separator = rest.first,
    "-/.年".unicodeScalars.contains(separator)
  else { return nil }
  rest = rest.dropFirst()
  guard let month = takeNumber(digits: 1...2), take(separator == "年" ? "月" : separator),
    let day = takeNumber(digits: 1...2)
  else { return nil }
  if separator == "年", !take("日") { return nil }
  guard rest.isEmpty || isTime(rest) || isZone(rest) else { return nil }
  return Day(year: year, month: month, day: day)
}

/// `Z`, `+08:00`: what `xs:date` of XML Schema may have behind the day.
private func isZone(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
  if text.count == 1 { return text.first == "Z" }
  let (sign, digits) = (text.first, text.dropFirst())
  guard sign == "+" || sign == "-", digits.count == 5 else { return false }
  return digits.enumerated().allSatisfy { $0 == 2 ? $1 == ":" : ("0"..."9").contains($1) }
}

/// ` 9:31`, `T00:00:00`, ` 09:31:00.000 -0400`: white space or T, then hours and minutes, then what may follow them.
func isTime(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
  guard text.first == "T" || text.first == " " else { return false }
  let time = text.drop { $0 == "T" || $0 == " " }
  let hours = time.prefix { ("0"..."9").contains($0) }
  let behind = time.dropFirst(hours.count)
  let minutes = behind.dropFirst().prefix { ("0"..."9").contains($0) }
  guard (1...2).contains(hours.count), behind.first == ":", (1...2).contains(minutes.count),
    Int(String(String.UnicodeScalarView(hours))) ?? 24 < 24,
    Int(String(String.UnicodeScalarView(minutes))) ?? 60 < 60
  else { return false }
  return behind.allSatisfy { ("0"..."9").contains($0) || ":.+- Z".unicodeScalars.contains($0) }
}

extension NumberText {
  /// As `parseNumber`, of a whole text.
  public init(_ text: String) {
    var text = text
    self = text.withUTF8 { parseNumber($0) }
  }
}

extension Day {
  /// As `parseDay`, of a whole text.
  public init?(_ text: String) {
    var text = text
    guard let day = text.withUTF8({ parseDay($0) }) else { return nil }
    self = day
  }
}

/// How a date is written: in which order it names its parts, or as a spreadsheet counts days.
public enum DateOrder: String, Sendable, Hashable, CaseIterable {
  case yearMonthDay = "ymd"
  case dayMonthYear = "dmy"
  case monthDayYear = "mdy"
  case serial = "excel"
}

/// A day as spreadsheets count it, 1 for 1900-01-01, with a part of a day behind the point or not: `46086`, `46086.375`.
/// They take 1900 for a leap year: number 60 is a day that never was (ECMA-376, part 1, 18.17.4.1).
private func parseSerialDay(_ text: UnsafeBufferPointer<UInt8>) -> Day? {
  let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
  let whole = text.prefix(while: isDigit)
  let rest = text.dropFirst(whole.count)
  let isTime = rest.isEmpty || (rest.count > 1 && rest.first == 0x2E && rest.dropFirst().allSatisfy(isDigit))
  // The last is 9999-12-31.
  guard isTime, (1...7).contains(whole.count), let serial = number(text, 0, whole.count), serial != 60,
    (1...2_958_465).contains(serial), let before = Day(year: 1899, month: 12, day: serial < 60 ? 31 : 30)
  else { return nil }
  return Day(number: before.number + Int32(serial))
}

/// As `parseDay`, of a date in that order: `04.12.2024`, `4/12/2024`, with a time behind it or not.
public func parseDay(_ text: UnsafeBufferPointer<UInt8>, order: DateOrder) -> Day? {
  switch order {
  case .yearMonthDay: return parseDay(text)
  case .serial: return parseSerialDay(text)
  case .dayMonthYear, .monthDayYear: break
  }
  func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  var rest = text[...]
  var parts: [[UInt8]] = []
  var separators: Set<UInt8> = []
  while parts.count < 3 {
    let digits = rest.prefix(while: isDigit)
    guard (1...4).contains(digits.count) else { return nil }
    parts.append(Array(digits))
    rest = rest[digits.endIndex...]
    guard parts.count < 3 else { break }
    guard let separator = rest.first, [0x2D, 0x2E, 0x2F].contains(separator) else { return nil }
    separators.insert(separator)
    rest = rest.dropFirst()
  }
  // Two digits of a year are anybody's guess.
  guard separators.count == 1, parts[2].count == 4, parts[0].count <= 2, parts[1].count <= 2 else {
    return nil
  }
  let (month, day) = order == .dayMonthYear ? (parts[1], parts[0]) : (parts[0], parts[1])
  return (parts[2] + [0x2D] + month + [0x2D] + day + rest).withUnsafeBufferPointer { parseDay($0) }
}
