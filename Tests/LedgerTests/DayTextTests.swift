import Testing

@testable import Ledger

struct DayTextTests {
  @Test(arguments: [
    "2025-03-05", "2025-3-5", "2025-03-5", "2025-3-05", "2025/03/05", "2025/3/5", "2025.03.05", "2025.3.5",
    "20250305", "2025年3月5日", "2025年03月05日", "2025-03-05 09:31:00", "2025-03-05T00:00:00.000+08:00",
    "2025/3/5 9:31", "2025-03-05 00:00:00.000", "2025-03-05T09:31:00Z", "2025年3月5日 9:31", "２０２５-０３-０５",
    "２０２５／３／５", "2025-03-05  9:31",
  ])
  func `a date as exports write it`(_ text: String) {
    #expect(Day(text)?.description == "2025-03-05")
  }

  @Test(arguments: [
    "", " ", "2026-02-30", "20260399", "20261301", "2026/13/01", "2026-00-10", "2026-01-00", "2026-1-32",
    "26-3-5", "05/03/2025", "2025-03/05", "2025/03-05", "2025-3", "2025-03-", "2025--05", "2025 03 05",
    "2025-03-05x", "2025-03-05 ", "2025-03-05T", "2025-03-05 9", "2025-03-05 x9:31", "2025-03-051",
    "202503055",
    "2025030", "2025年3月5", "2025年3-5日", "2025月3年5日", "2025-003-05", "12025-03-05", "45721", "0000-01-01",
    "-2025-03-05", "2025-03-0a", "2025-0a-05", "a025-03-05", "2025030a", "今天", "2025-02-29",
    "2025-03-05 123:00",
  ])
  func `what is no date, or no day of the calendar`(_ text: String) {
    #expect(Day(text) == nil)
  }

  @Test func `every printed day reads back, in each form`() throws {
    var random = SplitMix(seed: 3)
    for _ in 0..<2_000 {
      let day = Day(number: Int32.random(in: -130_000...200_000, using: &random))
      let (y, m, d) = day.civil
      let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
      for text in [
        day.description, "\(y)\(two(m))\(two(d))", "\(y)/\(m)/\(d)", "\(y)年\(m)月\(d)日", "\(y).\(two(m)).\(d)",
      ] {
        #expect(Day(text) == day, "\(text)")
      }
    }
  }
}
