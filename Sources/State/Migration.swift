internal import GRDB
import Glibc

/// One step from a version of the state's tables to the next. What was released is never edited, only followed.
struct Migration {
  let statements: String

  /// In order; a state of version N has seen the first N.
  static let all = [
    Migration(statements: firstTables), Migration(statements: sealsAndRejects),
    Migration(statements: deferredDocuments), Migration(statements: corrections),
    Migration(statements: periods), Migration(statements: furtherCauses), Migration(statements: blockFilters),
    Migration(statements: refusedCause), Migration(statements: completedCause),
  ]

  private static let firstWithSums = 2

  /// Brings the database to the newest version, in one transaction, after a copy of what was there.
  static func bringUpToDate(_ queue: DatabaseQueue, at path: String, with migrations: [Migration]) throws {
    let version = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
    guard version != migrations.count else { return }
    guard version < migrations.count else {
      throw StateError.newer(version: version, known: migrations.count)
    }
    if version > 0 {
      try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
      try keepCopy(of: path, version: version)
    }
    try queue.write { database in
      // What has seals keeps its proof: sums that held before are made again of the new seals.
      let hasSums = try version >= firstWithSums && StateStore.requireSums(in: database)
      for migration in migrations[version...] { try database.execute(sql: migration.statements) }
      if hasSums { try StateStore.sumSeals(in: database) }
      try database.execute(sql: "PRAGMA user_version = \(migrations.count)")
    }
    try syncFolder(of: path)
  }

  /// `state.sqlite` → `state.before-N.sqlite`, where N is the version that is about to come.
  private static func keepCopy(of path: String, version: Int) throws {
    let stem = path.hasSuffix(".sqlite") ? String(path.dropLast(7)) : path
    let copy = "\(stem).before-\(version + 1).sqlite"
    let source = open(path, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw failure("open", path) }
    defer { close(source) }
    let target = open(copy + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard target >= 0 else { throw failure("open", copy) }
    defer { close(target) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
      if count == 0 { break }
      guard count > 0 else { throw failure("read", path) }
      var done = 0
      while done < count {
        let written = buffer.withUnsafeBytes { write(target, $0.baseAddress! + done, count - done) }
        guard written > 0 else { throw failure("write", copy) }
        done += written
      }
    }
    guard fsync(target) == 0 else { throw failure("fsync", copy) }
    guard rename(copy + ".part", copy) == 0 else { throw failure("rename", copy) }
    try syncFolder(of: path)
  }

  private static func syncFolder(of path: String) throws {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("fsync", folder) }
  }

  private static func failure(_ call: String, _ path: String) -> StateError {
    .storage(reason: "\(call) \(path): \(String(cString: strerror(errno)))")
  }
}

/// Names of files and folders are BLOBs, because they are bytes that nobody promised to be UTF-8.
private let firstTables = """
  CREATE TABLE run (
    number INTEGER PRIMARY KEY,
    clock TEXT NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('planned', 'committed', 'done')),
    definitions TEXT NOT NULL,
    needs_person INTEGER NOT NULL DEFAULT 0,
    summary TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX run_unfinished ON run (number) WHERE phase <> 'done';
  CREATE TABLE run_file (
    run INTEGER NOT NULL REFERENCES run,
    sequence INTEGER NOT NULL,
    name BLOB NOT NULL,
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    interface TEXT NOT NULL,
    archive_name BLOB NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('planned', 'taken', 'withdrawn', 'replaced', 'quarantined')),
    attempts INTEGER NOT NULL DEFAULT 0,
    sha256 BLOB,
    outcome TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE publication (
    run INTEGER NOT NULL REFERENCES run,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('voucher', 'reject', 'report', 'manifest', 'entries')),
    name TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (run, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE counter (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE held_document (
    interface TEXT NOT NULL,
    key BLOB NOT NULL,
    content_hash BLOB NOT NULL,
    since_run INTEGER NOT NULL REFERENCES run,
    file_name BLOB NOT NULL,
    encoding TEXT NOT NULL,
    header BLOB NOT NULL,
    row_places BLOB NOT NULL,
    causes TEXT NOT NULL,
    amounts TEXT NOT NULL,
    row_bytes BLOB NOT NULL,
    UNIQUE (interface, key)
  ) STRICT;
  CREATE TABLE file_digest (
    sha256 BLOB PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    sequence INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    definitions TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE heartbeat (only INTEGER PRIMARY KEY CHECK (only = 1), clock TEXT NOT NULL) STRICT;
  CREATE TABLE register_posting (
    interface TEXT NOT NULL,
    slot INTEGER NOT NULL,
    posting TEXT NOT NULL,
    PRIMARY KEY (interface, slot)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE document_block (
    interface TEXT NOT NULL,
    segment INTEGER NOT NULL,
    block INTEGER NOT NULL,
    first_key BLOB NOT NULL,
    last_key BLOB NOT NULL,
    count INTEGER NOT NULL,
    payload BLOB NOT NULL,
    UNIQUE (interface, segment, block)
  ) STRICT;
  """

