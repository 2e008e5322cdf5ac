import Foundation
import Ledger

/// The only source of "now": the real time, or one that was given, so that a run can be repeated to the byte.
package struct RunClock: Sendable {
  private let fixed: String?

  package init() { fixed = nil }

  /// - Parameter fixed: ISO 8601 with offset (`2026-03-21T06:00:00+08:00`); anything else gives `nil`.
  package init?(fixed: String) {
    // The formatter takes the 30th of February for a day of March.
    guard fixed.count >= 20, Day(String(fixed.prefix(10))) != nil,
      (try? Date(fixed, strategy: .iso8601)) != nil
    else { return nil }
    self.fixed = fixed
  }

  /// Now, as ISO 8601 with the zone's offset.
  package func text(in zone: String) -> String {
    if let fixed { return fixed }
    let zone = TimeZone(identifier: zone) ?? .gmt
    return Date.now.ISO8601Format(
      Date.ISO8601FormatStyle(includingFractionalSeconds: false, timeZone: zone).offset)
  }

  /// Seconds since 1970 by the system, for telling how long a file has been left alone.
  static var seconds: Int { time(nil) }
}

extension Day {
  /// The day of a run, of which `RunClock` gave the clock.
  init(ofClock clock: String) {
    guard let day = Day(String(clock.prefix(10))) else { preconditionFailure("A clock begins with its day") }
    self = day
  }
}

extension Date.ISO8601FormatStyle {
  fileprivate var offset: Date.ISO8601FormatStyle {
    year().month().day().time(includingFractionalSeconds: false).timeZone(separator: .colon)
      .timeSeparator(.colon).dateSeparator(.dash).dateTimeSeparator(.standard)
  }
}
