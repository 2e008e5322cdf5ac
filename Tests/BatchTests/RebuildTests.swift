import Findings
import Foundation
import State
import Testing

@testable import Batch

/// The state is never the only proof: what is damaged, gone or old is refused, and made again from the archive.
@Suite struct RebuildTests {
  private static let customers = "code,name\nC1,Huaxin\nC2,Jinyuan\nC3,Tiancheng\nC9,Hengda\n"
  private static let first = [
    Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)]),
    Sale(no: "H1", buyer: "C9", rows: [Sale.Row(amount: 5650, tax: 650, cost: 3000)]),
    Sale(no: "R1", rows: [Sale.Row(amount: nil)]),
  ]
  private static let second = [
    Sale(no: "S2", rows: [Sale.Row(amount: 2260, tax: 260, cost: 1000)]), first[0],
    Sale(no: "R1", rows: [Sale.Row(amount: 1130, tax: 130, cost: 500)]),
    Sale(no: "P1", rows: [Sale.Row(amount: 3390, tax: 390)]),
  ]

  /// Two runs: posted, held, rejected, then mended, repeated and pending.
  private func twoRuns() throws -> Bench {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file(Self.first))
    try bench.run()
    try bench.drop("sales-2.csv", Sale.file(Self.second))
    try bench.run()
    return bench
  }

  private func rebuild(_ bench: Bench) throws -> Rebuild {
    let clock = try #require(RunClock(fixed: Bench.clock))
    return try bench.unlocked { try Rebuild(bench.workspace, clock: clock) }
  }

  private func verify(_ bench: Bench) throws -> Verification {
    let clock = try #require(RunClock(fixed: Bench.clock))
    return try bench.unlocked { try Verification(bench.workspace, clock: clock) }
  }

  /// How something that must be refused is refused.
  private func refusal(_ body: () throws -> Void) -> String {
    do {
      try body()
    } catch {
      return Self.code(error)
    }
    return "none"
  }

  private static func code(_ error: any Error) -> String {
    switch error as? WorldError {
    case .stateBehind?: "behind"
    case .state(.damaged)?: "damaged"
    case .rebuildRefused(let findings)?: findings.map(\.code.rawValue).joined()
    case .nothingToRebuild?: "nothing"
    default: "\(String(describing: error))"
    }
  }

  /// Takes the state away as `damage` says, and demands that a run refuses, that a rebuilt state is the one that was,
  /// and that everything that is dropped again is known.
  private func recovers(_ wanted: String, _ damage: (Bench) throws -> Void) throws {
    let bench = try twoRuns()
    let before = try bench.state { try $0.dump() }
    let vouchers = try bench.vouchers()
    #expect(try verify(bench).findings.isEmpty)
    try damage(bench)
    try bench.drop("sales-3.csv", Sale.file(Self.first + Self.second))
    #expect(refusal { try bench.run() } == wanted)
    #expect(try !verify(bench).findings.isEmpty)
    #expect(try rebuild(bench).runs == 2)
    let after = try bench.state { try $0.dump() }
    #expect(after == before)
    #expect(try verify(bench).findings.isEmpty)
    try bench.run()
    #expect(try bench.vouchers() == vouchers)
    #expect(try verify(bench).findings.isEmpty)
  }

  private static let state = ".tallyman/state.sqlite"

  @Test func aStateThatIsGone() throws { try recovers("behind") { try $0.remove(Self.state) } }

  @Test func aStateWithoutAByte() throws { try recovers("behind") { try $0.write(Self.state, "") } }

  @Test func aStateOfYesterday() throws {
    let yesterday = try Bench()
    try yesterday.drop("sales-1.csv", Sale.file(Self.first))
    try yesterday.run()
    try recovers("behind") { bench in
      try bench.remove(Self.state)
      try FileManager.default.copyItem(
        atPath: yesterday.folder + "/" + Self.state, toPath: bench.folder + "/" + Self.state)
    }
  }

  @Test func aStateThatIsNoDatabase() throws {
    try recovers("damaged") { try $0.write(Self.state, String(repeating: "no database ", count: 2000)) }
  }

  /// Each byte of what decides about posting is under a checksum of ours or of SQLite's structure: a sample of them.
  @Test(arguments: 0..<12) func aFlippedBitIsSeen(seed: Int) throws {
    let bench = try twoRuns()
    var random = SplitMix(seed: UInt64(seed))
    let vouchers = try bench.vouchers()
    let path = URL(filePath: bench.folder + "/" + Self.state)
    var bytes = [UInt8](try Data(contentsOf: path))
    let at = Int.random(in: 0..<bytes.count, using: &random)
    bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    try Data(bytes).write(to: path)
    try bench.drop("sales-3.csv", Sale.file(Self.first + Self.second))
    do {
      try bench.run()
    } catch WorldError.state, WorldError.stateBehind {
      _ = try rebuild(bench)
      try bench.run()
    }
    #expect(try bench.vouchers() == vouchers, "byte \(at)")
  }

  @Test func whatTheArchiveDoesNotProveIsRefused() throws {
    let bench = try twoRuns()
    let record = "archive/records/000001.jsonl"
    let text = try bench.read(record)
    try bench.remove(Self.state)
    try bench.write(record, text.replacing("\"S1\"", with: "\"S9\""))
    #expect(refusal { _ = try rebuild(bench) } == "record-changed")
    try bench.remove(record)
    #expect(refusal { _ = try rebuild(bench) } == "record-missing")
    // Also the last one, of which the outbox has the manifest.
    try bench.write(record, text)
    try bench.remove("archive/records/000002.jsonl")
    #expect(refusal { _ = try rebuild(bench) } == "record-missing")
    #expect(!bench.exists(Self.state))
    let empty = try Bench()
    #expect(refusal { _ = try rebuild(empty) } == "nothing")
  }

  /// Committed, and its files not published yet, when the state was lost: the record is the first thing that goes out.
  @Test func aCommitOfWhichNothingIsShownIsDoneAgain() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file(Self.first))
    try bench.run()
    try bench.drop("sales-2.csv", Sale.file(Self.second))
    // Something stands where the record is to go, so that the run ends behind its commit.
    let record = URL(filePath: bench.folder + "/archive/records/000002.jsonl")
    var doors = Doors()
    doors.vouchers = { _ in try? Data().write(to: record) }
    #expect(try bench.run(doors: doors).exitCode == 74)
    #expect(bench.files(in: "outbox").allSatisfy { !$0.contains("000002") })
    try bench.remove("archive/records/000002.jsonl")
    try bench.remove(Self.state)
    #expect(refusal { try bench.run() } == "behind")
    let rebuilt = try rebuild(bench)
    #expect(rebuilt.runs == 1)
    #expect(rebuilt.returned.count == 1)
    // Nobody knows its name any more; under its own it is taken.
    let name = try #require(rebuilt.returned.first)
    let text = try bench.read("inbox/" + name)
    #expect(text == Sale.file(Self.second))
    try bench.remove("inbox/" + name)
    try bench.drop("sales-2.csv", text)
    try bench.run()
    #expect(try bench.vouchers().debits("1122") == 11300 + 2260 + 1130 + 3390)
    #expect(try verify(bench).findings.isEmpty)
  }
}
