import Findings
import Foundation
import State
import Testing

@testable import Batch

/// Which files of the inbox are taken, and which are left for later or for a person.
@Suite struct InboxTests {
  private static let text = Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])]
  )

  /// Each ends as documented, and the good file beside it is posted in the same run.
  @Test(arguments: InboxCase.all) func whatPeopleDrop(_ given: InboxCase) throws {
    let bench = try Bench()
    try given.prepare(bench)
    try bench.drop("sales-good.csv", InboxCase.good)
    if let change = given.afterPlan {
      // The run plans, and can't take: what it planned has changed when the next one goes on.
      let blocked = ".tallyman/taken/000001"
      try bench.workspace.prepare()
      try bench.write(blocked, "")
      #expect(throws: WorldError.self) { try bench.run() }
      try bench.remove(blocked)
      try change(bench)
    }
    nonisolated(unsafe) var change = given.whileRead
    var broken: (any Error)?
    let outcome = try bench.run(progress: { _, rows, _ in
      guard rows > 0, let once = change else { return }
      change = nil
      do { try once(bench) } catch { broken = error }
    })
    #expect(broken == nil)
    #expect(change == nil)
    #expect(outcome.findings.map(\.code) == given.findings)
    #expect(outcome.waiting.map(\.reason) == given.waiting)
    #expect(outcome.exitCode == (given.findings.isEmpty ? 0 : 10))
    let left = try System.names(in: bench.workspace.inbox).map { String(decoding: $0, as: UTF8.self) }
    #expect(left == given.stays)
    // The rest of the inbox is done in the same run.
    #expect(try bench.vouchers().contains { $0.source.contains("G1") || $0.memo.contains("G1") })
    let log = try bench.read("outbox/reconciliation_000001.txt")
    for code in given.logged { #expect(log.contains("[\(code.rawValue)]"), "\(log)") }
    #expect(!log.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    let archive = try System.names(in: bench.workspace.archive / "2026/03/21/000001")
      .map { String(decoding: $0, as: UTF8.self) }
    #expect(archive.filter { !$0.contains("sales-good.csv") } == given.archived)
    // Nothing is stuck between inbox and archive.
    #expect(bench.files(in: ".tallyman/taken") == [])
    #expect(try bench.state { try $0.unfinishedRuns() }.isEmpty)
  }

  /// What was put back is taken when it is quiet.
  @Test func whatIsPutBackComesAgain() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", InboxCase.text)
    var isChanged = false
    try bench.run(progress: { _, rows, _ in
      guard rows > 0, !isChanged else { return }
      isChanged = true
      try? bench.changeTaken(1) {
        lseek($0, 0, SEEK_END)
        write($0, "\n", 1)
      }
    })
    #expect(try bench.vouchers().isEmpty)
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().debits("1122") == 11300)
    #expect(bench.files(in: "inbox").isEmpty)
  }

  /// A run that dies between writing down that a file goes back and putting it back.
  @Test func whatWasToGoBackGoesBackLater() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", InboxCase.text)
    // Taken, and stopped before it is read.
    #expect(throws: WorldError.self) { try bench.run(stop: { true }) }
    let state = try StateStore.open(at: bench.workspace.state.description)
    try state.markTaken(run: 1, phases: [1: .replaced])
    try state.close()
    #expect(bench.exists(".tallyman/taken/000001/1"))
    #expect(try bench.run().exitCode == 0)
    #expect(bench.files(in: ".tallyman/taken").isEmpty)
    #expect(try bench.vouchers().debits("1122") == 11300)
  }

  /// A power cut while files were taken, or given back, can leave them under both names: each is one file all the same.
  @Test(arguments: [FilePhase.planned, .replaced]) func whatHasBothNamesIsOneFile(phase: FilePhase) throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", InboxCase.text)
    try bench.drop("sales-1.csv.ok", "")
    #expect(throws: WorldError.self) { try bench.run(stop: { true }) }
    let state = try StateStore.open(at: bench.workspace.state.description)
    try state.markTaken(run: 1, phases: [1: phase])
    try state.close()
    for (taken, name) in [("1", "sales-1.csv"), ("1.ok", "sales-1.csv.ok")] {
      #expect(link("\(bench.folder)/.tallyman/taken/000001/\(taken)", "\(bench.folder)/inbox/\(name)") == 0)
    }
    #expect(try bench.run().exitCode == 0)
    #expect(bench.files(in: "inbox").isEmpty)
    #expect(bench.files(in: ".tallyman/taken").isEmpty)
    #expect(try bench.vouchers().debits("1122") == 11300)
    let run = phase == .planned ? 1 : 2
    #expect(
      bench.files(in: "archive/2026") == ["", ".ok"].map { "03/21/00000\(run)/1_sales-1.csv" + $0 })
  }

  @Test func theSameNameTwiceADay() throws {
    let bench = try Bench()
    for no in ["S1", "S2"] {
      try bench.drop("sales-1.csv", InboxCase.text.replacing("S1", with: no))
      #expect(try bench.run().exitCode == 0)
    }
    #expect(
      bench.files(in: "archive/2026") == ["03/21/000001/1_sales-1.csv", "03/21/000002/1_sales-1.csv"])
  }

  /// A file that somebody has open for writing since before it was planned or taken is not finished. Only those systems
  /// can tell that have leases for this file.
  @Test func anOpenWriterIsSeen() throws {
    let bench = try Bench()
    try bench.drop("sales-good.csv", InboxCase.good)
    try bench.drop("sales-1.csv", InboxCase.text)
    let writer = try Writer("\(bench.folder)/inbox/sales-1.csv")
    try bench.waitForWriters(but: "sales-1.csv")
    let outcome = try Pipeline(bench.workspace, clock: RunClock()).run()
    #expect(outcome.waiting == [WaitingFile(Array("sales-1.csv".utf8), .written)])
    #expect(try bench.vouchers().debits("1122") == 22600)
    try writer.end()
    #expect(try bench.run().waiting.isEmpty)
    #expect(try bench.vouchers().debits("1122") == 22600 + 11300)
  }

  @Test func aWriterThatCameAfterThePlanIsSeen() throws {
    let bench = try Bench()
    try bench.drop("sales-good.csv", InboxCase.good)
    try bench.drop("sales-1.csv", InboxCase.text)
    try bench.workspace.prepare()
    try bench.write(".tallyman/taken/000001", "")
    #expect(throws: WorldError.self) { try bench.run() }
    try bench.remove(".tallyman/taken/000001")
    let writer = try Writer("\(bench.folder)/inbox/sales-1.csv")
    try bench.waitForWriters(but: "sales-1.csv")
    let outcome = try Pipeline(bench.workspace, clock: RunClock()).run()
    #expect(outcome.runs.count == 1)
    #expect(try bench.vouchers().debits("1122") == 22600)
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("[file-replaced]"))
    #expect(bench.files(in: "inbox") == ["sales-1.csv"])
    try writer.end()
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().debits("1122") == 22600 + 11300)
  }

  @Test func anUnknownFileStaysAndTheRestGoesOn() throws {
    let bench = try Bench()
    try bench.drop("notes.txt", "nothing to post\n")
    try bench.drop("sales-1.csv", Self.text)
    try bench.drop("sales-2.csv", "no,day\nS9,2026-03-01\n")
    let outcome = try bench.run()
    #expect(outcome.exitCode == 10)
    #expect(
      outcome.findings.map(\.code) == [.fileUnrecognised, .fileUnrecognised]
        + .init(repeating: .columnMissing, count: 8))
    #expect(outcome.findings[0].message(in: .english) == "no interface takes this file")
    // What comes nearest, and what it misses.
    #expect(
      outcome.findings[1].message(in: .english)
        == "no interface takes this file; nearest: sales, which misses: state, buyer, class, quantity, unit_name, amount, tax_amount, cost_amount"
    )
    #expect(try bench.vouchers().debits("1122") == 11300)
    #expect(bench.files(in: "inbox") == ["notes.txt", "sales-2.csv"])
    // It is said by every run, until somebody takes it away.
    #expect(try bench.run().exitCode == 10)
  }

  @Test func filesAreTakenInOrderOfTheirNamesBytes() throws {
    let bench = try Bench()
    for name in ["sales-b.csv", "sales-B.csv", "sales-10.csv", "sales-9.csv", "sales-é.csv"] {
      try bench.drop(name, Self.text)
    }
    try bench.run()
    let files = try bench.state { try $0.files(of: 1) }.map { String(decoding: $0.name, as: UTF8.self) }
    #expect(files == ["sales-10.csv", "sales-9.csv", "sales-B.csv", "sales-b.csv", "sales-é.csv"])
    #expect(try bench.log(run: 1).amount("documents", "repeated") == 4)
  }

  @Test func aFileMustBeLeftAloneForAWhile() throws {
    let bench = try Bench()
    let settings = try bench.read("mappings/workspace.yaml")
    try bench.write("mappings/workspace.yaml", settings.replacing("settle: 0", with: "settle: 3600"))
    try bench.drop("sales-1.csv", Self.text)
    let outcome = try bench.run()
    #expect(outcome.waiting == [WaitingFile(Array("sales-1.csv".utf8), .written)])
    #expect(outcome.runs.isEmpty)
    #expect(outcome.exitCode == 0)
    try bench.write("mappings/workspace.yaml", settings.replacing("settle: 0", with: "settle: 1"))
    sleep(2)
    #expect(try bench.run().runs.count == 1)
  }
}

/// Another process that has a file open for appending, as one that still writes it.
private struct Writer {
  private let process = Process()
  private let input = Pipe()

  init(_ path: String) throws {
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "exec 3>>\"$1\"; echo ready; read line", "sh", path]
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    #expect(output.fileHandleForReading.availableData.starts(with: Array("ready".utf8)))
  }

  func end() throws {
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}

/// More files than a process may have open.
@Suite struct ManyFilesTests {
  @Test func moreFilesThanARunMayOpenAreDoneByTheNextAtOnce() throws {
    let bench = try Bench()
    for number in 1...7 {
      try bench.drop(
        "sales-\(number).csv",
        Sale.file([Sale(no: "S\(number)", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])]))
    }
    var pipeline = Pipeline(bench.workspace, clock: try #require(RunClock(fixed: Bench.clock)))
    pipeline.filesAtOnce = 3
    let outcome = try pipeline.run()
    #expect(outcome.exitCode == 0)
    #expect(outcome.runs.map(\.number) == [1, 2, 3])
    #expect(try bench.vouchers().debits("1122") == 7 * 11300)
    #expect(bench.files(in: "inbox").isEmpty)
  }
}
