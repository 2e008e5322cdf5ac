import Foundation
import Testing

@Suite struct ConcurrencyTests {
  @Test func eightRunsAtOncePostEverythingOnce() throws {
    let scene = try Scene.first()
    let alone = try Trial(scene)
    let single = try alone.run()
    let whole = try alone.snapshot()
    for _ in 0..<(FaultSweepTests.isWhole ? 20 : 2) {
      let trial = try Trial(scene)
      let ends = try (1...8).map { try trial.start($0) }.map { $0.wait() }
      // One does the work; the others find the lock taken, or nothing left to do.
      #expect(ends.contains { $0.status == single.status && $0.said == single.said })
      #expect(ends.count { $0.said == single.said } == 1)
      for end in ends where end.status != 75 { #expect(end.status == single.status, "\(end.said)") }
      for end in ends where end.status == 75 { #expect(end.said.contains("another run"), "\(end.said)") }
      #expect(try trial.snapshot().difference(from: whole) == nil)
    }
  }
}
