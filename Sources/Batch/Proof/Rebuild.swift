import Findings
import Glibc
import Mapping
import State

/// Makes the state again from the archive, where the archive proves it: `tallyman rebuild`.
package struct Rebuild: Sendable {
  /// How many runs the new state knows.
  package private(set) var runs = 0
  /// Where the old state lies now; `nil` where there was none.
  package private(set) var setAside: String?
  /// What a run had taken that was never committed: names under the inbox, where it lies again.
  package private(set) var returned: [String] = []

  package init(_ workspace: Workspace, clock: RunClock) throws(WorldError) {
    try Pipeline.typed(workspace) {
      try workspace.prepare()
      let lock = try RunLock(workspace.lock, since: clock.text(in: "UTC"))
      defer { withExtendedLifetime(lock) {} }
      try rebuild(workspace)
    }
  }

  private mutating func rebuild(_ workspace: Workspace) throws {
    let records = ArchivedRecords(workspace: workspace)
    let old = try? StateStore.openToRead(at: workspace.state.description)
    defer { try? old?.close() }
    runs = try records.runs().last ?? 0
    var missing = try records.missing()
    // A commit whose record still waits in staging has shown nothing to anybody: it is done again.
    if let known = try? old?.lastCommitted(), known > runs,
      try System.status(workspace.staging(run: runs + 1)) == nil
    {
      missing = missing ?? runs + 1
    }
    if let missing { throw WorldError.rebuildRefused([records.finding(ofMissing: missing, .error)]) }
    // The first run of all may have taken files: these go back.
    guard try runs > 0 || RunTraces(workspace).lastInWork() != nil else { throw WorldError.nothingToRebuild }
    let copy = workspace.inside / "state.rebuilt.sqlite"
    let state: StateStore
    var sound = 0
    do {
      state = try records.replay(upTo: runs, at: copy) { _, _ in sound += 1 }
    } catch let error as StateError {
      let place = Place(file: workspace.relative(records.path(of: sound + 1)))
      throw WorldError.rebuildRefused([
        Finding(.recordChanged, .error, at: place, [String(sound + 1), error.reason])
      ])
    }
    try finish(state, old, workspace)
    try state.checkpoint()
    try state.close()
    try exchange(copy, workspace)
  }

  /// What lies in the folders of work in progress belongs to a commit that the next run carries out, or to none.
  private mutating func finish(_ state: StateStore, _ old: StateStore?, _ workspace: Workspace) throws {
    let folders = [workspace.inside / "taken", workspace.inside / "staging"]
    let numbers = try folders.flatMap { try System.folders(in: $0) }.compactMap {
      Int(String(decoding: $0, as: UTF8.self))
    }
    for run in Set(numbers).sorted() {
      if run <= runs {
        try state.markCommitted(run: run)
        continue
      }
      let taken = workspace.taken(run: run)
      let names = (try? old?.files(of: run)) ?? []
      if try System.status(taken) != nil {
        for sequence in try System.names(in: taken) {
          let owner = Sidecar.owner(of: sequence) ?? sequence
          let number = String(decoding: owner, as: UTF8.self)
          let known = names.first { String($0.sequence) == number }?.name
          let name = known ?? Array("returned_\(sixDigits(run))_\(number)".utf8)
          try giveBack(taken / sequence, name + sequence.dropFirst(owner.count), workspace)
        }
      }
      try System.removeEmptyFolder(taken)
      try System.removeFolder(workspace.staging(run: run))
    }
  }

  private mutating func giveBack(_ path: Path, _ name: [UInt8], _ workspace: Workspace) throws(SystemFailure)
  {
    var target = workspace.inbox / name
    for number in 1... {
      if try System.rename(path, to: target) { break }
      target = workspace.inbox / (Array("returned_\(number)_".utf8) + Path(name).lastName)
    }
    try System.syncFolder(target.parent)
    returned.append(Path(Array(target.bytes.dropFirst(workspace.inbox.bytes.count + 1))).description)
  }

  /// Puts the new state where the old one was, and keeps the old one.
  private mutating func exchange(_ copy: Path, _ workspace: Workspace) throws(SystemFailure) {
    let descriptor = try System.open(copy, O_RDWR)
    defer { close(descriptor) }
    try System.check("fsync", copy) { fsync(descriptor) }
    for number in 1... {
      let aside = Path(workspace.inside.bytes + Array("/state.set-aside-\(number).sqlite".utf8))
      guard try System.status(aside) == nil else { continue }
      for ending in ["-wal", "-shm", ""] {
        let (from, to) = (
          Path(workspace.state.bytes + Array(ending.utf8)), Path(aside.bytes + Array(ending.utf8))
        )
        guard try System.status(from) != nil else { continue }
        _ = try System.rename(from, to: to)
        setAside = ".tallyman/" + String(decoding: to.lastName, as: UTF8.self)
      }
      break
    }
    _ = try System.rename(copy, to: workspace.state)
    try System.syncFolder(workspace.inside)
  }
}
