package import Findings
import Mapping
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

  /// Whether all that was committed could be compared: not where records are missing, can't be read, or are still to be
  /// published.
  package private(set) var isWhole = true
  /// SHA-256, in hex, of the last record that follows all before it; empty where there is none.
  package private(set) var head = ""
  /// Fingerprints of definitions that were looked at.
  private var definitions: Set<String> = []
  private var metHead = false

  /// - Parameter head: what a run printed once: of some record, of which the chain is to go on from there.
  package init(_ workspace: Workspace, clock: RunClock, head: String? = nil) throws(WorldError) {
    try Pipeline.typed(workspace) {
      // Somebody may have deleted all of it.
      guard try System.status(workspace.mappings) != nil else {
        throw WorldError.noWorkspace(workspace.root.description)
      }
      try System.makeFolder(workspace.inside)
      let lock = try RunLock(workspace.lock, since: clock.text(in: "UTC"))
      defer { withExtendedLifetime(lock) {} }
      try verify(workspace, known: head?.lowercased())
      if let head, !metHead { report(.headUnknown, "archive/records", [head]) }
    }
  }

  private mutating func verify(_ workspace: Workspace, known: String?) throws {
    let records = ArchivedRecords(workspace: workspace)
    let state = try open(workspace)
    let unpublished = try state?.unfinishedRuns().first { $0.phase == .committed }?.number
    let missing = try records.missing(
      committed: try state?.lastCommitted() ?? 0, before: unpublished ?? .max)
    if let missing { findings.append(records.finding(ofMissing: missing, .error)) }
    let blocked = try state.map { try Publishing.blocked($0, workspace) } ?? []
    findings += blocked
    let last = try records.runs().last ?? 0
    // Under the name of a record that is still to be published there may be something else.
    let isBlocked = blocked.contains { $0.place.file == workspace.relative(records.path(of: last)) }
    let proven = missing.map { $0 - 1 } ?? (isBlocked ? last - 1 : last)
    isWhole = try missing == nil && proven == state?.lastCommitted() ?? proven
    guard proven > 0 else { return }
    let copy = workspace.inside / "verify.sqlite"
    defer {
      for ending in ["", "-wal", "-shm"] { try? System.remove(Path(copy.bytes + Array(ending.utf8))) }
    }
    do {
      let replayed = try records.replay(upTo: proven, at: copy) { record, itself in
        try look(at: record, itself, workspace)
        head = hex(itself.sha256)
        if head == known { metHead = true }
        if let state, try state.recordDigest(of: record.run) != itself.sha256 {
          throw StateError.damaged(reason: "the state has another digest of it")
        }
      }
      defer { try? replayed.close() }
      if let state, isWhole { try compare(state, replayed) }
    } catch StateError.damaged(let reason) {
      isWhole = false
      let run = runs + 1
      report(.recordChanged, workspace.relative(records.path(of: run)), [String(run), reason])
    }
  }

  private mutating func open(_ workspace: Workspace) throws -> StateStore? {
    do {
      let state = try StateStore.openToRead(at: workspace.state.description)
      try state?.prove()
      try RunTraces(workspace).refuse(older: state)
      return state
    } catch StateError.damaged(let reason) {
      report(.stateDamaged, Self.statePath, [reason])
    } catch WorldError.stateBehind(let knows, let run, let path, _) {
      report(.stateBehind, Self.statePath, [String(knows), path, String(run)])
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
    try look(atDefinitions: record.decision.definitions, workspace)
  }

  private mutating func look(atDefinitions fingerprint: String, _ workspace: Workspace) throws {
    guard definitions.insert(fingerprint).inserted else { return }
    let folder = workspace.archive / "definitions" / fingerprint
    guard try System.status(folder) != nil else {
      return report(.archivedFileMissing, workspace.relative(folder))
    }
    let now = (try? DefinitionSet(at: folder).fingerprint) ?? ""
    if now != fingerprint { report(.archivedFileChanged, workspace.relative(folder), [fingerprint, now]) }
  }

  private mutating func check(
    _ path: Path, _ sha256: [UInt8], _ workspace: Workspace, lost: FindingCode?, changed: FindingCode
  ) throws {
    guard let digest = try System.digest(of: path) else {
      if let lost { report(lost, workspace.relative(path)) } else { collected += 1 }
      return
    }
    guard digest == sha256 else {
      return report(changed, workspace.relative(path), [hex(sha256), hex(digest)])
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
}
