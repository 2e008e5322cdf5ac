package import Findings
import Mapping
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
