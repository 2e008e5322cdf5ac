import Foundation
import Testing

/// The run is killed, and its calls fail, at calls of a good run; after the next run outbox, archive, log and state are
/// as if nothing had happened. `make torture` strikes at every call.
@Suite(.serialized) struct FaultSweepTests {
  @Test func firstRunOfAWorkspace() throws { try sweep(try Scene.first()) }

  @Test func laterRun() throws { try sweep(try Scene.later()) }

  @Test func corrections() throws { try sweep(try Scene.corrected()) }

  @Test func filesOfXML() throws { try sweep(try Scene.xml()) }

  /// What a person has posted anew is posted anew once, whoever runs the batch before the command is given again.
  @Test func repostedDocument() throws { try sweep(try Scene.reposted(["--document", "A1"])) }

  @Test func repostedPeriod() throws { try sweep(try Scene.reposted(["--period", "2026-03"])) }

  @Test func snapshotWithoutAPostedDocument() throws {
    try sweep(try Scene.snapshot("snapshot, a document is gone", without: ["A2"]))
  }

  /// One is held, one is a draft, and one waits for its cost.
  @Test func snapshotWithoutWhatWaits() throws {
    try sweep(try Scene.snapshot("snapshot, what waits is gone", without: ["B1", "B4", "B5"]))
  }

  /// What puts a workspace in order again can be killed as well.
  @Test func killedAgainWhileItRecovers() throws {
    let seed = UInt64.random(in: .min ... .max)
    print("killed twice: seed \(seed)")
    var random = SplitMix(seed: seed)
    let sweep = try FaultSweep(try Scene.first())
    let last = sweep.changes.count
    let pairs = (0..<(Torture.isWhole ? 600 : 12)).map { _ in (random.below(last) + 1, random.below(last) + 1)
    }
    let harms = try Torture.each(pairs) { first, second in
      let trial = try Trial(sweep.scene)
      _ = try trial.run(Shim.Plan(blow: "after", at: first))
      _ = try trial.run(Shim.Plan(blow: "kill", at: second))
      return try trial.harms(against: sweep.whole)
        + trial.harmsOfNextRun(against: sweep.whole, status: sweep.status)
    }
    for (pair, harms) in zip(pairs, harms) where !harms.isEmpty {
      Issue.record("seed \(seed), killed at \(pair): \(harms.map(\.description).joined(separator: "; "))")
    }
    try ProofTable.add(
      fault: "kill, and kill again", place: sweep.scene.name, trials: pairs.count, harms.flatMap(\.self))
  }

  /// Where the kernel can't rename without replacing, a link and a removal take its place, and a run can die in between.
  @Test func withoutRenamingThatNeverReplaces() throws {
    let sweep = try FaultSweep(try Scene.first(), isOld: true)
    var strikes = Strike.all(sweep.calls).filter {
      $0.blow.kills && [.rename, .remove].contains($0.call.kind) && !$0.call.isOfTheState
    }
    #expect(strikes.contains { $0.call.text.hasPrefix("link ") })
    if !Torture.isWhole { strikes = strikes.filter { $0.call.number % 5 == 0 } }
    let results = try sweep.carryOut(strikes)
    for result in results where !result.harms.isEmpty { Issue.record("\(result.described)") }
    try ProofTable.add(
      fault: "kill, without renameat2", place: "rename", trials: results.count, results.flatMap(\.harms))
  }

  /// The shim stands between the program and the C library. What went past it would never be struck.
  @Test func theShimSeesEveryCallThatChangesSomething() throws {
    let trial = try Trial(try Scene.first())
    let (log, calls) = try trial.trace()
    let seen = calls.filter { $0.name != "exit" }.compactMap { CallClass.of($0.name) }
    var made: [CallClass] = []
    for line in log.split(separator: "\n") where line.contains(trial.workspace) {
      guard let name = line.firstMatch(of: /^\d+ +(\w+)\(/)?.1, let kind = CallClass.of(String(name)) else {
        continue
      }
      let changes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].contains(where: line.contains)
      if kind != .open || changes { made.append(kind) }
    }
    for kind in CallClass.allCases {
      #expect(
        seen.count { $0 == kind } == made.count { $0 == kind },
        "\(kind.rawValue): the shim and the kernel differ")
    }
    #expect(made.count > 150)
  }

  private func sweep(_ scene: Scene) throws {
    let begin = ContinuousClock.now
    let sweep = try FaultSweep(scene)
    let strikes = Torture.isWhole ? Strike.all(sweep.calls) : Strike.sample(sweep.calls, atMost: Self.few)
    let results = try sweep.carryOut(strikes)
    for result in results where !result.harms.isEmpty { Issue.record("\(result.described)") }
    try report(results, sweep, begin.duration(to: .now))
  }

  /// What `make test` has time for: most where a mistake would be worst.
  private static func few(_ blow: Blow, _ kind: CallClass) -> Int {
    switch (blow, kind) {
    case (.ioError, .sync): 12
    case (.kill, .rename), (.kill, .syncData): 6
    case (.kill, _), (.short, .write): 2
    default: 1
    }
  }

  /// What was not hit was not tested.
  private func report(_ results: [FaultSweep.Result], _ sweep: FaultSweep, _ duration: Duration) throws {
    for blow in Blow.allCases {
      for kind in CallClass.allCases where blow.canStrike(kind) {
        let own = results.filter { $0.strike.blow == blow && $0.strike.call.kind == kind }
        let hits = own.count(where: \.struck)
        #expect(hits > 0, "no \(kind.rawValue) was hit by \(blow.rawValue)")
        #expect(
          hits == own.count, "\(own.count - hits) of \(kind.rawValue) were never reached by \(blow.rawValue)")
        try ProofTable.add(fault: blow.rawValue, place: kind.rawValue, trials: hits, own.flatMap(\.harms))
      }
    }
    let hits = results.count(where: \.struck)
    print("\(sweep.scene.name): \(sweep.calls.count) calls, \(hits) strikes in \(duration)")
  }
}
