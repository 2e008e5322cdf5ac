import Foundation

/// The C code in `Shim/`, which stands between the program and the C library: it counts what the program does to its
/// workspace, writes it down with its bytes, and strikes.
enum Shim {
  /// What is counted: calls that change something, or calls that look at something.
  enum Family: String, Sendable { case change, look }

  /// What is done to a run.
  struct Plan: Sendable {
    var family = Family.change
    var blow = "none"
    /// Number of the call that is struck; 0 strikes none.
    var at = 0
    var code: Int32 = 0
    /// Every call from that one on fails.
    var forEver = false
    /// The file system doesn't know how to rename without replacing.
    var isOld = false
  }

  /// Built where the tests are run, and removed when they are done.
  static let library: Result<String, any Error> = Result {
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Shim/faults.c").path
    try Command.system(
      "/usr/bin/cc",
      ["-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", place, source, "-ldl", "-pthread"])
    atexit { unlink(Shim.place) }
    return place
  }

  private static let place = NSTemporaryDirectory() + "/tallyman-faults-\(getpid()).so"

  static func environment(_ plan: Plan, workspace: String, log: String) throws -> [String: String] {
    var variables = [
      "LD_PRELOAD": try library.get(), "FAULT_ROOT": workspace, "FAULT_LOG": log,
      "FAULT_FAMILY": plan.family.rawValue, "FAULT_BLOW": plan.blow, "FAULT_AT": String(plan.at),
      "FAULT_ERRNO": String(plan.code),
    ]
    if plan.forEver { variables["FAULT_EVER"] = "1" }
    if plan.isOld { variables["FAULT_OLD"] = "1" }
    return variables
  }
}

/// A call that the shim wrote down.
struct LoggedCall: Sendable {
  var number: Int
  var name: String
  /// Of an opening: `c` where it may make the file, `t` where it empties it.
  var flags: String
  var offset: Int
  /// What was written.
  var bytes: Data
  /// Why it failed, or 0.
  var code: Int32
  /// Paths below the workspace; the second one of a renaming.
  var path: String
  var other: String
}

/// What the shim wrote down of a run.
struct ShimLog {
  private(set) var calls: [LoggedCall] = []
  /// Whether the blow fell.
  private(set) var isStruck = false

  init(_ path: String, workspace: String) throws {
    let data =
      FileManager.default.fileExists(atPath: path) ? try Data(contentsOf: URL(filePath: path)) : Data()
    var rest = data[...]
    while let end = rest.firstIndex(of: 0x0A) {
      let fields = String(decoding: rest[..<end], as: UTF8.self).components(separatedBy: "\t")
      rest = rest[(end + 1)...]
      guard fields[0] == "call" else {
        isStruck = true
        continue
      }
      guard fields.count == 9, let number = Int(fields[1]), let offset = Int(fields[4]),
        let length = Int(fields[5]), let code = Int32(fields[6])
      else { throw Unexpected(what: "the shim's log has “\(fields)”") }
      calls.append(
        LoggedCall(
          number: number, name: fields[2], flags: fields[3], offset: offset, bytes: Data(rest.prefix(length)),
          code: code, path: Self.below(workspace, fields[7]), other: Self.below(workspace, fields[8])))
      rest = rest.dropFirst(length)
    }
  }

  private static func below(_ workspace: String, _ path: String) -> String {
    path.hasPrefix(workspace + "/") ? String(path.dropFirst(workspace.count + 1)) : ""
  }
}