/// Rejects are remembered until their document is judged otherwise, held rows remember their delimiter, what decides
/// about posting is sealed, and each commit leaves a record in the archive.
private let sealsAndRejects = """
  ALTER TABLE held_document ADD COLUMN delimiter INTEGER NOT NULL DEFAULT 44;
  ALTER TABLE held_document ADD COLUMN seal INTEGER NOT NULL DEFAULT 0;
  UPDATE held_document SET seal = \(Seal.datelessHeldDocument);
  ALTER TABLE counter ADD COLUMN seal INTEGER NOT NULL DEFAULT 0;
  UPDATE counter SET seal = \(Seal.counter);
  ALTER TABLE register_posting ADD COLUMN seal INTEGER NOT NULL DEFAULT 0;
  UPDATE register_posting SET seal = \(Seal.registerPosting);
  CREATE TABLE block (
    interface TEXT NOT NULL,
    segment INTEGER NOT NULL,
    block INTEGER NOT NULL,
    first_key BLOB NOT NULL,
    last_key BLOB NOT NULL,
    count INTEGER NOT NULL,
    seal INTEGER NOT NULL,
    payload BLOB NOT NULL,
    UNIQUE (interface, segment, block)
  ) STRICT;
  INSERT INTO block SELECT interface, segment, block, first_key, last_key, count, \(Seal.documentBlock), payload
    FROM document_block ORDER BY rowid;
  DROP TABLE document_block;
  ALTER TABLE block RENAME TO document_block;
  CREATE TABLE published (
    run INTEGER NOT NULL REFERENCES run,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('voucher', 'reject', 'report', 'manifest', 'entries', 'record')),
    name TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (run, sequence)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO published SELECT run, sequence, kind, name, sha256, size FROM publication;
  DROP TABLE publication;
  ALTER TABLE published RENAME TO publication;
  CREATE TABLE reject (
    number TEXT PRIMARY KEY,
    interface TEXT NOT NULL,
    key BLOB NOT NULL,
    since_run INTEGER NOT NULL REFERENCES run,
    last_run INTEGER NOT NULL REFERENCES run,
    file_name BLOB NOT NULL,
    line INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    reject_file TEXT NOT NULL,
    cause TEXT NOT NULL,
    amounts TEXT NOT NULL,
    closed_run INTEGER REFERENCES run,
    closed_as TEXT CHECK (closed_as IN ('posted', 'held', 'repeated', 'ignored')),
    seal INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX reject_open ON reject (interface, key) WHERE closed_run IS NULL;
  CREATE TABLE seal_sums (only INTEGER PRIMARY KEY CHECK (only = 1), sums TEXT NOT NULL, seal INTEGER NOT NULL) STRICT;
  """

/// Documents with a posting that is made when their month is over.
private let deferredDocuments = """
  CREATE TABLE deferred_document (
    interface TEXT NOT NULL,
    key BLOB NOT NULL,
    content_hash BLOB NOT NULL,
    since_run INTEGER NOT NULL REFERENCES run,
    file_name BLOB NOT NULL,
    encoding TEXT NOT NULL,
    delimiter INTEGER NOT NULL,
    header BLOB NOT NULL,
    row_places BLOB NOT NULL,
    causes TEXT NOT NULL,
    amounts TEXT NOT NULL,
    row_bytes BLOB NOT NULL,
    month_end INTEGER NOT NULL,
    seal INTEGER NOT NULL,
    UNIQUE (interface, key)
  ) STRICT;
  CREATE INDEX deferred_month ON deferred_document (interface, month_end);
  """

/// What was posted and taken back, and which run gave which numbers: by that the entries of a voucher are found. Of the runs
/// so far the summaries say it.
private let corrections = """
  CREATE TABLE correction (
    interface TEXT NOT NULL,
    key BLOB NOT NULL,
    run INTEGER NOT NULL REFERENCES run,
    cause TEXT NOT NULL CHECK (cause IN ('changed', 'void', 'withdrawn')),
    postings TEXT NOT NULL,
    seal INTEGER NOT NULL,
    UNIQUE (interface, key, run)
  ) STRICT;
  CREATE TABLE counter_step (
    name TEXT NOT NULL,
    last INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES run,
    seal INTEGER NOT NULL,
    PRIMARY KEY (name, last)
  ) STRICT, WITHOUT ROWID;
  INSERT OR IGNORE INTO counter_step SELECT name, last, run, \(Seal.counterStep) FROM (
    SELECT rtrim(json_extract(posting.value, '$.last'), '0123456789') AS name,
      CAST(substr(json_extract(posting.value, '$.last'),
        length(rtrim(json_extract(posting.value, '$.last'), '0123456789')) + 1) AS INTEGER) AS last,
      run.number AS run
    FROM run, json_each(CASE run.summary WHEN '' THEN '{}' ELSE run.summary END, '$.postings') AS posting
    WHERE json_extract(posting.value, '$.last') <> '');
  """

