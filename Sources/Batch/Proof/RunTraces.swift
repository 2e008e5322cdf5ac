import Findings
import Glibc
import Readers
import Reconciliation
import State

/// What runs have left behind outside of the state: with a state that knows less, what is posted would be posted again.
struct RunTraces {
  /// The latest of them: its run, and its path under the workspace.
  private(set) var last: (run: Int, path: String)?
  private let workspace: Workspace

  /// Looks at the workspace. A state that is opened afterwards knows of all that was there.
  init(_ workspace: Workspace) throws(SystemFailure) {
    self.workspace = workspace
    try meet(runs(in: workspace.records, "", ".jsonl"), at: "archive/records/", "", ".jsonl")
    try meet(runs(in: workspace.keptEntries, "", ".entries"), at: "archive/entries/", "", ".entries")
    for day in try days() {
      try meet(runs(in: workspace.archive / day, "", "", areFolders: true), at: "archive/\(day)/", "", "")
    }
    // Anybody may put a file into the outbox: there the name alone says nothing.
    try meetInOutbox("manifest_", ".sha256") { Manifest.opening(run: $0) }
    try meetInOutbox("reconciliation_", ".csv") { _ in ReportCSV.header }
  }

  private mutating func meetInOutbox(
    _ prefix: String, _ ending: String, opening: (_ run: Int) -> String
  ) throws(SystemFailure) {
    // The latest first: of the others none needs to be opened.
    for run in try runs(in: workspace.outbox, prefix, ending).sorted(by: >) {
      guard run > last?.run ?? 0 else { return }
      guard try isFile(workspace.outbox / (prefix + sixDigits(run) + ending), beginning: opening(run)) else {
        continue
      }
      return meet([run], at: "outbox/", prefix, ending)
    }
  }

  private mutating func meet(_ runs: [Int], at folder: String, _ prefix: String, _ ending: String) {
    guard let run = runs.max(), run > last?.run ?? 0 else { return }
    last = (run, folder + prefix + sixDigits(run) + ending)
  }

  /// The numbers in names that are exactly ours: one that only looks like it, such as a date, is no run's.
  private func runs(
    in folder: Path, _ prefix: String, _ ending: String, areFolders: Bool = false
  ) throws(SystemFailure) -> [Int] {
    guard try System.status(folder) != nil else { return [] }
    let names = try areFolders ? System.folders(in: folder) : System.names(in: folder)
    return names.compactMap { name in
      let text = String(decoding: name, as: UTF8.self)
      guard text.hasPrefix(prefix), text.hasSuffix(ending) else { return nil }
      let number = text.dropFirst(prefix.count).dropLast(ending.count)
      guard let run = Int(number), run < 10_000_000, sixDigits(run) == number else { return nil }
      return run
    }
  }

  /// The folders `2026/03/05` of the archive.
  private func days() throws(SystemFailure) -> [String] {
    guard try System.status(workspace.archive) != nil else { return [] }
    var paths = [""]
    for digits in [4, 2, 2] {
      var below: [String] = []
      for path in paths {
        for name in try System.folders(in: path.isEmpty ? workspace.archive : workspace.archive / path) {
          let text = String(decoding: name, as: UTF8.self)
          guard text.utf8.count == digits, Int(text) != nil else { continue }
          below.append(path.isEmpty ? text : path + "/" + text)
        }
      }
      paths = below
    }
    return paths
  }

  private func isFile(_ path: Path, beginning text: String) throws(SystemFailure) -> Bool {
    guard let status = try System.status(path), status.st_mode & S_IFMT == S_IFREG else { return false }
    let descriptor = try System.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    defer { close(descriptor) }
    do throws(ReadError) {
      return try ByteSource.descriptor(descriptor).bytes(in: 0..<Int64(text.utf8.count))
        .elementsEqual(text.utf8)
    } catch {
      throw SystemFailure(call: error.call, path: path.description, code: error.code)
    }
  }

  /// Refuses a state that knows less than the traces, or than the folders of work in progress.
  /// - Parameter state: `nil` where there is none.
  func refuse(older state: StateStore?) throws {
    let records = ArchivedRecords(workspace: workspace)
    let known = try state?.lastRun() ?? 0
    if let last, last.run > known { throw try behind(known, last) }
    // A run that is only planned has no record yet.
    if let planned = try state?.unfinishedRuns().first(where: { $0.phase == .planned })?.number,
      try System.status(records.path(of: planned)) != nil
    {
      throw try behind(planned - 1, (planned, "archive/records/" + CommitRecord.name(run: planned)))
    }
    if let work = try lastInWork(), work.run > known { throw try behind(known, work) }
  }

  /// The last run that has a folder of work in progress: those before it were committed.
  func lastInWork() throws(SystemFailure) -> (run: Int, path: String)? {
    var last: (run: Int, path: String)?
    for folder in ["taken", "staging"] {
      for run in try runs(in: workspace.inside / folder, "", "", areFolders: true) where run > last?.run ?? 0
      {
        last = (run, ".tallyman/\(folder)/\(sixDigits(run))")
      }
    }
    return last
  }

  private func behind(_ known: Int, _ trace: (run: Int, path: String)) throws(SystemFailure) -> WorldError {
    let canRebuild = try ArchivedRecords(workspace: workspace).missing() == nil
    return .stateBehind(knows: known, run: trace.run, path: trace.path, canRebuild: canRebuild)
  }
}

extension Workspace {
  /// The state, to be read only, when it knows of all that has been done; `nil` where nothing has.
  func readState() throws -> StateStore? {
    let traces = try RunTraces(self)
    let state = try StateStore.openToRead(at: self.state.description)
    do { try traces.refuse(older: state) } catch {
      try? state?.close()
      throw error
    }
    return state
  }
}
