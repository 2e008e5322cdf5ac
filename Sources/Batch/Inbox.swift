import CPosix
import Findings
import Glibc
import State

/// A file in the inbox that can be taken.
struct InboxFile {
  /// Path under the inbox, `/` between folders.
  var name: [UInt8]
  var identity: FileIdentity

  var nameText: String { String(decoding: name, as: UTF8.self) }
}

/// What lies in the inbox, in order of the names' bytes.
struct Inbox {
  private(set) var files: [InboxFile] = []
  /// Files that are still being written, or have not been left alone for long enough.
  private(set) var waiting: [[UInt8]] = []
  private(set) var findings: [Finding] = []
  private static let depthLimit = 16

  /// - Parameter settle: seconds that a file must have been left alone.
  init(_ folder: Path, settle: Int) throws(SystemFailure) {
    scan(try System.names(in: folder), of: folder, under: [], settle: settle, depth: 0)
    files.sort { $0.name.lexicographicallyPrecedes($1.name) }
  }

  private mutating func scan(_ names: [[UInt8]], of folder: Path, under: [UInt8], settle: Int, depth: Int) {
    for name in names where !Self.isPassedOver(name) {
      let path = folder / name
      let relative = under.isEmpty ? name : under + [0x2F] + name
      do throws(SystemFailure) {
        guard let status = try System.status(path) else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFDIR where depth < Self.depthLimit:
          scan(try System.names(in: path), of: path, under: relative, settle: settle, depth: depth + 1)
        case S_IFREG: look(at: path, relative, status, settle: settle)
        case let kind: report(.fileNotRegular, relative, [Self.word(kind)])
        }
      } catch {
        report(.fileUnreadable, relative, [error.reason])
      }
    }
  }

  private mutating func look(at path: Path, _ name: [UInt8], _ status: stat, settle: Int) {
    if settle > 0, RunClock.seconds - status.st_ctim.tv_sec < settle {
      waiting.append(name)
      return
    }
    guard status.st_size > 0 else {
      report(.fileEmpty, name, [])
      return
    }
    do throws(SystemFailure) {
      let descriptor = try System.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
      defer { close(descriptor) }
      if posix_nobody_writes(descriptor) == 0 {
        waiting.append(name)
      } else {
        files.append(InboxFile(name: name, identity: FileIdentity(status)))
      }
    } catch {
      report(.fileUnreadable, name, [error.reason])
    }
  }

  private mutating func report(_ code: FindingCode, _ name: [UInt8], _ arguments: [String]) {
    findings.append(
      Finding(code, .warning, at: Place(file: String(decoding: name, as: UTF8.self)), arguments))
  }

  /// Names that say "not yet" or "not for you".
  static func isPassedOver(_ name: [UInt8]) -> Bool {
    let lower = name.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    return name.first == 0x2E || name.starts(with: Array("~$".utf8))
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