/// Who closed or opened a period, and what would be missing in it: documents that are held, by their dates, and those of
/// which something is posted only when an export brings them again. And what became of vouchers outside.
private let periods = """
  ALTER TABLE held_document ADD COLUMN day INTEGER;
  ALTER TABLE held_document ADD COLUMN book TEXT;
  UPDATE held_document SET seal = \(Seal.heldDocument) WHERE seal = \(Seal.datelessHeldDocument);
  ALTER TABLE deferred_document ADD COLUMN book TEXT;
  UPDATE deferred_document SET seal = \(Seal.deferredDocument) WHERE seal = \(Seal.booklessDeferredDocument);
  CREATE TABLE period_event (
    run INTEGER NOT NULL REFERENCES run,
    book TEXT NOT NULL,
    period TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('closed', 'opened')),
    person TEXT NOT NULL,
    reason TEXT NOT NULL,
    waiting INTEGER NOT NULL,
    seal INTEGER NOT NULL,
    PRIMARY KEY (run, book, period)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE unposted (
    interface TEXT NOT NULL,
    key BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pending', 'ignored')),
    book TEXT NOT NULL,
    since_run INTEGER NOT NULL REFERENCES run,
    day INTEGER NOT NULL,
    file_name BLOB NOT NULL,
    line INTEGER NOT NULL,
    causes TEXT NOT NULL,
    amounts TEXT NOT NULL,
    seal INTEGER NOT NULL,
    UNIQUE (interface, key)
  ) STRICT;
  CREATE TABLE voucher_standing (
    prefix TEXT NOT NULL,
    number INTEGER NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('acknowledged', 'refused', 'void')),
    finance_number TEXT NOT NULL,
    reason TEXT NOT NULL,
    run INTEGER NOT NULL REFERENCES run,
    seal INTEGER NOT NULL,
    PRIMARY KEY (prefix, number)
  ) STRICT, WITHOUT ROWID;
  """

/// Corrections of documents that a snapshot lacks, and of those that a person has had posted anew.
private let furtherCauses = """
  CREATE TABLE correction_of_any_cause (
    interface TEXT NOT NULL,
    key BLOB NOT NULL,
    run INTEGER NOT NULL REFERENCES run,
    cause TEXT NOT NULL CHECK (cause IN ('changed', 'void', 'withdrawn', 'missing', 'reposted')),
    postings TEXT NOT NULL,
    seal INTEGER NOT NULL,
    UNIQUE (interface, key, run)
  ) STRICT;
  INSERT INTO correction_of_any_cause SELECT * FROM correction;
  DROP TABLE correction;
  ALTER TABLE correction_of_any_cause RENAME TO correction;
  """

/// Which keys a block may have, so that few blocks are read for keys that are new. Blocks that are there have none until
/// they are merged.
private let blockFilters = """
  CREATE TABLE block_filter (
    block INTEGER PRIMARY KEY,
    filter BLOB NOT NULL,
    seal INTEGER NOT NULL
  ) STRICT;
  """

/// Documents have one more way to be no more what they were.
private let refusedCause = """
  CREATE TABLE correction_of_any_cause (
    interface TEXT NOT NULL,
    key BLOB NOT NULL,
    run INTEGER NOT NULL REFERENCES run,
    cause TEXT NOT NULL CHECK (cause IN ('changed', 'void', 'withdrawn', 'missing', 'reposted', 'refused')),
    postings TEXT NOT NULL,
    seal INTEGER NOT NULL,
    UNIQUE (interface, key, run)
  ) STRICT;
  INSERT INTO correction_of_any_cause SELECT * FROM correction;
  DROP TABLE correction;
  ALTER TABLE correction_of_any_cause RENAME TO correction;
  """

/// And one that leaves no voucher.
private let completedCause = """
  CREATE TABLE correction_of_any_cause (
    interface TEXT NOT NULL,
    key BLOB NOT NULL,
    run INTEGER NOT NULL REFERENCES run,
    cause TEXT NOT NULL
      CHECK (cause IN ('changed', 'void', 'withdrawn', 'missing', 'reposted', 'refused', 'completed')),
    postings TEXT NOT NULL,
    seal INTEGER NOT NULL,
    UNIQUE (interface, key, run)
  ) STRICT;
  INSERT INTO correction_of_any_cause SELECT * FROM correction;
  DROP TABLE correction;
  ALTER TABLE correction_of_any_cause RENAME TO correction;
  """
