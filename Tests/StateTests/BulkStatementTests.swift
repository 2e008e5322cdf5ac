import Foundation
import GRDB
import Testing

@testable import State

/// What goes to SQLite without GRDB comes back as it was, and what SQLite refuses is an error.
@Suite struct BulkStatementTests {
  @Test func cellsComeBack() throws {
    let queue = try DatabaseQueue()
    try queue.write { database in
      try database.execute(sql: "CREATE TABLE t (number INTEGER, text TEXT, bytes BLOB NOT NULL) STRICT")
      let statement = BulkStatement(
        try database.cachedStatement(sql: "INSERT INTO t VALUES (?1, ?2, ?3)"))
      let rows: [(Int?, String?, [UInt8])] = [
        (.max, "甲\u{0}乙", [0, 1, 0]), (nil, "", []), (-1, nil, [UInt8](repeating: 7, count: 100_000)),
      ]
      for (number, text, bytes) in rows {
        var row = statement.row
        row.bind(number)
        row.bind(text)
        row.bind(bytes)
        try row.insert()
      }
      let found = try Row.fetchAll(
        database, sql: "SELECT number, CAST(text AS BLOB), bytes FROM t ORDER BY rowid")
      #expect(found.count == rows.count)
      for (row, (number, text, bytes)) in zip(found, rows) {
        #expect(row[0] as Int? == number)
        #expect((row[1] as Data?).map { Array($0) } == text.map { Array($0.utf8) })
        #expect(Array(row[2] as Data) == bytes)
      }
    }
  }

  @Test func whatIsRefusedIsAnError() throws {
    let queue = try DatabaseQueue()
    try queue.write { database in
      try database.execute(sql: "CREATE TABLE t (number INTEGER PRIMARY KEY) STRICT")
      let statement = BulkStatement(try database.cachedStatement(sql: "INSERT INTO t VALUES (?1)"))
      func insert(_ number: Int) throws {
        var row = statement.row
        row.bind(number)
        try row.insert()
      }
      try insert(1)
      #expect(throws: DatabaseError.self) { try insert(1) }
      try insert(2)
      #expect(try Int.fetchAll(database, sql: "SELECT number FROM t") == [1, 2])
    }
  }
}
