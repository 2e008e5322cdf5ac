import Findings
import Mapping
import State

/// A person's decision about a document that waits: it is not waited for any longer, and its rows are ignored; or it is right as
/// it is. The log says who said so, and why.
package struct Dismissal: Sendable, Hashable {
  package enum Subject: Sendable, Hashable {
    /// A reject's number.
    case reject(String)
    /// A held document: interface and key, as `tallyman holds` shows it.
    case held(interface: String?, key: String)
    /// The same, but it is what is right: what was posted of it is corrected.
    case accepted(interface: String?, key: String)
  }

  package var subject: Subject
  package var by: String
  package var reason: String

  package init(_ subject: Subject, by: String, reason: String) {
    self.subject = subject
    self.by = by
    self.reason = reason
  }

  var name: String {
    switch subject {
    case .reject(let number): number
    case .held(_, let key), .accepted(_, let key): key
    }
  }
}

/// What a dismissal is about, as the state has it.
struct DismissedDocument {
  var reject: Reject?
  var held: HeldDocument?
  var isAccepted = false
  var finding: Finding

  /// - Returns: `nil` where nothing open has that name, several held documents have, or what holds it can't be accepted.
  init?(_ dismissal: Dismissal, _ state: StateStore) throws {
    let file: [UInt8]
    switch dismissal.subject {
    case .reject(let number):
      guard let reject = try state.reject(number), reject.closed == nil else { return nil }
      (self.reject, file) = (reject, reject.fileName)
    case .held(let interface, let key), .accepted(let interface, let key):
      let found = try state.heldSummary().filter { interface == nil || $0.interface == interface }
        .flatMap { try state.heldDocuments(of: $0.interface) }
        .filter { DocumentStore.text(ofKey: $0.key) == key }
      guard found.count == 1 else { return nil }
      (held, file) = (found[0], found[0].fileName)
    }
    if case .accepted = dismissal.subject {
      isAccepted = true
      // What else holds a document can't be accepted away.
      let codes = [FindingCode.documentChanged, .documentReverted].map(\.rawValue)
      guard held?.causes.allSatisfy({ codes.contains($0.code) }) == true else { return nil }
    }
    finding = Finding(
      isAccepted ? .documentAccepted : .documentDismissed, .note,
      at: Place(file: String(decoding: file, as: UTF8.self)),
      [dismissal.name, dismissal.by, dismissal.reason])
  }
}

/// What a person has decided, and a run without files makes true.
enum PersonsDecision {
  case dismissal(DismissedDocument)
  case period(PeriodEvent, [Finding])
  case voiding(VoidedVoucher)

  var findings: [Finding] {
    switch self {
    case .dismissal(let document): [document.finding]
    case .period(_, let findings): findings
    case .voiding(let voucher): [voucher.finding]
    }
  }

  var voided: VoidedVoucher? { if case .voiding(let voucher) = self { voucher } else { nil } }

  var period: PeriodEvent? { if case .period(let event, _) = self { event } else { nil } }

  /// The held document that is not waited for any longer.
  var held: HeldDocument? {
    if case .dismissal(let document) = self, !document.isAccepted { document.held } else { nil }
  }

  /// The held document that is right as it is.
  var accepted: HeldDocument? {
    if case .dismissal(let document) = self, document.isAccepted { document.held } else { nil }
  }
}

extension Pipeline {
  /// A run that takes no files, in which a document stops waiting.
  /// - Returns: `nil` where no document of that name waits.
  package func dismiss(_ dismissal: Dismissal) throws(WorldError) -> Outcome? {
    try Self.typed(workspace) {
      try guarded { definitions, state, now, outcome in
        guard let document = try DismissedDocument(dismissal, state) else { return false }
        let run = try state.plan(clock: now, definitions: definitions.fingerprint) { _ in [] }
        try work(run, now, definitions, state, &outcome, decided: .dismissal(document))
        return true
      }
    }
  }
}
