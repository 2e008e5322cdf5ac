import Ledger

/// A day's text against its grammar, and the calendar against one that counts days.
enum DateFuzz {
  static func fault(in input: [UInt8]) -> String? {
    let parsed = input.withUnsafeBufferPointer(parseDay)
    let expected = DayGrammar.read(String(decoding: input, as: UTF8.self))
    guard let day = parsed else { return expected == nil ? nil : "no day, \(expected!) is meant" }
    guard let (year, month, number) = expected else { return "\(day) of what is none" }
    let printed = day.description
    if printed != "\(digits(year, 4))-\(digits(month, 2))-\(digits(number, 2))" {
      return "\(printed) is not meant"
    }
    if Day(printed) != day { return "\(printed) is read as another day" }
    if Int(day.number) != daysBefore(year, month) + number - 1 - 719_162 {
      return "\(printed) is day \(day.number)"
    }
    let next = Day(number: day.number + 1)
    if (day.monthEnd == day) != (next.civil.day == 1) {
      return "\(printed) ends its month at \(day.monthEnd)"
    }
    if day.monthEnd < day || day.monthEnd.period != day.period { return "the month of \(printed)" }
    return nil
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    String(("0000" + String(number)).suffix(count))
  }

  /// Days from 0001-01-01 to the month's first, month after month.
  private static func daysBefore(_ year: Int, _ month: Int) -> Int {
    let years = year - 1
    let lengths = [31, DayGrammar.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return years * 365 + years / 4 - years / 100 + years / 400 + lengths.prefix(month - 1).reduce(0, +)
  }
}

/// What `parseDay` accepts, as patterns.
private enum DayGrammar {
  static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  static func read(_ text: String) -> (Int, Int, Int)? {
    let plain = String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          (0xFF01...0xFF5E).contains($0.value) ? Unicode.Scalar($0.value - 0xFEE0)! : $0
        }))
    var rest = plain.unicodeScalars[...]
    func number() -> (value: Int, length: Int) {
      let digits = rest.prefix { ("0"..."9").contains($0) }
      rest = rest.dropFirst(digits.count)
      return (digits.count > 8 ? 0 : Int(String(digits)) ?? 0, digits.count)
    }
    let year = number()
    let parts: (Int, Int, Int)
    if year.length == 8 {
      parts = (year.value / 10_000, year.value / 100 % 100, year.value % 100)
    } else {
      guard year.length == 4, let mark = rest.popFirst(), "-/.年".unicodeScalars.contains(mark) else {
        return nil
      }
      let month = number()
      guard (1...2).contains(month.length), rest.popFirst() == (mark == "年" ? "月" : mark) else { return nil }
      let day = number()
      guard (1...2).contains(day.length), mark != "年" || rest.popFirst() == "日" else { return nil }
      parts = (year.value, month.value, day.value)
    }
    guard rest.isEmpty || isTime(rest) || isZone(rest) else { return nil }
    let lengths = [31, isLeap(parts.0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard parts.0 > 0, (1...12).contains(parts.1), (1...lengths[parts.1 - 1]).contains(parts.2) else {
      return nil
    }
    return parts
  }

  private static func isZone(_ text: Substring.UnicodeScalarView) -> Bool {
    let zone = String(text)
    if zone == "Z" { return true }
    let digits = zone.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    return "+-".contains(zone.prefix(1)) && digits.map(\.count) == [2, 2]
      && digits.joined().unicodeScalars.allSatisfy { ("0"..."9").contains($0) }
  }

  private static func isTime(_ text: Substring.UnicodeScalarView) -> Bool {
    let words = text.drop { $0 == "T" || $0 == " " }
    guard words.count < text.count else { return false }
    let parts = words.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > 1, (1...2).contains(parts[0].count), let hours = Int(String(parts[0])),
      (0..<24).contains(hours),
      parts[0].allSatisfy({ ("0"..."9").contains($0) })
    else { return false }
    let minutes = parts[1].prefix { ("0"..."9").contains($0) }
    guard (1...2).contains(minutes.count), (Int(String(minutes)) ?? 60) < 60 else { return false }
    return words.allSatisfy { "0123456789:.+- Z".unicodeScalars.contains($0) }
  }
}
