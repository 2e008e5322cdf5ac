import CPosix
import Findings
import Glibc
import Mapping
import State

/// A file in the inbox that can be taken.
struct InboxFile {
  /// Path under the inbox, `/` between folders.
  var name: [UInt8]
  var identity: FileIdentity
  /// The companions that lie beside it.
  var sidecars: Set<Sidecar>

  var nameText: String { String(decoding: name, as: UTF8.self) }
}

/// What lies in the inbox, in order of the names' bytes.
struct Inbox {
  private(set) var files: [InboxFile] = []
  /// What is left for later.
  private(set) var waiting: [WaitingFile] = []
  private(set) var findings: [Finding] = []
  private var regular: [[UInt8]: stat] = [:]
  private var others: Set<[UInt8]> = []
  private static let depthLimit = 16

  /// - Parameter settle: seconds that a file must have been left alone.
  init(_ folder: Path, settle: Int) throws(SystemFailure) {
    scan(try System.names(in: folder), of: folder, under: [], depth: 0)
    for name in regular.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      if let owner = Sidecar.owner(of: name) {
        let isThere = regular[owner] != nil && Sidecar.owner(of: owner) == nil
        if !isThere, !others.contains(owner) { waiting.append(WaitingFile(name, .owner)) }
      } else {
        look(at: name, in: folder, settle: settle)
      }
    }
    waiting.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    findings.sort { $0.place.file.utf8.lexicographicallyPrecedes($1.place.file.utf8) }
  }

  private mutating func scan(_ names: [[UInt8]], of folder: Path, under: [UInt8], depth: Int) {
    for name in names where name.first != 0x2E {
      let path = folder / name
      let relative = under.isEmpty ? name : under + [0x2F] + name
      do throws(SystemFailure) {
        guard let status = try System.status(path) else { continue }
        let kind = status.st_mode & S_IFMT
        if kind == S_IFREG, Self.saysNotYet(name) {
          waiting.append(WaitingFile(relative, .named))
        } else if kind == S_IFREG {
          regular[relative] = status
        } else if kind == S_IFDIR, depth < Self.depthLimit {
          scan(try System.names(in: path), of: path, under: relative, depth: depth + 1)
        } else {
          others.insert(relative)
          report(.fileNotRegular, relative, [Self.word(kind)])
        }
      } catch {
        others.insert(relative)
        report(.fileUnreadable, relative, [error.reason])
      }
    }
  }

  /// A file is left alone until it and its companions are.
  private mutating func look(at name: [UInt8], in folder: Path, settle: Int) {
    let sidecars = Sidecar.allCases.filter { regular[name + $0.ending] != nil }
    // One that is no file, such as a link, proves nothing: it is named, and nothing is taken unproven.
    if let other = Sidecar.allCases.first(where: { others.contains(name + $0.ending) }) {
      waiting.append(
        WaitingFile(name, .sidecar(String(decoding: other.ending, as: UTF8.self), isAsked: false)))
      return
    }
    do throws(SystemFailure) {
      for part in [name] + sidecars.map({ name + $0.ending }) {
        if try isWritten(part, in: folder, settle: settle) {
          waiting.append(WaitingFile(name, .written))
          return
        }
      }
    } catch {
      // Gone since it was listed: nobody misses it.
      if error.code != ENOENT { report(.fileUnreadable, name, [error.reason]) }
      return
    }
    guard let status = regular[name] else { return }
    if status.st_size == 0 {
      report(.fileEmpty, name, [])
    } else {
      files.append(InboxFile(name: name, identity: FileIdentity(status), sidecars: Set(sidecars)))
    }
  }

  private func isWritten(_ name: [UInt8], in folder: Path, settle: Int) throws(SystemFailure) -> Bool {
    guard let listed = regular[name] else { return false }
    if settle > 0, RunClock.seconds - listed.st_ctim.tv_sec < settle { return true }
    let descriptor = try System.open(folder / name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    defer { close(descriptor) }
    var status = stat()
    try System.check("fstat", folder / name) { fstat(descriptor, &status) }
    return FileIdentity(status) != FileIdentity(listed) || posix_nobody_writes(descriptor) == 0
  }

  private mutating func report(_ code: FindingCode, _ name: [UInt8], _ arguments: [String]) {
    findings.append(
      Finding(code, .warning, at: Place(file: String(decoding: name, as: UTF8.self)), arguments))
  }

  /// Names that programs give to what they have not finished.
  private static func saysNotYet(_ name: [UInt8]) -> Bool {
    let lower = name.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    return name.starts(with: Array("~$".utf8))
      || [".part", ".tmp", ".crdownload"].contains { ending in
        lower.suffix(ending.utf8.count).elementsEqual(ending.utf8)
      }
  }

  private static func word(_ kind: mode_t) -> String {
    switch kind {
    case S_IFLNK: "a symbolic link"
    case S_IFIFO: "a fifo"
    case S_IFSOCK: "a socket"
    case S_IFDIR: "a folder too deep"
    default: "a device"
    }
  }
}
