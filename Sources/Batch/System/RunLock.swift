import Glibc

/// The one run that may work in a workspace. The kernel lets go of it when the process ends, however it ends.
final class RunLock {
  private let descriptor: Int32

  /// - Throws: `locked` with what the other run wrote about itself.
  init(_ path: Path, since clock: String) throws(WorldError) {
    descriptor = try Self.open(path)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno != EINTR else { continue }
      let code = errno
      let holder = (try? System.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      throw code == EWOULDBLOCK
        ? .locked(by: holder) : .system(SystemFailure(call: "flock", path: path.description, code: code))
    }
    let text = Array("pid \(getpid()), \(clock)".utf8)
    ftruncate(descriptor, 0)
    // Only for the message of a run that finds the lock taken: a lock without it locks as well.
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress!, $0.count, 0) }
  }

  private static func open(_ path: Path) throws(WorldError) -> Int32 {
    do throws(SystemFailure) { return try System.open(path, O_RDWR | O_CREAT) } catch { throw .system(error) }
  }

  deinit { close(descriptor) }
}
