import Crypto
import Glibc
import State

/// The folder in which a run's files are written before its commit, under their numbers.
struct Staging {
  let folder: Path
  private(set) var count = 0

  /// Begins anew: what an earlier attempt at the run left is dropped.
  init(_ folder: Path) throws(SystemFailure) {
    self.folder = folder
    try System.removeFolder(folder)
    try System.makeFolder(folder)
  }

  /// Writes one file and makes it durable. A failed sync is never tried again: the run fails, and the next one begins
  /// with new staging.
  mutating func stage(
    _ kind: PublicationKind, _ name: String, _ body: (ByteSink) throws -> Void
  ) throws -> Publication {
    count += 1
    let path = folder / String(count)
    let descriptor = try System.open(path, O_WRONLY | O_CREAT | O_EXCL)
    defer { close(descriptor) }
    var digest = SHA256()
    var size: Int64 = 0
    try body { bytes in
      try bytes.withUnsafeBytes { buffer in
        digest.update(bufferPointer: buffer)
        try System.write(buffer, to: descriptor, path)
      }
      size += Int64(bytes.count)
    }
    try System.check("fsync", path) { fsync(descriptor) }
    return Publication(sequence: count, kind: kind, name: name, sha256: Array(digest.finalize()), size: size)
  }

  /// Makes the names of the staged files durable: the last thing before the commit.
  func sync() throws(SystemFailure) { try System.syncFolder(folder) }
}
