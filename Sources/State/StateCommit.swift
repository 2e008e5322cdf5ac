internal import Foundation
internal import GRDB

extension StateStore {
  /// Makes true what run `number` decided, and with it what it will publish: one transaction.
  package func commit(
    run number: Int, _ decision: RunDecision, publications: [Publication]
  ) throws(StateError) {
    try writing { database in
      try Self.apply(decision, publications, run: number, in: database)
      try Self.sumSeals(in: database)
    }
  }

  static func apply(
    _ decision: RunDecision, _ publications: [Publication], run number: Int, in database: Database
  ) throws {
    try database.execute(
      sql: """
        UPDATE run SET phase = 'committed', definitions = ?, needs_person = ?, summary = ?
        WHERE number = ? AND phase = 'planned'
        """,
      arguments: [decision.definitions, decision.needsPerson, decision.summary, number])
    precondition(database.changesCount == 1, "A run is planned before it is committed, and committed once")
    for file in decision.files {
      try database.cachedStatement(
        sql: "UPDATE run_file SET sha256 = ?, outcome = ? WHERE run = ? AND sequence = ?"
      ).execute(arguments: [Data(file.sha256), file.outcome, number, file.sequence])
    }
    for publication in publications {
      try database.cachedStatement(
        sql: "INSERT INTO publication (run, sequence, kind, name, sha256, size) VALUES (?, ?, ?, ?, ?, ?)"
      ).execute(arguments: [
        number, publication.sequence, publication.kind.rawValue, publication.name, Data(publication.sha256),
        publication.size,
      ])
    }
    for (name, last) in decision.counters {
      try database.cachedStatement(
        sql: """
          INSERT INTO counter (name, last, seal) VALUES (?, ?, seal(?, ?))
          ON CONFLICT (name) DO UPDATE SET last = excluded.last, seal = excluded.seal
          """
      ).execute(arguments: [name, last, name, last])
      try database.cachedStatement(
        sql:
          "INSERT OR IGNORE INTO counter_step (name, last, run, seal) VALUES (?1, ?2, ?3, seal(?1, ?2, ?3))"
      ).execute(arguments: [name, last, number])
    }
    for digest in decision.digests {
      try database.cachedStatement(
        sql: """
          INSERT INTO file_digest (sha256, run, sequence, settled, definitions) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (sha256) DO UPDATE SET run = excluded.run, sequence = excluded.sequence,
            settled = excluded.settled, definitions = excluded.definitions
          """
      ).execute(arguments: [
        Data(digest.sha256), number, digest.sequence, digest.settled, digest.definitions,
      ])
    }
    try Self.remove(decision.heldRemoved, from: "held_document", in: database)
    for document in decision.heldPut { try Self.write(document, in: database) }
    try Self.remove(decision.deferredRemoved, from: "deferred_document", in: database)
    for deferred in decision.deferredPut { try Self.write(deferred, in: database) }
    try Self.write(decision.rejects, run: number, in: database)
    try Self.write(decision.corrections, in: database)
    try Self.remove(decision.unpostedRemoved, from: "unposted", in: database)
    try Self.write(decision.unpostedPut, in: database)
    try Self.write(decision.periods, in: database)
    try Self.write(decision.standings, in: database)
    for change in decision.registers { try Self.write(change, in: database) }
  }

  private static func remove(_ keys: [HeldKey], from table: String, in database: Database) throws {
    for key in keys {
      try database.cachedStatement(sql: "DELETE FROM \(table) WHERE interface = ? AND key = ?")
        .execute(arguments: [key.interface, Data(key.key)])
    }
  }

  private static func write(_ document: HeldDocument, in database: Database) throws {
    try database.cachedStatement(
      sql: """
        WITH new (interface, key, content_hash, since_run, file_name, encoding, delimiter, header, row_places, causes,
          amounts, row_bytes, day, book) AS (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))
        INSERT OR REPLACE INTO held_document (interface, key, content_hash, since_run, file_name, encoding, delimiter,
          header, row_places, causes, amounts, row_bytes, day, book, seal) SELECT *, \(Seal.heldDocument) FROM new
        """
    ).execute(arguments: document.values + [document.day, document.book])
  }

  private static func write(_ deferred: DeferredDocument, in database: Database) throws {
    try database.cachedStatement(
      sql: """
        WITH new (interface, key, content_hash, since_run, file_name, encoding, delimiter, header, row_places, causes,
          amounts, row_bytes, month_end, book) AS (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))
        INSERT OR REPLACE INTO deferred_document (interface, key, content_hash, since_run, file_name, encoding, delimiter,
          header, row_places, causes, amounts, row_bytes, month_end, book, seal) SELECT *, \(Seal.deferredDocument) FROM new
        """
    ).execute(arguments: deferred.document.values + [deferred.monthEnd, deferred.document.book])
  }

