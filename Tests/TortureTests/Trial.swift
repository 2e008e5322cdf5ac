import Foundation
import State

/// A workspace of its own, in memory where that can be, since thousands of syncs would wait for a disk.
final class Trial {
  let folder: String
  let workspace: String
  /// Kept, since its files are linked to.
  private let scene: Scene
  var files: [SalesFile] { scene.files }

  static let clock = "2026-03-21T06:00:00+08:00"
  static let mappings = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/mappings").path

  /// - Parameter scene: what was done in the workspace before, and what lies in its inbox.
  /// - Parameter place: a folder on another file system, which is not removed afterwards.
  init(_ scene: Scene, at place: String? = nil) throws {
    self.scene = scene
    folder = Self.root + "/tallyman-torture-" + UUID().uuidString
    workspace = (place ?? folder) + "/workspace"
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
    for (path, text) in scene.definitions {
      try Data(text.utf8).write(to: URL(filePath: workspace + "/mappings/" + path))
    }
    try drop()
  }

  /// The scene, when its run is done.
  static func done(_ scene: Scene) throws -> Trial {
    let trial = try Trial(scene)
    let end = try trial.run()
    guard end.status == 10 else { throw Unexpected(what: "the run of “\(scene.name)”: \(end.said)") }
    return trial
  }

  /// A workspace that is as it was found.
  init(_ scene: Scene, found tree: FileTree) throws {
    self.scene = scene
    folder = Self.root + "/tallyman-torture-" + UUID().uuidString
    workspace = folder + "/workspace"
    try tree.write(to: workspace)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static let root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()

  /// Puts the scene's files into the inbox, for the first time or again. A link where that can be, or a copy that
  /// another program makes: a file that some process has open for writing would not be taken yet, and what this one
  /// starts while it writes has it open for a moment.
  func drop() throws {
    for file in files {
      let target = workspace + "/inbox/" + file.name
      if link(file.original, target) != 0, errno != EEXIST {
        try Command.system("/bin/cp", ["-p", file.original, target])
      }
    }
  }

  // MARK: - Runs

  func run(clock: String = Trial.clock) throws -> Command {
    try Command(Command.tallyman, arguments(clock), output: folder + "/said")
  }

  func start(_ number: Int) throws -> Running {
    try Running(Command.tallyman, arguments(Self.clock), output: "\(folder)/said-\(number)")
  }

  /// Runs the batch with the shim before it.
  func run(_ plan: Shim.Plan) throws -> (end: Command, log: ShimLog) {
    let path = folder + "/calls"
    try? FileManager.default.removeItem(atPath: path)
    let end = try Command(
      Command.tallyman, arguments(Self.clock), output: folder + "/said",
      environment: try Shim.environment(plan, workspace: workspace, log: path))
    return (end, try ShimLog(path, workspace: workspace))
  }

  /// Runs the batch under another program, which gets the batch's command line behind its own arguments.
  func run(under program: String, _ options: [String]) throws -> Command {
    try Command(program, options + [Command.tallyman] + arguments(Self.clock), output: folder + "/said-under")
  }

  /// Runs the batch under strace, and the shim with it.
  func trace() throws -> (log: String, calls: [LoggedCall]) {
    let (trace, path) = (folder + "/trace", folder + "/calls")
    let variables = try Shim.environment(Shim.Plan(), workspace: workspace, log: path)
    let options =
      ["-f", "-qq", "-y", "-s", "64", "-o", trace, "-e", CallClass.filter]
      + variables.flatMap { ["-E", "\($0.key)=\($0.value)"] } + ["--"]
    _ = try run(under: Command.strace, options)
    let log = String(decoding: try Data(contentsOf: URL(filePath: trace)), as: UTF8.self)
    return (log, try ShimLog(path, workspace: workspace).calls)
  }

  private func arguments(_ clock: String, _ command: [String]? = nil) -> [String] {
    (command ?? scene.command) + ["--workspace", workspace, "--clock", clock]
  }

  /// What cron calls, whatever the scene is about.
  func runNight() throws -> Command {
    try Command(Command.tallyman, arguments(Self.clock, ["run"]), output: folder + "/said-at-night")
  }

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
  func harms(against whole: Snapshot) throws -> [Harmed] {
    var harms: [Harmed] = []
    let seen = try Snapshot.files(under: workspace, in: ["outbox", "archive"])
    for (name, bytes) in seen where !name.contains(".part/") {
      if whole.files[name] != bytes {
        harms.append(Harmed(.halfPublished, "\(name) is visible, and is not what is published in the end"))
      }
    }
    for (manifest, bytes) in seen where manifest.hasPrefix("outbox/manifest_") {
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
        let name = "outbox/" + line.dropFirst(66)
        if seen[name] == nil {
          harms.append(Harmed(.halfPublished, "\(manifest) is visible before \(name)"))
        }
      }
    }
    return harms + (try missing().map { Harmed(.lost, "\($0) is nowhere") })
  }

