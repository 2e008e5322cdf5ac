import Foundation

/// A kind of call that a run makes, under the names that it has on the machines that there are.
enum CallClass: String, CaseIterable, Sendable {
  case open, write, writeAt, sync, syncData, rename, remove, makeFolder, removeFolder, truncate, lock, exit
  /// Those that only look.
  case openToRead, read, list

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
    case .exit: ["exit", "exit_group"]
    case .openToRead: []
    case .read: ["read", "pread64"]
    case .list: ["opendir"]
    }
  }

  static let looks: [CallClass] = [.openToRead, .read, .list]

  static func of(_ name: String, _ family: Shim.Family = .change) -> CallClass? {
    family == .look && name == "open" ? .openToRead : allCases.first { $0.names.contains(name) }
  }

  /// For strace; a name that this machine's kernel doesn't have is passed over.
  static let filter =
    "trace="
    + allCases.filter { !looks.contains($0) }.flatMap(\.names).map { "?" + $0 }.joined(separator: ",")
}

/// A call of the undisturbed run.
struct Call: Sendable {
  var family: Shim.Family
  /// Which call of its family it is, over all threads, from 1.
  var number: Int
  var kind: CallClass
  var path: String
  var text: String

  init?(_ call: LoggedCall, _ family: Shim.Family) {
    guard let kind = CallClass.of(call.name, family) else { return nil }
    self.family = family
    self.kind = kind
    number = call.number
    path = call.path
    text = "\(call.name) \(call.path) \(call.other)"
  }

  /// SQLite answers for what it does itself.
  var isOfTheState: Bool { path.hasPrefix(".tallyman/state.sqlite") || path == ".tallyman" }
}

/// What is done to a call.
enum Blow: String, CaseIterable, Sendable {
  /// The process is killed: at the call's entry, when it is done, or when half of the bytes are written.
  case kill
  case killAfter = "kill after"
  case torn = "kill in half"
  /// Half of the bytes are written, and the call says so.
  case short = "short write"
  /// The call fails once.
  case ioError = "EIO"
  case full = "ENOSPC"
  case denied = "EACCES"
  case noDescriptor = "EMFILE"
  case interrupted = "EINTR"
  /// It and every call after it fail.
  case ioErrorForEver = "EIO for ever"
  case fullForEver = "ENOSPC for ever"

  var kills: Bool { [.kill, .killAfter, .torn].contains(self) }

  /// Whether there is such a blow to such a call: an exit that fails is no exit.
  func canStrike(_ kind: CallClass) -> Bool {
    switch self {
    case .kill: !CallClass.looks.contains(kind)
    case .killAfter: kind != .exit && !CallClass.looks.contains(kind)
    case .torn, .short: kind == .write || kind == .writeAt
    case .ioError: kind != .exit
    case .full, .ioErrorForEver, .fullForEver: kind != .exit && !CallClass.looks.contains(kind)
    case .denied: [.open, .rename, .remove, .makeFolder, .removeFolder, .openToRead, .list].contains(kind)
    case .noDescriptor: [.open, .openToRead, .list].contains(kind)
    case .interrupted:
      [.open, .write, .writeAt, .sync, .syncData, .truncate, .lock, .openToRead, .read].contains(kind)
    }
  }

  func plan(_ call: Call, isOld: Bool = false) -> Shim.Plan {
    var plan = Shim.Plan(family: call.family, blow: "fail", at: call.number, isOld: isOld)
    switch self {
    case .kill: plan.blow = "kill"
    case .killAfter: plan.blow = "after"
    case .torn: plan.blow = "torn"
    case .short: plan.blow = "short"
    case .ioError, .ioErrorForEver: plan.code = EIO
    case .full, .fullForEver: plan.code = ENOSPC
    case .denied: plan.code = EACCES
    case .noDescriptor: plan.code = EMFILE
    case .interrupted: plan.code = EINTR
    }
    plan.forEver = self == .ioErrorForEver || self == .fullForEver
    return plan
  }
}

/// One blow at one call.
struct Strike: Sendable {
  var blow: Blow
  var call: Call

  static func all(_ calls: [Call]) -> [Strike] {
    Blow.allCases.flatMap { blow in
      calls.filter { blow.canStrike($0.kind) }.map { Strike(blow: blow, call: $0) }
    }
  }

  /// Some of each blow and class, spread over the run, and a write cut in half in each of the workspace's folders.
  static func sample(_ calls: [Call], atMost most: (Blow, CallClass) -> Int) -> [Strike] {
    let all = all(calls)
    return Blow.allCases.flatMap { blow in
      CallClass.allCases.flatMap { kind -> [Strike] in
        let strikes = all.filter { $0.blow == blow && $0.call.kind == kind }
        let count = min(strikes.count, most(blow, kind))
        let spread = (0..<count).map { strikes[($0 * 2 + 1) * strikes.count / (2 * count)] }
        guard blow == .torn else { return spread }
        let folders = Dictionary(grouping: strikes) { $0.call.path.prefix { $0 != "/" } }
        return spread + folders.sorted { $0.key < $1.key }.map { $0.value[$0.value.count / 2] }
      }
    }
  }
}
