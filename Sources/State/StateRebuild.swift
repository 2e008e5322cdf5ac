internal import Foundation
internal import GRDB

extension StateStore {
  /// Makes a new state at `path`, where there is none, of the records of all commits in their order: one transaction.
  ///
  /// - Parameter next: gives record after record, each as the publication that it is; `nil` at the end.
  /// - Returns: the state, open; all its runs are done, but those that the caller finds not carried out.
  package static func rebuild(
    at path: String, next: () throws -> (record: CommitRecord, itself: Publication)?
  ) throws(StateError) -> StateStore {
    let store = try open(at: path)
    try store.writing { database in
      while let (record, itself) = try next() { try replay(record, itself, in: database) }
      try sumSeals(in: database)
    }
    return store
  }

  private static func replay(_ record: CommitRecord, _ itself: Publication, in database: Database) throws {
    try database.execute(
      sql: "INSERT INTO run (number, clock, phase, definitions) VALUES (?, ?, 'planned', '')",
      arguments: [record.run, record.clock])
    try insert(record.files, run: record.run, in: database)
    try apply(record.decision, record.publications + [itself], run: record.run, in: database)
    try database.execute(sql: "UPDATE run SET phase = 'done' WHERE number = ?", arguments: [record.run])
  }

  /// Marks a run as committed and not yet carried out: files of it are still on their way.
  package func markCommitted(run number: Int) throws(StateError) {
    try writing {
      try $0.execute(sql: "UPDATE run SET phase = 'committed' WHERE number = ?", arguments: [number])
    }
  }

  /// SHA-256 of the record that a run left in the archive; `nil` where it left none.
  package func recordDigest(of run: Int) throws(StateError) -> [UInt8]? {
    try publications(of: run).first { $0.kind == .record }?.sha256
  }

  /// The number of the last run that was planned; 0 before the first.
  package func lastRun() throws(StateError) -> Int {
    try reading { try Int.fetchOne($0, sql: "SELECT MAX(number) FROM run") ?? 0 }
  }

  /// The number of the last run that was committed; 0 before the first.
  package func lastCommitted() throws(StateError) -> Int {
    try reading { try Int.fetchOne($0, sql: "SELECT MAX(number) FROM run WHERE phase <> 'planned'") ?? 0 }
  }
}
