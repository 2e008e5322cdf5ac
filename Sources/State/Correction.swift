internal import Foundation
internal import GRDB

/// A posted document of which a run has taken back what it was: what that was, and in which vouchers. Without postings it is
/// one of which nothing was taken back: it waited, or its vouchers stand.
package struct Correction: Sendable, Hashable, Codable {
  package enum Cause: String, Sendable, Hashable, Codable {
    /// It came again with other content.
    case changed
    case void
    /// It is not approved any more (弃审).
    case withdrawn
    /// A full snapshot does not have it any more.
    case missing
    /// A person has had it posted anew, by rules that have changed.
    case reposted
    /// The finance system did not take a voucher of it, and somebody has voided that: nothing was to be taken back.
    case refused
    /// A later file of the run that posted it brought what was missing: of what it was in between there is no voucher.
    case completed
  }

  /// What was posted of it before, posting by posting; also of postings that were left as they are.
  package struct Posting: Sendable, Hashable, Codable {
    package var code: String
    /// 128 bits of content, in hexadecimal.
    package var content: String
    /// The voucher's ID; empty where all its entries were zero, as are the others where there is none.
    package var voucher: String
    /// The red voucher (红字凭证) that reverses it.
    package var red: String
    /// The one that has come in its place.
    package var black: String

    package init(code: String, content: UInt128, voucher: String, red: String, black: String) {
      self.code = code
      self.content = String(content, radix: 16)
      (self.voucher, self.red, self.black) = (voucher, red, black)
    }

    package func isOf(_ content: UInt128) -> Bool { self.content == String(content, radix: 16) }
  }

  package var interface: String
  @RecordedBytes package var key: [UInt8]
  package var run: Int
  package var cause: Cause
  package var postings: [Posting]

  package init(interface: String, key: [UInt8], run: Int, cause: Cause, postings: [Posting]) {
    self.interface = interface
    self.key = key
    self.run = run
    self.cause = cause
    self.postings = postings
  }
}

extension StateStore {
  /// The corrections of a document, the newest first.
  package func corrections(_ interface: String, key: [UInt8]) throws(StateError) -> [Correction] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: "SELECT run, cause, postings FROM correction WHERE interface = ? AND key = ? ORDER BY run DESC",
        arguments: [interface, Data(key)]
      ).map { row in
        guard let cause = Correction.Cause(rawValue: row[1]),
          let postings = try? JSONDecoder().decode(
            [Correction.Posting].self, from: Data((row[2] as String).utf8))
        else { throw StateError.damaged(reason: "correction") }
        return Correction(interface: interface, key: key, run: row[0], cause: cause, postings: postings)
      }
    }
  }

  /// Keys of an interface's documents that have corrections.
  package func correctedKeys(of interface: String) throws(StateError) -> Set<[UInt8]> {
    try reading { database in
      var keys: Set<[UInt8]> = []
      let found = try Data.fetchCursor(
        database, sql: "SELECT key FROM correction WHERE interface = ?", arguments: [interface])
      while let key = try found.next() { keys.insert([UInt8](key)) }
      return keys
    }
  }

  /// For each document of which something was taken back, the voucher and the red one.
  package func reversals() throws(StateError) -> [(voucher: String, red: String)] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT json_extract(posting.value, '$.voucher'), json_extract(posting.value, '$.red')
          FROM correction, json_each(correction.postings) AS posting WHERE json_extract(posting.value, '$.red') <> ''
          """
      ).map { ($0[0], $0[1]) }
    }
  }

  /// The run in which a counter gave a number.
  package func run(ofCounter name: String, number: Int64) throws(StateError) -> Int? {
    try reading {
      try Int.fetchOne(
        $0, sql: "SELECT run FROM counter_step WHERE name = ? AND last >= ? ORDER BY last LIMIT 1",
        arguments: [name, number])
    }
  }

  static func write(_ corrections: [Correction], in database: Database) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for correction in corrections {
      let postings = String(decoding: try encoder.encode(correction.postings), as: UTF8.self)
      try database.cachedStatement(
        sql: """
          WITH new (interface, key, run, cause, postings) AS (VALUES (?, ?, ?, ?, ?))
          INSERT INTO correction (interface, key, run, cause, postings, seal) SELECT *, \(Seal.correction) FROM new
          """
      ).execute(arguments: [
        correction.interface, Data(correction.key), correction.run, correction.cause.rawValue, postings,
      ])
    }
  }
}
