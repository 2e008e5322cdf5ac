import Findings
import Foundation
import State
import Testing

@testable import Batch

/// What happens after the commit, and what can be in its way.
@Suite struct PublishingTests {
  private static func sale(_ no: String) -> Sale { CommitProtocolTests.sale(no) }

  private static let name = "main_sales_2026-03_000001.csv"

  @Test func aForeignFileInTheWayIsLeftAloneAndTheRestGoesOn() throws {
    let bench = try Bench()
    try bench.workspace.prepare()
    try bench.write("outbox/" + Self.name, "somebody's own\n")
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    for attempt in 1...2 {
      let outcome = try bench.run()
      #expect(outcome.exitCode == 74, "attempt \(attempt)")
      #expect(outcome.findings.map(\.code) == [.outboxNameTaken])
      #expect(try bench.read("outbox/" + Self.name) == "somebody's own\n")
      #expect(bench.exists("outbox/reconciliation_000001.txt"))
      // The manifest says that all is there.
      #expect(!bench.exists("outbox/manifest_000001.sha256"))
    }
    // Nothing new is begun on top of it.
    try bench.drop("sales-2.csv", Sale.file([Self.sale("S2")]))
    let blocked = try bench.run()
    #expect(blocked.exitCode == 74)
    #expect(blocked.inboxWaits == 1)
    #expect(blocked.unpublished == [Self.name, "manifest_000001.sha256"])
    #expect(bench.files(in: "inbox") == ["sales-2.csv"])
    let status = try WorkspaceStatus(bench.workspace)
    #expect(status.blocked == ["outbox/" + Self.name])
    #expect(status.needsPerson)
    let clock = try #require(RunClock(fixed: Bench.clock))
    let verification = try bench.unlocked { try Verification(bench.workspace, clock: clock) }
    #expect(verification.findings.map(\.code) == [.outboxNameTaken])

    try bench.remove("outbox/" + Self.name)
    #expect(try bench.run().exitCode == 0)
    #expect(bench.exists("outbox/manifest_000001.sha256"))
    #expect(try bench.vouchers().debits("1122") == 2 * 11300)
    #expect(bench.files(in: "archive").contains("2026/03/21/000001/1_sales-1.csv"))
    #expect(try bench.state { try $0.unfinishedRuns() }.isEmpty)
    #expect(bench.files(in: ".tallyman/staging").isEmpty)
  }

  /// Finance takes a file as soon as it sees it; then it is never made again.
  @Test func aFileThatFinanceHasTakenIsNotMadeAgain() throws {
    let bench = try Bench()
    try bench.workspace.prepare()
    try bench.write("outbox/reconciliation_000001.txt", "in the way\n")
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    #expect(try bench.run().exitCode == 74)
    try bench.remove("outbox/" + Self.name)
    try bench.remove("outbox/reconciliation_000001.txt")
    #expect(try bench.run().exitCode == 0)
    #expect(!bench.exists("outbox/" + Self.name))
    #expect(bench.exists("outbox/manifest_000001.sha256"))
  }

  @Test func theManifestTellsEveryFile() throws {
    let bench = try Bench()
    try bench.drop(
      "sales-1.csv", Sale.file([Self.sale("S1"), Sale(no: "S2", rows: [Sale.Row(amount: nil)])]))
    try bench.run()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = ["--check", "--strict", "--quiet", "manifest_000001.sha256"]
    process.currentDirectoryURL = URL(filePath: bench.folder + "/outbox")
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let manifest = try bench.read("outbox/manifest_000001.sha256")
    for name in bench.files(in: "outbox") where !name.hasPrefix("manifest") {
      #expect(manifest.contains("  \(name)\n"))
    }
  }

  // MARK: - What brings the program down

  /// What a run leaves that crashes while it parses the first file.
  private func crash(_ bench: Bench) throws {
    try bench.write(".tallyman/parsing", "1 1")
    try bench.write(".tallyman/crashed", "")
  }

