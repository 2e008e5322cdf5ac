internal import GRDB

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

  /// `seal(value, …)` in SQL.
  static let function = DatabaseFunction("seal", pure: true) { of($0) }

  /// The same of values that are not in SQL yet.
  static func of(_ values: [DatabaseValue]) -> Int64 {
    var bytes: [UInt8] = []
    for value in values {
      // The length first, so that nothing can pass from one value to the next.
      switch value.storage {
      case .null: bytes.append(0)
      case .int64(let number):
        bytes.append(1)
        append(UInt64(bitPattern: number), to: &bytes)
      case .double(let number):
        bytes.append(2)
        append(number.bitPattern, to: &bytes)
      case .string(let text):
        bytes.append(3)
        append(UInt64(text.utf8.count), to: &bytes)
        bytes.append(contentsOf: text.utf8)
      case .blob(let data):
        bytes.append(4)
        append(UInt64(data.count), to: &bytes)
        bytes.append(contentsOf: data)
      }
    }
    return Int64(bitPattern: BlockEntries.checksum(bytes, upTo: bytes.count))
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
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
