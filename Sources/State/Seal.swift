internal import GRDB
internal import GRDBSQLite

/// What decides whether a document is posted a second time carries a seal: a checksum of the row's other values. SQLite
/// keeps none, and a flipped bit in a counter or a held amount would be a wrong voucher.
enum Seal {
  static let counter = "seal(name, last)"
  static let registerPosting = "seal(interface, slot, posting)"
  static let blockFilter = "seal(block, filter)"
  static let documentBlock = "seal(interface, segment, block, first_key, last_key, count)"
  /// As it was before held documents had a day and a book.
  static let datelessHeldDocument = """
    seal(interface, key, content_hash, since_run, file_name, encoding, delimiter, header, row_places, causes, amounts,
      row_bytes)
    """
  static let heldDocument = """
    seal(interface, key, content_hash, since_run, file_name, encoding, delimiter, header, row_places, causes, amounts,
      row_bytes, day, book)
    """
  /// As it was before they had a book.
  static let booklessDeferredDocument = """
    seal(interface, key, content_hash, since_run, file_name, encoding, delimiter, header, row_places, causes, amounts,
      row_bytes, month_end)
    """
  static let deferredDocument = """
    seal(interface, key, content_hash, since_run, file_name, encoding, delimiter, header, row_places, causes, amounts,
      row_bytes, month_end, book)
    """
  static let reject = """
    seal(number, interface, key, since_run, last_run, file_name, line, row_count, reject_file, cause, amounts,
      closed_run, closed_as)
    """

  static let correction = "seal(interface, key, run, cause, postings)"
  static let counterStep = "seal(name, last, run)"
  static let periodEvent = "seal(book, period, action, run, person, reason, waiting)"
  static let voucherStanding = "seal(prefix, number, standing, finance_number, reason, run)"
  static let unposted =
    "seal(interface, key, kind, book, since_run, day, file_name, line, causes, amounts)"

  /// Tables with sealed rows.
  static let tables = [
    ("counter", counter), ("register_posting", registerPosting), ("document_block", documentBlock),
    ("held_document", heldDocument), ("reject", reject), ("deferred_document", deferredDocument),
    ("correction", correction), ("counter_step", counterStep), ("period_event", periodEvent),
    ("unposted", unposted), ("voucher_standing", voucherStanding), ("block_filter", blockFilter),
  ]

  /// Makes `seal(value, …)` known to SQL, by SQLite's own interface: every row of the state passes here at each run, and
  /// GRDB's functions make an array of each row's values.
  static func install(in database: Database) {
    sqlite3_create_function_v2(
      database.sqliteConnection, "seal", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
      { context, count, values in
        let values = UnsafeBufferPointer(start: values, count: Int(count))
        sqlite3_result_int64(context, Seal.of(values))
      }, nil, nil, nil)
  }

  private static func of(_ values: UnsafeBufferPointer<OpaquePointer?>) -> Int64 {
    var size = 0
    for value in values {
      let type = sqlite3_value_type(value)
      // Of a number SQLite would make a text.
      size += 9 + (type == SQLITE_TEXT || type == SQLITE_BLOB ? Int(sqlite3_value_bytes(value)) : 0)
    }
    return withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { bytes in
      var end = 0
      func append(_ kind: UInt8, _ number: UInt64) {
        bytes[end] = kind
        bytes.storeBytes(of: number.littleEndian, toByteOffset: end + 1, as: UInt64.self)
        end += 9
      }
      /// The length first, so that nothing can pass from one value to the next.
      func append(_ kind: UInt8, _ text: UnsafeRawPointer?, _ length: Int32) {
        append(kind, UInt64(length))
        guard let text, length > 0 else { return }
        UnsafeMutableRawBufferPointer(rebasing: bytes[end...]).copyMemory(
          from: UnsafeRawBufferPointer(start: text, count: Int(length)))
        end += Int(length)
      }
      for value in values {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: append(1, UInt64(bitPattern: sqlite3_value_int64(value)))
        case SQLITE_FLOAT: append(2, sqlite3_value_double(value).bitPattern)
        case SQLITE_TEXT: append(3, sqlite3_value_text(value), sqlite3_value_bytes(value))
        case SQLITE_BLOB: append(4, sqlite3_value_blob(value), sqlite3_value_bytes(value))
        default:
          bytes[end] = 0
          end += 1
        }
      }
      return Int64(
        bitPattern: BlockEntries.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<end])))
    }
  }
}

extension StateStore {
  /// How many sealed rows each table has, and what their seals add up to: at the end of each commit, so that a row that
  /// is lost, or as it was some time ago, is missed.
  static func sumSeals(in database: Database) throws {
    let sums = try sealSums(in: database)
    try database.execute(
      sql: "INSERT OR REPLACE INTO seal_sums (only, sums, seal) VALUES (1, ?, seal(?))",
      arguments: [sums, sums])
  }

  private static func sealSums(in database: Database) throws -> String {
    try Seal.tables.map { try sealSum(of: $0.0, in: database) }.joined(separator: "\n")
  }

  private static func sealSum(of table: String, in database: Database) throws -> String {
    var (count, sum) = (0, UInt64(0))
    let seals = try Int64.fetchCursor(database, sql: "SELECT seal FROM \(table)")
    while let seal = try seals.next() {
      count += 1
      sum &+= UInt64(bitPattern: seal)
    }
    return "\(table) \(count) \(String(sum, radix: 16))"
  }

  /// - Returns: whether there are sums at all: a state that has not committed anything since it got its seals has none.
  /// - Throws: `damaged` with the first table that has lost rows since the last commit, or has old ones.
  static func requireSums(in database: Database) throws -> Bool {
    guard let row = try Row.fetchOne(database, sql: "SELECT sums, seal, seal(sums) FROM seal_sums") else {
      return false
    }
    guard row[1] as Int64 == row[2] as Int64 else { throw StateError.damaged(reason: "seal_sums: seal") }
    for then in (row[0] as String).split(separator: "\n") {
      let table = String(then.prefix { $0 != " " })
      guard Seal.tables.contains(where: { $0.0 == table }), try sealSum(of: table, in: database) == then
      else {
        throw StateError.damaged(reason: "\(table): rows are missing or old")
      }
    }
    return true
  }

  /// Looks at everything that decides about posting, before a run relies on it.
  /// - Throws: `damaged` with the first table whose pages, rows or seals are not as they were written.
  package func prove() throws(StateError) {
    try reading { database in
      let faults = try String.fetchAll(database, sql: "PRAGMA integrity_check(1)")
      if let fault = faults.first, fault != "ok" { throw StateError.damaged(reason: fault) }
      for (table, seal) in Seal.tables {
        let broken = try Int.fetchOne(
          database, sql: "SELECT COUNT(*) FROM \(table) WHERE seal IS NOT \(seal)")
        if broken != 0 { throw StateError.damaged(reason: "\(table): seal") }
      }
      if try !Self.requireSums(in: database),
        try Bool.fetchOne(database, sql: "SELECT COUNT(*) > 0 FROM publication WHERE kind = 'record'") == true
      {
        throw StateError.damaged(reason: "seal_sums: missing")
      }
    }
  }
}