  @Test func aFileThatBroughtTheProgramDownTwiceIsPutAside() throws {
    let bench = try Bench()
    let text = Sale.file([Self.sale("S1")])
    try bench.drop("sales-1.csv", text)
    try bench.drop("sales-2.csv", Sale.file([Self.sale("S2")]))
    try bench.plan()
    try crash(bench)
    // Once is not enough: it is read again, and this run is only asked to stop.
    #expect(throws: WorldError.self) { try bench.run(stop: { true }) }
    #expect(try bench.state { try $0.files(of: 1) }.map(\.phase) == [.taken, .taken])
    try crash(bench)
    let outcome = try bench.run()
    #expect(outcome.exitCode == 10)
    #expect(outcome.findings.map(\.code) == [.fileQuarantined])
    #expect(try bench.vouchers().map(\.source).contains("S2"))
    #expect(try !bench.vouchers().map(\.source).contains("S1"))
    #expect(try bench.read(".tallyman/quarantine/000001-1-sales-1.csv") == text)
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("file-quarantined"))
    // A person is told until the file is taken away.
    #expect(try bench.run().exitCode == 10)
    try bench.remove(".tallyman/quarantine/000001-1-sales-1.csv")
    #expect(try bench.run().exitCode == 0)
  }

  /// Killed from outside is not crashed.
  @Test func aRunThatWasKilledPutsNoFileAside() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    try bench.plan()
    for _ in 1...3 {
      try bench.write(".tallyman/parsing", "1 1")
      #expect(throws: WorldError.self) { try bench.run(stop: { true }) }
    }
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().debits("1122") == 11300)
  }

  /// Stopped after the file was marked and before it was moved: the same log, and its bytes are not lost.
  @Test func quarantineIsCarriedOutByTheNextRun() throws {
    let bench = try Bench()
    let text = Sale.file([Self.sale("S1")])
    try bench.drop("sales-1.csv", text)
    try bench.drop("sales-2.csv", Sale.file([Self.sale("S2")]))
    try bench.plan()
    for _ in 1...2 {
      try crash(bench)
      #expect(throws: WorldError.self) { try bench.run(stop: { true }) }
    }
    #expect(try bench.state { try $0.files(of: 1) }.map(\.phase) == [.quarantined, .taken])
    let outcome = try bench.run()
    #expect(outcome.exitCode == 10)
    #expect(try bench.read(".tallyman/quarantine/000001-1-sales-1.csv") == text)
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("file-quarantined"))
  }

  // MARK: - Several file systems

  static let areTwo: Bool = {
    var (a, b) = (stat(), stat())
    return stat("/dev/shm", &a) == 0 && stat(NSTemporaryDirectory(), &b) == 0 && a.st_dev != b.st_dev
  }()

  /// A folder on the other file system, with a link to it in the workspace.
  private func elsewhere(_ name: String, of bench: Bench) throws -> String {
    let folder = NSTemporaryDirectory() + "tallyman-elsewhere-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if bench.exists(name) { try bench.remove(name) }
    try FileManager.default.createSymbolicLink(atPath: bench.folder + "/" + name, withDestinationPath: folder)
    return folder
  }

  @Test(.enabled(if: areTwo), arguments: ["outbox", "archive", ".tallyman"])
  func whatIsRenamedMustBeOnOneFileSystem(name: String) throws {
    let bench = try Bench()
    let folder = try elsewhere(name, of: bench)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    let error = #expect(throws: WorldError.self) { try bench.run() }
    guard case .severalFileSystems? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.exitCode == 74)
    #expect(bench.files(in: "inbox") == ["sales-1.csv"])
  }

  @Test(.enabled(if: areTwo)) func theInboxMayBeElsewhere() throws {
    let bench = try Bench()
    let folder = try elsewhere("inbox", of: bench)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = Sale.file([Self.sale("S1")])
    try bench.drop("sales-1.csv", text)
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.read("archive/2026/03/21/000001/1_sales-1.csv") == text)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    #expect(try bench.vouchers().debits("1122") == 11300)
    #expect(bench.files(in: ".tallyman/taken").isEmpty)
  }
}