  /// Files that were dropped and are neither in the inbox nor taken nor in the archive, byte for byte.
  func missing() throws -> [String] {
    var places = try Snapshot.files(under: workspace, in: ["inbox", ".tallyman/taken", "archive"]).values
      .reduce(into: [:]) { $0[$1, default: 0] += 1 }
    return files.filter { file in
      defer { places[file.bytes, default: 0] -= 1 }
      return places[file.bytes, default: 0] == 0
    }.map(\.name)
  }

  /// Runs the batch undisturbed, after whatever was done to the workspace, and compares what is there then.
  /// - Parameters:
  ///   - again: how a person's command ends that has been carried out before; `nil` of a scene without one.
  ///   - isAfterNight: the batch runs by itself before the person gives the command again.
  func harmsOfNextRun(
    against whole: Snapshot, status: Int32, again: Int32? = nil, isAfterNight: Bool = false,
    tidy: () throws -> Void = {}
  ) throws -> [Harmed] {
    var harms: [Harmed] = []
    if isAfterNight {
      let night = try runNight()
      if night.hung || night.wasKilled || ![0, 10].contains(night.status) {
        harms.append(Harmed(.wrong, "the night's run ended with \(night.status): \(night.said)"))
      }
    }
    let next = try run()
    try tidy()
    if next.hung { harms.append(Harmed(.hung, "the next run did not end")) }
    if next.wasKilled, !next.hung { harms.append(Harmed(.crashed, "the next run: \(next.said)")) }
    if next.status != status, next.status != again {
      harms.append(Harmed(.wrong, "the next run ended with \(next.status): \(next.said)"))
    }
    let end = try snapshot()
    if let difference = end.difference(from: whole) {
      harms.append(Harmed(.wrong, "after the next run \(difference)"))
    }
    harms += try missing().map { Harmed(.lost, "\($0) is nowhere after the next run") }
    if let entry = end.doubledEntry(beyond: whole) { harms.append(Harmed(.doubled, entry)) }
    if let entry = whole.doubledEntry(beyond: end) { harms.append(Harmed(.lost, "entry \(entry)")) }
    return harms
  }

  /// Runs the batch undisturbed, after a run that left one of the files in the inbox: what is posted in the end is as
  /// much, in other runs and vouchers.
  func harmsOfPassingOver(against whole: Snapshot) throws -> [Harmed] {
    let next = try run()
    var harms: [Harmed] = []
    if next.hung { harms.append(Harmed(.hung, "the next run did not end")) }
    if next.wasKilled, !next.hung { harms.append(Harmed(.crashed, "the next run: \(next.said)")) }
    let (own, other) = (try snapshot().balances, whole.balances)
    for account in Set(own.keys).union(other.keys) where own[account] != other[account] {
      let isMore = (own[account]?.absolute ?? 0) > (other[account]?.absolute ?? 0)
      harms.append(Harmed(isMore ? .doubled : .lost, "account \(account) has another balance"))
    }
    return harms + (try missing().map { Harmed(.lost, "\($0) is nowhere after the next run") })
  }
}
