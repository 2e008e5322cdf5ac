import Foundation
import State
import Testing

/// A disk that is really full: how far the run comes depends on how much room is left. When there is room again, the
/// next run ends as if there always had been.
@Suite(.serialized) struct FullDiskTests {
  @Test func noBlocks() throws {
    let room = Torture.isWhole ? Array(0...120) : [0, 3, 9, 20, 33, 60]
    try fill("no blocks", room) { disk, left in try disk.leave(blocks: left) }
  }

  @Test func noNames() throws {
    let room = Torture.isWhole ? Array(0...60) : [0, 4, 11, 20, 33]
    try fill("no inodes", room) { disk, left in try disk.leave(names: left) }
  }

  @Test func readOnly() throws {
    try fill("read-only file system", [0]) { disk, _ in try disk.refuseWriting() }
  }

  private func fill(_ fault: String, _ room: [Int], _ shrink: (SmallDisk, Int) throws -> Void) throws {
    for scene in [try Scene.first(), try Scene.later()] {
      let alone = try Trial(scene)
      let single = try alone.run()
      let whole = try alone.snapshot()
      let runs = try Trial(scene).commits() + 1
      var (harms, failures) = ([Harmed](), 0)
      for left in room {
        guard let disk = try SmallDisk() else { return }
        let trial = try Trial(scene, at: disk.path)
        try shrink(disk, left)
        let end = try trial.run()
        if end.status != single.status { failures += 1 }
        let look = try trial.look()
        try disk.makeRoom()
        let own =
          try trial.harms(of: end, look, commits: runs) + trial.harms(of: end, single.status, whole)
          + trial.harms(against: whole)
          + trial.harmsOfNextRun(against: whole, status: single.status)
        for harm in own { Issue.record("\(scene.name), \(fault), \(left) left: \(harm)") }
        harms += own
      }
      // Otherwise there was always room.
      #expect(
        failures * 4 > room.count, "\(scene.name): \(failures) of \(room.count) runs had too little room")
      try ProofTable.add(fault: fault, place: scene.name, trials: room.count, harms)
    }
  }
}

extension Trial {
  /// What a person sees who asks while there is no room.
  func look() throws -> Command {
    try Command(Command.tallyman, ["status", "--workspace", workspace], output: folder + "/said-of-status")
  }

  /// How many runs the state knows to be committed.
  func commits() throws -> Int {
    guard let state = try StateStore.openToRead(at: workspace + "/.tallyman/state.sqlite") else { return 0 }
    defer { try? state.close() }
    return try state.lastCommitted()
  }

  /// What is said must be true: a run that is committed is not said to have posted nothing, and nobody is shown how a
  /// programmer writes an error.
  func harms(of end: Command, _ look: Command, commits: Int) throws -> [Harmed] {
    var harms: [Harmed] = []
    if try self.commits() == commits, end.said.contains("othing was posted") {
      harms.append(Harmed(.wrong, "the run is committed, and it said: \(end.said)"))
    }
    for said in [end.said, look.said] where said.contains("storage(") || said.contains("reason:") {
      harms.append(Harmed(.wrong, said))
    }
    if look.status != 0, look.status != 10 {
      harms.append(Harmed(.wrong, "status: \(look.status) \(look.said)"))
    }
    return harms
  }

  /// How a run may end when the world was wrong: with 74 and a reason; or it did all that there was to do.
  func harms(of end: Command, _ status: Int32, _ whole: Snapshot) throws -> [Harmed] {
    if end.hung { return [Harmed(.hung, end.said)] }
    if end.wasKilled { return [Harmed(.crashed, "\(end.status): \(end.said)")] }
    if end.status == status {
      return try snapshot().difference(from: whole).map {
        [Harmed(.wrong, "all was said to be done, but \($0)")]
      }
        ?? []
    }
    return end.status == 74 && end.said.contains("tallyman: ")
      ? [] : [Harmed(.wrong, "it ended with \(end.status): \(end.said)")]
  }
}
