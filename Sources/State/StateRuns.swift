internal import Foundation
internal import GRDB

extension StateStore {
  /// Writes down what a new run is going to take, and returns its number. Nothing is moved before.
  package func plan(clock: String, definitions: String, files: [RunFile]) throws(StateError) -> Int {
    try plan(clock: clock, definitions: definitions) { _ in files }
  }

  /// As above, for file records that need the run's number (the archive's folder has it).
  package func plan(
    clock: String, definitions: String, files: (Int) -> [RunFile]
  ) throws(StateError) -> Int {
    try writing { database in
      let number = (try Int.fetchOne(database, sql: "SELECT MAX(number) FROM run") ?? 0) + 1
      try database.execute(
        sql: "INSERT INTO run (number, clock, phase, definitions) VALUES (?, ?, 'planned', ?)",
        arguments: [number, clock, definitions])
      try Self.insert(files(number), run: number, in: database)
      return number
    }
  }

  /// Takes back the plan of a run that has no files; the next one has its number.
  package func forget(run number: Int) throws(StateError) {
    try writing {
      try $0.execute(sql: "DELETE FROM run WHERE number = ? AND phase = 'planned'", arguments: [number])
    }
  }

  static func insert(_ files: [RunFile], run number: Int, in database: Database) throws {
    for file in files {
      try database.cachedStatement(
        sql: """
          INSERT INTO run_file (run, sequence, name, device, inode, size, modified, interface, archive_name, phase)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        number, file.sequence, Data(file.name), Int64(bitPattern: file.identity.device),
        Int64(bitPattern: file.identity.inode), file.identity.size, file.identity.modified, file.interface,
        Data(file.archiveName), file.phase.rawValue,
      ])
    }
  }

  /// Writes down what became of the planned files when they were to be taken.
  package func markTaken(run number: Int, phases: [Int: FilePhase]) throws(StateError) {
    try writing { database in
      for (sequence, phase) in phases {
        try database.cachedStatement(sql: "UPDATE run_file SET phase = ? WHERE run = ? AND sequence = ?")
          .execute(arguments: [phase.rawValue, number, sequence])
      }
    }
  }

  /// Writes down that the program died, for the `attempts`-th time, while it parsed this file.
  package func markAttempts(run number: Int, sequence: Int, attempts: Int) throws(StateError) {
    try writing { database in
      try database.execute(
        sql: "UPDATE run_file SET attempts = MAX(attempts, ?) WHERE run = ? AND sequence = ?",
        arguments: [attempts, number, sequence])
    }
  }

  /// Everything of the run is where it belongs.
  package func markDone(run number: Int) throws(StateError) {
    try writing { try $0.execute(sql: "UPDATE run SET phase = 'done' WHERE number = ?", arguments: [number]) }
  }

  /// Writes down that a run was tried, also when there was nothing to do.
  package func heartbeat(_ clock: String) throws(StateError) {
    try writing {
      try $0.execute(sql: "INSERT OR REPLACE INTO heartbeat (only, clock) VALUES (1, ?)", arguments: [clock])
    }
  }

  /// When a run was last tried.
  package func lastHeartbeat() throws(StateError) -> String? {
    try reading { try String.fetchOne($0, sql: "SELECT clock FROM heartbeat") }
  }

  /// Runs that are not done, oldest first.
  package func unfinishedRuns() throws(StateError) -> [RunRecord] {
    try runs("WHERE phase <> 'done' ORDER BY number", [])
  }

  /// The last `count` runs, newest first.
  package func lastRuns(_ count: Int) throws(StateError) -> [RunRecord] {
    try runs("ORDER BY number DESC LIMIT ?", [count])
  }

  /// One run, if there was one of that number.
  package func run(_ number: Int) throws(StateError) -> RunRecord? {
    try runs("WHERE number = ?", [number]).first
  }

  /// The fingerprints of all definitions that committed runs had, in the order in which the last runs had them.
  package func definitions() throws(StateError) -> [String] {
    try reading { database in
      try String.fetchAll(
        database,
        sql: "SELECT definitions FROM run WHERE phase <> 'planned' GROUP BY definitions ORDER BY MAX(number)")
    }
  }

  /// The committed runs that had other definitions than the run before, with these, oldest first.
  package func definitionChanges() throws(StateError) -> [(run: Int, definitions: String)] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT number, definitions FROM (SELECT number, definitions, LAG(definitions) OVER (ORDER BY number) AS before FROM run
            WHERE phase <> 'planned') WHERE definitions IS NOT before ORDER BY number
          """
      ).map { ($0[0], $0[1]) }
    }
  }

  private func runs(_ condition: String, _ arguments: StatementArguments) throws(StateError) -> [RunRecord] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: "SELECT number, clock, phase, definitions, needs_person, summary FROM run \(condition)",
        arguments: arguments
      ).map { row in
        RunRecord(
          number: row[0], clock: row[1], phase: try phase(row[2]), definitions: row[3], needsPerson: row[4],
          summary: row[5])
      }
    }
  }

  /// The files of a run, in order.
  package func files(of run: Int) throws(StateError) -> [RunFile] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT sequence, name, device, inode, size, modified, interface, archive_name, phase, attempts, sha256, outcome
          FROM run_file WHERE run = ? ORDER BY sequence
          """, arguments: [run]
      ).map { row in
        RunFile(
          sequence: row[0], name: [UInt8](row[1] as Data),
          identity: FileIdentity(
            device: UInt64(bitPattern: row[2]), inode: UInt64(bitPattern: row[3]), size: row[4],
            modified: row[5]),
          interface: row[6], archiveName: [UInt8](row[7] as Data), phase: try phase(row[8]), attempts: row[9],
          sha256: (row[10] as Data?).map { [UInt8]($0) }, outcome: row[11])
      }
    }
  }

  /// The files that committed runs took and that are called so, whole path or last part, in the inbox or in the archive; the
  /// newest first.
  package func takenFiles(named name: [UInt8]) throws(StateError) -> [(run: Int, sequence: Int)] {
    try reading { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT run, sequence, name, archive_name FROM run_file JOIN run ON run.number = run_file.run
          WHERE run_file.phase = 'taken' AND run.phase <> 'planned' ORDER BY run DESC, sequence
          """)
      var found: [(run: Int, sequence: Int)] = []
      while let row = try rows.next() {
        let names = [[UInt8](row[2] as Data), [UInt8](row[3] as Data)]
        let ends = names.map { $0.split(separator: 0x2F).last.map(Array.init) ?? [] }
        if (names + ends).contains(name) { found.append((row[0], row[1])) }
      }
      return found
    }
  }

  /// What a run publishes, in order.
  package func publications(of run: Int) throws(StateError) -> [Publication] {
    try reading { database in
      try Row.fetchAll(
        database,
        sql: "SELECT sequence, kind, name, sha256, size FROM publication WHERE run = ? ORDER BY sequence",
        arguments: [run]
      ).map { row in
        Publication(
          sequence: row[0], kind: try phase(row[1]), name: row[2], sha256: [UInt8](row[3] as Data),
          size: row[4])
      }
    }
  }

  private func phase<Value: RawRepresentable<String>>(_ text: String) throws -> Value {
    guard let value = Value(rawValue: text) else {
      throw StateError.damaged(reason: "unknown word “\(text)”")
    }
    return value
  }
}
