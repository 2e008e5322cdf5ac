import Foundation

/// A workspace in a folder of its own, which is gone when the test is over.
final class ScratchWorkspace {
  let root: String

  init(mappings: String? = nil) throws {
    root = NSTemporaryDirectory() + "/tallyman-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: root + "/inbox", withIntermediateDirectories: true)
    guard let mappings else { return }
    for file in try files(below: mappings) {
      try write(try bytes(of: mappings + "/" + file), to: "\(root)/mappings/\(file)")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// Drops a file into the inbox. Another process writes it, so that no descriptor of this one can be inherited by a
  /// program that a test beside it starts, and be taken for a writer.
  func drop(_ path: String, as name: String? = nil) throws {
    let target = "inbox/" + (name ?? (path as NSString).lastPathComponent)
    let copied = try Program(path: "/bin/cp").run(["--", path, target], in: root)
    if copied.exitCode != 0 { throw CocoaError(.fileWriteUnknown, userInfo: ["cp": copied.errors]) }
  }

  /// The same with the file's content.
  func drop(_ content: [UInt8], as name: String) throws {
    let aside = root + "/.aside"
    try write(content, to: aside)
    try drop(aside, as: name)
    try FileManager.default.removeItem(atPath: aside)
  }

  @discardableResult
  func tallyman(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Result {
    try Program.tallyman.run(arguments + ["--workspace", root], in: root, environment: environment)
  }

  @discardableResult
  func run(at clock: String = "2026-03-21T06:00:00+08:00") throws -> Program.Result {
    try tallyman("run", "--clock", clock)
  }

  func text(_ path: String) throws -> String {
    try String(contentsOfFile: root + "/" + path, encoding: .utf8)
  }

  func edit(_ path: String, _ change: (String) -> String) throws {
    try write(change(try text(path)).utf8, to: root + "/" + path)
  }

  /// Names in the outbox.
  func outbox() throws -> [String] { try files(below: root + "/outbox") }

  /// What lies in inbox and archive afterwards, a name a line. Definitions lie under their fingerprint, which says
  /// nothing to a reader.
  func left() throws -> String {
    var lines = try files(below: root + "/inbox").map { "inbox/" + $0 }
    lines += try files(below: root + "/archive").filter { !$0.hasPrefix("definitions/") }.map {
      "archive/" + $0
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
