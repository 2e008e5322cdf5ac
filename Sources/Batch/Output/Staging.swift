import Glibc
import State
import Synchronization

/// The folder in which a run's files are written before its commit, under their numbers. Several may be written at once.
final class Staging: Sendable {
  let folder: Path
  private let count = Mutex(0)
  /// What comes in smaller pieces is put together before it is written.
  private static let pieceSize = 1 << 18

  /// Begins anew: what an earlier attempt at the run left is dropped.
  init(_ folder: Path) throws(SystemFailure) {
    self.folder = folder
    try System.removeFolder(folder)
    try System.makeFolder(folder)
  }

  /// Takes the next numbers: those of files that are written while others are do not depend on which is done first.
  func take(_ files: Int) -> Range<Int> {
    count.withLock { count in
      defer { count += files }
      return count + 1..<count + 1 + files
    }
  }

  /// Writes one file and makes it durable. A failed sync is never tried again: the run fails, and the next one begins
  /// with new staging.
  /// - Parameter number: one that was taken for it; `nil`: the next.
  func stage(
    _ kind: PublicationKind, _ name: String, as number: Int? = nil, _ body: (ByteSink) throws -> Void
  ) throws -> Publication {
    let number = number ?? take(1).lowerBound
    let path = folder / String(number)
    let descriptor = try System.open(path, O_WRONLY | O_CREAT | O_EXCL)
    defer { close(descriptor) }
    let digest = BackgroundDigest()
    var size: Int64 = 0
    var gathered: [UInt8] = []
    func put(_ bytes: [UInt8]) throws(SystemFailure) {
      digest.update(bytes[...])
      try System.write(bytes, to: descriptor, path)
    }
    try body { bytes in
      size += Int64(bytes.count)
      if gathered.isEmpty, bytes.count >= Self.pieceSize { return try put(copy bytes) }
      gathered += copy bytes
      guard gathered.count >= Self.pieceSize else { return }
      try put(gathered)
      gathered = []
    }
    if !gathered.isEmpty { try put(gathered) }
    try System.check("fsync", path) { fsync(descriptor) }
    return Publication(sequence: number, kind: kind, name: name, sha256: digest.finish(), size: size)
  }

  /// Makes the names of the staged files durable: the last thing before the commit.
  func sync() throws(SystemFailure) { try System.syncFolder(folder) }
}
