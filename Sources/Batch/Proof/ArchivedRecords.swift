import Crypto
import Findings
import Glibc
import State

/// The records of the commits in the archive: the proof that does not lie in the state.
struct ArchivedRecords {
  let workspace: Workspace

  func path(of run: Int) -> Path { workspace.records / CommitRecord.name(run: run) }

  /// The numbers of the runs whose records are there, ascending.
  func runs() throws(SystemFailure) -> [Int] {
    guard try System.status(workspace.records) != nil else { return [] }
    return try System.names(in: workspace.records).compactMap { name in
      let text = String(decoding: name, as: UTF8.self)
      return Int(text.prefix { $0.isNumber }).flatMap { CommitRecord.name(run: $0) == text ? $0 : nil }
    }.sorted()
  }

  func finding(ofMissing run: Int, _ severity: Severity = .warning) -> Finding {
    Finding(
      .recordMissing, severity, at: Place(file: "archive/records/" + CommitRecord.name(run: run)),
      [String(run)])
  }

  /// One record with its digest, checked against the one before.
  func read(_ run: Int, after previous: [UInt8]) throws -> (record: CommitRecord, itself: Publication) {
    let bytes = try System.read(path(of: run))
    let record = try CommitRecord(bytes)
    guard record.run == run, record.previous == previous else {
      throw StateError.damaged(reason: "the record of run \(run) does not follow the one before")
    }
    return (
      record,
      Publication(
        sequence: (record.publications.map(\.sequence).max() ?? 0) + 1, kind: .record,
        name: CommitRecord.name(run: run), sha256: Array(SHA256.hash(data: bytes)), size: Int64(bytes.count))
    )
  }

  /// Every record from the first on.
  /// - Parameter last: number of the last.
  /// - Parameter met: told of each.
  /// - Returns: the state that they make, at `target`.
  func replay(
    upTo last: Int, at target: Path, met: (CommitRecord, Publication) throws -> Void = { _, _ in }
  ) throws -> StateStore {
    for ending in ["", "-wal", "-shm"] { try System.remove(Path(target.bytes + Array(ending.utf8))) }
    var (run, previous) = (0, [UInt8]())
    return try StateStore.rebuild(at: target.description) {
      guard run < last else { return nil }
      run += 1
      let (record, itself) = try read(run, after: previous)
      previous = itself.sha256
      try met(record, itself)
      return (record, itself)
    }
  }

  /// The first record that should be there and isn't, of all runs that left a trace.
  /// - Parameters:
  ///   - committed: the last run that a sound state knows of.
  ///   - end: number of a run that may still be at work; of it and later ones none is missed.
  func missing(committed: Int = 0, before end: Int = .max) throws(SystemFailure) -> Int? {
    let known = Set(try runs())
    let traces = try RunTraces(workspace)
    let done = max(traces.last?.run ?? 0, (try traces.lastInWork()?.run ?? 1) - 1, committed)
    let last = min(done, end - 1)
    guard last > 0 else { return nil }
    return (1...last).first { !known.contains($0) }
  }
}

extension System {
  /// Names of the folders in a folder.
  static func folders(in folder: Path) throws(SystemFailure) -> [[UInt8]] {
    var folders: [[UInt8]] = []
    for name in try names(in: folder) where try status(folder / name)?.isFolder == true {
      folders.append(name)
    }
    return folders
  }

  /// SHA-256 of a file's bytes; `nil` where there is none.
  static func digest(of path: Path) throws(SystemFailure) -> [UInt8]? {
    guard try status(path) != nil else { return nil }
    let descriptor = try open(path, O_RDONLY | O_NOFOLLOW)
    defer { close(descriptor) }
    var digest = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress!, $0.count) }
      if count > 0 {
        buffer.withUnsafeBytes {
          digest.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
      } else if count == 0 {
        return Array(digest.finalize())
      } else if errno != EINTR {
        throw SystemFailure(call: "read", path: path.description, code: errno)
      }
    }
  }
}

extension stat {
  fileprivate var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
}
