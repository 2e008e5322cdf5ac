import Ledger
import Mapping
import State

/// Up to which period each book is closed (结账). No voucher goes there.
struct ClosedPeriods {
  private var through: [String: Period] = [:]
  /// What each book's periods were closed or opened by last.
  private var last: [String: PeriodEvent] = [:]

  /// A book is known by what became of it since it was closed: see `BookCodes`.
  /// - Parameter change: what the run itself closes or opens.
  init(
    _ state: StateStore, _ workspace: Workspace, after change: PeriodEvent? = nil
  ) throws {
    var codes = try BookCodes(workspace, state)
    for event in try [change].compactMap(\.self) + state.periodEvents() {
      guard let period = Period(event.period) else { throw StateError.damaged(reason: "period_event.period") }
      // What the run itself does is of today's definitions.
      let names = change == event ? [event.book] : try codes.names(of: event.book, since: event.run)
      for book in names where last[book] == nil {
        last[book] = event
        through[book] = event.action == .closed ? period : period.previous
      }
    }
  }

  /// The last period of the book that is closed, as are all before it; `nil` where none was ever closed.
  subscript(_ book: String) -> Period? { through[book] }

  func lastChange(of book: String) -> PeriodEvent? { last[book] }

  /// The last day of the book that no voucher may have; `nil` where none was ever closed.
  func lastDay(of book: String) -> Day? { through[book]?.lastDay }
}
