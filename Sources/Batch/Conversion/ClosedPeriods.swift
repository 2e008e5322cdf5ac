import Ledger
import State

/// Up to which period each book is closed (结账). No voucher goes there.
struct ClosedPeriods {
  private var through: [String: Period] = [:]

  /// - Parameter change: what the run itself closes or opens.
  init(_ state: StateStore, after change: PeriodEvent? = nil) throws(StateError) {
    for event in try [change].compactMap(\.self) + state.periodEvents() where through[event.book] == nil {
      guard let period = Period(event.period) else { throw StateError.damaged(reason: "period_event.period") }
      through[event.book] = event.action == .closed ? period : period.previous
    }
  }

  /// The last period of the book that is closed, as are all before it; `nil` where none was ever closed.
  subscript(_ book: String) -> Period? { through[book] }

  /// The last day of the book that no voucher may have; `nil` where none was ever closed.
  func lastDay(of book: String) -> Day? { through[book]?.lastDay }
}
