internal import Foundation
internal import GRDB

extension StateStore {
  /// The whole state as ordered text, for tests: two runs that decided the same give the same text.
  ///
  /// Left out is what says nothing of a decision: the heartbeat, crash counters, device, inode and times of the
  /// files, which run gave which numbers (the records say it), and how the register's documents lie in segments and blocks.
  package func dump() throws(StateError) -> String {
    var text = ""
    try dump { text += $0 + "\n" }
    return text
  }

  /// As above, a line at a time; a line that begins with `# ` is the title of what follows.
  package func dump(_ line: (String) -> Void) throws(StateError) {
    let tables = [
      ("run", "number, clock, phase, definitions, needs_person, summary", "number"),
      (
        "run_file", "run, sequence, name, size, interface, archive_name, phase, sha256, outcome",
        "run, sequence"
      ),
      ("publication", "run, sequence, kind, name, sha256, size", "run, sequence"),
      ("counter", "name, last", "name"),
      (
        "held_document",
        """
        interface, key, content_hash, since_run, file_name, encoding, delimiter, header, row_places, causes, amounts,
        row_bytes, day, book
        """, "interface, key"
      ),
      (
        "deferred_document",
        """
        interface, key, content_hash, since_run, file_name, encoding, delimiter, header, row_places, causes, amounts,
        row_bytes, month_end, book
        """, "interface, key"
      ),
      (
        "reject",
        """
        number, interface, key, since_run, last_run, file_name, line, row_count, reject_file, cause, amounts, closed_run,
        closed_as
        """, "number"
      ),
      ("correction", "interface, key, run, cause, postings", "interface, key, run"),
      (
        "unposted", "interface, key, kind, book, since_run, day, file_name, line, causes, amounts",
        "interface, key"
      ),
      ("voucher_standing", "prefix, number, standing, finance_number, reason, run", "prefix, number"),
      ("period_event", "run, book, period, action, person, reason, waiting", "run, book, period"),
      ("file_digest", "sha256, run, sequence, settled, definitions", "sha256"),
      ("register_posting", "interface, slot, posting", "interface, slot"),
    ]
    return try reading { database in
      for (table, columns, order) in tables {
        line("# \(table)")
        let rows = try Row.fetchCursor(database, sql: "SELECT \(columns) FROM \(table) ORDER BY \(order)")
        while let row = try rows.next() {
          line(row.databaseValues.map(Self.shown).joined(separator: "\t"))
        }
      }
      for interface in try String.fetchAll(
        database, sql: "SELECT DISTINCT interface FROM document_block ORDER BY interface")
      {
        line("# documents of \(interface)")
        try Self.dumpRegister(interface, in: database, line)
      }
    }
  }

  private static func dumpRegister(_ interface: String, in database: Database, _ line: (String) -> Void)
    throws
  {
    let segments = try Int.fetchAll(
      database, sql: "SELECT DISTINCT segment FROM document_block WHERE interface = ? ORDER BY segment",
      arguments: [interface])
    var blocks: [DocumentBlock] = []
    var writer = BlockWriter { blocks.append($0) }
    try mergeSegments(
      try segments.map { try cursor(over: $0, interface: interface, in: database) }, into: &writer)
    for block in blocks {
      var cursor = try SegmentCursor(over: [block])
      while !cursor.isAtEnd {
        let document = PostedDocument(payload: cursor.payload, at: cursor.value.lowerBound)
        let head = [document.run, document.file, document.row, document.year].map { String($0) }
        let postings = (0..<32).compactMap { slot -> String? in
          let hash = document.hash(posting: slot).map { String($0, radix: 16) }
          let voucher = document.voucher(posting: slot).map { String($0) }
          return hash == nil && voucher == nil ? nil : "\(slot):\(hash ?? "-"):\(voucher ?? "-")"
        }
        line(([shown(cursor.key)] + head + postings).joined(separator: "\t"))
        try cursor.advance()
      }
    }
  }

  private static func shown(_ value: DatabaseValue) -> String {
    switch value.storage {
    case .null: "-"
    case .int64(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text):
      text.contains(where: { $0 == "\n" || $0 == "\t" || $0 == "\r\n" }) ? shown(Array(text.utf8)) : text
    case .blob(let data): shown([UInt8](data))
    }
  }

  /// Plain ASCII as it is, so that a person can read the names; the rest in hexadecimal.
  private static func shown(_ bytes: [UInt8]) -> String {
    if bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) { return String(decoding: bytes, as: UTF8.self) }
    return "x'" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "'"
  }
}
