import Foundation
import Testing

@testable import State

@Suite struct MigrationTests {
  @Test func anEmptyFolderGetsAState() throws {
    let scratch = try Scratch()
    #expect(try StateStore.openToRead(at: scratch.database) == nil)
    let store = try StateStore.open(at: scratch.database)
    #expect(try store.unfinishedRuns().isEmpty)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { $0.contains("before") } == []
    )
  }

  @Test func aMigrationKeepsACopyOfWhatWasThere() throws {
    let scratch = try Scratch()
    let first = try StateStore.open(at: scratch.database)
    try first.commitRun { $0.counters["A-XS-R"] = 7 }
    let before = try first.dump()
    try first.close()

    let known = Migration.all.count
    let next = Migration(statements: "ALTER TABLE run ADD COLUMN host TEXT NOT NULL DEFAULT '';")
    let migrated = try StateStore.open(at: scratch.database, migrations: Migration.all + [next])
    #expect(try migrated.dump() == before)
    try migrated.close()

    #expect(throws: StateError.newer(version: known + 1, known: known)) {
      try StateStore.open(at: scratch.database)
    }
    #expect(throws: StateError.newer(version: known + 1, known: known)) {
      try StateStore.openToRead(at: scratch.database)
    }
    let copy = try #require(try StateStore.openToRead(at: scratch.path + "/state.before-\(known + 1).sqlite"))
    #expect(try copy.dump() == before)
  }

  @Test func aMigrationThatFailsChangesNothing() throws {
    let scratch = try Scratch()
    let first = try StateStore.open(at: scratch.database)
    try first.commitRun { $0.summary = "one" }
    let before = try first.dump()
    try first.close()
    let halfWay = Migration(statements: "DELETE FROM run; INSERT INTO nothing VALUES (1);")
    #expect(throws: StateError.self) {
      try StateStore.open(at: scratch.database, migrations: Migration.all + [halfWay])
    }
    #expect(try StateStore.open(at: scratch.database).dump() == before)
  }

  @Test func whatIsNoDatabaseIsRefused() throws {
    let scratch = try Scratch()
    try Data(repeating: 0x5A, count: 8192).write(to: URL(fileURLWithPath: scratch.database))
    let error = #expect(throws: StateError.self) { try StateStore.open(at: scratch.database) }
    guard case .damaged = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func theStateCanBeReadWhileARunHasIt() throws {
    let scratch = try Scratch()
    let writer = try StateStore.open(at: scratch.database)
    try writer.commitRun { $0.summary = "{}" }
    let reader = try #require(try StateStore.openToRead(at: scratch.database))
    #expect(try reader.lastRuns(5).map(\.number) == [1])
    try writer.commitRun { _ in }
    #expect(try reader.lastRuns(5).map(\.number) == [2, 1])
    try writer.checkpoint()
  }
}
