import Findings
import Foundation
import State
import Testing

@testable import Batch

/// Which files of the inbox are taken, and which are left for later or for a person.
@Suite struct InboxTests {
  private static let text = Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])]
  )

  @Test(arguments: [
    "sales.csv.part", "sales.CSV.PART", "sales.csv.tmp", "sales.csv.crdownload", "~$sales.csv", ".sales.csv",
  ])
  func namesThatSayNotYet(name: String) throws {
    let bench = try Bench()
    try bench.drop(name, Self.text)
    let outcome = try bench.run()
    #expect(outcome.runs.isEmpty)
    #expect(outcome.findings.isEmpty)
    #expect(outcome.exitCode == 0)
    #expect(bench.exists("inbox/" + name))
  }

  @Test func subfoldersAreLookedInto() throws {
    let bench = try Bench()
    try FileManager.default.createDirectory(
      atPath: bench.folder + "/inbox/store 3/march", withIntermediateDirectories: true)
    try bench.drop("store 3/march/sales-1.csv", Self.text)
    #expect(try bench.run().exitCode == 0)
    #expect(bench.files(in: "archive").contains("2026/03/21/000001/1_store 3_march_sales-1.csv"))
    #expect(bench.files(in: "inbox").isEmpty)
  }

  @Test func whatIsNoFileStays() throws {
    let bench = try Bench()
    try bench.write("elsewhere.csv", Self.text)
    let inbox = bench.folder + "/inbox/"
    try FileManager.default.createSymbolicLink(
      atPath: inbox + "sales-link.csv", withDestinationPath: bench.folder + "/elsewhere.csv")
    #expect(mkfifo(inbox + "sales-pipe.csv", 0o600) == 0)
    try bench.drop("sales-empty.csv", "")
    let outcome = try bench.run()
    #expect(outcome.runs.isEmpty)
    #expect(outcome.findings.map(\.code) == [.fileEmpty, .fileNotRegular, .fileNotRegular])
    #expect(outcome.exitCode == 10)
    #expect(try bench.read("elsewhere.csv") == Self.text)
  }

  @Test func anUnknownFileStaysAndTheRestGoesOn() throws {
    let bench = try Bench()
    try bench.drop("notes.txt", "nothing to post\n")
    try bench.drop("sales-1.csv", Self.text)
    try bench.drop("sales-2.csv", "no,day\nS9,2026-03-01\n")
    let outcome = try bench.run()
    #expect(outcome.exitCode == 10)
    #expect(outcome.findings.map(\.code).contains(.fileUnrecognised))
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

  @Test func aNameThatIsNoTextIsTaken() throws {
    let bench = try Bench()
    let name = Array("sales-".utf8) + [0xD6, 0xD0] + Array(".csv".utf8)
    let descriptor = try System.open(bench.workspace.inbox / name, O_WRONLY | O_CREAT)
    try System.write(Array(Self.text.utf8), to: descriptor, bench.workspace.inbox)
    close(descriptor)
    #expect(try bench.run().exitCode == 0)
    #expect(try System.names(in: bench.workspace.inbox).isEmpty)
    let archived = try System.names(in: bench.workspace.archive / "2026/03/21/000001")
    #expect(archived == [Array("1_".utf8) + name])
  }

  @Test func aFileMustBeLeftAloneForAWhile() throws {
    let bench = try Bench()
    let settings = try bench.read("mappings/workspace.yaml")
    try bench.write("mappings/workspace.yaml", settings.replacing("settle: 0", with: "settle: 3600"))
    try bench.drop("sales-1.csv", Self.text)
    let outcome = try bench.run()
    #expect(outcome.waiting == ["sales-1.csv"])
    #expect(outcome.runs.isEmpty)
    #expect(outcome.exitCode == 0)
    try bench.write("mappings/workspace.yaml", settings.replacing("settle: 0", with: "settle: 1"))
    sleep(2)
    #expect(try bench.run().runs.count == 1)
  }

  /// Only those systems can tell that have leases for this file.
  @Test func aFileThatSomebodyWritesWaits() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Self.text)
    let path = bench.folder + "/inbox/sales-1.csv"
    let writer = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    let pipeline = Pipeline(bench.workspace, clock: RunClock())
    let outcome = try pipeline.run()
    #expect(outcome.waiting == ["sales-1.csv"])
    #expect(outcome.runs.isEmpty)
    close(writer)
    #expect(try bench.run().runs.count == 1)
  }
}
