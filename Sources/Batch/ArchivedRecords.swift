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

  /// Refuses a state that knows less than the archive, or than the folders of work in progress: with it, what is posted
  /// would be posted again.
  func refuse(older state: StateStore) throws {
    let known = try state.lastRun()
    let planned = try state.unfinishedRuns().first { $0.phase == .planned }?.number
    var next = known + 1
    if let planned, try System.status(path(of: planned)) != nil { next = planned }
    if try System.status(path(of: next)) != nil {
      throw WorldError.stateBehind(knows: next - 1, archive: try runs().last ?? next)
    }
    for folder in [workspace.inside / "taken", workspace.inside / "staging"] {
      let last =
        try System.folders(in: folder).compactMap { Int(String(decoding: $0, as: UTF8.self)) }.max() ?? 0
      if last > known { throw WorldError.stateBehind(knows: known, archive: last) }
    }
    // Entries are older than records: a workspace may have begun before there were any.
    if known == 0, let entries = try System.names(in: workspace.keptEntries).last {
      let text = String(decoding: entries, as: UTF8.self)
      throw WorldError.stateBehind(knows: 0, archive: Int(text.prefix { $0.isNumber }) ?? 1)
    }
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

  /// The record that should be there and isn't, of all runs that left a trace: of which there is a record, entries, or a
  /// manifest in the outbox.
  func missing() throws(SystemFailure) -> Int? {
    let present = try runs()
    var traces = present
    for (folder, prefix) in [(workspace.keptEntries, ""), (workspace.outbox, "manifest_")] {
      guard try System.status(folder) != nil else { continue }
      traces += try System.names(in: folder).compactMap { name in
        let text = String(decoding: name, as: UTF8.self)
        return text.hasPrefix(prefix) ? Int(text.dropFirst(prefix.count).prefix { $0.isNumber }) : nil
      }
    }
    guard let last = traces.max(), last > 0 else { return nil }
    let known = Set(present)
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
