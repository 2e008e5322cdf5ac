import Foundation
import Testing

/// Runs that are started at the same time, and runs that are killed at any moment and started again.
@Suite(.serialized) struct ConcurrencyTests {
  @Test(arguments: [2, 4, 8, 16]) func runsAtOncePostEverythingOnce(_ count: Int) throws {
    let scene = try Scene.first()
    let alone = try Trial(scene)
    let single = try alone.run()
    let whole = try alone.snapshot()
    let rounds = Torture.isWhole ? 25 : 1
    var harms: [Harmed] = []
    for _ in 0..<rounds {
      let trial = try Trial(scene)
      let ends = try (1...count).map { try trial.start($0) }.map { $0.wait() }
      // One does the work; the others find the lock taken, or nothing left to do.
      #expect(ends.count { $0.status == single.status && $0.said == single.said } == 1)
      for end in ends {
        if end.hung { harms.append(Harmed(.hung, end.said)) }
        if end.wasKilled { harms.append(Harmed(.crashed, end.said)) }
        #expect([75, single.status].contains(end.status), "\(end.said)")
        if end.status == 75 { #expect(end.said.contains("another run"), "\(end.said)") }
      }
      harms += try trial.harms(against: whole)
      harms += try trial.harmsOfNextRun(against: whole, status: single.status)
    }
    for harm in harms { Issue.record("\(count) at once: \(harm)") }
    try ProofTable.add(fault: "\(count) runs at once", place: scene.name, trials: rounds, harms)
  }

  /// Also several at once, of which any may be the one that is killed.
  @Test func runsThatAreKilledAtAnyMomentAndStartedAgain() throws {
    let seed = UInt64.random(in: .min ... .max)
    print("random kills: seed \(seed)")
    var random = SplitMix(seed: seed)
    let scenes = [try Scene.first(), try Scene.later()]
    for scene in scenes {
      let alone = try Trial(scene)
      let begin = ContinuousClock.now
      let single = try alone.run()
      let duration = Int(begin.duration(to: .now) / .microseconds(1))
      let whole = try alone.snapshot()
      var (kills, harms) = (0, [Harmed]())
      while kills < (Torture.isWhole ? 500 : 12) {
        let trial = try Trial(scene)
        for _ in 0..<40 {
          let runs = try (1...(random.below(4) == 0 ? 3 : 1)).map { try trial.start($0) }
          usleep(UInt32(random.below(duration)))
          for run in runs where run.isRunning { run.kill() }
          let ends = runs.map { $0.wait() }
          kills += ends.count(where: \.wasKilled)
          harms += try trial.harms(against: whole)
          if ends.contains(where: { $0.status == single.status }) { break }
        }
        harms += try trial.harmsOfNextRun(against: whole, status: single.status)
      }
      for harm in harms { Issue.record("seed \(seed), \(scene.name): \(harm)") }
      try ProofTable.add(fault: "kill at random", place: scene.name, trials: kills, harms)
    }
  }
}
