import Findings
import Ledger
import Mapping
import Posting
import State

/// The mappings by which earlier runs posted, and the rows that they had: read from the archive when somebody asks.
struct EarlierMappings {
  let state: StateStore
  let workspace: Workspace
  /// Of today's definitions.
  let fingerprint: String
  private var fingerprints: [Int: String] = [:]
  private var definitions: [String: ArchivedDefinitions?] = [:]
  private var replays: [Int: Replays] = [:]
  /// Of how many runs at once what their files gave is in memory.
  private static let most = 8

  init(_ state: StateStore, _ workspace: Workspace, fingerprint: String) {
    (self.state, self.workspace, self.fingerprint) = (state, workspace, fingerprint)
  }

  /// - Returns: that of the run's definitions; `nil` where they were today's.
  mutating func otherFingerprint(of run: Int) throws(StateError) -> String? {
    if fingerprints[run] == nil { fingerprints[run] = try state.run(run)?.definitions }
    return fingerprints[run] == fingerprint ? nil : fingerprints[run]
  }

  /// - Returns: `nil` where the run had today's definitions, or those that it had can't be read any more.
  mutating func definitions(of run: Int) throws -> ArchivedDefinitions? {
    guard let own = try otherFingerprint(of: run) else { return nil }
    if let known = definitions[own] { return known }
    let then = try ArchivedDefinitions(own, workspace)
    definitions[own] = .some(then)
    return then
  }

  /// What each posting of a document that the run posted is made of, by today's mapping; `nil` where the rows are gone, or
  /// don't give one document any more.
  mutating func hashes(
    of key: [UInt8], _ compiled: CompiledInterface, run: Int, today: Day
  ) throws -> [ContentHash]? {
    try rows(of: key, compiled, run: run).flatMap { rows in
      try GatheredRows(rows, compiled, today: today).map { Array($0.hashes) }
    }
  }

  /// The rows of a document that the run posted, as they came, with all that today's mapping looks at.
  private mutating func rows(of key: [UInt8], _ compiled: CompiledInterface, run: Int) throws -> HeldDocument?
  {
    if replays[run] == nil {
      if replays.count >= Self.most { replays = [:] }
      replays[run] = Replays(
        try definitions(of: run), try RunArchive(run, state, workspace)?.record(), state, workspace,
        by: compiled)
    }
    return try replays[run]?.rows(of: key, compiled.interface.name)
  }
}

/// Whether a posted document is what it was, although the mapping looks at other columns now, or has a new posting: a change
/// of the mapping alone changes nothing of what was posted.
final class AsBefore {
  private let past: Past
  private let key: ArraySlice<UInt8>
  private let hashes: ArraySlice<ContentHash>
  private let document: PostedDocument
  private var then: CompiledInterface??
  private var before: [ContentHash]??

  init(
    _ past: Past, _ key: ArraySlice<UInt8>, _ hashes: ArraySlice<ContentHash>, _ document: PostedDocument
  ) {
    (self.past, self.key, self.hashes, self.document) = (past, key, hashes, document)
  }

  /// Whether the mapping had no such posting when the document was posted.
  func isNew(_ posting: Int) -> Bool {
    guard let then = mappingThen() else { return false }
    return !then.postings.contains { $0.code == past.compiled.postings[posting].code }
  }

  /// Whether the source values of a posting that is new are others by now, where the document has one that the mapping has no
  /// more, or waits for it: perhaps it is the same one.
  func mayBeChanged(_ posting: Int) -> Bool {
    guard past.hasLostPosting(document, Array(key)) else { return false }
    return hashesBefore()?[posting] != hashes[hashes.startIndex + posting]
  }

  /// Whether the posting's source values are those that the document had then, of the columns that count today.
  func isUnchanged(_ posting: Int) -> Bool {
    let rule = past.compiled.postings[posting]
    guard let then = mappingThen()?.postings.first(where: { $0.code == rule.code }),
      then.inputs.sourceNames != rule.inputs.sourceNames, let before = hashesBefore()
    else { return false }
    return before[posting] == hashes[hashes.startIndex + posting]
  }

  private func mappingThen() -> CompiledInterface? {
    if let then { return then }
    let found = asked { try past.mappings.definitions(of: document.run) }
    let mapping = found?.interface(named: past.compiled.interface.name)
    then = .some(mapping)
    return mapping
  }

  private func hashesBefore() -> [ContentHash]? {
    if let before { return before }
    let found = asked {
      try past.mappings.hashes(of: Array(key), past.compiled, run: document.run, today: past.today)
    }
    before = .some(found)
    return found
  }

  /// What the archive has no more says nothing, and the document counts as changed. What it has and can't be read is the
  /// run's failure: else a fault of a disk would reverse a document.
  private func asked<Answer>(_ question: () throws -> Answer?) -> Answer? {
    do { return try question() } catch {
      past.failure = past.failure ?? error
      return nil
    }
  }
}

extension PostingInputs {
  fileprivate var sourceNames: [String] { sources.map(\.name).sorted() }
}
