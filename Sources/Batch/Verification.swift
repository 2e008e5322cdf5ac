package import Findings
import State

/// Whether the state, the archive and the outbox still are what the commits said: `tallyman verify`.
package struct Verification: Sendable {
  /// What does not fit, in order: the state itself, the records, then run by run what lies in archive and outbox.
  package private(set) var findings: [Finding] = []
  package private(set) var runs = 0
  /// Files of the archive whose digests are as recorded.
  package private(set) var archived = 0
  /// The same of the outbox, and how many files are not there any more: finance has collected them.
  package private(set) var published = 0
  package private(set) var collected = 0

  package init(_ workspace: Workspace, clock: RunClock) throws(WorldError) {
    try Pipeline.typed(workspace) {
      let lock = try RunLock(workspace.lock, since: clock.text(in: "UTC"))
      defer { withExtendedLifetime(lock) {} }
      try verify(workspace)
    }
  }

  private mutating func verify(_ workspace: Workspace) throws {
    let records = ArchivedRecords(workspace: workspace)
    let state = try open(workspace, records)
    let known = try state.map { try $0.lastCommitted() } ?? 0
    let last = try records.runs().last ?? 0
    let unpublished = try state?.unfinishedRuns().first { $0.phase == .committed }?.number
    if let missing = try records.missing(committed: known, before: unpublished ?? .max) {
      report(.recordMissing, "archive/records/" + CommitRecord.name(run: missing), [String(missing)])
    }
    let canReplay = findings.isEmpty && last > 0
    if let state { try lookForNamesTaken(state, workspace) }
    guard canReplay else { return }
    let copy = workspace.inside / "verify.sqlite"
    defer {
      for ending in ["", "-wal", "-shm"] { try? System.remove(Path(copy.bytes + Array(ending.utf8))) }
    }
    do {
      let replayed = try records.replay(upTo: last, at: copy) { record, itself in
        try look(at: record, itself, workspace)
        if let state, try state.recordDigest(of: record.run) != itself.sha256 {
          throw StateError.damaged(reason: "the state has another digest of it")
        }
      }
      defer { try? replayed.close() }
      if let state { try compare(state, replayed) }
    } catch StateError.damaged(let reason) {
      let run = runs + 1
      report(.recordChanged, "archive/records/" + CommitRecord.name(run: run), [String(run), reason])
    }
  }

  /// What keeps a committed run from being published, and so the inbox from being taken.
  private mutating func lookForNamesTaken(_ state: StateStore, _ workspace: Workspace) throws {
    for run in try state.unfinishedRuns() where run.phase == .committed {
      findings += try Publishing(workspace: workspace, run: run.number)
        .blocked(try state.publications(of: run.number))
    }
  }

  private mutating func open(_ workspace: Workspace, _ records: ArchivedRecords) throws -> StateStore? {
    do {
      guard let state = try StateStore.openToRead(at: workspace.state.description) else {
        if try RunTraces(workspace).last != nil { report(.stateDamaged, Self.statePath, ["there is none"]) }
        return nil
      }
      try state.prove()
      try RunTraces(workspace).refuse(older: state)
      return state
    } catch StateError.damaged(let reason) {
      report(.stateDamaged, Self.statePath, [reason])
    } catch WorldError.stateBehind(let knows, let run, let path, _) {
      report(.stateDamaged, Self.statePath, ["it ends with run \(knows); of run \(run) there is \(path)"])
    }
    return nil
  }

  private static let statePath = ".tallyman/state.sqlite"

  private mutating func look(at record: CommitRecord, _ itself: Publication, _ workspace: Workspace) throws {
    runs += 1
    for file in record.files where file.phase == .taken {
      // A run that was not carried out to its end has its files still with it.
      let taken = workspace.taken(run: record.run) / String(file.sequence)
      let waits = try System.status(taken) != nil
      let path = waits ? taken : workspace.archive / file.archiveName
      try check(path, file.sha256 ?? [], workspace, lost: .archivedFileMissing, changed: .archivedFileChanged)
    }
    for publication in record.publications {
      let staged = workspace.staging(run: record.run) / String(publication.sequence)
      if try System.status(staged) != nil { continue }
      let path = workspace.folder(of: publication.kind) / publication.name
      if publication.kind == .entries {
        try check(
          path, publication.sha256, workspace, lost: .archivedFileMissing, changed: .archivedFileChanged)
      } else {
        try check(path, publication.sha256, workspace, lost: nil, changed: .publishedFileChanged)
      }
    }
    let definitions = workspace.archive / "definitions" / record.decision.definitions
    if try System.status(definitions) == nil {
      report(.archivedFileMissing, relative(definitions, workspace))
    }
  }

  private mutating func check(
    _ path: Path, _ sha256: [UInt8], _ workspace: Workspace, lost: FindingCode?, changed: FindingCode
  ) throws {
    guard let digest = try System.digest(of: path) else {
      if let lost { report(lost, relative(path, workspace)) } else { collected += 1 }
      return
    }
    guard digest == sha256 else {
      return report(changed, relative(path, workspace), [hex(sha256), hex(digest)])
    }
    if lost == nil { published += 1 } else { archived += 1 }
  }

  /// The state against what the records make.
  private mutating func compare(_ state: StateStore, _ replayed: StateStore) throws {
    let (now, then) = (try Self.sections(of: state), try Self.sections(of: replayed))
    // What a run that is not done has planned or still has to carry out is in no record.
    let open = try state.unfinishedRuns().isEmpty ? [] : ["run", "run_file"]
    for title in Set(now.keys).union(then.keys).subtracting(open).sorted() where now[title] != then[title] {
      report(.stateDiffers, Self.statePath, [title])
    }
  }

  /// A checksum for each part of the state.
  private static func sections(of state: StateStore) throws -> [String: UInt64] {
    var sections: [String: UInt64] = [:]
    var (title, sum) = ("", UInt64(0))
    try state.dump { line in
      if line.hasPrefix("# ") {
        (title, sum) = (String(line.dropFirst(2)), 0)
      } else {
        sum = line.utf8.reduce(sum &* 31) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
      }
      sections[title] = sum
    }
    return sections
  }

  private mutating func report(_ code: FindingCode, _ path: String, _ arguments: [String] = []) {
    findings.append(Finding(code, .error, at: Place(file: path), arguments))
  }

  private func relative(_ path: Path, _ workspace: Workspace) -> String {
    Path(Array(path.bytes.dropFirst(workspace.root.bytes.count + 1))).description
  }
}
