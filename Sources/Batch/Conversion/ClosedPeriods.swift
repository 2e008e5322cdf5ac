import Ledger
import Mapping
import State

/// Up to which period each book is closed (结账). No voucher goes there.
struct ClosedPeriods {
  private var through: [String: Period] = [:]
  /// What each book's periods were closed or opened by last.
  private var last: [String: PeriodEvent] = [:]

  /// A book that has another name by now is known by its code, with which its voucher IDs begin.
  /// - Parameter change: what the run itself closes or opens.
  init(
    _ state: StateStore, _ definitions: CompiledDefinitions, _ workspace: Workspace,
    after change: PeriodEvent? = nil
  ) throws {
    for event in try [change].compactMap(\.self) + state.periodEvents() {
      let book = try Self.name(of: event, state, definitions, workspace)
      guard last[book] == nil else { continue }
      guard let period = Period(event.period) else { throw StateError.damaged(reason: "period_event.period") }
      last[book] = event
      through[book] = event.action == .closed ? period : period.previous
    }
  }

  private static func name(
    of event: PeriodEvent, _ state: StateStore, _ definitions: CompiledDefinitions, _ workspace: Workspace
  ) throws -> String {
    guard !definitions.books.contains(where: { $0.book.name == event.book }),
      let fingerprint = try state.run(event.run)?.definitions,
      let then = try ArchivedDefinitions(fingerprint, workspace)?.compiled.books
        .first(where: { $0.book.name == event.book }),
      let now = definitions.books.first(where: { $0.book.code == then.book.code })
    else { return event.book }
    return now.book.name
  }

  /// The last period of the book that is closed, as are all before it; `nil` where none was ever closed.
  subscript(_ book: String) -> Period? { through[book] }

  func lastChange(of book: String) -> PeriodEvent? { last[book] }

  /// The last day of the book that no voucher may have; `nil` where none was ever closed.
  func lastDay(of book: String) -> Day? { through[book]?.lastDay }
}
