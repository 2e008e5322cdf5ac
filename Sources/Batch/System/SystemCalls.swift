import CPosix
import Glibc
import State

/// A call of the system that failed: the world is wrong, not the data.
package struct SystemFailure: Error, Sendable, Hashable {
  package var call: String
  package var path: String
  package var code: Int32

  package var reason: String { String(cString: strerror(code)) }
}

extension SystemFailure {
  /// Why there are too few descriptors to begin with; `nil` where there are enough. The library that signals are waited
  /// for with ends the program where it gets none.
  package static var ofTooFewDescriptors: SystemFailure? {
    var descriptors: [Int32] = []
    defer { for descriptor in descriptors { close(descriptor) } }
    for _ in 0..<64 {
      let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return SystemFailure(call: "open", path: "/dev/null", code: errno) }
      descriptors.append(descriptor)
    }
    return nil
  }
}

/// The few calls that the commit protocol is made of. Each retries what a signal interrupted, and nothing else.
enum System {
  /// How many files a run may have open, by the process's limit, besides what else it opens.
  static var filesAtOnce: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 64 }
    return max(1, min(Int(clamping: limit.rlim_cur), 4096) - 48)
  }

  static func check(_ call: String, _ path: Path, _ body: () -> Int32) throws(SystemFailure) {
    _ = try value(call, path, body)
  }

  static func value(_ call: String, _ path: Path, _ body: () -> Int32) throws(SystemFailure) -> Int32 {
    while true {
      let result = body()
      if result >= 0 { return result }
      if errno != EINTR { throw SystemFailure(call: call, path: path.description, code: errno) }
    }
  }

  /// Makes a folder where there is none, and the entry in its parent durable.
  static func makeFolder(_ path: Path) throws(SystemFailure) {
    if path.withCString({ mkdir($0, 0o777) }) == 0 {
      try syncFolder(path.parent)
    } else if errno != EEXIST {
      throw SystemFailure(call: "mkdir", path: path.description, code: errno)
    }
  }

  /// Makes a folder and every folder above it, down from `root`, which exists.
  static func makeFolders(_ path: Path, below root: Path) throws(SystemFailure) {
    guard path.bytes.count > root.bytes.count else { return }
    try makeFolders(path.parent, below: root)
    try makeFolder(path)
  }

  /// Makes what was done in a folder (new names, lost names) durable.
  static func syncFolder(_ path: Path) throws(SystemFailure) {
    let descriptor = try open(path, O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    try check("fsync", path) { fsync(descriptor) }
  }

  static func open(_ path: Path, _ flags: Int32, mode: mode_t = 0o666) throws(SystemFailure) -> Int32 {
    try value("open", path) { path.withCString { Glibc.open($0, flags | O_CLOEXEC, mode) } }
  }

  /// `nil` where nothing has that name.
  static func status(_ path: Path) throws(SystemFailure) -> stat? {
    var status = stat()
    if path.withCString({ lstat($0, &status) }) == 0 { return status }
    // Nothing has a name that is too long for the file system.
    if errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG { return nil }
    throw SystemFailure(call: "lstat", path: path.description, code: errno)
  }

  /// The file system on which a folder is, also where its name is a link.
  static func device(of folder: Path) throws(SystemFailure) -> UInt64 {
    var status = stat()
    try check("stat", folder) { folder.withCString { stat($0, &status) } }
    return UInt64(status.st_dev)
  }

  /// Renames without replacing.
  /// - Returns: false where the new name is taken.
  static func rename(_ from: Path, to: Path) throws(SystemFailure) -> Bool {
    let code = from.withCString { a in to.withCString { b in posix_rename_no_replace(a, b) } }
    if code == 0 { return true }
    if code == EEXIST { return false }
    throw SystemFailure(call: "rename", path: "\(from) → \(to)", code: code)
  }

  static func remove(_ path: Path) throws(SystemFailure) {
    if path.withCString({ unlink($0) }) != 0, errno != ENOENT {
      throw SystemFailure(call: "unlink", path: path.description, code: errno)
    }
  }

  /// Removes a folder's files and then the folder; nothing where there is none.
  static func removeFolder(_ path: Path) throws(SystemFailure) {
    guard try status(path) != nil else { return }
    for name in try names(in: path) { try remove(path / name) }
    try removeEmptyFolder(path)
  }

  /// Removes a folder that has nothing in it; one that has is left alone.
  static func removeEmptyFolder(_ path: Path) throws(SystemFailure) {
    if path.withCString({ rmdir($0) }) != 0, errno != ENOENT, errno != ENOTEMPTY {
      throw SystemFailure(call: "rmdir", path: path.description, code: errno)
    }
  }

  /// What a folder holds, in order of the names' bytes.
  static func names(in folder: Path) throws(SystemFailure) -> [[UInt8]] {
    guard let stream = folder.withCString({ opendir($0) }) else {
      throw SystemFailure(call: "opendir", path: folder.description, code: errno)
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
          Array(
            UnsafeBufferPointer(
              start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))))
        }
      }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw SystemFailure(call: "readdir", path: folder.description, code: errno) }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: Path) throws(SystemFailure) {
    try bytes.span.withUnsafeBytes { buffer throws(SystemFailure) in try write(buffer, to: descriptor, path) }
  }

  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: Path) throws(SystemFailure)
  {
    var written = 0
    while written < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      if count > 0 {
        written += count
      } else if count == 0 || errno != EINTR {
        throw SystemFailure(call: "write", path: path.description, code: count == 0 ? ENOSPC : errno)
      }
    }
  }

  static func read(_ path: Path) throws(SystemFailure) -> [UInt8] {
    let descriptor = try open(path, O_RDONLY)
    defer { close(descriptor) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress!, $0.count) }
      if count > 0 {
        all.append(contentsOf: buffer[..<count])
      } else if count == 0 {
        return all
      } else if errno != EINTR {
        throw SystemFailure(call: "read", path: path.description, code: errno)
      }
    }
  }
}

extension FileIdentity {
  init(_ status: stat) {
    self.init(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
      modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
  }
}
