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

  /// Why nothing is decided.
  package enum Refusal: Error, Sendable, Hashable {
    /// No reject of that number is open, or no document of that key is held.
    case nothingWaits
    /// Documents of these interfaces are held under that key.
    case several([String])
    /// What holds it is no change that could be accepted: as the log says it.
    case heldOtherwise([String])
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

  /// - Throws: `Dismissal.Refusal`.
  init(_ dismissal: Dismissal, _ state: StateStore, _ language: Language) throws {
    let file: [UInt8]
    switch dismissal.subject {
    case .reject(let number):
      guard let reject = try state.reject(number), reject.closed == nil else {
        throw Dismissal.Refusal.nothingWaits
      }
      (self.reject, file) = (reject, reject.fileName)
    case .held(let interface, let key), .accepted(let interface, let key):
      let found = try state.heldSummary().filter { interface == nil || $0.interface == interface }
        .flatMap { try state.heldDocuments(of: $0.interface) }
        .filter { DocumentStore.text(ofKey: $0.key) == key }
      guard found.count < 2 else { throw Dismissal.Refusal.several(found.map(\.interface)) }
      guard found.count == 1 else { throw Dismissal.Refusal.nothingWaits }
      (held, file) = (found[0], found[0].fileName)
    }
    if case .accepted = dismissal.subject {
      isAccepted = true
      // What else holds a document can't be accepted away.
      let codes = [FindingCode.documentChanged, .documentReverted, .documentOlder].map(\.rawValue)
      let others = held?.causes.filter { !codes.contains($0.code) } ?? []
      guard others.isEmpty else {
        throw Dismissal.Refusal.heldOtherwise(others.map { $0.message(in: language) })
      }
    }
    finding = Finding(
      isAccepted ? .documentAccepted : .documentDismissed, .note,
      at: Place(file: String(decoding: file, as: UTF8.self)),
      [dismissal.name, dismissal.by, dismissal.reason])
    if isAccepted {
      held?.causes.append(HeldCause(code: finding.code.rawValue, arguments: finding.arguments))
    }
  }
}

extension Pipeline {
  /// A run in which a document stops waiting, or is right as it is.
  package func dismiss(_ dismissal: Dismissal) throws(WorldError) -> Decided<Dismissal.Refusal> {
    try decide { definitions, state, _ in
      do {
        return .granted(.dismissal(try DismissedDocument(dismissal, state, definitions.language)))
      } catch let refusal as Dismissal.Refusal {
        return .refused(refusal)
      }
    }
  }
}
