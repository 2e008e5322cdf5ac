import Findings
import Ledger
import Mapping
import State

/// A person's wish to close a book's period (结账), or to open it again (反结账).
package struct PeriodChange: Sendable {
  package enum Action: Sendable, Hashable {
    /// The period and all before it. A reason closes it whatever waits.
    case close(force: String?)
    /// The last period that is closed.
    case open
  }

  package let action: Action
  let period: Period
  /// `nil`: the only one.
  package let book: String?
  package let by: String

  /// - Parameter period: `2026-10`; anything else gives `nil`.
  package init?(_ action: Action, _ period: String, book: String?, by: String) {
    guard let period = Period(period) else { return nil }
    (self.action, self.period, self.book, self.by) = (action, period, book, by)
  }

  /// Why nothing was changed.
  package enum Refusal: Sendable {
    /// Names of the books among which one is to be named.
    case book([String])
    case waiting([PeriodWaiting])
    /// It is closed already, with all up to this one.
    case closed(through: String)
    /// It is not the last one that is closed, which this is.
    case notLast(String)
    /// It is open; closed is all up to this one, or nothing.
    case isOpen(through: String?)
    /// It has not begun.
    case future
  }

  /// What the state is to note; or why it is not.
  fileprivate func judge(
    _ definitions: CompiledDefinitions, _ state: StateStore, _ now: String,
    _ entries: ArchivedEntries
  ) throws -> Judgement<Refusal> {
    let books = definitions.books
    // One to which no interface posts any more may still be closed.
    let named = book == nil ? books : definitions.allBooks.filter { $0.book.name == book }
    guard named.count == 1 else {
      return .refused(.book((book == nil ? books : definitions.allBooks).map(\.book.name)))
    }
    let chosen = named[0]
    let through = try ClosedPeriods(state, entries.workspace)[chosen.book.name]
    var event = PeriodEvent(
      book: chosen.book.name, period: period.description, action: .opened, run: 0, by: by, reason: "",
      waiting: 0)
    var findings: [Finding] = []
    switch action {
    case .open:
      guard let through, period <= through else { return .refused(.isOpen(through: through?.description)) }
      guard through == period else { return .refused(.notLast(through.description)) }
    case .close(let force):
      if let through, period <= through { return .refused(.closed(through: through.description)) }
      guard period.firstDay <= Day(ofClock: now) else { return .refused(.future) }
      let waiting = try PeriodWaiting.all(state, definitions, in: definitions.language, entries)
        .filter { $0.mayBelong(to: chosen, by: period) }
      if force == nil, !waiting.isEmpty { return .refused(.waiting(waiting)) }
      (event.action, event.reason, event.waiting) = (
        .closed, waiting.isEmpty ? "" : force ?? "", waiting.count
      )
      findings += waiting.map {
        Finding(
          .periodForced, .warning, at: Place(file: $0.file),
          [$0.document, event.period, event.reason, $0.reason(in: definitions.workspace.language)])
      }
    }
    findings.append(
      Finding(
        event.action == .closed ? .periodWasClosed : .periodWasOpened, .note, at: chosen.name.place,
        [event.period, event.book, by]))
    return .granted(.period(event, findings))
  }
}

extension Pipeline {
  /// A run in which a period is closed or opened.
  package func change(_ change: PeriodChange) throws(WorldError) -> Decided<PeriodChange.Refusal> {
    try decide { definitions, state, now in
      try change.judge(definitions, state, now, ArchivedEntries(workspace: workspace))
    }
  }
}
