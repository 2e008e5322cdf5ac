internal import GRDB

/// What became of a voucher outside: the finance system took it or did not, or somebody has voided it.
package struct VoucherStanding: Sendable, Hashable, Codable {
  package enum Standing: String, Sendable, Hashable, Codable {
    case acknowledged
    case refused
    /// It was refused, and counts as never posted (作废).
    case void
  }

  /// What the voucher's ID begins with: `A-XS-R-`.
  package var prefix: String
  package var number: Int64
  package var standing: Standing
  /// 凭证号 in the finance system; empty where that did not say.
  package var financeNumber: String
  /// Why it was refused, or voided.
  package var reason: String
  /// The run that took note of it.
  package var run: Int

  package init(
    prefix: String, number: Int64, standing: Standing, financeNumber: String, reason: String, run: Int
  ) {
    (self.prefix, self.number, self.standing) = (prefix, number, standing)
    (self.financeNumber, self.reason, self.run) = (financeNumber, reason, run)
  }
}

extension StateStore {
  /// `nil` of a voucher that nothing was heard of.
  package func standing(_ prefix: String, _ number: Int64) throws(StateError) -> VoucherStanding? {
    try standings("WHERE prefix = ? AND number = ?", [prefix, number]).first
  }

  /// All that were refused and not voided.
  package func refusedVouchers() throws(StateError) -> [VoucherStanding] {
    try standings("WHERE standing = 'refused'", [])
  }

  /// All vouchers of which something was heard.
  package func standings() throws(StateError) -> [VoucherStanding] { try standings("", []) }

  private func standings(
    _ condition: String, _ arguments: StatementArguments
  ) throws(StateError) -> [VoucherStanding] {
    try reading { database in
      let statement = try database.cachedStatement(
        sql: """
          SELECT prefix, number, standing, finance_number, reason, run FROM voucher_standing \(condition)
          ORDER BY prefix, number
          """)
      return try Row.fetchAll(statement, arguments: arguments).map { row in
        guard let standing = VoucherStanding.Standing(rawValue: row[2]) else {
          throw StateError.damaged(reason: "voucher_standing.standing")
        }
        return VoucherStanding(
          prefix: row[0], number: row[1], standing: standing, financeNumber: row[3], reason: row[4],
          run: row[5])
      }
    }
  }

  /// For each prefix of which committed runs gave numbers, how many of the runs up to `run` nothing was heard of, and the
  /// first of these runs.
  package func unanswered(upTo run: Int) throws(StateError) -> [(prefix: String, count: Int, since: Int)] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT name, SUM(open), MIN(run) FROM (
            SELECT step.name AS name, step.run AS run, step.last - COALESCE(
                (SELECT MAX(last) FROM counter_step WHERE name = step.name AND last < step.last), 0)
              - (SELECT COUNT(*) FROM voucher_standing WHERE prefix = step.name AND number <= step.last
                  AND number > COALESCE(
                    (SELECT MAX(last) FROM counter_step WHERE name = step.name AND last < step.last), 0)) AS open
            FROM counter_step AS step WHERE step.run <= ? AND step.name NOT LIKE '%/%' AND step.name NOT LIKE '%-RJ-')
          WHERE open > 0 GROUP BY name ORDER BY name
          """, arguments: [run]
      ).map { ($0[0], $0[1], $0[2]) }
    }
  }

  static func write(_ standings: [VoucherStanding], in database: Database) throws {
    for standing in standings {
      try database.cachedStatement(
        sql: """
          WITH new (prefix, number, standing, finance_number, reason, run) AS (VALUES (?, ?, ?, ?, ?, ?))
          INSERT OR REPLACE INTO voucher_standing (prefix, number, standing, finance_number, reason, run, seal)
            SELECT *, \(Seal.voucherStanding) FROM new
          """
      ).execute(arguments: [
        standing.prefix, standing.number, standing.standing.rawValue, standing.financeNumber,
        standing.reason, standing.run,
      ])
    }
  }
}
