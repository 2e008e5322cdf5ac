import Findings
import Glibc
import Mapping
import State

/// What is done after the commit, as often as it takes: publish, archive, tidy up.
struct Publishing {
  let workspace: Workspace
  let run: Int

  /// Moves every staged file that is still there to its final name. One that is gone is published, whatever the outbox
  /// holds: a file that finance has taken is never made again.
  /// - Returns: findings about names that something else has.
  func publish(_ publications: [Publication]) throws(SystemFailure) -> [Finding] {
    let staging = workspace.staging(run: run)
    var findings: [Finding] = []
    // The record of the commit first: what lies in the outbox is what the archive can prove. The manifest last.
    let ordered = publications.sorted { ($0.kind.order, $0.sequence) < ($1.kind.order, $1.sequence) }
    // Always synced: what an earlier attempt moved may not have been.
    var touched: Set<Path> =
      publications.isEmpty ? [] : [workspace.outbox, workspace.keptEntries, workspace.records]
    for publication in ordered {
      let source = staging / String(publication.sequence)
      guard try System.status(source) != nil else { continue }
      // The manifest says that all is there, so it waits until that is true.
      if publication.kind == .manifest, !findings.isEmpty { continue }
      if publication.kind == .manifest { try sync(&touched) }
      let folder = workspace.folder(of: publication.kind)
      if try System.rename(source, to: folder / publication.name) {
        touched.insert(folder)
      } else {
        findings.append(taken(folder / publication.name))
        // Without its record nothing of the run is shown to anybody.
        if publication.kind == .record { break }
      }
      if publication.kind == .record { try sync(&touched) }
    }
    try sync(&touched)
    return findings
  }

  /// A name that something else has.
  private func taken(_ path: Path) -> Finding {
    let place = workspace.relative(path)
    return Finding(.outboxNameTaken, .error, at: Place(file: place), [place])
  }

  /// Names of ours that something else has, while our files still wait for them.
  static func blocked(_ state: StateStore, _ workspace: Workspace) throws -> [Finding] {
    var findings: [Finding] = []
    for run in try state.unfinishedRuns() where run.phase == .committed {
      let publishing = Self(workspace: workspace, run: run.number)
      var moves = try state.publications(of: run.number).map { publication in
        Move(
          from: workspace.staging(run: run.number) / String(publication.sequence),
          to: workspace.folder(of: publication.kind) / publication.name)
      }
      moves += try state.files(of: run.number).flatMap { publishing.moves(of: $0) }
      // The new name first: a run may be at work, and what it has just moved has no old name any more.
      for move in moves where try System.status(move.to) != nil && System.status(move.from) != nil {
        findings.append(publishing.taken(move.to))
      }
    }
    return findings
  }

  func unpublished(_ publications: [Publication]) throws(SystemFailure) -> [Publication] {
    let staging = workspace.staging(run: run)
    var waiting: [Publication] = []
    for publication in publications where try System.status(staging / String(publication.sequence)) != nil {
      waiting.append(publication)
    }
    return waiting
  }

  private func sync(_ folders: inout Set<Path>) throws(SystemFailure) {
    for folder in folders.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
      try System.syncFolder(folder)
    }
    folders = []
  }

  /// Moves the taken files into the archive under the names that the plan gave them, and those that brought the program
  /// down into quarantine. What something else's name keeps from moving stays where it is.
  func archive(_ files: [RunFile]) throws(SystemFailure) -> [Finding] {
    var findings: [Finding] = []
    for file in files {
      let moves = moves(of: file)
      guard let folder = moves.first?.to.parent else { continue }
      try System.makeFolders(folder, below: file.phase == .taken ? workspace.archive : workspace.inside)
      for move in moves where try System.status(move.from) != nil {
        if try !System.rename(move.from, to: move.to) { findings.append(taken(move.to)) }
      }
      try System.syncFolder(folder)
    }
    guard findings.isEmpty else { return findings }
    try System.removeEmptyFolder(workspace.taken(run: run))
    try System.removeFolder(workspace.staging(run: run))
    return []
  }

  private struct Move {
    var from: Path
    var to: Path
  }

  /// Where a taken file goes, and its companions with it; nothing where it is not ours to move.
  private func moves(of file: RunFile) -> [Move] {
    let target: Path
    switch file.phase {
    case .taken: target = workspace.archive / file.archiveName
    case .quarantined:
      target =
        workspace.quarantine
        / (Array("\(sixDigits(run))-\(file.sequence)-".utf8) + fitting(Path(file.name).lastName, before: 22))
    case .planned, .withdrawn, .replaced: return []
    }
    let source = workspace.taken(run: run) / String(file.sequence)
    return ([[]] + Sidecar.allCases.map(\.ending)).map {
      Move(from: Path(source.bytes + $0), to: Path(target.bytes + $0))
    }
  }
}

extension PublicationKind {
  fileprivate var order: Int {
    switch self {
    case .record: 0
    case .voucher, .reject, .report, .entries: 1
    case .manifest: 2
    }
  }
}

/// The definitions that a run works with, kept by fingerprint, so that a rule can be shown as it was.
struct DefinitionsArchive {
  let workspace: Workspace

  func keep(_ definitions: CompiledDefinitions) throws(SystemFailure) {
    let root = workspace.archive / "definitions"
    let target = root / definitions.fingerprint
    guard try System.status(target) == nil else { return }
    let part = root / (definitions.fingerprint + ".part")
    for (path, bytes) in definitions.files {
      let file = part / path
      try System.makeFolders(file.parent, below: root)
      let descriptor = try System.open(file, O_WRONLY | O_CREAT | O_TRUNC)
      defer { close(descriptor) }
      try System.write(bytes, to: descriptor, file)
      try System.check("fsync", file) { fsync(descriptor) }
      try System.syncFolder(file.parent)
    }
    _ = try System.rename(part, to: target)
    try System.syncFolder(root)
  }
}

/// The name of a taken file in the archive: the run's date and number, then its path with `/` flattened.
func archiveName(of name: [UInt8], sequence: Int, run: Int, clock: String) -> [UInt8] {
  let day = clock.prefix(10).split(separator: "-").joined(separator: "/")
  // A flattened name could be that of another file, or too long with a number before it and a companion's ending behind.
  let number = Array("\(sequence)_".utf8)
  let flat = fitting(name.map { $0 == 0x2F ? 0x5F : $0 }, before: number.count + 7)
  return Array("\(day)/\(sixDigits(run))/".utf8) + number + flat
}

/// The end of a name, as long as a file system takes it with `count` more bytes.
func fitting(_ name: [UInt8], before count: Int) -> [UInt8] {
  guard name.count + count > 255 else { return name }
  // Not from the middle of a character on.
  return Array(name.suffix(255 - count).drop { $0 & 0xC0 == 0x80 })
}
