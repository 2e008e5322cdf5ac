internal import GRDB
import Glibc

/// The state of a workspace: runs, files, documents, what is held. One connection, and the holder of the run's
/// lock is the only one that writes.
package final class StateStore: Sendable {
  private let queue: DatabaseQueue
  private let path: String

  /// Opens the state for a run, and makes or migrates it where that is due. The caller holds the lock.
  package static func open(at path: String) throws(StateError) -> StateStore {
    try open(at: path, migrations: Migration.all)
  }

  /// Opens the state to look at it, also while a run works; nil when there is none yet.
  package static func openToRead(at path: String) throws(StateError) -> StateStore? {
    guard access(path, F_OK) == 0 else { return nil }
    let store = try openWithoutRoom(path)
    let version = try store.reading { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
    let known = Migration.all.count
    if version == 0 { return nil }
    if version > known { throw .newer(version: version, known: known) }
    if version < known { throw .older(version: version, known: known) }
    return store
  }

  /// SQLite wants room beside the database even to read it. Where there is none, and no log that a commit may be in, the
  /// file alone is read.
  private static func openWithoutRoom(_ path: String) throws(StateError) -> StateStore {
    do throws(StateError) {
      let store = try StateStore(path, readonly: true)
      _ = try store.reading { try Int.fetchOne($0, sql: "PRAGMA user_version") }
      return store
    } catch {
      guard case .storage = error else { throw error }
      var log = stat()
      guard stat(path + "-wal", &log) != 0 || log.st_size == 0 else { throw error }
      let name = path.utf8.map { byte in
        let isPlain = byte == 0x2F || byte == 0x2E || byte == 0x2D || byte == 0x5F || byte.isAlphanumeric
        return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
      return try StateStore("file:" + name.joined() + "?immutable=1", readonly: true)
    }
  }

  static func open(at path: String, migrations: [Migration]) throws(StateError) -> StateStore {
    let store = try StateStore(path, readonly: false)
    do { try Migration.bringUpToDate(store.queue, at: path, with: migrations) } catch {
      throw StateError(error)
    }
    return store
  }

  private init(_ path: String, readonly: Bool) throws(StateError) {
    var configuration = Configuration()
    configuration.readonly = readonly
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(0.2)
    configuration.label = "state"
    configuration.prepareDatabase { database in
      Seal.install(in: database)
      guard !readonly else { return }
      // A state from before goes on without: it can only be said of one that is empty.
      if try Int.fetchOne(database, sql: "PRAGMA page_count") == 0 {
        try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      }
      // WAL is a property of the file, the other two of the connection.
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
      for (setting, wanted) in [("journal_mode", "wal"), ("synchronous", "2"), ("wal_autocheckpoint", "0")] {
        let value = (try Row.fetchOne(database, sql: "PRAGMA \(setting)")?[0] as DatabaseValue?)
          .flatMap { String.fromDatabaseValue($0) ?? Int.fromDatabaseValue($0).map { "\($0)" } }
        guard value == wanted else { throw StateError.notDurable(setting: setting, value: value ?? "") }
      }
    }
    self.path = path
    do { queue = try DatabaseQueue(path: path, configuration: configuration) } catch {
      throw StateError(error)
    }
  }

  /// Moves what the write-ahead log holds into the database. Only under the lock.
  package func checkpoint() throws(StateError) {
    do {
      try queue.writeWithoutTransaction { database in
        try Self.giveBackPages(of: database)
        _ = try database.checkpoint(.truncate)
      }
    } catch {
      throw StateError(error)
    }
  }

  /// The same, unless somebody reads the state just now, say for a copy of it: then a later run does it.
  package func checkpointUnlessRead() throws(StateError) {
    do throws(StateError) { try checkpoint() } catch { guard error == .busy else { throw error } }
  }

  /// What merged segments leave free would be used by later ones, but can be as much as all that is kept.
  private static func giveBackPages(of database: Database) throws {
    let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
    let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
    guard free > 1 << 8, free > pages / 8 else { return }
    try database.execute(sql: "PRAGMA incremental_vacuum")
  }

  /// Closes the connection; whoever uses the store afterwards gets an error.
  package func close() throws(StateError) {
    do { try queue.close() } catch { throw StateError(error) }
  }

  /// What is posted of an interface, as the last commit left it.
  package func register(of interface: String) throws(StateError) -> DocumentRegister {
    try DocumentRegister(self, interface: interface)
  }

  func reading<Value>(_ body: (Database) throws -> Value) throws(StateError) -> Value {
    do { return try queue.read(body) } catch { throw StateError(error) }
  }

  /// One transaction.
  func writing<Value>(_ body: (Database) throws -> Value) throws(StateError) -> Value {
    do { return try queue.write(body) } catch { throw StateError(error) }
  }
}

extension UInt8 {
  fileprivate var isAlphanumeric: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
}
