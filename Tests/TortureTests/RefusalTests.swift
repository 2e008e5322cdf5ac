import Foundation
import Testing

/// What an administrator can get wrong: folders that may not be written, that are gone, and limits on the process.
@Suite(.serialized) struct RefusalTests {
  /// Someone without rights, where the tests themselves have all of them.
  private static let nobody = "65534"
  private static let rights = ["--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups", "--"]
  private static let setpriv = "/usr/bin/setpriv"

  @Test(arguments: ["inbox", "outbox", "archive", "archive/entries", ".tallyman", ".tallyman/staging"])
  func aFolderThatMayNotBeWritten(_ folder: String) throws {
    for scene in [try Scene.first(), try Scene.later()] {
      try refuse("no rights to write", folder, scene) { trial in
        let path = trial.workspace + "/" + folder
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Command.system("/bin/chmod", ["-R", "a-w", path])
      } mend: { trial in
        try Command.system("/bin/chmod", ["-R", "u+w", trial.workspace + "/" + folder])
      }
    }
  }

  @Test func aStateThatMayNotBeWritten() throws {
    try refuse("no rights to write", "state.sqlite", try Scene.later()) { trial in
      chmod(trial.workspace + "/.tallyman/state.sqlite", 0o444)
    } mend: { trial in
      chmod(trial.workspace + "/.tallyman/state.sqlite", 0o644)
    }
  }

  private func refuse(
    _ fault: String, _ place: String, _ scene: Scene, _ spoil: (Trial) throws -> Void,
    mend: (Trial) throws -> Void
  ) throws {
    let alone = try Trial(scene)
    let single = try alone.run()
    let whole = try alone.snapshot()
    let trial = try Trial(scene)
    try spoil(trial)
    let end: Command
    if geteuid() == 0 {
      try Command.system("/bin/chown", ["-R", Self.nobody, trial.folder])
      let access = Self.rights + ["/usr/bin/test", "-x", Command.tallyman]
      if try Command(Self.setpriv, access, output: trial.folder + "/said").status != 0 {
        print("skipped: \(place): someone without rights may not run \(Command.tallyman)")
        return
      }
      end = try trial.run(under: Self.setpriv, Self.rights)
    } else {
      end = try trial.run()
    }
    try mend(trial)
    #expect(end.status == 74, "\(place): \(end.status) \(end.said)")
    #expect(end.said.contains((place as NSString).lastPathComponent), "\(place): \(end.said)")
    let harms =
      try trial.harms(of: end, single.status, whole) + trial.harms(against: whole)
      + trial.harmsOfNextRun(against: whole, status: single.status)
    for harm in harms { Issue.record("\(scene.name), \(place): \(harm)") }
    try ProofTable.add(fault: fault, place: place, trials: 1, harms)
  }

  /// Folders that a run needs and can make are made again.
  @Test(arguments: ["inbox", ".tallyman/taken", ".tallyman/staging"])
  func aFolderThatIsGone(_ folder: String) throws {
    let scene = folder == "inbox" ? try Scene.first() : try Scene.later()
    let alone = try Trial(scene)
    let single = try alone.run()
    let whole = try alone.snapshot()
    let trial = try Trial(scene)
    try FileManager.default.removeItem(atPath: trial.workspace + "/" + folder)
    let end = try trial.run()
    if folder == "inbox" {
      #expect(end.status == 0, "\(end.said)")
      try trial.drop()
    }
    let harms = try trial.harmsOfNextRun(against: whole, status: single.status)
    for harm in harms { Issue.record("\(folder) was gone: \(harm)") }
    try ProofTable.add(fault: "folder is gone", place: folder, trials: 1, harms)
  }

  @Test func withoutMappingsNothingIsTouched() throws {
    let scene = try Scene.later()
    let alone = try Trial(scene)
    let single = try alone.run()
    let whole = try alone.snapshot()
    let trial = try Trial(scene)
    let (mappings, aside) = (trial.workspace + "/mappings", trial.folder + "/mappings")
    try FileManager.default.moveItem(atPath: mappings, toPath: aside)
    let end = try trial.run()
    #expect(end.status == 78)
    #expect(end.said.contains("mappings"), "\(end.said)")
    try FileManager.default.moveItem(atPath: aside, toPath: mappings)
    let harms = try trial.harmsOfNextRun(against: whole, status: single.status)
    for harm in harms { Issue.record("mappings were gone: \(harm)") }
    try ProofTable.add(fault: "folder is gone", place: "mappings", trials: 1, harms)
  }

  /// `ulimit -f`: the system would end the program with a signal.
  @Test func filesMayNotGrow() throws {
    let sizes =
      Torture.isWhole ? Array(stride(from: 1_000, through: 160_000, by: 3_000)) : [1_000, 5_000, 60_000]
    try limit("file size is limited", sizes.map { "--fsize=\($0)" })
  }

  @Test func filesMayNotBeOpened() throws {
    let counts = Torture.isWhole ? Array(4...96) : [6, 14, 40, 63, 66, 72]
    try limit("descriptors are limited", counts.map { "--nofile=\($0)" })
  }

  private func limit(_ fault: String, _ limits: [String]) throws {
    for scene in [try Scene.first(), try Scene.later()] {
      let alone = try Trial(scene)
      let single = try alone.run()
      let whole = try alone.snapshot()
      var (all, failures) = ([Harmed](), 0)
      for option in limits {
        let trial = try Trial(scene)
        let end = try trial.run(under: "/usr/bin/env", ["--default-signal=XFSZ", "/usr/bin/prlimit", option])
        // Below a few descriptors the system can't even load the program.
        if end.status == 127 { continue }
        if end.status != single.status { failures += 1 }
        let harms =
          try trial.harms(of: end, single.status, whole) + trial.harms(against: whole)
          + trial.harmsOfNextRun(against: whole, status: single.status)
        for harm in harms { Issue.record("\(scene.name), \(option): \(harm)") }
        all += harms
      }
      #expect(failures > 0, "\(scene.name): \(fault), and no run noticed")
      try ProofTable.add(fault: fault, place: scene.name, trials: limits.count, all)
    }
  }
}
