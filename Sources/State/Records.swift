/// How far a run has come. `committed` is the only point of truth: before it nothing has happened, after it all has.
package enum RunPhase: String, Sendable, Hashable, CaseIterable {
  case planned, committed, done
}

/// What is known of a run.
package struct RunRecord: Sendable, Hashable {
  package var number: Int
  /// ISO 8601 with the zone's offset, as the run's clock gave it at the plan.
  package var clock: String
  package var phase: RunPhase
  /// Fingerprint of the definitions it worked with.
  package var definitions: String
  /// Whether it rejected or held something (exit code 10).
  package var needsPerson: Bool
  /// JSON, as the run's commit gave it; empty before.
  package var summary: String
}

/// What became of a file that a run planned to take.
package enum FilePhase: String, Sendable, Hashable, CaseIterable, Codable {
  case planned, taken
  /// It had vanished from the inbox before it could be taken.
  case withdrawn
  /// Other content had its name by then; that is a new drop for the next run.
  case replaced
  /// It brought the program down twice, and is put aside unread.
  case quarantined
}

/// What makes a file this file and no other. A rename keeps all four.
package struct FileIdentity: Sendable, Hashable, Codable {
  package var device: UInt64
  package var inode: UInt64
  package var size: Int64
  /// Time of modification in nanoseconds, to tell a rewrite of the same length.
  package var modified: Int64

  package init(device: UInt64, inode: UInt64, size: Int64, modified: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
    self.modified = modified
  }
}

/// A file of a run, as planned and as it went.
package struct RunFile: Sendable, Hashable {
  /// From 1, in the order in which the run works.
  package var sequence: Int
  /// Path under the inbox.
  package var name: [UInt8]
  package var identity: FileIdentity
  package var interface: String
  /// Path under the archive, decided at the plan.
  package var archiveName: [UInt8]
  package var phase: FilePhase
  /// How often the program died while it parsed this file.
  package var attempts: Int
  package var sha256: [UInt8]?
  /// JSON, as the run's commit gave it.
  package var outcome: String

  package init(
    sequence: Int, name: [UInt8], identity: FileIdentity, interface: String, archiveName: [UInt8],
    phase: FilePhase = .planned, attempts: Int = 0, sha256: [UInt8]? = nil, outcome: String = ""
  ) {
    self.sequence = sequence
    self.name = name
    self.identity = identity
    self.interface = interface
    self.archiveName = archiveName
    self.phase = phase
    self.attempts = attempts
    self.sha256 = sha256
    self.outcome = outcome
  }
}

/// What a published file is for. The record of the commit goes out first and the manifest last; record and entries go to
/// the archive.
package enum PublicationKind: String, Sendable, Hashable, CaseIterable, Codable {
  case voucher, reject, report, manifest, entries, record
}

/// A file that a run publishes, under its final name.
package struct Publication: Sendable, Hashable, Codable {
  /// The number of the staged file.
  package var sequence: Int
  package var kind: PublicationKind
  /// Path under the outbox; for entries and records, under `archive/entries` and `archive/records`.
  package var name: String
  @RecordedBytes package var sha256: [UInt8]
  package var size: Int64

  package init(sequence: Int, kind: PublicationKind, name: String, sha256: [UInt8], size: Int64) {
    self.sequence = sequence
    self.kind = kind
    self.name = name
    self.sha256 = sha256
    self.size = size
  }
}

/// A take of the same bytes before.
package struct FileDigest: Sendable, Hashable, Codable {
  @RecordedBytes package var sha256: [UInt8]
  package var sequence: Int
  /// Nothing of it was rejected or held, so the same bytes need not be read again.
  package var settled: Bool
  package var definitions: String

  package init(sha256: [UInt8], sequence: Int, settled: Bool, definitions: String) {
    self.sha256 = sha256
    self.sequence = sequence
    self.settled = settled
    self.definitions = definitions
  }
}
