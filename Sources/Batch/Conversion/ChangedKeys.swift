package import Findings
import Mapping
import Posting
import Reconciliation
import State

extension CompiledDefinitions {
  /// Interfaces whose documents go by another key than the last run gave them, and have posted ones: these would not be
  /// known again.
  package func changedKeys(in workspace: Workspace) throws(WorldError) -> [Finding] {
    try Pipeline.typed(workspace) {
      guard let state = try workspace.readState() else { return [] }
      defer { try? state.close() }
      return try changedKeys(since: state, workspace)
    }
  }

  func changedKeys(since state: StateStore, _ workspace: Workspace) throws -> [Finding] {
    let run = try state.lastCommitted()
    guard let last = try state.run(run), last.definitions != fingerprint,
      let then = try ArchivedDefinitions(last.definitions, workspace)
    else { return [] }
    return try interfaces.compactMap { interface in
      let name = interface.interface.name
      guard let before = then.interface(named: name), before.key.parts != interface.key.parts,
        try state.register(of: name).count > 0
      else { return nil }
      return Finding(.keyChanged, .warning, at: interface.key.place, [name, String(run)])
    }
  }
}

extension Past {
  /// Documents that wait under a key which the mapping does not make of their rows any more: by its new key they would be posted
  /// although they may have come, and been posted, under it.
  func findOtherKeys() throws {
    for document in heldDocuments + dueDocuments {
      guard let then = try mappings.definitions(of: document.sinceRun)?.interface(named: document.interface),
        then.key.parts != compiled.key.parts
      else { continue }
      underOtherKey[document.key] = document
    }
  }

  /// Those of them that nobody has dismissed, in order of key.
  fileprivate var stillUnderOtherKey: [HeldDocument] {
    underOtherKey.values.filter { !dismissed.contains($0.key) }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
  }

  /// Held ones of them of which that is not noted yet, with what they were held for before.
  var newlyUnderOtherKey: [HeldDocument] {
    stillUnderOtherKey.compactMap { document in
      guard var held = held[document.key] else { return nil }
      let cause = HeldCause(
        code: FindingCode.waitingOtherKey.rawValue,
        arguments: [DocumentStore.text(ofKey: document.key), String(document.sinceRun)])
      if !held.causes.contains(cause) { held.causes.insert(cause, at: 0) }
      return held.causes == document.causes ? nil : held
    }
  }

  /// Those of the documents that are tried again.
  func waiting(_ documents: [HeldDocument]) -> [HeldDocument] {
    documents.filter { underOtherKey[$0.key] == nil }
  }
}

extension ConversionOutput {
  /// Each run tells of them, for they wait for a person.
  mutating func tellOtherKeys() {
    for interface in result.interfaces {
      for document in interface.past.stillUnderOtherKey {
        let place = Place(
          file: String(decoding: document.fileName, as: UTF8.self), line: document.places.first?.line)
        report.findings.add(
          Finding(
            .waitingOtherKey, .warning, at: place,
            [DocumentStore.text(ofKey: document.key), String(document.sinceRun)]))
      }
    }
  }
}
