import Foundation

/// A kind of system call that changes something, under the names that it has on the machines that there are.
enum CallClass: String, CaseIterable, Sendable {
  case open, write, writeAt, sync, syncData, rename, remove, makeFolder, removeFolder, truncate, lock, exit

  /// Also those that the program doesn't use today, so that none escapes.
  var names: [String] {
    switch self {
    case .open: ["openat", "open", "creat"]
    case .write: ["write", "writev"]
    case .writeAt: ["pwrite64", "pwritev"]
    case .sync: ["fsync"]
    case .syncData: ["fdatasync"]
    case .rename:
      ["renameat2", "rename", "renameat", "link", "linkat", "symlink", "symlinkat", "copy_file_range"]
    case .remove: ["unlink", "unlinkat"]
    case .makeFolder: ["mkdir", "mkdirat"]
    case .removeFolder: ["rmdir"]
    case .truncate: ["ftruncate", "truncate", "fallocate"]
    case .lock: ["flock"]
    case .exit: ["exit_group"]
    }
  }

  static func of(_ name: String) -> CallClass? { allCases.first { $0.names.contains(name) } }

  /// For strace; a name that this machine's kernel doesn't have is passed over.
  static let filter = "trace=" + allCases.flatMap(\.names).map { "?" + $0 }.joined(separator: ",")
}

/// A state-changing call of the undisturbed run.
struct Call: Sendable {
  var name: String
  /// Which call of that name it is in its thread, from 1: so strace counts.
  var number: Int
  /// The call as strace shows it.
  var text: String
  var kind: CallClass

  /// Reads a log of strace.
  /// - Returns: each pair of name and number once, in order.
  static func all(in log: String) -> [Call] {
    var counts: [Substring: [String: Int]] = [:]
    var seen: Set<String> = []
    var calls: [Call] = []
    for line in log.split(separator: "\n") {
      guard let (thread, name) = head(of: line), let kind = CallClass.of(name) else { continue }
      counts[thread, default: [:]][name, default: 0] += 1
      let number = counts[thread]?[name] ?? 0
      if kind == .open, !["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].contains(where: line.contains) {
        continue
      }
      if isAmongThreads(line) { continue }
      guard seen.insert("\(name) \(number)").inserted else { continue }
      calls.append(Call(name: name, number: number, text: String(line.prefix(160)), kind: kind))
    }
    return calls
  }

  /// Threads of the program that wake each other: nothing that outlives it, and never failing.
  fileprivate static func isAmongThreads(_ line: Substring) -> Bool { line.contains("<anon_inode:") }

  private static func head(of line: Substring) -> (thread: Substring, name: String)? {
    let thread = line.prefix { $0.isNumber }
    let call = line.dropFirst(thread.count).drop { $0 == " " }
    guard !thread.isEmpty, call.first?.isLetter == true, let open = call.firstIndex(of: "(") else {
      return nil
    }
    return (thread, String(call[..<open]))
  }
}

/// What is done to a call.
enum Blow: String, CaseIterable, Sendable {
  /// The process is killed at its entry: the call is not done.
  case kill
  /// The call fails.
  case ioError = "EIO"
  case full = "ENOSPC"

  func options(_ call: Call) -> [String] {
    let place = "when=\(call.number)"
    switch self {
    case .kill: return ["-e", CallClass.filter, "-e", "inject=\(call.name):signal=KILL:\(place)"]
    case .ioError, .full:
      // Quicker; but with it strace sends no signals.
      return [
        "--seccomp-bpf", "-e", CallClass.filter, "-e", "inject=\(call.name):error=\(rawValue):\(place)",
      ]
    }
  }

  /// Whether strace's log shows that it struck, and not among threads that wake each other, which can come earlier or
  /// later.
  func struck(_ log: String) -> Bool {
    if self == .kill { return log.contains("+++ killed by SIGKILL") }
    return log.split(separator: "\n").contains { $0.contains("(INJECTED)") && !Call.isAmongThreads($0) }
  }
}

/// One blow at one call.
struct Strike: Sendable {
  var blow: Blow
  var call: Call

  /// What may be struck: an exit that fails is no exit.
  static func all(_ calls: [Call]) -> [Strike] {
    Blow.allCases.flatMap { blow in
      calls.filter { blow == .kill || $0.kind != .exit }.map { Strike(blow: blow, call: $0) }
    }
  }

  /// Some of each blow and class, spread over the run.
  static func sample(_ calls: [Call], atMost most: (Blow, CallClass) -> Int) -> [Strike] {
    Blow.allCases.flatMap { blow in
      CallClass.allCases.flatMap { kind -> [Strike] in
        let strikes = all(calls).filter { $0.blow == blow && $0.call.kind == kind }
        let count = min(strikes.count, most(blow, kind))
        return (0..<count).map { strikes[($0 * 2 + 1) * strikes.count / (2 * count)] }
      }
    }
  }
}
