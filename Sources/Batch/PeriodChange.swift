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

  package enum Outcome: Sendable {
    /// - openRejects: documents that went back and have not come again mended; of what period they are nobody can say.
    case done(Pipeline.Outcome, waiting: Int, openRejects: Int)
    case refused(Refusal)
  }

  /// Why nothing was changed.
  package enum Refusal: Sendable {
    /// Names of the books among which one is to be named.
    case book([String])
    case waiting([PeriodWaiting])
    /// It is closed already, with all up to this one.
    case closed(through: String)
    /// It is not the last one that is closed, which this is.
    case notLast(String?)
    /// It has not begun.
    case future
    /// What an earlier run has for the outbox, and could not publish.
    case unpublished(Pipeline.Outcome)
  }

  /// What the state is to note; or why it is not.
  fileprivate func judge(
    _ definitions: CompiledDefinitions, _ state: StateStore, _ now: String,
    _ entries: ArchivedEntries
  ) throws -> Judgement {
    let books = definitions.books
    let named = books.filter { book == nil || $0.book.name == book }
    guard named.count == 1 else { return .refused(.book(books.map(\.book.name))) }
    let chosen = named[0]
    let through = try ClosedPeriods(state)[chosen.book.name]
    var event = PeriodEvent(
      book: chosen.book.name, period: period.description, action: .opened, run: 0, by: by, reason: "",
      waiting: 0)
    var findings: [Finding] = []
    switch action {
    case .open:
      guard through == period else { return .refused(.notLast(through?.description)) }
    case .close(let force):
      if let through, period <= through { return .refused(.closed(through: through.description)) }
      guard period.firstDay <= Day(ofClock: now) else { return .refused(.future) }
      let waiting = try PeriodWaiting.all(state, definitions, in: definitions.language, entries)
        .filter { $0.mayBelong(to: chosen, by: period, definitions) }
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
    return .granted(event, findings)
  }

  fileprivate enum Judgement {
    case granted(PeriodEvent, [Finding])
    case refused(Refusal)
  }
}

extension Pipeline {
  /// A run that takes no files, in which a period is closed or opened; what an earlier run left is finished first.
  package func change(_ change: PeriodChange) throws(WorldError) -> PeriodChange.Outcome {
    try Self.typed(workspace) {
      var refusal: PeriodChange.Refusal?
      var waiting: Int?
      var openRejects = 0
      let outcome = try guarded { definitions, state, now, outcome in
        switch try change.judge(definitions, state, now, ArchivedEntries(workspace: workspace)) {
        case .refused(let why):
          refusal = why
          return false
        case .granted(let event, let findings):
          waiting = event.waiting
          openRejects = try state.openRejects().count
          let run = try state.plan(clock: now, definitions: definitions.fingerprint) { _ in [] }
          try work(run, now, definitions, state, &outcome, decided: .period(event, findings))
          return true
        }
      }
      if let refusal { return .refused(refusal) }
      guard let outcome else { preconditionFailure("A change is refused or done") }
      return waiting.map { .done(outcome, waiting: $0, openRejects: openRejects) }
        ?? .refused(.unpublished(outcome))
    }
  }
}
