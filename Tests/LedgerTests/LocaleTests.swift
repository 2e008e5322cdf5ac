import Testing

@testable import Ledger

/// Dates and numbers as other countries write them.
@Suite struct LocaleTests {
  private func day(_ text: String, _ order: DateOrder) -> Day? {
    Array(text.utf8).withUnsafeBufferPointer { parseDay($0, order: order) }
  }

  @Test(arguments: ["04.12.2024", "4.12.2024", "4/12/2024", "04-12-2024 09:31", "04.12.2024T00:00:00+01:00"])
  func theDayMayComeFirst(_ text: String) {
    #expect(day(text, .dayMonthYear) == Day("2024-12-04"))
  }

  @Test func theMonthMayComeFirst() { #expect(day("12/04/2024", .monthDayYear) == Day("2024-12-04")) }

  @Test(arguments: [
    "2024-12-04", "4.12.24", "4.12/2024", "31.02.2024", "4.13.2024", "4.12.2024x", "", "4.12", "004.1.2024",
  ])
  func whatIsNoSuchDateIsNone(_ text: String) { #expect(day(text, .dayMonthYear) == nil) }

  @Test(arguments: [
    ("1", "1900-01-01"), ("59", "1900-02-28"), ("61", "1900-03-01"), ("25569", "1970-01-01"),
    ("46086", "2026-03-05"), ("46086.375", "2026-03-05"), ("2958465", "9999-12-31"),
  ])
  func daysAsSpreadsheetsCountThem(_ text: String, _ wanted: String) {
    #expect(day(text, .serial) == Day(wanted))
  }

  @Test(arguments: [
    "", "0", "60", "2958466", "-1", "1.", ".5", "2026-03-05", "46 086", "46086,5", "99999999",
  ])
  func whatIsNoDayOfASpreadsheetIsNone(_ text: String) { #expect(day(text, .serial) == nil) }

  private func number(_ text: String) -> NumberText {
    Array(text.utf8).withUnsafeBufferPointer { parseNumber($0, mark: .comma) }
  }

  @Test func aCommaMayStandBeforeTheDecimals() {
    #expect(number("1.234,50") == .number(units: 123450, scale: 2, percent: false))
    #expect(number("320,00-") == .number(units: -32000, scale: 2, percent: false))
    #expect(number("1.200") == .number(units: 1200, scale: 0, percent: false))
    #expect(number("12,5") == .number(units: 125, scale: 1, percent: false))
    #expect(number("1,234.50") == .notANumber)
    #expect(number("12.5") == .notANumber)
  }
}
