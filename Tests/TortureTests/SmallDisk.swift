import Foundation

/// A disk in memory that can be made as small as one likes.
final class SmallDisk {
  let path: String

  /// - Returns: nil, and a line that says so, where nothing may be mounted.
  init?() throws {
    path = Trial.root + "/tallyman-disk-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    do {
      try Command.system("/bin/mount", ["-t", "tmpfs", "-o", Self.roomy, "tallyman", path])
    } catch let error as Unexpected {
      print("skipped: no disk can be mounted here: \(error.what)")
      rmdir(path)
      return nil
    }
  }

  deinit {
    try? Command.system("/bin/umount", ["-l", path])
    rmdir(path)
  }

  private static let roomy = "size=64m,nr_inodes=10000"

  /// Leaves room for so many blocks and names more than there are.
  func leave(blocks: Int = 10_000, names: Int = 5_000) throws {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { throw Unexpected(what: "statvfs \(path): \(errno)") }
    let size = Int(status.f_blocks - status.f_bfree) + blocks
    try remount(
      "size=\(size * Int(status.f_frsize)),nr_inodes=\(Int(status.f_files - status.f_ffree) + names)")
  }

  func makeRoom() throws { try remount("rw," + Self.roomy) }

  func refuseWriting() throws { try remount("ro") }

  private func remount(_ options: String) throws {
    try Command.system("/bin/mount", ["-o", "remount," + options, path])
  }
}
