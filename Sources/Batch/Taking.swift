import Glibc
import Readers
import State

/// Moves planned files from the inbox into the run's own folder, so that nobody can change them any more.
struct Taking {
  let workspace: Workspace
  let run: Int

  /// Takes what is still there as it was planned; can be done again after any interruption.
  /// - Returns: for each planned file what became of it.
  func take(_ files: [RunFile]) throws(SystemFailure) -> [Int: FilePhase] {
    let folder = workspace.taken(run: run)
    try System.makeFolder(folder)
    var phases: [Int: FilePhase] = [:]
    for file in files where file.phase == .planned { phases[file.sequence] = try take(file) }
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
      return try copy(source, file, to: target)
    }
    return try look(at: target, file, from: source)
  }

  /// Somebody may have put another file there between the look and the rename. A copy from another file system, whose
  /// identity is its own, was looked at when it was made.
  private func look(at target: Path, _ file: RunFile, from source: Path) throws(SystemFailure) -> FilePhase {
    guard let taken = try System.status(target), taken.st_dev == file.identity.device,
      FileIdentity(taken) != file.identity
    else { return .taken }
    if try !System.rename(target, to: source) {
      // And somebody has put a third one there. None of them is lost.
      _ = try System.rename(target, to: Path(source.bytes + Array(".returned-\(sixDigits(run))".utf8)))
    }
    return .replaced
  }

  /// The inbox is on another file system: the copy is made durable before the file is removed.
  private func copy(_ source: Path, _ file: RunFile, to target: Path) throws(SystemFailure) -> FilePhase {
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
    guard let status = try System.status(source), FileIdentity(status) == file.identity else {
      try System.remove(part)
      return .replaced
    }
    _ = try System.rename(part, to: target)
    try System.syncFolder(target.parent)
    try System.remove(source)
    return .taken
  }
}
