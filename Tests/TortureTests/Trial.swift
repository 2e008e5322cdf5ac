import Foundation
import State

/// A workspace of its own, in memory where that can be, since thousands of syncs would wait for a disk.
final class Trial {
  let folder: String
  let workspace: String
  private let files: [SalesFile]

  static let clock = "2026-03-21T06:00:00+08:00"
  static let mappings = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/mappings").path

  /// - Parameter scene: what was done in the workspace before, and what lies in its inbox.
  init(_ scene: Scene) throws {
    files = scene.files
    folder = Self.root + "/tallyman-torture-" + UUID().uuidString
    workspace = folder + "/workspace"
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if let before = scene.before {
      try manager.copyItem(atPath: before.workspace, toPath: workspace)
    } else {
      try manager.createDirectory(atPath: workspace + "/inbox", withIntermediateDirectories: true)
      try manager.copyItem(atPath: Self.mappings, toPath: workspace + "/mappings")
    }
    for (path, text) in scene.tables {
      try Data(text.utf8).write(to: URL(filePath: workspace + "/mappings/tables/" + path))
    }
    // A link, not a copy: a file that some process has open for writing would not be taken yet.
    for file in files {
      try manager.linkItem(atPath: file.original, toPath: workspace + "/inbox/" + file.name)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static let root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()

  /// Runs the batch.
  func run() throws -> Command {
    try Command(Command.tallyman, runArguments, output: folder + "/said")
  }

  func start(_ number: Int) throws -> Running {
    try Running(Command.tallyman, runArguments, output: "\(folder)/said-\(number)")
  }

  /// Runs the batch under strace.
  func run(_ options: [String], log: String) throws -> Command {
    let all = ["-f", "-qq", "-y", "-s", "64", "-o", log] + options + ["--", Command.tallyman] + runArguments
    return try Command(Command.strace, all, output: folder + "/said-traced")
  }

  var traceLog: String { folder + "/trace" }

  private var runArguments: [String] { ["run", "--workspace", workspace, "--clock", Self.clock] }

  // MARK: - What is there now

  /// Everything that an undisturbed run determines: outbox and archive byte for byte, and the state as ordered text.
  func snapshot() throws -> Snapshot {
    var files = try Snapshot.files(under: workspace, in: ["outbox", "archive"])
    // Nothing else of a finished run is left.
    for name in try Snapshot.files(under: workspace, in: ["inbox", ".tallyman"]).keys
    where !name.hasPrefix(".tallyman/state.sqlite") && name != ".tallyman/lock" {
      files[name] = Data()
    }
    let state = try StateStore.openToRead(at: workspace + "/.tallyman/state.sqlite")
    defer { try? state?.close() }
    return Snapshot(files: files, state: try state?.dump() ?? "none")
  }

  /// What must be true at every moment, whatever has just been killed.
  /// - Parameter whole: the undisturbed run's snapshot.
  /// - Returns: what is not.
  func faults(against whole: Snapshot) throws -> [String] {
    var faults: [String] = []
    let seen = try Snapshot.files(under: workspace, in: ["outbox", "archive"])
    for (name, bytes) in seen where !name.contains(".part/") {
      if whole.files[name] != bytes {
        faults.append("\(name) is visible, and is not what is published in the end")
      }
    }
    for (manifest, bytes) in seen where manifest.hasPrefix("outbox/manifest_") {
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
        let name = "outbox/" + line.dropFirst(66)
        if seen[name] == nil { faults.append("\(manifest) is visible before \(name)") }
      }
    }
    var places = try Snapshot.files(under: workspace, in: ["inbox", ".tallyman/taken", "archive"]).values
      .reduce(into: [:]) { $0[$1, default: 0] += 1 }
    for file in files {
      if places[file.bytes, default: 0] == 0 { faults.append("\(file.name) is nowhere") }
      places[file.bytes, default: 0] -= 1
    }
    return faults
  }
}

/// What a finished run leaves behind.
struct Snapshot: Equatable {
  var files: [String: Data]
  var state: String

  static func files(under root: String, in folders: [String]) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for folder in folders where FileManager.default.fileExists(atPath: root + "/" + folder) {
      for path in try FileManager.default.subpathsOfDirectory(atPath: root + "/" + folder) {
        let name = folder + "/" + path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isFolder),
          !isFolder.boolValue
        else { continue }
        files[name] = try Data(contentsOf: URL(filePath: root + "/" + name))
      }
    }
    return files
  }

  /// The first thing in which the two differ, in words; `nil` when nothing.
  func difference(from whole: Snapshot) -> String? {
    for name in Set(files.keys).union(whole.files.keys).sorted() where files[name] != whole.files[name] {
      if files[name] == nil { return "\(name) is missing" }
      if whole.files[name] == nil { return "\(name) is too much" }
      return "\(name) differs"
    }
    guard state != whole.state else { return nil }
    let pairs = zip(state.split(separator: "\n"), whole.state.split(separator: "\n"))
    let pair = pairs.first { $0 != $1 }
    return "the state differs: \(pair?.0 ?? "") is not \(pair?.1 ?? "")"
  }
}
