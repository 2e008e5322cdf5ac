internal import GRDB
internal import GRDBSQLite

/// A statement for rows by the hundred thousand, by SQLite's own interface: GRDB makes a value of its own of each cell, which
/// takes longer than SQLite takes for the row.
struct BulkStatement {
  private let statement: Statement

  /// - Parameter statement: with a parameter a cell, numbered from 1.
  init(_ statement: Statement) { self.statement = statement }

  /// A new row, whose cells are bound in their order.
  var row: BulkRow { BulkRow(statement: statement.sqliteStatement) }
}

struct BulkRow {
  fileprivate let statement: SQLiteStatement
  private var cells: Int32 = 0
  private var failure: Int32 = SQLITE_OK

  fileprivate init(statement: SQLiteStatement) { self.statement = statement }

  /// What is bound is copied.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  mutating func bind(_ number: Int?) {
    cells += 1
    guard let number else { return note(sqlite3_bind_null(statement, cells)) }
    note(sqlite3_bind_int64(statement, cells, Int64(number)))
  }

  mutating func bind(_ text: String?) {
    cells += 1
    guard let text else { return note(sqlite3_bind_null(statement, cells)) }
    note(sqlite3_bind_text(statement, cells, text, Int32(text.utf8.count), Self.copied))
  }

  mutating func bind(_ bytes: [UInt8]) {
    cells += 1
    note(
      bytes.isEmpty
        ? sqlite3_bind_zeroblob(statement, cells, 0)
        : bytes.withUnsafeBytes {
          sqlite3_bind_blob(statement, cells, $0.baseAddress, Int32($0.count), Self.copied)
        })
  }

  private mutating func note(_ code: Int32) { if code != SQLITE_OK { failure = code } }

  /// - Throws: `DatabaseError`.
  func insert() throws {
    var code = failure
    if code == SQLITE_OK { code = sqlite3_step(statement) }
    let message = code == SQLITE_DONE ? nil : String(cString: sqlite3_errmsg(sqlite3_db_handle(statement)))
    sqlite3_reset(statement)
    if let message { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
  }
}
