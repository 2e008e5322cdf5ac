import Foundation
import Testing

/// The state is damaged, lost, or put back to what it was; then everything that was ever posted is dropped again. What
/// was published stays as it is, and nothing is published twice: the run refuses and says what to do, or it knows better.
@Suite(.serialized, .enabled(if: Guarded.isBuilt)) struct DatabaseDamageTests {
  @Test func theStateIsDamaged() throws {
    let seed = Torture.seed
    print("damage: seed \(seed)")
    var random = SplitMix(seed: seed)
    let guarded = try Guarded(try Scene.again())
    let state = guarded.before + "/.tallyman/state.sqlite"
    let size = try Data(contentsOf: URL(filePath: state)).count
    let count = Torture.isWhole ? 60 : 6
    var damages = Damage.all(size: size, count: count, &random)
    // A backup that was put back, and a state that knows nothing.
    for (kind, old) in [("rolled back", guarded.older), ("made anew", nil)] {
      damages.append(
        Damage(
          kind: kind, place: "", apply: { _ in old.flatMap { try? Data(contentsOf: URL(filePath: $0)) } }))
    }
    // What chance hardly ever hits in so few draws: the keys by which a posted document is known again.
    damages.append(
      Damage(
        kind: "keys changed", place: "A1, A2",
        apply: { data in
          var data = data
          for key in ["A1", "A2"] {
            let places = data.ranges(of: Data(key.utf8))
            for place in places { data[place.lowerBound] = UInt8(ascii: "Z") }
          }
          return data
        }))
    try guarded.damage(".tallyman/state.sqlite", damages, seed)
  }

  /// A run was killed behind its commit, which is still in the write-ahead log alone.
  @Test func theLogOfTheStateIsDamaged() throws {
    let seed = Torture.seed
    print("damage: seed \(seed)")
    var random = SplitMix(seed: seed)
    let sweep = try FaultSweep(try Scene.later())
    let renames = sweep.calls.filter { $0.kind == .rename && $0.text.contains("outbox/") }
    for call in [renames[0], renames[renames.count - 1]] {
      let killed = try Trial(sweep.scene)
      _ = try killed.run(Blow.killAfter.plan(call))
      let guarded = try Guarded(Scene("killed in a later run", found: killed))
      let size = try Data(contentsOf: URL(filePath: killed.workspace + "/.tallyman/state.sqlite-wal")).count
      let damages = Damage.all(size: size, count: Torture.isWhole ? 12 : 3, &random)
      try guarded.damage(".tallyman/state.sqlite-wal", damages, seed)
    }
  }
}

/// A workspace with a past, and what the next run makes of it when nothing is damaged.
private struct Guarded: Sendable {
  nonisolated(unsafe) let scene: Scene
  let whole: Snapshot
  let published: [String: Data]

  /// Before there is a way back from damage, there is nothing to refuse with.
  static let isBuilt: Bool = {
    let output = NSTemporaryDirectory() + "/tallyman-torture-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: output) }
    let help = try? Command(Command.tallyman, ["rebuild", "--help"], output: output)
    return help?.status == 0
  }()

  init(_ scene: Scene) throws {
    self.scene = scene
    let trial = try Trial(scene)
    published = try Snapshot.files(under: trial.workspace, in: ["outbox"])
    let end = try trial.run()
    guard end.status == 0 || end.status == 10 else { throw Unexpected(what: "undamaged: \(end.said)") }
    whole = try trial.snapshot()
  }

  var before: String { scene.before?.workspace ?? "" }
  /// The state as it was one run ago.
  var older: String? { scene.older.map { $0 + "/.tallyman/state.sqlite" } }

  func damage(_ path: String, _ damages: [Damage], _ seed: UInt64) throws {
    // Finance takes its files away, or it doesn't.
    let cases = damages.flatMap { [($0, true), ($0, false)] }
    let found = try Torture.each(cases) { damage, collects in
      try harms(of: damage, path, collects: collects)
    }
    for ((damage, collects), own) in zip(cases, found) where !own.isEmpty {
      let words = own.map(\.description).joined(separator: "; ")
      Issue.record("seed \(seed), \(path) \(damage), outbox \(collects ? "emptied" : "kept"): \(words)")
    }
    for kind in Set(damages.map(\.kind)).sorted() {
      let own = zip(cases, found).filter { $0.0.0.kind == kind }
      try ProofTable.add(
        fault: "\((path as NSString).lastPathComponent) \(kind)", place: scene.name, trials: own.count,
        own.flatMap(\.1))
    }
  }

  private func harms(of damage: Damage, _ path: String, collects: Bool) throws -> [Harmed] {
    let trial = try Trial(scene)
    let file = trial.workspace + "/" + path
    let bytes = damage.apply(try Data(contentsOf: URL(filePath: file)))
    try FileManager.default.removeItem(atPath: file)
    if let bytes { try bytes.write(to: URL(filePath: file)) }
    if collects {
      for name in published.keys { try FileManager.default.removeItem(atPath: trial.workspace + "/" + name) }
    }
    var harms = try harms(after: try trial.run(), in: trial, collects: collects)
    // And the next morning, with nobody having looked.
    harms += try self.harms(after: try trial.run(), in: trial, collects: collects)
    return harms
  }

  private func harms(after end: Command, in trial: Trial, collects: Bool) throws -> [Harmed] {
    var harms: [Harmed] = []
    if end.hung { harms.append(Harmed(.hung, end.said)) }
    if end.wasKilled { harms.append(Harmed(.crashed, "\(end.status): \(end.said)")) }
    if ![0, 10].contains(end.status), !end.said.contains("tallyman ") {
      harms.append(Harmed(.wrong, "it ended with \(end.status) and does not say what to do: \(end.said)"))
    }
    var outbox = try Snapshot.files(under: trial.workspace, in: ["outbox"])
    for (name, bytes) in published {
      if let now = outbox[name], now != bytes { harms.append(Harmed(.wrong, "\(name) was changed")) }
      if outbox[name] == nil, !collects { harms.append(Harmed(.lost, "\(name) is gone")) }
      if outbox[name] != nil, collects { harms.append(Harmed(.doubled, "\(name) is published again")) }
      outbox[name] = bytes
    }
    if let entry = Snapshot(files: outbox, state: "").doubledEntry(beyond: whole) {
      harms.append(Harmed(.doubled, entry))
    }
    return harms + (try trial.missing().map { Harmed(.lost, "\($0) is nowhere") })
  }
}
