/// A calendar day: days since 1970-01-01 in the proleptic Gregorian calendar. Years 1 to 9999.
public struct Day: Sendable, Hashable, Comparable {
  public var number: Int32

  @inlinable
  public init(number: Int32) { self.number = number }

  /// `nil` where the calendar has no such day.
  @inlinable
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= daysIn(month: month, year: year)
    else { return nil }
    // Civil-date arithmetic with years that begin in March, so that a leap day ends its year.
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = Int32(era * 146_097 + dayOfEra - 719_468)
  }

  @inlinable
  public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  public var civil: (year: Int, month: Int, day: Int) {
    let z = Int(number) + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  public var period: Period { Period(year: civil.year, month: civil.month) }

  public var monthEnd: Day {
    let (year, month, _) = civil
    return Day(year: year, month: month, day: daysIn(month: month, year: year))!
  }

  /// Appends `2026-03-05`.
  public func append(to text: inout [UInt8]) {
    let (year, month, day) = civil
    func digit(_ number: Int) -> UInt8 { UInt8(truncatingIfNeeded: number % 10) + 0x30 }
    text += [
      digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), 0x2D, digit(month / 10),
      digit(month), 0x2D, digit(day / 10), digit(day),
    ]
  }
}

extension Day: CustomStringConvertible {
  public var description: String {
    var text: [UInt8] = []
    append(to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

@inlinable
public func daysIn(month: Int, year: Int) -> Int {
  switch month {
  case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  case 4, 6, 9, 11: 30
  default: 31
  }
}

/// A month of a book: what can be open or closed (会计期间). Printed `2026-03`.
public struct Period: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var year: Int
  public var month: Int

  public init(year: Int, month: Int) {
    self.year = year
    self.month = month
  }

  /// - Parameter text: `2026-03`; anything else gives `nil`.
  public init?(_ text: String) {
    guard text.utf8.count == 7, let first = Day(text + "-01") else { return nil }
    self = first.period
  }

  public var previous: Period { Day(number: firstDay.number - 1).period }
  public var next: Period { Day(number: lastDay.number + 1).period }

  public var firstDay: Day { Day(year: year, month: month, day: 1)! }
  public var lastDay: Day { firstDay.monthEnd }

  public static func < (left: Period, right: Period) -> Bool {
    (left.year, left.month) < (right.year, right.month)
  }

  public var description: String {
    let month = month < 10 ? "0\(month)" : "\(month)"
    return String("0000\(year)".suffix(4)) + "-" + month
  }
}
