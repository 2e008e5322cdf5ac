import Testing

@testable import Ledger

struct DayTests {
  /// A calendar that only knows how to count on from one day to the next.
  private struct CountingCalendar {
    var (year, month, day) = (1600, 1, 1)

    mutating func advance() {
      let leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      day += 1
      guard day > lengths[month - 1] else { return }
      (month, day) = (month + 1, 1)
      guard month > 12 else { return }
      (year, month) = (year + 1, 1)
    }
  }

  @Test func `every day from 1600 to 2400 agrees with counting`() {
    var calendar = CountingCalendar()
    // 1600-01-01 is 135,140 days before 1970-01-01: 370 years with 90 leap days.
    var number = Int32(-(370 * 365 + 90))
    while calendar.year <= 2400 {
      let day = Day(number: number)
      let civil = day.civil
      guard civil == (calendar.year, calendar.month, calendar.day),
        Day(year: calendar.year, month: calendar.month, day: calendar.day) == day
      else {
        Issue.record("day \(number) is \(civil), not \(calendar)")
        return
      }
      calendar.advance()
      number += 1
    }
  }

  @Test func `the epoch and known days`() throws {
    #expect(Day(number: 0).description == "1970-01-01")
    #expect(Day(number: -1).description == "1969-12-31")
    #expect(Day(year: 2026, month: 3, day: 5)?.number == 20517)
    #expect(Day(year: 1, month: 1, day: 1)?.description == "0001-01-01")
    #expect(Day(year: 9999, month: 12, day: 31)?.description == "9999-12-31")
  }

  @Test(arguments: [
    (0, 1, 1), (10_000, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (2026, 1, 32), (2026, 2, 29),
    (1900, 2, 29), (2026, 4, 31), (2026, 6, 31), (2026, 9, 31), (2026, 11, 31), (2026, -1, 1), (2026, 1, -1),
  ])
  func `what no calendar has is nil`(_ year: Int, _ month: Int, _ day: Int) {
    #expect(Day(year: year, month: month, day: day) == nil)
  }

  @Test func `leap days`() {
    #expect(Day(year: 2000, month: 2, day: 29) != nil)
    #expect(Day(year: 2024, month: 2, day: 29) != nil)
  }

  @Test(arguments: [
    ("2026-01-15", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2024-02-29", "2024-02-29"),
    ("2026-12-31", "2026-12-31"), ("2026-04-30", "2026-04-30"),
  ])
  func `a month's end`(_ day: String, _ end: String) throws {
    #expect(try #require(Day(day)).monthEnd.description == end)
  }

  @Test func `periods print with leading zeros and follow one another`() {
    #expect(Period(year: 2026, month: 3).description == "2026-03")
    #expect(Period(year: 987, month: 12).description == "0987-12")
    #expect(Period(year: 2025, month: 12) < Period(year: 2026, month: 1))
    #expect(Day("2026-03-05")?.period == Period(year: 2026, month: 3))
  }
}
