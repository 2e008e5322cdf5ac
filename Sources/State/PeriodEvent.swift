internal import GRDB

/// Somebody has closed or opened a book's periods (结账、反结账).
package struct PeriodEvent: Sendable, Hashable, Codable {
  package enum Action: String, Sendable, Hashable, Codable {
    /// The period and all before it.
    case closed
    /// The period alone, which was the last one that is closed.
    case opened
  }

  package var book: String
  /// `2026-10`.
  package var period: String
  package var action: Action
  package var run: Int
  /// Who did it.
  package var by: String
  /// Why, where it was closed though documents wait; else empty.
  package var reason: String
  /// How many documents waited.
  package var waiting: Int

  package init(
    book: String, period: String, action: Action, run: Int, by: String, reason: String, waiting: Int
  ) {
    (self.book, self.period, self.action, self.run) = (book, period, action, run)
    (self.by, self.reason, self.waiting) = (by, reason, waiting)
  }
}

extension StateStore {
  /// All that was closed or opened, the newest first.
  package func periodEvents() throws(StateError) -> [PeriodEvent] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT book, period, action, run, person, reason, waiting FROM period_event ORDER BY run DESC, book, period DESC
          """
      ).map { row in
        guard let action = PeriodEvent.Action(rawValue: row[2]) else {
          throw StateError.damaged(reason: "period_event.action")
        }
        return PeriodEvent(
          book: row[0], period: row[1], action: action, run: row[3], by: row[4], reason: row[5],
          waiting: row[6])
      }
    }
  }

  static func write(_ events: [PeriodEvent], in database: Database) throws {
    for event in events {
      try database.cachedStatement(
        sql: """
          WITH new (book, period, action, run, person, reason, waiting) AS (VALUES (?, ?, ?, ?, ?, ?, ?))
          INSERT INTO period_event (book, period, action, run, person, reason, waiting, seal)
            SELECT *, \(Seal.periodEvent) FROM new
          """
      ).execute(arguments: [
        event.book, event.period, event.action.rawValue, event.run, event.by, event.reason, event.waiting,
      ])
    }
  }
}
