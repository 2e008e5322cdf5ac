import Foundation
import Testing

/// The run is killed, and its calls fail, at state-changing system calls of a good run's trace; after the next run
/// outbox, archive, log and state are as if nothing had happened. `make torture` strikes at every call.
@Suite(.serialized) struct FaultSweepTests {
  static let isWhole = ProcessInfo.processInfo.environment["TALLYMAN_TORTURE"] == "whole"

  @Test func firstRunOfAWorkspace() throws { try sweep(try Scene.first()) }

  @Test func laterRun() throws { try sweep(try Scene.later()) }

  private func sweep(_ scene: Scene) throws {
    let begin = ContinuousClock.now
    let sweep = try FaultSweep(scene)
    let strikes =
      Self.isWhole
      ? Strike.all(sweep.calls)
      : Strike.sample(sweep.calls) { blow, kind in
        switch (blow, kind) {
        case (.kill, .rename), (.kill, .syncData): 6
        case (.kill, _): 2
        default: 2
        }
      }
    let results = try sweep.carryOut(strikes)
    for result in results where !result.faults.isEmpty {
      Issue.record(
        "\(result.strike.blow) at \(result.strike.call.name) \(result.strike.call.number), \(result.strike.call.text): \(result.faults.joined(separator: "; "))"
      )
    }
    report(results, sweep, begin.duration(to: .now))
  }

  /// What was not hit was not tested.
  private func report(_ results: [FaultSweep.Result], _ sweep: FaultSweep, _ duration: Duration) {
    var line = "\(sweep.scene.name): \(sweep.calls.count) calls, \(results.count) trials in \(duration)"
    for blow in Blow.allCases {
      line += "\n  \(blow.rawValue):"
      for kind in CallClass.allCases where blow == .kill || kind != .exit {
        let own = results.filter { $0.strike.blow == blow && $0.strike.call.kind == kind }
        let hits = own.count(where: \.struck)
        #expect(hits > 0, "no \(kind.rawValue) was hit by \(blow.rawValue)")
        #expect(
          hits == own.count, "\(own.count - hits) of \(kind.rawValue) were never reached by \(blow.rawValue)")
        line += " \(kind.rawValue) \(hits)"
      }
    }
    print(line)
  }
}
