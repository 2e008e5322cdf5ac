import Foundation
import Testing

/// A run that is killed loses nothing that the kernel has been given, so killing is blind to a missing sync. The trace
/// isn't: whenever the state is told something, what it relies on is on the disk.
@Suite struct DurabilityTests {
  @Test func nothingIsRelatedToTheStateBeforeItIsOnDisk() throws {
    for scene in [try Scene.first(), try Scene.later()] {
      let trial = try Trial(scene)
      _ = try trial.run(["-e", CallClass.filter], log: trial.traceLog)
      var disk = Disk()
      let log = String(decoding: try Data(contentsOf: URL(filePath: trial.traceLog)), as: UTF8.self)
      for line in log.split(separator: "\n") { disk.see(String(line), workspace: trial.workspace) }
      #expect(disk.commits > 4)
      #expect(disk.renames > 8)
      #expect(disk.faults == [], "\(scene.name)")
    }
  }
}

/// What a power cut could still undo, as the calls of a trace go by.
private struct Disk {
  private(set) var commits = 0
  private(set) var renames = 0
  private(set) var faults: [String] = []
  /// Folders with names that are new, and files with bytes that are.
  private var names: Set<String> = []
  private var bytes: Set<String> = []

  mutating func see(_ line: String, workspace: String) {
    guard !line.contains(") = -1 "), let call = line.firstMatch(of: /^\d+ +(\w+)\(/)?.1 else { return }
    let paths = line.matches(of: /["<]([^"<>]*)[">]/).map { String($0.1) }.filter { $0.hasPrefix(workspace) }
    guard let path = paths.first?.dropFirst(workspace.count + 1).description, !Self.isOwnBusiness(path) else {
      return
    }
    switch call {
    case "openat", "open":
      if line.contains("O_CREAT"), !path.hasSuffix("-wal") { names.insert(Self.parent(path)) }
    case "mkdir", "mkdirat": names.insert(Self.parent(path))
    case "write", "pwrite64": if !path.hasSuffix("-wal") { bytes.insert(path) }
    case "fsync", "fdatasync":
      names.remove(path)
      bytes.remove(path)
      if path.hasSuffix("state.sqlite-wal") { commit() }
    case "renameat2", "rename":
      let target = paths[1].dropFirst(workspace.count + 1).description
      renames += 1
      if bytes.contains(path) { faults.append("\(path) is renamed before its bytes are on disk") }
      names.insert(Self.parent(target))
    default: break
    }
  }

  private mutating func commit() {
    commits += 1
    faults += names.sorted().map { "commit \(commits) comes before the names in “\($0)” are on disk" }
    faults += bytes.sorted().map { "commit \(commits) comes before the bytes of \($0) are on disk" }
  }

  /// SQLite syncs its own files as it needs; the lock and the marker of what is being parsed need not outlive a power cut.
  private static func isOwnBusiness(_ path: String) -> Bool {
    path == ".tallyman/lock" || path == ".tallyman/parsing"
      || path.hasPrefix(".tallyman/state.sqlite") && !path.hasSuffix("-wal")
  }

  private static func parent(_ path: String) -> String {
    path.contains("/") ? String(path[..<path.lastIndex(of: "/")!]) : ""
  }
}
