import Findings
import Foundation
import State
import Testing

@testable import Batch

/// What tells that something was posted, when the state that knew it and the records of the commits are gone.
@Suite struct LostStateTests {
  private static let sales = [
    Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)]),
    Sale(no: "S2", rows: [Sale.Row(amount: 2260, tax: 260, cost: 1000)]),
  ]
  private static let clock = RunClock(fixed: Bench.clock)

  /// Two runs on two days, a sale each.
  private func twoRuns() throws -> Bench {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.sales[0]]))
    try bench.run()
    try bench.drop("sales-2.csv", Sale.file([Self.sales[1]]))
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    return bench
  }

  private func rebuild(_ bench: Bench) throws -> Rebuild {
    let clock = try #require(Self.clock)
    return try bench.unlocked { try Rebuild(bench.workspace, clock: clock) }
  }

  private func behind(
    _ body: () throws -> Void
  ) throws -> (knows: Int, run: Int, path: String, canRebuild: Bool) {
    let error = #expect(throws: WorldError.self) { try body() }
    guard let error, case .stateBehind(let knows, let run, let path, let canRebuild) = error else {
      throw try #require(error)
    }
    #expect(error.exitCode == 74)
    for language in Language.allCases {
      #expect(error.message(in: language).contains("tallyman rebuild") == canRebuild)
    }
    return (knows, run, path, canRebuild)
  }

  /// Every command that reads the state, by name.
  private func reading(_ bench: Bench) throws -> [(String, () throws -> Void)] {
    let (workspace, now) = (bench.workspace, try #require(Self.clock))
    return [
      ("status", { _ = try WorkspaceStatus(workspace) }),
      ("log", { _ = try RunEntry.last(10, of: workspace) }),
      ("holds", { _ = try WaitingList.held(workspace, now: now) }),
      ("rejects", { _ = try WaitingList.rejected(workspace, now: now) }),
      ("codes missing", { _ = try MissingCodes(workspace, now: now) }),
    ]
  }

  /// Demands that nothing is posted again, and that nobody says that all is well.
  private func refuses(
    _ bench: Bench, knows: Int = 0, _ found: String, of run: Int = 2, isProven: Bool = false
  ) throws {
    let outbox = bench.files(in: "outbox")
    try bench.drop("sales-again.csv", Sale.file(Self.sales))
    for (name, command) in try reading(bench) + [("run", { try bench.run() })] {
      let refused = try behind { try command() }
      #expect(refused.knows == knows, "\(name)")
      #expect((refused.run, refused.path) == (run, found), "\(name)")
      #expect(refused.canRebuild == isProven, "\(name)")
    }
    #expect(bench.files(in: "outbox") == outbox)
    #expect(bench.files(in: "inbox") == ["sales-again.csv"])
    #expect(
      try bench.verify().findings.contains { $0.code == .stateBehind && $0.arguments[1] == found })
    if isProven { return }
    let error = #expect(throws: WorldError.self) { _ = try rebuild(bench) }
    guard case .rebuildRefused(let findings)? = error else { throw try #require(error) }
    #expect(findings.map(\.code) == [.recordMissing])
  }

  @Test func whatLiesInTheOutbox() throws {
    let bench = try twoRuns()
    for folder in [".tallyman", "archive"] { try bench.remove(folder) }
    try refuses(bench, "outbox/manifest_000002.sha256")
    // Finance has taken what is for it.
    for name in bench.files(in: "outbox") where !name.hasPrefix("reconciliation_000001") {
      try bench.remove("outbox/" + name)
    }
    try bench.remove("inbox/sales-again.csv")
    try refuses(bench, "outbox/reconciliation_000001.csv", of: 1)
  }

  @Test func whatLiesInTheArchive() throws {
    let bench = try twoRuns()
    for folder in [".tallyman", "outbox", "archive/records"] { try bench.remove(folder) }
    try refuses(bench, "archive/entries/000002.entries")
    try bench.remove("archive/entries")
    try bench.remove("inbox/sales-again.csv")
    try refuses(bench, "archive/2026/03/22/000002")
  }

  /// With whole records it can be made again, with a part of them not.
  @Test func onlyWhatCanBeDoneIsPromised() throws {
    let bench = try twoRuns()
    try bench.remove(".tallyman")
    try refuses(bench, "archive/records/000002.jsonl", isProven: true)
    try bench.remove("inbox/sales-again.csv")
    try bench.remove("archive/records/000001.jsonl")
    try refuses(bench, "archive/records/000002.jsonl")
  }

  /// A state of yesterday, restored when the records of today were lost too.
  @Test func anOlderStateWithoutRecords() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.sales[0]]))
    try bench.run()
    let yesterday = try Data(contentsOf: URL(filePath: bench.folder + "/.tallyman/state.sqlite"))
    try bench.drop("sales-2.csv", Sale.file([Self.sales[1]]))
    try bench.run()
    try yesterday.write(to: URL(filePath: bench.folder + "/.tallyman/state.sqlite"))
    try bench.remove("archive/records/000002.jsonl")
    try refuses(bench, knows: 1, "archive/entries/000002.entries")
    for folder in ["archive/entries", "outbox"] { try bench.remove(folder) }
    try bench.remove("inbox/sales-again.csv")
    try refuses(bench, knows: 1, "archive/2026/03/21/000002")
  }

  /// Nobody has posted here: empty folders, and what is not ours.
  @Test func aWorkspaceThatBeginsIsNotRefused() throws {
    let bench = try Bench()
    for (_, command) in try reading(bench) { try command() }
    try bench.workspace.prepare()
    try bench.write("outbox/manifest_000007.sha256", "somebody's own\n")
    try bench.write("outbox/reconciliation_000007.csv", "somebody's own\n")
    for folder in ["archive/2025/12/31/old", "archive/2025/12/000031", "archive/000004"] {
      try FileManager.default.createDirectory(
        atPath: bench.folder + "/" + folder, withIntermediateDirectories: true)
    }
    try bench.write("archive/2026", "no folder")
    try bench.write("archive/entries/notes.entries", "")
    for (_, command) in try reading(bench) { try command() }
    #expect(try bench.run().exitCode == 0)
  }

  /// As the remedy has it: all three are moved aside.
  @Test func whoWantsToMayBeginAnew() throws {
    let bench = try twoRuns()
    try bench.remove(".tallyman")
    for folder in ["archive", "outbox"] {
      try FileManager.default.moveItem(
        atPath: bench.folder + "/" + folder, toPath: bench.folder + "/\(folder).aside")
    }
    try bench.drop("sales-again.csv", Sale.file(Self.sales))
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().debits("1122") == 11300 + 2260)
  }

  /// Taken, and not committed, when the state was lost: nothing is posted, and the file goes back.
  @Test func theFirstRunOfAll() throws {
    let bench = try Bench()
    let text = Sale.file(Self.sales)
    try bench.drop("sales-1.csv", text)
    #expect(throws: WorldError.self) { try bench.run(stop: { true }) }
    try bench.remove(".tallyman/state.sqlite")
    #expect(try behind { try bench.run() }.canRebuild)
    let rebuilt = try rebuild(bench)
    #expect(rebuilt.runs == 0)
    #expect(try rebuilt.returned.map { try bench.read("inbox/" + $0) } == [text])
    // Of a later run the work alone proves that there were others.
    try bench.remove(".tallyman/state.sqlite")
    try FileManager.default.createDirectory(
      atPath: bench.folder + "/.tallyman/taken/000003", withIntermediateDirectories: true)
    #expect(try !behind { try bench.run() }.canRebuild)
    #expect(throws: WorldError.self) { _ = try rebuild(bench) }
  }

  // MARK: - Records that are lost while the state is sound

  @Test func lostRecordsAreSaidByEveryRun() throws {
    let bench = try twoRuns()
    try bench.remove("archive/records")
    for _ in 0..<2 {
      let outcome = try bench.run()
      #expect(outcome.exitCode == 10)
      #expect(outcome.findings.map(\.code) == [.recordMissing])
      #expect(outcome.findings.first?.arguments == ["1"])
      let status = try WorkspaceStatus(bench.workspace)
      #expect(status.needsPerson)
      #expect(status.missingRecord == 1)
      let verification = try bench.verify()
      #expect(verification.findings.map(\.code) == [.recordMissing])
      #expect(verification.runs == 0 && !verification.isWhole)
      try bench.drop("sales-again.csv", Sale.file(Self.sales))
    }
    #expect(try bench.vouchers().debits("1122") == 11300 + 2260, "the state still knows what is posted")
  }

  /// Up to the gap the records still prove what they prove.
  @Test func whatStandsBeforeTheGapIsCompared() throws {
    let bench = try twoRuns()
    try bench.remove("archive/records/000002.jsonl")
    try bench.remove("archive/2026/03/21/000001/1_sales-1.csv")
    let verification = try bench.verify()
    #expect(verification.findings.map(\.code) == [.recordMissing, .archivedFileMissing])
    #expect(verification.runs == 1 && !verification.isWhole)
    #expect(try bench.run().findings.first?.arguments == ["2"])
  }

  /// Killed behind the commit: its record still waits, and is not lost.
  @Test func aRecordThatIsStillToBePublishedIsNotLost() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file(Self.sales))
    let record = bench.folder + "/archive/records/000001.jsonl"
    var doors = Doors()
    doors.vouchers = { _ in try? Data().write(to: URL(filePath: record)) }
    #expect(try bench.run(doors: doors).exitCode == 74)
    try bench.remove("archive/records/000001.jsonl")
    let verification = try bench.verify()
    #expect(verification.findings.isEmpty && !verification.isWhole)
    #expect(try WorkspaceStatus(bench.workspace).missingRecord == nil)
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.verify().isWhole)
  }

  @Test func whatRebuildSaysOfARecordNamesItsRun() throws {
    let bench = try twoRuns()
    let record = "archive/records/000002.jsonl"
    try bench.write(record, bench.read(record) + "{}\n")
    let error = #expect(throws: WorldError.self) { _ = try rebuild(bench) }
    guard case .rebuildRefused(let findings)? = error else { throw try #require(error) }
    #expect(findings.map(\.code) == [.recordChanged])
    #expect(findings.first?.arguments.first == "2")
    #expect(findings.first?.place.file == record)
  }

  @Test func whatFinanceHasCollectedIsNoFault() throws {
    let bench = try twoRuns()
    let names = bench.files(in: "outbox")
    for name in names { try bench.remove("outbox/" + name) }
    let verification = try bench.verify()
    #expect(verification.findings.isEmpty)
    #expect(verification.isWhole)
    #expect(verification.collected == names.count)
    #expect(verification.published == 0)
    #expect(try bench.run().exitCode == 0)
  }

  /// Of the last record no later one has the digest.
  @Test func aLastRecordThatWasChangedIsNotBelieved() throws {
    let bench = try twoRuns()
    let record = "archive/records/000002.jsonl"
    let text = try bench.read(record)
    try bench.remove(".tallyman")
    for (old, new) in [("\"firstKey\":\"S2\"", "\"firstKey\":\"S3\""), ("\"last\":2", "\"last\":1")] {
      #expect(text.contains(old))
      try bench.write(record, text.replacing(old, with: new))
      let error = #expect(throws: WorldError.self) { _ = try rebuild(bench) }
      guard case .rebuildRefused(let findings)? = error else { throw try #require(error) }
      #expect(findings.map(\.code) == [.recordChanged])
    }
    try bench.write(record, text)
    #expect(try rebuild(bench).runs == 2)
  }

  /// A name in the archive that somebody else has is as much in the way as one in the outbox.
  @Test func whatIsInTheWayInTheArchiveIsNamed() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.sales[0]]))
    let path = "archive/2026/03/21/000001/1_sales-1.csv"
    let file = URL(filePath: bench.folder + "/" + path)
    var doors = Doors()
    doors.vouchers = { _ in
      try? FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try? Data("somebody's own\n".utf8).write(to: file)
    }
    #expect(try bench.run(doors: doors).exitCode == 74)
    #expect(try WorkspaceStatus(bench.workspace).blocked == [path])
    #expect(try bench.verify().findings.map(\.place.file) == [path])
    try bench.remove(path)
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.verify().findings.isEmpty)
  }
}
