import CPosix
import Glibc
import Mapping
import Readers
import State

/// Moves planned files from the inbox into the run's own folder, so that nobody can change them any more.
struct Taking {
  let workspace: Workspace
  let run: Int

  /// Takes what is still there as it was planned, and what lies beside it; can be done again after any interruption.
  /// - Returns: for each planned file what became of it.
  func take(_ files: [RunFile]) throws(SystemFailure) -> [Int: FilePhase] {
    let folder = workspace.taken(run: run)
    try System.makeFolder(folder)
    var phases: [Int: FilePhase] = [:]
    for file in files {
      switch file.phase {
      case .planned:
        let phase = try take(file)
        phases[file.sequence] = phase
        if phase == .taken { try takeSidecars(of: file) }
      // Where an earlier attempt ended before it had given the file back.
      case .replaced: try giveBack(file)
      case .taken, .withdrawn, .quarantined: break
      }
    }
    // The new names first: a power cut in between may leave a file under both, but never under none.
    try System.syncFolder(folder)
    let sources = Set(
      files.filter { phases[$0.sequence] == .taken }.map { (workspace.inbox / $0.name).parent })
    for source in sources.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
      if try System.status(source) != nil { try System.syncFolder(source) }
    }
    return phases
  }

  func path(of sequence: Int) -> Path { workspace.taken(run: run) / String(sequence) }

  /// Puts a file that was taken, and what was taken with it, back into the inbox.
  func giveBack(_ file: RunFile) throws(SystemFailure) {
    let target = workspace.inbox / file.name
    for ending in Sidecar.allCases.map(\.ending) + [[]] {
      let source = Path(path(of: file.sequence).bytes + ending)
      guard try System.status(source) != nil else { continue }
      try System.makeFolders(target.parent, below: workspace.inbox)
      try giveBack(source, to: Path(target.bytes + ending))
      try System.syncFolder(target.parent)
    }
  }

  private func giveBack(_ source: Path, to target: Path) throws(SystemFailure) {
    if try System.rename(source, to: target) { return }
    // A power cut may have left it under both names.
    if let there = try System.status(target), let here = try System.status(source),
      FileIdentity(there) == FileIdentity(here)
    {
      try System.remove(source)
      return
    }
    // Somebody has put another one there by now. None of them is lost.
    let ending = Array(".returned-\(sixDigits(run))".utf8)
    let name = fitting(target.lastName, before: ending.count)
    _ = try System.rename(source, to: target.parent / (name + ending))
  }

  private func takeSidecars(of file: RunFile) throws(SystemFailure) {
    for ending in Sidecar.allCases.map(\.ending) {
      let source = workspace.inbox / (file.name + ending)
      let target = Path(path(of: file.sequence).bytes + ending)
      guard let status = try System.status(source), status.st_mode & S_IFMT == S_IFREG else { continue }
      if let taken = try System.status(target), FileIdentity(taken) == FileIdentity(status) {
        try System.remove(source)
        continue
      }
      do throws(SystemFailure) {
        _ = try System.rename(source, to: target)
      } catch {
        guard error.code == EXDEV else { throw error }
        _ = try copy(source, FileIdentity(status), to: target)
      }
    }
  }

  private func take(_ file: RunFile) throws(SystemFailure) -> FilePhase {
    let target = path(of: file.sequence)
    let source = workspace.inbox / file.name
    if try System.status(target) != nil {
      // Taken by an earlier attempt. Across file systems it may have died before it removed the source.
      if let left = try System.status(source), FileIdentity(left) == file.identity {
        try System.remove(source)
      }
      return try look(at: target, file, from: source)
    }
    guard let status = try System.status(source) else { return .withdrawn }
    guard FileIdentity(status) == file.identity else { return .replaced }
    do throws(SystemFailure) {
      guard try System.rename(source, to: target) else { return .taken }
    } catch {
      if error.code == ENOENT { return .withdrawn }
      guard error.code == EXDEV else { throw error }
      return try copy(source, file.identity, to: target)
    }
    return try look(at: target, file, from: source)
  }

  /// Somebody may have put another file there between the look and the rename. A copy from another file system, whose
  /// identity is its own, was looked at when it was made.
  private func look(at target: Path, _ file: RunFile, from source: Path) throws(SystemFailure) -> FilePhase {
    guard let taken = try System.status(target), taken.st_dev == file.identity.device,
      FileIdentity(taken) != file.identity
    else { return .taken }
    try giveBack(target, to: source)
    return .replaced
  }

  /// The inbox is on another file system: the copy is made durable before the file is removed.
  private func copy(
    _ source: Path, _ identity: FileIdentity, to target: Path
  ) throws(SystemFailure) -> FilePhase {
    let part = Path(target.bytes + Array(".part".utf8))
    try System.remove(part)
    let from = try System.open(source, O_RDONLY | O_NOFOLLOW)
    defer { close(from) }
    let to = try System.open(part, O_WRONLY | O_CREAT | O_EXCL)
    defer { close(to) }
    let bytes = ByteSource.descriptor(from)
    var offset: Int64 = 0
    while true {
      let block: [UInt8]
      do {
        block = try bytes.bytes(in: offset..<offset + 1 << 20)
      } catch { throw SystemFailure(call: error.call, path: source.description, code: error.code) }
      guard !block.isEmpty else { break }
      try System.write(block, to: to, part)
      offset += Int64(block.count)
    }
    try System.check("fsync", part) { fsync(to) }
    // Whoever writes on writes into what is about to be removed.
    guard let status = try System.status(source), FileIdentity(status) == identity,
      posix_nobody_writes(from) != 0
    else {
      try System.remove(part)
      return .replaced
    }
    _ = try System.rename(part, to: target)
    try System.syncFolder(target.parent)
    try System.remove(source)
    return .taken
  }
}
