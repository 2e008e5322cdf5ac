import Foundation
import Testing

/// The clock is a text in the log and a folder in the archive, and nothing else: no document's identity, order or
/// voucher depends on it.
@Suite struct ClockTests {
  private static let clocks = [
    "1970-01-01T00:00:00+00:00", "2024-02-29T23:59:59+08:00", "2026-03-20T06:00:00+08:00",
    "2038-01-19T11:14:08+08:00", "2099-12-31T23:59:59+08:00",
  ]

  @Test func whateverTheClockSaysTheVouchersAreTheSame() throws {
    for scene in [try Scene.first(), try Scene.later()] {
      let alone = try Trial(scene)
      let single = try alone.run()
      let whole = try alone.snapshot()
      let wanted = Self.timeless(whole, Trial.clock)
      var harms: [Harmed] = []
      for clock in Self.clocks {
        let trial = try Trial(scene)
        let end = try trial.run(clock: clock)
        #expect(end.status == single.status, "\(end.said)")
        let seen = try trial.snapshot()
        #expect(seen.voucherLines == whole.voucherLines)
        if let difference = Self.timeless(seen, clock).difference(from: wanted) {
          harms.append(Harmed(.wrong, "\(scene.name), \(clock): \(difference)"))
        }
        // And again, at all other times.
        for other in Self.clocks {
          try trial.drop()
          _ = try trial.run(clock: other)
        }
        if let entry = try trial.snapshot().doubledEntry(beyond: whole) {
          harms.append(Harmed(.doubled, "\(scene.name), \(clock): \(entry)"))
        }
      }
      for harm in harms { Issue.record("\(harm)") }
      try ProofTable.add(
        fault: "clock", place: scene.name, trials: Self.clocks.count * (Self.clocks.count + 1), harms)
    }
  }

  /// Without what may depend on the clock: its text, the day in the archive, the age of what waits, and the digests and
  /// lengths of files that have them.
  private static func timeless(_ snapshot: Snapshot, _ clock: String) -> Snapshot {
    // What was done before, at the usual time, is in there as well.
    func plain(_ text: String) -> String {
      [clock, Trial.clock].reduce(text) {
        $0.replacing($1, with: "CLOCK").replacing($1.prefix(10), with: "DAY")
          .replacing($1.prefix(10).replacing("-", with: "/"), with: "DAY")
      }
    }
    var files: [String: Data] = [:]
    for (name, bytes) in snapshot.files {
      var text = plain(String(decoding: bytes, as: UTF8.self))
      if name.hasPrefix("outbox/manifest_") { text = text.replacing(/[0-9a-f]{64}|# [0-9]+/, with: "") }
      if name.hasPrefix("outbox/reconciliation_") {
        text = text.replacing(/"days":-?[0-9]+/, with: "").replacing(/DAY[ ,]+-?[0-9]+/, with: "DAY")
          .replacing(/\ +/, with: " ")
      }
      if name.hasPrefix("archive/records/") { text = "" }
      files[plain(name)] = Data(text.utf8)
    }
    let sections = snapshot.state.components(separatedBy: "# ").filter { !$0.hasPrefix("publication\n") }
    return Snapshot(files: files, state: plain(sections.joined(separator: "# ")))
  }
}
