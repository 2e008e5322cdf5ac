internal import Foundation
internal import GRDB

/// How many posted documents of an interface wait for the end of a month.
package struct DeferredSummary: Sendable, Hashable {
  package var interface: String
  /// The last day of the month, as `Day.number`.
  package var monthEnd: Int
  package var count: Int
}

/// How many documents of an interface are held, and since which run.
package struct HeldSummary: Sendable, Hashable {
  package var interface: String
  package var count: Int
  package var oldestRun: Int
}

extension StateStore {
  /// The last number given by a counter; 0 before the first.
  package func counter(_ name: String) throws(StateError) -> Int64 {
    try reading {
      try Int64.fetchOne($0, sql: "SELECT last FROM counter WHERE name = ?", arguments: [name]) ?? 0
    }
  }

  /// All counters and their last numbers.
  package func counters() throws(StateError) -> [String: Int64] {
    try reading { database in
      var counters: [String: Int64] = [:]
      for row in try Row.fetchAll(database, sql: "SELECT name, last FROM counter") {
        counters[row[0]] = row[1]
      }
      return counters
    }
  }

  /// The earlier take of the same bytes, and its run.
  package func digest(of sha256: [UInt8]) throws(StateError) -> (run: Int, digest: FileDigest)? {
    try reading { database in
      try Row.fetchOne(
        database, sql: "SELECT run, sequence, settled, definitions FROM file_digest WHERE sha256 = ?",
        arguments: [Data(sha256)]
      ).map { row in
        (row[0], FileDigest(sha256: sha256, sequence: row[1], settled: row[2], definitions: row[3]))
      }
    }
  }

  /// The last committed run of a day or before it.
  /// - Parameter day: `2026-10-31`.
  package func lastRun(by day: String) throws(StateError) -> Int? {
    try reading {
      try Int.fetchOne(
        $0, sql: "SELECT MAX(number) FROM run WHERE phase <> 'planned' AND substr(clock, 1, 10) <= ?",
        arguments: [day])
    }
  }

