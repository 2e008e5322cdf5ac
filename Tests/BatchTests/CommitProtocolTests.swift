import Findings
import Foundation
import State
import Testing

@testable import Batch

/// Guard, plan, take, commit: what a run finds that was left by another, and what it refuses.
@Suite struct CommitProtocolTests {
  static func sale(_ no: String) -> Sale {
    Sale(no: no, rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])
  }

  static let later = "2026-04-02T06:00:00+08:00"

  private func documents(_ bench: Bench) throws -> [String] {
    Set(try bench.vouchers().filter { $0.account == "1122" }.map(\.source)).sorted()
  }

  @Test func aPlannedRunIsResumedWithItsNumberClockAndFiles() throws {
    let bench = try Bench()
    try bench.drop("sales-2.csv", Sale.file([Self.sale("S2")]))
    try bench.plan()
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    let outcome = try bench.run(clock: Self.later)
    #expect(outcome.runs.map(\.number) == [1, 2])
    #expect(try bench.state { try $0.lastRuns(2).map(\.clock) } == [Self.later, Bench.clock])
    #expect(try bench.state { try $0.files(of: 1) }.map(\.nameText) == ["sales-2.csv"])
    #expect(bench.files(in: "archive").contains("2026/03/21/000001/1_sales-2.csv"))
    #expect(bench.files(in: "archive").contains("2026/04/02/000002/1_sales-1.csv"))
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains(Bench.clock))
  }

  @Test func aPlannedFileThatVanishedIsWithdrawn() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    try bench.drop("sales-2.csv", Sale.file([Self.sale("S2")]))
    try bench.plan()
    try bench.remove("inbox/sales-1.csv")
    try bench.run()
    #expect(try documents(bench) == ["S2"])
    #expect(try bench.state { try $0.files(of: 1) }.map(\.phase) == [.withdrawn, .taken])
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("file-withdrawn"))
  }

  @Test func aPlannedFileThatChangedIsANewDrop() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    try bench.drop("sales-2.csv", Sale.file([Self.sale("S2")]))
    try bench.plan()
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S3")]))
    let outcome = try bench.run(clock: Self.later)
    #expect(outcome.runs.map(\.number) == [1, 2])
    #expect(try bench.state { try $0.files(of: 1) }.map(\.phase) == [.replaced, .taken])
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("file-replaced"))
    #expect(try documents(bench) == ["S2", "S3"])
  }

  /// A run that died between the rename and the second look.
  @Test func aFileThatWasTakenInPlaceOfThePlannedOneGoesBack() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    try bench.plan()
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S3")]))
    let taken = bench.workspace.taken(run: 1)
    try System.makeFolder(taken)
    #expect(try System.rename(bench.workspace.inbox / "sales-1.csv", to: taken / "1"))
    try bench.run(clock: Self.later)
    #expect(try bench.state { try $0.files(of: 1) }.map(\.phase) == [.replaced])
    #expect(try bench.state { try $0.files(of: 2) }.map(\.phase) == [.taken])
    #expect(try documents(bench) == ["S3"])
  }

  /// Asked to stop at any moment before the commit, a run leaves nothing behind but its plan.
  @Test func stoppedBeforeTheCommitNothingIsPosted() throws {
    let whole = try Bench()
    let files = ["sales-1.csv": Sale.file([Self.sale("S1")]), "sales-2.csv": Sale.file([Self.sale("S2")])]
    for (name, text) in files { try whole.drop(name, text) }
    var moments = 0
    try whole.run(stop: {
      moments += 1
      return false
    })
    #expect(moments > 3)
    let bench = try Bench()
    for (name, text) in files { try bench.drop(name, text) }
    for moment in 1...moments {
      var asked = 0
      let error = #expect(throws: WorldError.self) {
        try bench.run(
          clock: moment == 1 ? Bench.clock : Self.later,
          stop: {
            asked += 1
            return asked == moment
          })
      }
      #expect(error?.exitCode == 75)
      #expect(bench.files(in: "outbox").isEmpty)
      #expect(bench.files(in: "archive/entries").isEmpty)
    }
    // Being stopped is not dying: however often, no file is put aside for it.
    try bench.run(clock: Self.later)
    for name in whole.files(in: "outbox") {
      #expect(try bench.read("outbox/" + name) == whole.read("outbox/" + name))
    }
    #expect(try bench.state { try $0.dump() } == whole.state { try $0.dump() })
  }

  @Test func aSecondRunIsToldWhoHoldsTheLock() throws {
    let bench = try Bench()
    try bench.workspace.prepare()
    let lock = try RunLock(bench.workspace.lock, since: "2026-03-21T05:59:00+08:00")
    let error = #expect(throws: WorldError.self) { try bench.run() }
    #expect(error?.exitCode == 75)
    #expect(error?.message(in: .english).contains("pid \(getpid()), 2026-03-21T05:59:00+08:00") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func aNewerDatabaseIsRefused() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    try bench.run()
    // Its version stands in the file's head.
    let path = URL(filePath: bench.workspace.state.description)
    var bytes = try Data(contentsOf: path)
    bytes[60] = 1
    try bytes.write(to: path)
    try bench.drop("sales-2.csv", Sale.file([Self.sale("S2")]))
    let error = #expect(throws: WorldError.self) { try bench.run() }
    guard case .state(.newer)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.exitCode == 74)
    #expect(try Data(contentsOf: path) == bytes)
    #expect(bench.files(in: "inbox") == ["sales-2.csv"])
  }

  /// A person's command died behind its plan: what it was to do is written down nowhere, and the command is given again.
  @Test func aPlanWithoutFilesIsBegunAnew() throws {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    try bench.run()
    let before = try bench.state { try $0.dump() }
    try bench.plan()
    for folder in ["taken", "staging"] {
      try FileManager.default.createDirectory(
        atPath: "\(bench.folder)/.tallyman/\(folder)/000002", withIntermediateDirectories: true)
    }
    try bench.write(".tallyman/staging/000002/1", "half")
    #expect(try bench.run().runs.isEmpty)
    #expect(try bench.state { try $0.dump() } == before)
    #expect(!bench.files(in: ".tallyman").contains { $0.contains("000002") })
    try bench.drop("sales-2.csv", Sale.file([Self.sale("S2")]))
    #expect(try bench.run().runs.map(\.number) == [2])
  }

  @Test func wrongDefinitionsTouchNothing() throws {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write("mappings/sales.yaml", mapping.replacing("amount: net", with: "amount: nett"))
    try bench.drop("sales-1.csv", Sale.file([Self.sale("S1")]))
    let error = #expect(throws: WorldError.self) { try bench.run() }
    #expect(error?.exitCode == 78)
    #expect(bench.files(in: "inbox") == ["sales-1.csv"])
    #expect(bench.files(in: "outbox").isEmpty)
  }

  @Test func aFolderWithoutMappingsIsNoWorkspace() throws {
    let bench = try Bench()
    try bench.remove("mappings")
    #expect(throws: WorldError.self) { try bench.run() }
    #expect(!bench.exists(".tallyman"))
  }
}

extension Bench {
  /// Writes down what a run would take, and dies.
  func plan() throws {
    try workspace.prepare()
    let state = try StateStore.open(at: workspace.state.description)
    let files = try Inbox(workspace.inbox, settle: 0).files
    _ = try state.plan(clock: Bench.clock, definitions: "") { run in
      files.enumerated().map { index, file in
        RecognisedFile(file: file, interface: "sales").planned(
          run: run, sequence: index + 1, clock: Bench.clock)
      }
    }
    try state.close()
  }
}

extension RunFile {
  var nameText: String { String(decoding: name, as: UTF8.self) }
}
