internal import Foundation
internal import GRDB

/// What of a document is in no voucher and comes there only when an export brings the document again: it is remembered so
/// that nobody closes a period over it unawares.
package struct Unposted: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable {
    /// Posted but for postings that wait for a value (待入账).
    case pending
    /// Left out by `document.ignore`: not approved, say.
    case ignored
  }

  package var interface: String
  @RecordedBytes package var key: [UInt8]
  package var kind: Kind
  /// Empty where it can't be told among several.
  package var book: String
  package var sinceRun: Int
  /// The document's date, as `Day.number`.
  package var day: Int
  /// Path under the inbox of the file that brought it last, and the line there.
  @RecordedBytes package var fileName: [UInt8]
  package var line: Int
  /// The codes of the postings that wait, each with the fields that have no value.
  package var causes: [HeldCause]
  /// JSON: what the document adds to each measure.
  package var amounts: String

  package init(
    interface: String, key: [UInt8], kind: Kind, book: String, sinceRun: Int, day: Int, fileName: [UInt8],
    line: Int, causes: [HeldCause], amounts: String
  ) {
    (self.interface, self.kind, self.book, self.sinceRun) = (interface, kind, book, sinceRun)
    (self.day, self.line, self.causes, self.amounts) = (day, line, causes, amounts)
    self.key = key
    self.fileName = fileName
  }
}

extension StateStore {
  /// All of them, by interface and key.
  package func unposted() throws(StateError) -> [Unposted] { try unposted("", []) }

  package func unposted(of interface: String) throws(StateError) -> [Unposted] {
    try unposted("WHERE interface = ?", [interface])
  }

  private func unposted(
    _ condition: String, _ arguments: StatementArguments
  ) throws(StateError) -> [Unposted] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT interface, key, kind, book, since_run, day, file_name, line, causes, amounts FROM unposted \(condition)
          ORDER BY interface, key
          """, arguments: arguments
      ).map { row in
        guard let kind = Unposted.Kind(rawValue: row[2]) else {
          throw StateError.damaged(reason: "unposted.kind")
        }
        return Unposted(
          interface: row[0], key: [UInt8](row[1] as Data), kind: kind, book: row[3], sinceRun: row[4],
          day: row[5], fileName: [UInt8](row[6] as Data), line: row[7],
          causes: try HeldDocument.causes(from: row[8]), amounts: row[9])
      }
    }
  }

  static func write(_ documents: [Unposted], in database: Database) throws {
    for document in documents {
      try database.cachedStatement(
        sql: """
          WITH new (interface, key, kind, book, since_run, day, file_name, line, causes, amounts)
            AS (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))
          INSERT OR REPLACE INTO unposted (interface, key, kind, book, since_run, day, file_name, line, causes, amounts,
            seal) SELECT *, \(Seal.unposted) FROM new
          """
      ).execute(arguments: [
        document.interface, Data(document.key), document.kind.rawValue, document.book, document.sinceRun,
        document.day, Data(document.fileName), document.line, document.causes.text, document.amounts,
      ])
    }
  }
}