  /// What is held, interface by interface.
  package func heldSummary() throws(StateError) -> [HeldSummary] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT interface, COUNT(*), MIN(since_run) FROM held_document GROUP BY interface ORDER BY interface
          """
      ).map { HeldSummary(interface: $0[0], count: $0[1], oldestRun: $0[2]) }
    }
  }

  /// The held documents of an interface, in order of key.
  package func heldDocuments(of interface: String) throws(StateError) -> [HeldDocument] {
    try documents(
      from: "held_document WHERE interface = ? ORDER BY key", [interface], columns: "day, book")
  }

  /// The held document with this key.
  package func heldDocument(_ interface: String, key: [UInt8]) throws(StateError) -> HeldDocument? {
    try documents(
      from: "held_document WHERE interface = ? AND key = ?", [interface, Data(key)], columns: "day, book"
    ).first
  }

  /// The posted documents of an interface that wait for the end of a month which is over by `day`, in order of key.
  package func deferredDocuments(of interface: String, endedBy day: Int) throws(StateError) -> [HeldDocument]
  {
    try documents(
      from: "deferred_document WHERE interface = ? AND month_end <= ? ORDER BY key", [interface, day])
  }

  /// The posted document with this key, where it waits for the end of its month.
  package func deferredDocument(_ interface: String, key: [UInt8]) throws(StateError) -> HeldDocument? {
    try documents(from: "deferred_document WHERE interface = ? AND key = ?", [interface, Data(key)]).first
  }

  /// All posted documents that wait for the end of a month, by interface and key.
  package func deferredDocuments() throws(StateError) -> [DeferredDocument] {
    try documents(
      from: "deferred_document ORDER BY interface, key", [], columns: "month_end, book"
    ).map { document in
      var document = document
      let monthEnd = document.day ?? 0
      document.day = nil
      return DeferredDocument(document: document, monthEnd: monthEnd)
    }
  }

  /// How many posted documents wait for the end of a month, by interface and month.
  package func deferredSummary() throws(StateError) -> [DeferredSummary] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT interface, month_end, COUNT(*) FROM deferred_document GROUP BY interface, month_end
          ORDER BY interface, month_end
          """
      ).map { DeferredSummary(interface: $0[0], monthEnd: $0[1], count: $0[2]) }
    }
  }

  private func documents(
    from source: String, _ arguments: StatementArguments, columns: String = "NULL, NULL"
  ) throws(StateError) -> [HeldDocument] {
    try reading { database in
      var documents: [HeldDocument] = []
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT interface, key, content_hash, since_run, file_name, encoding, header, row_bytes, row_places, causes,
            amounts, delimiter, \(columns) FROM \(source)
          """, arguments: arguments)
      while let row = try rows.next() {
        documents.append(
          HeldDocument(
            interface: row[0], key: [UInt8](row[1] as Data), contentHash: [UInt8](row[2] as Data),
            sinceRun: row[3],
            fileName: [UInt8](row[4] as Data), encoding: row[5], delimiter: row[11],
            header: [UInt8](row[6] as Data),
            rows: [UInt8](row[7] as Data), places: try HeldDocument.places(from: [UInt8](row[8] as Data)),
            causes: try HeldDocument.causes(from: row[9]), amounts: row[10], day: row[12], book: row[13]))
      }
      return documents
    }
  }

  /// The rejects of an interface that are still open, in order of number.
  package func openRejects(of interface: String) throws(StateError) -> [Reject] {
    try rejects("WHERE interface = ? AND closed_run IS NULL ORDER BY number", [interface])
  }

  /// All rejects that are still open, by interface and number.
  package func openRejects() throws(StateError) -> [Reject] {
    try rejects("WHERE closed_run IS NULL ORDER BY interface, number", [])
  }

  /// The rejects of a document, open or closed, in order of number.
  package func rejects(_ interface: String, key: [UInt8]) throws(StateError) -> [Reject] {
    try rejects("WHERE interface = ? AND key = ? ORDER BY number", [interface, Data(key)])
  }

  /// Names of all interfaces of which something is known, in order.
  package func interfaces() throws(StateError) -> [String] {
    try reading {
      try String.fetchAll(
        $0,
        sql: """
          SELECT interface FROM register_posting UNION SELECT interface FROM held_document
          UNION SELECT interface FROM reject UNION SELECT interface FROM unposted
          UNION SELECT interface FROM correction
          UNION SELECT interface FROM run_file WHERE phase = 'taken' ORDER BY interface
          """)
    }
  }

  /// The reject of this number, open or closed.
  package func reject(_ number: String) throws(StateError) -> Reject? {
    try rejects("WHERE number = ?", [number]).first
  }

  private func rejects(_ condition: String, _ arguments: StatementArguments) throws(StateError) -> [Reject] {
    try reading { database in
      var rejects: [Reject] = []
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT number, interface, key, since_run, last_run, file_name, line, row_count, reject_file, cause, amounts,
            closed_run, closed_as FROM reject \(condition)
          """, arguments: arguments)
      while let row = try rows.next() {
        var closed: Reject.Closing?
        if let run = row[11] as Int?, let word = row[12] as String? {
          guard let verdict = Reject.Closing.Verdict(rawValue: word) else {
            throw StateError.damaged(reason: "reject.closed_as")
          }
          closed = Reject.Closing(run: run, verdict: verdict)
        }
        rejects.append(
          Reject(
            number: row[0], interface: row[1], key: [UInt8](row[2] as Data), sinceRun: row[3],
            lastRun: row[4], fileName: [UInt8](row[5] as Data), line: row[6], rows: row[7],
            rejectFile: row[8],
            cause: try Reject.cause(from: row[9]), amounts: row[10], closed: closed))
      }
      return rejects
    }
  }
}
