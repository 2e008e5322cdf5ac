import Findings
import Glibc
import State

/// What runs have left behind outside of the state: with a state that knows less, what is posted would be posted again.
struct RunTraces {
  /// The latest of them: its run, and its path under the workspace.
  private(set) var last: (run: Int, path: String)?
  private let workspace: Workspace

  /// Looks at the workspace. A state that is opened afterwards knows of all that was there.
  init(_ workspace: Workspace) throws(SystemFailure) {
    self.workspace = workspace
    try look(in: workspace.records, "archive/records/", ending: ".jsonl")
    try look(in: workspace.keptEntries, "archive/entries/", ending: ".entries")
    try look(in: workspace.outbox, "outbox/", prefix: "manifest_", ending: ".sha256")
    try look(in: workspace.outbox, "outbox/", prefix: "reconciliation_", ending: ".csv")
    try lookInDays()
  }

  private mutating func look(
    in folder: Path, _ path: String, prefix: String = "", ending: String
  ) throws(SystemFailure) {
    guard try System.status(folder) != nil else { return }
    for name in try System.names(in: folder) {
      let text = String(decoding: name, as: UTF8.self)
      guard text.hasPrefix(prefix), text.hasSuffix(ending) else { continue }
      meet(text.dropFirst(prefix.count).dropLast(ending.count), at: path + text)
    }
  }

  /// `archive/2026/03/05/000017`: the folders of the latest day are enough.
  private mutating func lookInDays() throws(SystemFailure) {
    var (folder, path) = (workspace.archive, "archive")
    for length in [4, 2, 2] {
      guard try System.status(folder) != nil else { return }
      let numbers = try System.folders(in: folder).map { String(decoding: $0, as: UTF8.self) }
        .filter { $0.utf8.count == length && Int($0) != nil }
      guard let last = numbers.max() else { return }
      (folder, path) = (folder / last, path + "/" + last)
    }
    for name in try System.folders(in: folder) {
      let text = String(decoding: name, as: UTF8.self)
      meet(text[...], at: path + "/" + text)
    }
  }

  private mutating func meet(_ text: Substring, at path: String) {
    // A name that only looks like one of ours, such as a date, is no run's.
    guard let run = Int(text), sixDigits(run) == text, run < 10_000_000, run > last?.run ?? 0 else { return }
    last = (run, path)
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
    for folder in ["taken", "staging"] {
      let path = workspace.inside / folder
      guard try System.status(path) != nil else { continue }
      let last = try System.folders(in: path).compactMap { Int(String(decoding: $0, as: UTF8.self)) }.max()
      if let last, last > known { throw try behind(known, (last, ".tallyman/\(folder)/\(sixDigits(last))")) }
    }
  }

  private func behind(_ known: Int, _ trace: (run: Int, path: String)) throws(SystemFailure) -> WorldError {
    let records = ArchivedRecords(workspace: workspace)
    let (present, missing) = (try records.runs(), try records.missing())
    let canRebuild = !present.isEmpty && missing == nil
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
