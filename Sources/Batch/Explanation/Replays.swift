import Ledger
import Mapping
import Posting
import Readers
import State

/// The documents behind a run's vouchers, converted once more; each file once.
struct Replays {
  /// Of how many documents rows and arithmetic are shown.
  static let most = 100
  private let definitions: ArchivedDefinitions?
  private let record: CommitRecord?
  private let workspace: Workspace
  private let state: StateStore
  /// By which an XML file is read instead of the run's mapping: its rows have no more than a mapping's own paths.
  private let today: CompiledInterface?
  private var origins: DocumentOrigins
  private var files: [Int: Replay?] = [:]

  init(
    _ definitions: ArchivedDefinitions?, _ record: CommitRecord?, _ state: StateStore, _ workspace: Workspace,
    by today: CompiledInterface? = nil
  ) {
    self.today = today?.interface.layout.xml == nil ? nil : today
    (self.definitions, self.record, self.state, self.workspace) = (definitions, record, state, workspace)
    origins = DocumentOrigins(state: state, workspace: workspace)
  }

  /// The file that brought a document of the run; `nil` where that can't be told.
  mutating func file(of key: [UInt8], _ interface: String) throws -> SourceFile? {
    guard let record else { return nil }
    return try origins.file(of: key, interface, record, isJoined: isJoined(interface))
  }

  /// A document of one of the run's vouchers, where its rows give what was posted of it.
  /// - Parameters:
  ///   - number: how many were asked for before.
  ///   - isRed: whether the voucher takes back what another one has.
  mutating func document(
    _ part: KeptEntries.DocumentEntries, _ interface: String, _ posting: Int?, number: Int, isRed: Bool
  ) throws -> (Explanation.Shown, ReplayedDocument?) {
    if isRed { return (.red, nil) }
    if number >= Self.most { return (.tooMany, nil) }
    guard let posting, let replayed = try document(part.key, interface) else { return (.gone, nil) }
    return replayed.gives(part.entries, posting: posting) ? (.shown, replayed) : (.unlike, nil)
  }

  /// A document that the run posted, from its rows on.
  private mutating func document(_ key: [UInt8], _ interface: String) throws -> ReplayedDocument? {
    guard let record, let compiled = definitions?.interface(named: interface),
      let definition = definitions?.definition(of: interface), let rows = try rows(of: key, interface)
    else { return nil }
    return try ReplayedDocument(rows, compiled, definition, today: Day(ofClock: record.clock))
  }

  /// The rows of a document that the run posted, as they came; `nil` where the archive has them no more.
  mutating func rows(of key: [UInt8], _ interface: String) throws -> HeldDocument? {
    guard let record,
      let posted = try record.decision.registers.first(where: { $0.interface == interface })?.find(key)
    else { return nil }
    if posted.run != record.run { return try rows(of: key, interface, inRun: posted.run) }
    if let file = record.files.first(where: { $0.sequence == posted.file }) {
      guard let replay = try replay(file), let index = replay.index(of: key, row: posted.row) else {
        return nil
      }
      return try replay.kept(index)
    }
    guard !isJoined(interface) else { return nil }
    if let waited = try origins.waited(key, interface, until: record) { return waited }
    // It was posted anew of rows that an earlier run had posted.
    guard let earlier = try origins.record(of: key, interface, before: record.run) else { return nil }
    return try rows(of: key, interface, inRun: earlier.run)
  }

  private mutating func rows(of key: [UInt8], _ interface: String, inRun run: Int) throws -> HeldDocument? {
    guard let record = try origins.record(run) else { return nil }
    var replays = Replays(
      try ArchivedDefinitions(record.decision.definitions, workspace), record, state, workspace, by: today)
    return try replays.rows(of: key, interface)
  }

  private mutating func replay(_ file: RunFile) throws -> Replay? {
    if let known = files[file.sequence] { return known }
    guard let record, let definitions else { return nil }
    let replay = try Replay(
      file, of: record, definitions, workspace, by: today?.interface.name == file.interface ? today : nil)
    files[file.sequence] = .some(replay)
    return replay
  }

  /// Whether what waited of a document may have been put together with what the run brought.
  private func isJoined(_ interface: String) -> Bool {
    definitions?.interface(named: interface)?.interface.document.complete != nil
  }
}
