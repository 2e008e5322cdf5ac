import Foundation

/// Disturbs a run at one call after another, and looks at what the next run makes of it.
struct FaultSweep: Sendable {
  /// What became of one strike.
  struct Result: Sendable {
    var strike: Strike
    var struck: Bool
    var harms: [Harmed]

    var described: String {
      let words = harms.map(\.description).joined(separator: "; ")
      return "\(strike.blow.rawValue) at call \(strike.call.number), \(strike.call.text): \(words)"
    }
  }

  nonisolated(unsafe) let scene: Scene
  /// On a file system that doesn't know how to rename without replacing.
  let isOld: Bool
  let whole: Snapshot
  /// Exit code of the undisturbed run.
  let status: Int32
  /// Exit code of a person's command that has been carried out before; `nil` where the scene is the batch's own.
  let again: Int32?
  /// Its calls, those that change something and those that look.
  let calls: [Call]
  /// Those that changed something, with their bytes.
  let changes: [LoggedCall]

  /// Runs the scene undisturbed, with the shim and without.
  init(_ scene: Scene, isOld: Bool = false) throws {
    (self.scene, self.isOld) = (scene, isOld)
    let trial = try Trial(scene)
    let (end, log) = try trial.run(Shim.Plan(isOld: isOld))
    guard end.status == 0 || end.status == 10 else {
      throw Unexpected(what: "the undisturbed run of “\(scene.name)” ended with \(end.status): \(end.said)")
    }
    status = end.status
    changes = log.calls
    whole = try trial.snapshot()
    let looking = try Trial(scene).run(Shim.Plan(family: .look)).log.calls
    calls = changes.compactMap { Call($0, .change) } + looking.compactMap { Call($0, .look) }
    // And what it leaves behind doesn't depend on who watches, or on when it is done.
    let unwatched = try Trial(scene)
    _ = try unwatched.run()
    if let difference = try unwatched.snapshot().difference(from: whole) {
      throw Unexpected(what: "two undisturbed runs of “\(scene.name)” differ: \(difference)")
    }
    again = scene.command == ["run"] ? nil : try unwatched.run().status
    if let difference = try unwatched.snapshot().difference(from: whole) {
      throw Unexpected(what: "given again, the command of “\(scene.name)” did more: \(difference)")
    }
  }

  func carryOut(_ strikes: [Strike]) throws -> [Result] {
    try Torture.each(strikes) { strike in
      // The number of a call that looks can differ from run to run, where threads wake each other.
      var result = try tryOnce(strike)
      for _ in 0..<20 where !result.struck { result = try tryOnce(strike) }
      return result
    }
  }

  private func tryOnce(_ strike: Strike) throws -> Result {
    let trial = try Trial(scene)
    let (struck, log) = try trial.run(strike.blow.plan(strike.call, isOld: isOld))
    var result = Result(strike: strike, struck: log.isStruck, harms: [])
    guard result.struck else { return result }
    if struck.hung { result.harms.append(Harmed(.hung, "it did not end")) }
    if !strike.blow.kills, struck.wasKilled {
      result.harms.append(Harmed(.crashed, "\(struck.status): \(struck.said)"))
    }
    if isPassedOver(strike, struck) {
      result.harms += try trial.harmsOfPassingOver(against: whole)
      return result
    }
    result.harms += try trial.harms(against: whole)
    if !strike.blow.kills { result.harms += try harms(of: strike, struck, in: trial) }
    result.harms += try trial.harmsOfNextRun(
      against: whole, status: status, again: again,
      isAfterNight: again != nil && strike.call.number.isMultiple(of: 2))
    return result
  }

  /// A file of the inbox that can't be read is left where it is, and that is said; the rest is done.
  private func isPassedOver(_ strike: Strike, _ struck: Command) -> Bool {
    strike.call.family == .look && strike.call.path.hasPrefix("inbox/") && struck.status == 10
      && struck.said.contains(Self.reason(of: strike)) && struck.said.contains("file-unreadable")
  }

  /// How a run may end that isn't killed: done, or with an error that it says.
  private func harms(of strike: Strike, _ struck: Command, in trial: Trial) throws -> [Harmed] {
    var harms: [Harmed] = []
    if struck.status == status {
      // What the disk refused to keep can't be counted on.
      let isForSQLite = strike.call.kind == .syncData && strike.call.path == ".tallyman"
      let isSync = [.sync, .syncData].contains(strike.call.kind)
      if isSync, !isForSQLite, [.ioError, .full].contains(strike.blow) {
        harms.append(Harmed(.wrong, "a sync failed, and it said that all was done"))
      }
      if let difference = try trial.snapshot().difference(from: whole) {
        harms.append(Harmed(.wrong, "it said that all was done, but \(difference)"))
      }
      return harms
    }
    if struck.said.isEmpty { harms.append(Harmed(.wrong, "it ended without a word")) }
    let goesOn = strike.blow == .short || strike.blow == .interrupted
    if goesOn && !strike.call.isOfTheState || struck.status != 74 {
      harms.append(Harmed(.wrong, "it ended with \(struck.status): \(struck.said)"))
    }
    return harms
  }

  private static func reason(of strike: Strike) -> String {
    String(cString: strerror(strike.blow.plan(strike.call).code))
  }
}
