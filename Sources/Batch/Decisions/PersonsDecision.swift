import Findings
import Ledger
import State

/// What a person has decided, and a run without files makes true.
enum PersonsDecision {
  case dismissal(DismissedDocument)
  case period(PeriodEvent, [Finding])
  case voiding(VoidedVoucher)
  case reposting(RepostedDocuments)
  case gathering(Period, Finding)

  var findings: [Finding] {
    switch self {
    case .dismissal(let document): [document.finding]
    case .period(_, let findings): findings
    case .voiding(let voucher): [voucher.finding]
    case .reposting(let documents): [documents.finding]
    case .gathering(_, let finding): [finding]
    }
  }

  var voided: VoidedVoucher? { if case .voiding(let voucher) = self { voucher } else { nil } }

  var reposted: RepostedDocuments? { if case .reposting(let documents) = self { documents } else { nil } }

  var period: PeriodEvent? { if case .period(let event, _) = self { event } else { nil } }

  /// The month that counts as over.
  var gathered: Period? { if case .gathering(let period, _) = self { period } else { nil } }

  /// The held document that is not waited for any longer.
  var held: HeldDocument? {
    if case .dismissal(let document) = self, !document.isAccepted { document.held } else { nil }
  }

  /// The held document that is right as it is.
  var accepted: HeldDocument? {
    if case .dismissal(let document) = self, document.isAccepted { document.held } else { nil }
  }
}

/// What came of a person's command.
package enum Decided<Refusal: Sendable>: Sendable {
  case done(Pipeline.Outcome)
  /// Nothing was changed.
  case refused(Refusal)
  /// Nothing was changed: what an earlier run has for the outbox has to be published first.
  case unpublished(Pipeline.Outcome)
}

/// What a command comes to, before its run begins.
enum Judgement<Refusal> {
  case granted(PersonsDecision)
  case refused(Refusal)
}

extension Pipeline {
  /// A run that takes no files, in which a person's decision becomes true; what an earlier run left is finished first.
  /// - Parameter judge: the decision as the state has it then, or why there is none.
  func decide<Refusal>(
    _ judge: (CompiledDefinitions, StateStore, _ now: String) throws -> Judgement<Refusal>
  ) throws(WorldError) -> Decided<Refusal> {
    try commanded { definitions, state, now, outcome in
      switch try judge(definitions, state, now) {
      case .refused(let why): return why
      case .granted(let decision):
        let run = try state.plan(clock: now, definitions: definitions.fingerprint) { _ in [] }
        try work(run, now, definitions, state, &outcome, decided: decision)
        return nil
      }
    }
  }

  /// - Parameter command: does its work, or says why not.
  func commanded<Refusal>(
    _ command: (CompiledDefinitions, StateStore, _ now: String, inout Outcome) throws -> Refusal?
  ) throws(WorldError) -> Decided<Refusal> {
    try Self.typed(workspace) {
      var refusal: Refusal?
      var isBegun = false
      let outcome = try guarded { definitions, state, now, outcome in
        isBegun = true
        refusal = try command(definitions, state, now, &outcome)
        return refusal == nil
      }
      if let refusal { return .refused(refusal) }
      guard let outcome else { preconditionFailure("A command is refused or done") }
      return isBegun ? .done(outcome) : .unpublished(outcome)
    }
  }
}
