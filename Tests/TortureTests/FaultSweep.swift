import Foundation
import Synchronization
import Testing

/// Disturbs a run at one call after another, and looks at what the next run makes of it.
struct FaultSweep: Sendable {
  /// What became of one strike.
  struct Result: Sendable {
    var strike: Strike
    var struck: Bool
    var faults: [String]
  }

  nonisolated(unsafe) let scene: Scene
  let whole: Snapshot
  /// Exit code of the undisturbed run.
  let status: Int32
  let calls: [Call]

  /// Runs the scene undisturbed, under strace.
  init(_ scene: Scene) throws {
    self.scene = scene
    let trial = try Trial(scene)
    let traced = try trial.run(["-e", CallClass.filter], log: trial.traceLog)
    guard traced.status == 0 || traced.status == 10 else {
      throw Unexpected(
        what: "the undisturbed run of “\(scene.name)” ended with \(traced.status): \(traced.said)")
    }
    status = traced.status
    calls = Call.all(in: try Self.text(trial.traceLog))
    whole = try trial.snapshot()
    // And what it leaves behind doesn't depend on who watches, or on when it is done.
    let unwatched = try Trial(scene)
    _ = try unwatched.run()
    guard try unwatched.snapshot() == whole else {
      throw Unexpected(what: "two undisturbed runs of “\(scene.name)” differ")
    }
  }

  /// Two at a time: the machine has few cores, and most of a trial is waiting.
  func carryOut(_ strikes: [Strike]) throws -> [Result] {
    let next = Atomic<Int>(0)
    let results = Mutex<[Result]>([])
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: 2) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < strikes.count, failure.withLock({ $0 == nil }) else { return }
        do {
          let result = try carryOut(strikes[index])
          results.withLock { $0.append(result) }
        } catch {
          failure.withLock { $0 = error }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return results.withLock { $0 }
  }

  private func carryOut(_ strike: Strike) throws -> Result {
    var result = Result(strike: strike, struck: false, faults: [])
    // The number of a call can differ by one from run to run, where threads wake each other: try until the run is
    // again one that has this call.
    for _ in 0..<40 where !result.struck { result = try tryOnce(strike) }
    return result
  }

  private func tryOnce(_ strike: Strike) throws -> Result {
    let trial = try Trial(scene)
    let struck = try trial.run(strike.blow.options(strike.call), log: trial.traceLog)
    var result = Result(strike: strike, struck: strike.blow.struck(try Self.text(trial.traceLog)), faults: [])
    result.faults = try trial.faults(against: whole)
    if strike.blow != .kill, result.struck {
      if struck.wasKilled { result.faults.append("it crashed (\(struck.status)): \(struck.said)") }
      if struck.status == status {
        if let difference = try trial.snapshot().difference(from: whole) {
          result.faults.append("it said that all was done, but \(difference)")
        }
      } else if struck.said.isEmpty {
        result.faults.append("it ended with \(struck.status) and without a word")
      }
    }
    let next = try trial.run()
    if next.status != status { result.faults.append("the next run ended with \(next.status): \(next.said)") }
    if let difference = try trial.snapshot().difference(from: whole) {
      result.faults.append("after the next run \(difference)")
    }
    return result
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }
}
