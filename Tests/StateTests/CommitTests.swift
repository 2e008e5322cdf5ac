import Foundation
import Testing

@testable import State

@Suite struct CommitTests {
  static let identity = FileIdentity(device: .max, inode: 5, size: 12, modified: 99)

  static func file(_ sequence: Int) -> RunFile {
    RunFile(
      sequence: sequence, name: [0x61, 0xFF, 0x2F, 0x62], identity: identity, interface: "sales-issue",
      archiveName: Array("2026/01/31/000001/a".utf8))
  }

  static let held = HeldDocument(
    interface: "sales-issue", key: [1, 2, 3], contentHash: [9], sinceRun: 1, fileName: [0x61],
    encoding: "gb18030", delimiter: 0x3B,
    header: [0xB5, 0xA5], rows: [0, 1, 2], places: [RowPlace(row: 4, line: 7), RowPlace(row: 3, line: 2)],
    causes: [HeldCause(code: "check-failed", arguments: ["客户 “甲” 未建档"])], amounts: "{\"gross\":\"1.00\"}")

  /// Waits for the end of March 2026.
  static let deferred = DeferredDocument(document: held, monthEnd: 20543)

  @Test func aRunGoesFromPlanToDone() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    let number = try store.plan(clock: "c", definitions: "d0", files: [Self.file(1), Self.file(2)])
    #expect(number == 1)
    #expect(try store.unfinishedRuns().map(\.phase) == [.planned])
    try store.markTaken(run: 1, phases: [1: .taken, 2: .withdrawn])
    try store.markAttempts(run: 1, sequence: 1, attempts: 1)
    #expect(try store.files(of: 1).map(\.phase) == [.taken, .withdrawn])
    #expect(try store.files(of: 1)[0].identity == Self.identity)
    #expect(try store.files(of: 1)[0].attempts == 1)

    var decision = RunDecision(definitions: "d1")
    decision.needsPerson = true
    decision.files = [FileOutcome(sequence: 1, sha256: [7], outcome: "{}")]
    decision.heldPut = [Self.held]
    decision.counters = ["A-XS-R": 17]
    decision.digests = [FileDigest(sha256: [7], sequence: 1, settled: false, definitions: "d1")]
    decision.summary = "{\"posted\":1}"
    let publication = Publication(sequence: 1, kind: .voucher, name: "凭证.csv", sha256: [8], size: 3)
    try store.commit(run: 1, decision, publications: [publication])

    #expect(try store.unfinishedRuns().map(\.phase) == [.committed])
    try store.markDone(run: 1)
    #expect(try store.unfinishedRuns().isEmpty)
    #expect(
      try store.run(1)
        == RunRecord(
          number: 1, clock: "c", phase: .done, definitions: "d1", needsPerson: true, summary: "{\"posted\":1}"
        ))
    #expect(try store.publications(of: 1) == [publication])
    #expect(try store.heldDocument("sales-issue", key: [1, 2, 3]) == Self.held)
    #expect(try store.heldSummary() == [HeldSummary(interface: "sales-issue", count: 1, oldestRun: 1)])
    #expect(try store.counter("A-XS-R") == 17 && store.counter("A-XS-C") == 0)
    #expect(try store.digest(of: [7])?.run == 1)
    #expect(try store.digest(of: [8]) == nil)
  }

  @Test func aHeldDocumentIsReplacedAndReleased() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    try store.commitRun { $0.heldPut = [Self.held] }
    var other = Self.held
    other.contentHash = [10]
    try store.commitRun {
      $0.heldRemoved = [HeldKey(interface: other.interface, key: other.key)]
      $0.heldPut = [other]
    }
    #expect(try store.heldDocuments(of: "sales-issue") == [other])
    try store.commitRun { $0.heldRemoved = [HeldKey(interface: other.interface, key: other.key)] }
    #expect(try store.heldDocuments(of: "sales-issue").isEmpty)
  }

  @Test func aDeferredDocumentIsGivenWhenItsMonthIsOver() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    try store.commitRun { $0.deferredPut = [Self.deferred] }
    #expect(try store.deferredDocuments(of: "sales-issue", endedBy: 20542).isEmpty)
    #expect(try store.deferredDocuments(of: "sales-issue", endedBy: 20543) == [Self.held])
    #expect(
      try store.deferredSummary() == [
        DeferredSummary(interface: "sales-issue", monthEnd: 20543, count: 1)
      ])
    // It is not one of the held ones.
    #expect(try store.heldDocuments(of: "sales-issue").isEmpty && store.heldSummary().isEmpty)
    var other = Self.deferred
    other.document.contentHash = [10]
    try store.commitRun {
      $0.deferredRemoved = [HeldKey(interface: "sales-issue", key: [1, 2, 3])]
      $0.deferredPut = [other]
    }
    #expect(try store.deferredDocument("sales-issue", key: [1, 2, 3]) == other.document)
    try store.prove()
    try store.commitRun { $0.deferredRemoved = [HeldKey(interface: "sales-issue", key: [1, 2, 3])] }
    #expect(try store.deferredSummary().isEmpty)
  }

  @Test func aCommitThatFailsLeavesNothing() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    let number = try store.plan(clock: "c", definitions: "d", files: [Self.file(1)])
    let before = try store.dump()
    var columns = DocumentColumns(postings: 1)
    columns.append(key: [1].span, run: 1, file: 1, row: 1, year: 2026)
    var decision = RunDecision(definitions: "d")
    decision.counters = ["A-XS-R": 1]
    decision.registers = [RegisterChange(interface: "s", postings: ["R"], documents: columns)]
    // A held document of a run that does not exist breaks a foreign key when the transaction ends.
    decision.heldPut = [Self.held]
    decision.heldPut[0].sinceRun = 99
    #expect(throws: StateError.self) { try store.commit(run: number, decision, publications: []) }
    #expect(try store.dump() == before)
    decision.heldPut = []
    try store.commit(run: number, decision, publications: [])
    #expect(try store.dump() != before)
  }

  @Test func theDumpLeavesOutWhatIsNoDecision() throws {
    var dumps: [String] = []
    for order in [[1, 2], [2, 1]] {
      let scratch = try Scratch()
      let store = try StateStore.open(at: scratch.database)
      if order == [2, 1] { try store.heartbeat("now") }
      for run in 1...2 {
        var columns = DocumentColumns(postings: 1)
        for number in order {
          columns.append(key: [UInt8(number)].span, run: run, file: 1, row: number, year: 2026)
        }
        try store.commitRun {
          $0.registers = [RegisterChange(interface: "s", postings: ["R"], documents: columns)]
        }
      }
      dumps.append(try store.dump())
    }
    #expect(dumps[0] == dumps[1])
    #expect(dumps[0].contains("# documents of s"))
  }
}
