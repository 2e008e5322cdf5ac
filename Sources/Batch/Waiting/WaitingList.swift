import Findings
import Mapping
package import Reconciliation
import State

/// What `tallyman holds`, `tallyman rejects` and `tallyman pending` show.
package struct WaitingList: Sendable {
  package var groups: [WaitingGroup]
  /// Documents, each counted once.
  package var documents: Int
  /// The rejects themselves, where that is what is listed.
  package var rejects: [OpenReject]

  /// One rejected document.
  package struct OpenReject: Codable, Sendable {
    package var number: String
    package var interface: String
    package var document: String
    package var code: String
    package var reason: String
    package var rejectFile: String
    package var file: String
    package var line: Int
    package var rows: Int
    package var sinceRun: Int
    package var lastRun: Int
  }

  package static func held(_ workspace: Workspace, now: RunClock) throws(WorldError) -> WaitingList {
    try read(workspace, now) { waiting, state in
      let documents = try state.heldSummary().flatMap { try state.heldDocuments(of: $0.interface) }
      return WaitingList(groups: try waiting.groups(held: documents), documents: documents.count, rejects: [])
    }
  }

  package static func rejected(_ workspace: Workspace, now: RunClock) throws(WorldError) -> WaitingList {
    try read(workspace, now) { waiting, state in
      let open = try state.openRejects()
      let rejects = open.map { reject in
        OpenReject(
          number: reject.number, interface: reject.interface, document: DocumentStore.text(ofKey: reject.key),
          code: reject.cause.code,
          reason: Finding.message(
            ofCode: reject.cause.code, reject.cause.arguments, in: waiting.language),
          rejectFile: reject.rejectFile, file: String(decoding: reject.fileName, as: UTF8.self),
          line: reject.line,
          rows: reject.rows, sinceRun: reject.sinceRun, lastRun: reject.lastRun)
      }
      return WaitingList(
        groups: try waiting.groups(rejected: open), documents: open.count, rejects: rejects)
    }
  }

  /// Posted documents with a posting that waits for a value, or for the end of its month.
  package static func pending(_ workspace: Workspace, now: RunClock) throws(WorldError) -> WaitingList {
    try read(workspace, now) { waiting, state in
      let unposted = try state.unposted().filter { $0.kind == .pending }
      let deferred = try state.deferredDocuments()
      return WaitingList(
        groups: try waiting.groups(pending: unposted, deferred: deferred),
        documents: Set(
          (unposted.map { HeldKey(interface: $0.interface, key: $0.key) })
            + deferred.map { HeldKey(interface: $0.document.interface, key: $0.document.key) }
        ).count, rejects: [])
    }
  }

  private static func read(
    _ workspace: Workspace, _ now: RunClock, _ list: (Waiting, StateStore) throws -> WaitingList
  ) throws(WorldError) -> WaitingList {
    try Pipeline.typed(workspace) {
      let definitions = try CompiledDefinitions(of: workspace)
      guard let state = try workspace.readState() else {
        return WaitingList(groups: [], documents: 0, rejects: [])
      }
      defer { try? state.close() }
      let waiting = Waiting(
        definitions, in: definitions.language, now: now.text(in: definitions.workspace.timeZone.text)
      ) {
        try state.run($0)?.clock ?? ""
      }
      return try list(waiting, state)
    }
  }
}
