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

  /// A state of version 4 with a held and a deferred document, sealed and summed as that version did: they keep their proof, and
  /// one whose seal was broken before is not sealed anew.
  @Test(arguments: [true, false]) func heldDocumentsOfVersionFourAreSealedAnew(_ isSound: Bool) throws {
    let scratch = try Scratch()
    let values = "'sales', x'41', x'01', 1, x'61', 'utf-8', 44, x'6E', x'0202', '[]', '{}', x'41'"
    let columns = """
      interface, key, content_hash, since_run, file_name, encoding, delimiter, header, row_places, causes, amounts, row_bytes
      """
    let seal = isSound ? "" : " + 1"
    let past = """
      INSERT INTO run (number, clock, phase, definitions) VALUES (1, '2026-01-31T08:00:00+08:00', 'done', 'd1');
      INSERT INTO held_document (\(columns)) VALUES (\(values));
      UPDATE held_document SET seal = \(Seal.datelessHeldDocument)\(seal);
      INSERT INTO deferred_document (\(columns), month_end, seal) VALUES (\(values), 20483, 0);
      UPDATE deferred_document SET seal = \(Seal.booklessDeferredDocument);
      INSERT INTO seal_sums SELECT 1, sums, seal(sums) FROM (
        SELECT 'held_document 1 ' || (SELECT printf('%x', seal) FROM held_document) || char(10)
          || 'deferred_document 1 ' || (SELECT printf('%x', seal) FROM deferred_document) AS sums);
      """
    var migrations = Array(Migration.all.prefix(4))
    migrations[3] = Migration(statements: migrations[3].statements + past)
    try StateStore.open(at: scratch.database, migrations: migrations).close()
    let store = try StateStore.open(at: scratch.database)
    if isSound {
      try store.prove()
    } else {
      #expect(throws: StateError.damaged(reason: "held_document: seal")) { try store.prove() }
    }
    let held = try #require(try store.heldDocument("sales", key: [0x41]))
    #expect(held.day == nil && held.book == nil && held.rows == [0x41])
    #expect(try store.deferredDocuments().map(\.monthEnd) == [20483])
  }

  /// Rows that were lost before the migration are not forgotten by it.
  @Test func sumsThatDoNotHoldStopAMigration() throws {
    let scratch = try Scratch()
    let past = """
      INSERT INTO seal_sums SELECT 1, sums, seal(sums) FROM (SELECT 'held_document 1 abc' AS sums);
      """
    var migrations = Array(Migration.all.prefix(4))
    migrations[3] = Migration(statements: migrations[3].statements + past)
    try StateStore.open(at: scratch.database, migrations: migrations).close()
    #expect(throws: StateError.damaged(reason: "held_document: rows are missing or old")) {
      try StateStore.open(at: scratch.database)
    }
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
