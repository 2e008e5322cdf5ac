/// How a column writes its dates, spelled out: `dd.mm.yyyy`, `d-mmm-yy`, `yyyymmdd`.
///
/// `yyyy` is a year, `yy` one of this century; `mm` and `dd` have two digits, `m` and `d` one or two; `mmm` is the English
/// name's first three letters. Everything else stands for itself.
public struct DatePattern: Sendable, Hashable {
  private enum Part: Sendable, Hashable {
    case year(digits: Int)
    case month(digits: ClosedRange<Int>)
    case monthName
    case day(digits: ClosedRange<Int>)
    case literal(UInt8)
  }

  private let parts: [Part]
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  .map { Array($0.utf8) }

  /// `nil` where year, month and day don't each stand in it once, in one of the ways above.
  public init?(_ text: String) {
    var parts: [Part] = []
    var fields: [Character] = []
    var rest = text[...]
    while let letter = rest.first {
      guard "ymd".contains(letter) else {
        parts += String(rest.removeFirst()).utf8.map { .literal($0) }
        continue
      }
      let run = rest.prefix { $0 == letter }.count
      rest = rest.dropFirst(run)
      fields.append(letter)
      switch (letter, run) {
      case ("y", 2), ("y", 4): parts.append(.year(digits: run))
      case ("m", 1...2): parts.append(.month(digits: run...2))
      case ("m", 3): parts.append(.monthName)
      case ("d", 1...2): parts.append(.day(digits: run...2))
      default: return nil
      }
    }
    guard fields.sorted() == ["d", "m", "y"] else { return nil }
    self.parts = parts
  }

  /// The day that a text is in this pattern, with a time behind it or not; `nil` where it is none.
  func day(_ text: UnsafeBufferPointer<UInt8>) -> Day? {
    var at = 0
    var (year, month, day) = (0, 0, 0)
    func number(_ digits: ClosedRange<Int>) -> Int? {
      let run = text[at...].prefix(digits.upperBound).prefix { (0x30...0x39).contains($0) }
      guard run.count >= digits.lowerBound else { return nil }
      at += run.count
      return run.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    for part in parts {
      switch part {
      case .literal(let byte):
        guard at < text.count, text[at] == byte else { return nil }
        at += 1
      case .year(let digits):
        guard let found = number(digits...digits) else { return nil }
        year = digits == 2 ? 2000 + found : found
      case .month(let digits):
        guard let found = number(digits) else { return nil }
        month = found
      case .monthName:
        let name = text[at...].prefix(3).map { $0 | 0x20 }
        guard let found = Self.months.firstIndex(of: name) else { return nil }
        at += 3
        month = found + 1
      case .day(let digits):
        guard let found = number(digits) else { return nil }
        day = found
      }
    }
    let behind = String(decoding: text[at...], as: UTF8.self).unicodeScalars
    guard behind.isEmpty || isTime(Array(behind)[...]) else { return nil }
    return Day(year: year, month: month, day: day)
  }
}

/// How the text of a date is read.
public enum DateFormat: Sendable, Hashable {
  case order(DateOrder)
  case pattern(DatePattern)
}

/// As `parseDay`, of a date in that format.
public func parseDay(_ text: UnsafeBufferPointer<UInt8>, format: DateFormat) -> Day? {
  switch format {
  case .order(let order): parseDay(text, order: order)
  case .pattern(let pattern): pattern.day(text)
  }
}
