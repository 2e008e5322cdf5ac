import Mapping
import State

/// A file that brought documents, as it was dropped and as the archive has it.
package struct SourceFile: Codable, Sendable {
  /// Path under the inbox.
  package var name: String
  /// Path under the archive.
  package var archived: String
  package var sha256: String
  /// The run that took it.
  package var run: Int
  /// The document's first data row in it; `nil` where only its line is known.
  package var row: Int?
}

/// Where posted documents came from, by the records of the commits.
struct DocumentOrigins {
  let state: StateStore
  let workspace: Workspace
  private var records: [Int: CommitRecord] = [:]

  init(state: StateStore, workspace: Workspace) { (self.state, self.workspace) = (state, workspace) }

  /// The file of a document that a run posted or took back; `nil` where the records don't say.
  /// - Parameter isJoined: whether what waited of it may have been put together with what the run brought.
  mutating func file(
    of key: [UInt8], _ interface: String, _ record: CommitRecord, isJoined: Bool
  ) throws -> SourceFile? {
    guard let document = try record.decision.registers.first(where: { $0.interface == interface })?.find(key)
    else { return nil }
    if document.run != record.run {
      return try self.record(document.run).flatMap { try file(of: key, interface, $0, isJoined: isJoined) }
    }
    if let file = record.files.first(where: { $0.sequence == document.file }) {
      return SourceFile(file, run: record.run, row: document.row)
    }
    guard !isJoined else { return nil }
    if let waited = try waited(key, interface, until: record) { return try file(of: waited) }
    return try self.record(of: key, interface, before: record.run).flatMap {
      try file(of: key, interface, $0, isJoined: isJoined)
    }
  }

  /// The record of the last run before `run` that posted a document, or took it back.
  mutating func record(of key: [UInt8], _ interface: String, before run: Int) throws -> CommitRecord? {
    for earlier in stride(from: run - 1, to: 0, by: -1) {
      guard let record = try record(earlier),
        try record.decision.registers.first(where: { $0.interface == interface })?.find(key) != nil
      else { continue }
      return record
    }
    return nil
  }

  /// The document as it was held, or waited for the end of its month, until a run; `nil` where it didn't.
  mutating func waited(
    _ key: [UInt8], _ interface: String, until record: CommitRecord
  ) throws -> HeldDocument? {
    let own = HeldKey(interface: interface, key: key)
    if record.decision.heldRemoved.contains(own) { return try held(key, interface, before: record.run) }
    guard record.decision.deferredRemoved.contains(own) else { return nil }
    for earlier in stride(from: record.run - 1, to: 0, by: -1) {
      let waiting = try self.record(earlier)?.decision.deferredPut.map(\.document) ?? []
      if let found = waiting.last(where: { $0.interface == interface && $0.key == key }) { return found }
    }
    return nil
  }

  /// The document as it was held before a run. Another version may have waited for the end of its month meanwhile.
  mutating func held(_ key: [UInt8], _ interface: String, before run: Int) throws -> HeldDocument? {
    for earlier in stride(from: run - 1, to: 0, by: -1) {
      let waiting = try record(earlier)?.decision.heldPut ?? []
      if let found = waiting.last(where: { $0.interface == interface && $0.key == key }) { return found }
    }
    return nil
  }

  /// The file that first brought a document which waited: for its month, perhaps, after it had been held.
  mutating func file(of waiting: HeldDocument) throws -> SourceFile? {
    let files = try record(waiting.sinceRun)?.files ?? []
    if let file = files.first(where: { $0.name == waiting.fileName && $0.phase == .taken }) {
      return SourceFile(file, run: waiting.sinceRun, row: waiting.places.first?.row)
    }
    return try held(waiting.key, waiting.interface, before: waiting.sinceRun).flatMap { try file(of: $0) }
  }

  mutating func record(_ run: Int) throws -> CommitRecord? {
    if let known = records[run] { return known }
    records[run] = try RunArchive(run, state, workspace)?.record()
    return records[run]
  }
}

extension SourceFile {
  init(_ file: RunFile, run: Int, row: Int?) {
    name = String(decoding: file.name, as: UTF8.self)
    archived = String(decoding: file.archiveName, as: UTF8.self)
    sha256 = file.sha256.map(hex) ?? ""
    // What a snapshot does not have has no row in it.
    (self.run, self.row) = (run, row == 0 ? nil : row)
  }
}

/// How a correction has to do with a voucher.
package struct CorrectionLink: Codable, Sendable {
  package enum Part: String, Codable, Sendable {
    /// The voucher takes back `voucher`.
    case reverses
    /// `red` takes back what the voucher has of the document.
    case reversed
    /// The voucher has what the document was changed to, or what was in one that is void.
    case replaces
    /// The voucher was refused and is void; `black` has what the document posts.
    case voided
  }

  package var part: Part
  /// As `Correction.Cause`.
  package var cause: String
  package var run: Int
  /// What had been posted, the red voucher that takes it back, and the one that came in its place; empty: none.
  package var voucher: String
  package var red: String
  package var black: String
}

extension CorrectionLink {
  /// - Returns: `nil` where the voucher has no part in the correction.
  init?(_ correction: Correction, of id: String) {
    guard let found = Self.all(correction).first(where: { [$0.voucher, $0.red, $0.black].contains(id) })
    else {
      return nil
    }
    self = found
    part = red == id ? .reverses : voucher == id ? .reversed : .replaces
  }

  /// The vouchers that a correction touched, as seen from what had been posted.
  static func all(_ correction: Correction) -> [CorrectionLink] {
    correction.postings.filter { !$0.red.isEmpty || !$0.black.isEmpty }.map { posting in
      CorrectionLink(
        part: .reversed, cause: correction.cause.rawValue, run: correction.run, voucher: posting.voucher,
        red: posting.red, black: posting.black)
    }
  }
}
