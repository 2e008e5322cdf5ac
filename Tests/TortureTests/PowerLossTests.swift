import Foundation
import Testing

/// A run that is killed loses nothing that the kernel has been given, so killing is blind to a missing sync. Here the
/// power goes at each point of a run: the workspace is made as the disk may hold it then, and run again.
@Suite(.serialized) struct PowerLossTests {
  @Test func firstRunOfAWorkspace() throws { try cut(try Scene.first()) }

  @Test func laterRun() throws { try cut(try Scene.later()) }

  @Test func filesOfXML() throws { try cut(try Scene.xml()) }

  /// What of it was planned is forgotten, for good, before the command is given again.
  @Test func repostedPeriod() throws { try cut(try Scene.reposted(["--period", "2026-03"])) }

  /// The same, of a run whose syncs of files, or of folders, had been forgotten: that must be seen.
  @Test(arguments: [false, true]) func aForgottenSyncIsFound(ofFolders: Bool) throws {
    let recording = try Recording(try Scene.first())
    let folders = Set(recording.calls.filter { $0.name == "mkdir" }.map(\.path))
    let states = try recording.states { call in
      let isFolder = folders.contains(call.path)
      return call.name == "fsync" && isFolder == ofFolders && !call.path.hasPrefix(".tallyman/state")
    }
    let some = states.filter { $0.model == (ofFolders ? .strict : .names) }.suffix(60)
    let harms = try Torture.each(Array(some)) { try recording.harms(of: $0) }
    #expect(harms.contains { !$0.isEmpty })
  }

  private func cut(_ scene: Scene) throws {
    let begin = ContinuousClock.now
    let recording = try Recording(scene)
    var states = try recording.states()
    let all = states.count
    if !Torture.isWhole {
      states = CutModel.allCases.flatMap { model in
        let own = states.filter { $0.model == model }
        let count = min(own.count, 12)
        return (0..<count).map { own[($0 * 2 + 1) * own.count / (2 * count)] }
      }
    }
    let harms = try Torture.each(states) { try recording.harms(of: $0) }
    for (state, harms) in zip(states, harms) where !harms.isEmpty {
      Issue.record("\(state): \(harms.map(\.description).joined(separator: "; "))")
    }
    for model in CutModel.allCases {
      let own = zip(states, harms).filter { $0.0.model == model }
      #expect(!own.isEmpty)
      try ProofTable.add(
        fault: "power cut, " + model.rawValue, place: scene.name, trials: own.count, own.flatMap(\.1))
    }
    // What was said to be done is done, also where nothing more is done.
    for model in [CutModel.strict, .apart] {
      let found = try Trial(scene, found: recording.end.afterCut(model))
      try found.forgetSecondNames()
      let difference = try found.snapshot().difference(from: recording.whole)
      #expect(difference == nil, "\(model.rawValue)")
    }
    print(
      "\(scene.name): \(all) states after a power cut, \(states.count) tried in \(begin.duration(to: .now))")
  }
}

/// An undisturbed run, with everything that it did to the disk.
private struct Recording: Sendable {
  /// The disk after the power went behind one of the calls.
  struct State: Sendable, CustomStringConvertible {
    var model: CutModel
    var call: String
    var tree: FileTree

    var description: String { "\(model.rawValue) after \(call)" }
  }

  nonisolated(unsafe) let scene: Scene
  let calls: [LoggedCall]
  let whole: Snapshot
  let status: Int32
  let again: Int32?
  private let start: Disk

  init(_ scene: Scene) throws {
    self.scene = scene
    let sweep = try FaultSweep(scene)
    (calls, whole, status, again) = (sweep.changes, sweep.whole, sweep.status, sweep.again)
    let trial = try Trial(scene)
    start = try Disk(
      trial.workspace,
      origins: Dictionary(uniqueKeysWithValues: scene.files.map { ("inbox/" + $0.name, $0.original) }))
  }

  /// The disk when the run has ended.
  var end: Disk {
    var disk = start
    for call in calls { disk.apply(call) }
    return disk
  }

  /// Every state in which a power cut can leave the workspace, each once.
  func states(without isForgotten: (LoggedCall) -> Bool = { _ in false }) throws -> [State] {
    var disk = start
    var seen: Set<Int> = []
    var states: [State] = []
    for call in calls where !isForgotten(call) {
      disk.apply(call)
      for model in CutModel.allCases {
        let tree = disk.afterCut(model)
        guard seen.insert(tree.fingerprint).inserted else { continue }
        states.append(
          State(model: model, call: "call \(call.number), \(call.name) \(call.path)", tree: tree))
      }
    }
    return states
  }

  func harms(of state: State) throws -> [Harmed] {
    let trial = try Trial(scene, found: state.tree)
    return try trial.harms(against: whole)
      + trial.harmsOfNextRun(
        against: whole, status: status, again: again,
        isAfterNight: again != nil && state.tree.fingerprint.isMultiple(of: 2)
      ) {
        if state.model == .apart { try trial.forgetSecondNames() }
      }
  }
}

extension Trial {
  /// Where folders keep their names apart, what was moved out of the program's own folders may be there again under its
  /// old name: the same file, twice, and nothing that a run looks at.
  fileprivate func forgetSecondNames() throws {
    for folder in ["staging", "taken"] {
      for name in try Snapshot.files(under: workspace, in: [".tallyman/" + folder]).keys {
        var status = stat()
        guard lstat(workspace + "/" + name, &status) == 0, status.st_nlink > 1 else { continue }
        unlink(workspace + "/" + name)
      }
    }
  }
}