  private static func write(_ rejects: [Reject], run number: Int, in database: Database) throws {
    func insertion(_ verb: String) throws -> BulkStatement {
      BulkStatement(
        try database.cachedStatement(
          sql: """
            \(verb) INTO reject (number, interface, key, since_run, last_run, file_name, line, row_count, reject_file,
              cause, amounts, closed_run, closed_as, seal)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
              seal(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13))
            """))
    }
    // Only what may replace a row needs a journal of its own, which SQLite writes anew for each statement.
    let (new, changed) = (try insertion("INSERT"), try insertion("INSERT OR REPLACE"))
    for reject in rejects {
      var row = (reject.sinceRun == number ? new : changed).row
      row.bind(reject.number)
      row.bind(reject.interface)
      row.bind(reject.key)
      row.bind(reject.sinceRun)
      row.bind(reject.lastRun)
      row.bind(reject.fileName)
      row.bind(reject.line)
      row.bind(reject.rows)
      row.bind(reject.rejectFile)
      row.bind(reject.causeText)
      row.bind(reject.amounts)
      row.bind(reject.closed?.run)
      row.bind(reject.closed?.verdict.rawValue)
      try row.insert()
    }
  }

  private static func write(_ change: RegisterChange, in database: Database) throws {
    let known = try String.fetchAll(
      database, sql: "SELECT posting FROM register_posting WHERE interface = ? ORDER BY slot",
      arguments: [change.interface])
    precondition(change.postings.starts(with: known), "The register's slots stay with their postings")
    for slot in known.count..<change.postings.count {
      try database.execute(
        sql:
          "INSERT INTO register_posting (interface, slot, posting, seal) VALUES (?1, ?2, ?3, seal(?1, ?2, ?3))",
        arguments: [change.interface, slot, change.postings[slot]])
    }
    guard !change.blocks.isEmpty else { return }
    try addSegment(change.blocks, interface: change.interface, in: database)
  }

  /// The new segment takes in all that are not twice as long as what it has grown to, so that there are never more
  /// than a handful, and a document is copied as often as the register doubles.
  private static func addSegment(
    _ blocks: [DocumentBlock], interface: String, in database: Database
  ) throws {
    let segments = try Row.fetchAll(
      database,
      sql: """
        SELECT segment, SUM(count) FROM document_block WHERE interface = ? GROUP BY segment ORDER BY segment DESC
        """, arguments: [interface])
    var total = blocks.reduce(0) { $0 + $1.count }
    var absorbed: [Int] = []
    for segment in segments {
      let count: Int = segment[1]
      guard count < 2 * total else { break }
      total += count
      absorbed.append(segment[0])
    }
    var nextBlock = 0
    let number = (segments.first.map { $0[0] as Int } ?? 0) + 1
    func put(_ block: DocumentBlock) throws {
      try database.cachedStatement(
        sql: """
          INSERT INTO document_block (interface, segment, block, first_key, last_key, count, payload, seal)
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, seal(?1, ?2, ?3, ?4, ?5, ?6))
          """
      ).execute(arguments: [
        interface, number, nextBlock, Data(block.firstKey), Data(block.lastKey), block.count,
        Data(block.payload),
      ])
      try database.cachedStatement(
        sql: "INSERT INTO block_filter (block, filter, seal) VALUES (?1, ?2, seal(?1, ?2))"
      ).execute(arguments: [database.lastInsertedRowID, Data(try KeyFilter(of: block).bytes)])
      nextBlock += 1
    }
    if absorbed.isEmpty {
      for block in blocks { try put(block) }
      return
    }
    var writer = BlockWriter(emit: put)
    var cursors: [SegmentCursor] = []
    for segment in absorbed.reversed() {
      cursors.append(try cursor(over: segment, interface: interface, in: database))
    }
    cursors.append(try SegmentCursor(over: blocks))
    try mergeSegments(cursors, into: &writer)
    for segment in absorbed {
      try database.execute(
        sql: """
          DELETE FROM block_filter
            WHERE block IN (SELECT rowid FROM document_block WHERE interface = ?1 AND segment = ?2)
          """, arguments: [interface, segment])
      try database.execute(
        sql: "DELETE FROM document_block WHERE interface = ? AND segment = ?",
        arguments: [interface, segment])
    }
  }

  static func cursor(over segment: Int, interface: String, in database: Database) throws -> SegmentCursor {
    let rowids = try Int64.fetchAll(
      database, sql: "SELECT rowid FROM document_block WHERE interface = ? AND segment = ? ORDER BY block",
      arguments: [interface, segment])
    var next = 0
    return try SegmentCursor {
      guard next < rowids.count else { return nil }
      next += 1
      return try block(rowids[next - 1], in: database)
    }
  }

  /// `nil` for a block from before there were filters.
  static func filter(ofBlock rowid: Int64, in database: Database) throws -> KeyFilter? {
    let statement = try database.cachedStatement(sql: "SELECT filter FROM block_filter WHERE block = ?")
    return try Data.fetchOne(statement, arguments: [rowid]).map { KeyFilter(bytes: [UInt8]($0)) }
  }

  static func block(_ rowid: Int64, in database: Database) throws -> BlockEntries {
    let statement = try database.cachedStatement(sql: "SELECT payload FROM document_block WHERE rowid = ?")
    let payload = try Data.fetchOne(statement, arguments: [rowid])
    guard let payload else { throw StateError.damaged(reason: "document_block: missing") }
    return try BlockEntries(checking: [UInt8](payload))
  }
}

extension HeldDocument {
  /// In the order of the columns that both tables have.
  fileprivate var values: StatementArguments {
    [
      interface, Data(key), Data(contentHash), sinceRun, Data(fileName), encoding, delimiter, Data(header),
      Data(placesBytes), causes.text, amounts, Data(rows),
    ]
  }
}
