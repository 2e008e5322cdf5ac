import Findings
import Ledger
import Mapping
import State

/// A person's wish that the postings which wait for a month's end (`gather: month`) are made now, of all that has come by now.
package struct MonthGathering: Sendable {
  let period: Period
  let by: String

  /// - Parameter period: `2026-10`; anything else gives `nil`.
  package init?(_ period: String, by: String) {
    guard let period = Period(period) else { return nil }
    (self.period, self.by) = (period, by)
  }

  /// Why nothing is made.
  package enum Refusal: Sendable {
    /// The month has not begun.
    case future
    /// No document waits for the end of it, or of one before.
    case nothing
  }

  fileprivate func judge(_ state: StateStore, _ now: String) throws(StateError) -> Judgement<Refusal> {
    guard period.firstDay <= Day(ofClock: now) else { return .refused(.future) }
    let waiting = try state.deferredSummary().filter { $0.monthEnd <= Int(period.lastDay.number) }
    guard !waiting.isEmpty else { return .refused(.nothing) }
    let count = waiting.reduce(0) { $0 + $1.count }
    return .granted(
      .gathering(
        period,
        Finding(
          .monthGathered, .note, at: Place(file: period.description),
          [period.description, String(count), by])))
  }
}

extension Pipeline {
  /// A run in which the postings of a month, and of those before it, are made.
  package func gather(_ gathering: MonthGathering) throws(WorldError) -> Decided<MonthGathering.Refusal> {
    try decide { _, state, now in try gathering.judge(state, now) }
  }
}
