internal import GRDB

/// The state cannot be read or written: the world is wrong, not the data.
package enum StateError: Error, Sendable, Hashable {
  /// A newer Tallyman wrote it; this one knows versions up to `known`.
  case newer(version: Int, known: Int)
  /// It has to be brought up to date first, which only a run does, under the lock.
  case older(version: Int, known: Int)
  /// What is stored is not what was written.
  case damaged(reason: String)
  /// The database would not keep a commit through a power cut.
  case notDurable(setting: String, value: String)
  /// Another connection writes, though only the holder of the lock may.
  case busy
  /// The disk or the system refused.
  case storage(reason: String)

  init(_ error: any Error) {
    switch error {
    case let error as StateError: self = error
    case let error as DatabaseError:
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
      case .SQLITE_IOERR, .SQLITE_FULL, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_NOMEM,
        .SQLITE_PROTOCOL:
        self = .storage(reason: error.message ?? "\(error.resultCode)")
      // Our own statements are right: what SQLite has against one, such as a table that is gone, is in the file.
      default: self = .damaged(reason: error.message ?? "\(error.resultCode)")
      }
    default: self = .storage(reason: "\(error)")
    }
  }

  /// What the database, the disk or the file itself says is wrong.
  package var reason: String {
    switch self {
    case .newer(let version, let known), .older(let version, let known): "version \(version), known \(known)"
    case .damaged(let reason), .storage(let reason): reason
    case .notDurable(let setting, let value): "\(setting) = \(value)"
    case .busy: "busy"
    }
  }
}
