package import Findings
import Glibc
import Ledger
import Mapping
import Posting
import Readers
import Reconciliation
import State

/// The batch: from the inbox to the outbox, exactly once, wherever it dies. Read this file first.
///
///     guard → finish what was left → plan → take → read and convert → sync and commit → publish → archive
///
/// Until the commit nothing has happened; after it everything has, and the rest is only carried out.
package struct Pipeline {
  package let workspace: Workspace
  package let clock: RunClock
  /// Told of each file's rows as they are read.
  package let progress: (_ file: String, _ rows: Int, _ bytes: Int64) -> Void
  /// Asked between batches of rows; true drops the work before the commit.
  package let shouldStop: () -> Bool
  var doors = Doors()
  var filesAtOnce = System.filesAtOnce
  /// Bytes of a file's rows that are kept in memory at once, when they must be put in order.
  var spillBudget = 64 << 20

  package init(
    _ workspace: Workspace, clock: RunClock,
    progress: @escaping (_ file: String, _ rows: Int, _ bytes: Int64) -> Void = { _, _, _ in },
    shouldStop: @escaping () -> Bool = { false }
  ) {
    self.workspace = workspace
    self.clock = clock
    self.progress = progress
    self.shouldStop = shouldStop
  }

  /// What a call of `tallyman run` did.
  package struct Outcome: Sendable {
    /// The runs that were committed, or carried out to their end.
    package var runs: [(number: Int, summary: RunSummary?)] = []
    /// Names in the outbox that these runs could not publish yet.
    package var unpublished: Set<String> = []
    /// About files that stay in the inbox, and about names in the outbox that something else has.
    package var findings: [Finding] = []
    /// Files that are left for a later run.
    package var waiting: [WaitingFile] = []
    /// Files that would have been taken, had an earlier run been carried out to its end.
    package var inboxWaits = 0
    package var heldDocuments = 0
    /// Posted documents with a posting that could not be made at the end of their month.
    package var overdueDocuments = 0
    /// Vouchers that the finance system did not take, and nobody has voided.
    package var refusedVouchers = 0
    package var needsPerson = false
    package var exitCode: Int32 = 0
    package var language = Language.chinese
    /// SHA-256, in hex, of the last commit's record, which has that of the one before it, and so on; `nil` where nothing was
    /// committed.
    package var head: String?
  }

  package func run() throws(WorldError) -> Outcome {
    let outcome = try Self.typed(workspace) {
      try guarded { definitions, state, now, outcome in
        try takeInbox(definitions, state, now, &outcome)
        return true
      }
    }
    guard let outcome else { preconditionFailure("A run is always done") }
    return outcome
  }

  /// Gives every error that the stages throw its place among the ways in which the world can be wrong.
  static func typed<Value>(_ workspace: Workspace, _ body: () throws -> Value) throws(WorldError) -> Value {
    do {
      return try body()
    } catch let error as WorldError {
      throw error
    } catch let error as SystemFailure {
      throw .system(error)
    } catch let error as StateError {
      throw .state(error)
    } catch let error as ReadError {
      throw .system(SystemFailure(call: error.call, path: workspace.root.description, code: error.code))
    } catch let error as ConversionOutput.LawBroken {
      throw .lawBroken(error.untied)
    } catch {
      preconditionFailure("An error of an unknown kind got out of the pipeline: \(error)")
    }
  }

  /// What every run does around its own work: the lock, the proof of the state, and what an earlier run left.
  /// - Parameter body: the work; false where there is none, and the rest is left out.
  func guarded(
    _ body: (CompiledDefinitions, StateStore, _ now: String, inout Outcome) throws -> Bool
  ) throws -> Outcome? {
    let definitions = try CompiledDefinitions(of: workspace)
    try workspace.prepare()
    let now = clock.text(in: definitions.workspace.timeZone.text)
    let lock = try RunLock(workspace.lock, since: now)
    defer { withExtendedLifetime(lock) {} }
    let state = try StateStore.open(at: workspace.state.description)
    defer { try? state.close() }
    try RunTraces(workspace).refuse(older: state)
    try state.prove()
    var outcome = Outcome()
    outcome.language = definitions.language

    for run in try state.unfinishedRuns() where run.phase == .committed {
      try carryOut(run.number, state, &outcome)
    }
    guard definitions.findings.isEmpty else {
      throw WorldError.definitions(definitions.findings, definitions.language)
    }
    let taken = try definitions.takenCodes(since: state, workspace)
    guard taken.isEmpty else { throw WorldError.definitions(taken, definitions.language) }
    for run in try state.unfinishedRuns() where run.phase == .planned {
      // Without files nothing was taken, and what a person had decided is written down nowhere: it is begun anew.
      guard try !state.files(of: run.number).isEmpty else {
        try forget(run.number, state)
        continue
      }
      try work(run.number, run.clock, definitions, state, &outcome)
    }
    // A name that something else has must be cleared first: nothing new is begun on top of it.
    if outcome.exitCode != 0 {
      outcome.inboxWaits = try InboxSurvey(
        workspace.inbox, settle: definitions.workspace.settle, definitions.interfaces
      ).recognised.count
      return outcome
    }
    guard try body(definitions, state, now, &outcome) else { return nil }
    outcome.findings += try quarantined()
    if outcome.exitCode == 0 { outcome.findings += try missingRecords(state) }
    outcome.refusedVouchers = try RefusedVoucher.open(state, ArchivedEntries(workspace: workspace)).count
    do throws(StateError) {
      try state.heartbeat(now)
      outcome.heldDocuments = try state.heldSummary().reduce(0) { $0 + $1.count }
      outcome.findings += try definitions.silentVouchers(in: state, on: Day(ofClock: now))
      if !outcome.runs.isEmpty {
        outcome.head = try state.recordDigest(of: state.lastCommitted()).map { hex($0) }
      }
      outcome.overdueDocuments = try definitions.overdue(in: state, on: Day(ofClock: now))
      try state.checkpointUnlessRead()
    } catch {
      guard let run = outcome.runs.last?.number else { throw error }
      throw WorldError.unnoted(run: run, error)
    }
    let waiting = outcome.heldDocuments + outcome.overdueDocuments + outcome.refusedVouchers
    if !outcome.findings.isEmpty || waiting > 0 {
      outcome.needsPerson = true
    }
    if outcome.exitCode == 0, outcome.needsPerson { outcome.exitCode = 10 }
    return outcome
  }

  /// Plans and does what lies in the inbox, and what leaves hold.
  private func takeInbox(
    _ definitions: CompiledDefinitions, _ state: StateStore, _ now: String, _ outcome: inout Outcome
  ) throws {
    let inbox = try InboxSurvey(
      workspace.inbox, settle: definitions.workspace.settle, definitions.interfaces)
    outcome.waiting = inbox.waiting
    outcome.findings += inbox.findings
    var files = inbox.recognised[...]
    if files.isEmpty {
      let (isChanged, obstacles) = try waitingChange(definitions, state, now)
      guard isChanged else {
        // No run's log tells them.
        outcome.findings += obstacles
        return
      }
    }
    // A run has all its files open; what is too much for one is done by the next, at once.
    repeat {
      var own = files.prefix(max(2, filesAtOnce))
      files = files.dropFirst(own.count)
      // Two that are taken together are of one run.
      if files.first?.isHeads == true, let lines = own.popLast() { files.insert(lines, at: files.startIndex) }
      let number = try state.plan(clock: now, definitions: definitions.fingerprint) { run in
        own.enumerated().map { $1.planned(run: run, sequence: $0 + 1, clock: now) }
      }
      try work(number, now, definitions, state, &outcome)
    } while !files.isEmpty && outcome.exitCode == 0
  }

  /// A planned run, from taking its files to its end.
  func work(
    _ run: Int, _ runClock: String, _ definitions: CompiledDefinitions, _ state: StateStore,
    _ outcome: inout Outcome, decided: PersonsDecision? = nil
  ) throws {
    try take(run, state, definitions)
    try quarantine(run, state, definitions)
    let output = try convertUnchanged(run, runClock, definitions, state, decided)
    if shouldStop() { throw WorldError.interrupted }
    try state.commit(run: run, output.decision, publications: output.publications)
    try carryOut(run, state, &outcome)
  }

  /// Its folders first, and for good: of a run that the state does not know they would be the traces of a lost commit.
  private func forget(_ run: Int, _ state: StateStore) throws {
    for folder in [workspace.staging(run: run), workspace.taken(run: run)]
    where try System.status(folder) != nil {
      try System.removeFolder(folder)
      try System.syncFolder(folder.parent)
    }
    try state.forget(run: run)
  }

  /// Publishes and archives a committed run.
  private func carryOut(_ run: Int, _ state: StateStore, _ outcome: inout Outcome) throws {
    let (publications, files) = (try state.publications(of: run), try state.files(of: run))
    let record = try state.run(run)
    if record?.needsPerson == true { outcome.needsPerson = true }
    outcome.runs.append((run, record.flatMap { RunSummary(json: $0.summary) }))
    var blocked: [Finding]
    do throws(SystemFailure) {
      let publishing = Publishing(workspace: workspace, run: run)
      blocked = try publishing.publish(publications)
      if blocked.isEmpty { blocked = try publishing.archive(files) }
    } catch {
      throw WorldError.unpublished(run: run, error)
    }
    outcome.findings += blocked
    guard blocked.isEmpty else {
      let waiting = try Publishing(workspace: workspace, run: run).unpublished(publications)
      outcome.unpublished.formUnion(waiting.map(\.name))
      outcome.exitCode = 74
      return
    }
    do throws(StateError) { try state.markDone(run: run) } catch { throw WorldError.unnoted(run: run, error) }
  }

  /// Converts what is taken. What turns out to be still in work goes back to the inbox, and the rest is done without it.
  private func convertUnchanged(
    _ run: Int, _ runClock: String, _ definitions: CompiledDefinitions, _ state: StateStore,
    _ decided: PersonsDecision?
  ) throws -> ConversionOutput {
    while true {
      let files = try state.files(of: run)
      try requireInterfaces(of: files, definitions)
      try DefinitionsArchive(workspace: workspace).keep(definitions)
      // Only what the state knows goes into the run's log, so that a resumed run writes the same one.
      let log = files.compactMap(\.findingOfPhase)
      let staging = try Staging(workspace.staging(run: run))
      do {
        let readable = files.filter { $0.phase == .taken }
        let output = try convert(readable, run, runClock, log, definitions, state, staging, decided)
        try staging.sync()
        return output
      } catch let changed as FilesChanged {
        try state.markTaken(
          run: run,
          phases: Dictionary(uniqueKeysWithValues: changed.sequences.map { ($0, .replaced) }))
        for file in files where changed.sequences.contains(file.sequence) {
          try Taking(workspace: workspace, run: run).giveBack(file)
        }
        try giveBack(Set(changed.sequences), files, run, state, definitions)
      }
    }
  }

  /// A planned file waits until there is an interface for it again: a definition may be gone since the plan.
  private func requireInterfaces(of files: [RunFile], _ definitions: CompiledDefinitions) throws {
    let known = definitions.interfaces.map(\.interface.name)
    let orphans = files.filter { $0.phase == .taken && !known.contains($0.interface) }
    guard orphans.isEmpty else {
      throw WorldError.definitions(
        orphans.map { file in
          Finding(
            .unknownReference, .error, at: Place(file: String(decoding: file.name, as: UTF8.self)),
            ["interface", file.interface, nearest(to: file.interface, among: known)])
        }, definitions.language)
    }
  }

  /// The state is sound, but could not be made again if it were lost.
  private func missingRecords(_ state: StateStore) throws -> [Finding] {
    let records = ArchivedRecords(workspace: workspace)
    return try records.missing(committed: try state.lastCommitted()).map { [records.finding(ofMissing: $0)] }
      ?? []
  }

  /// Files that brought the program down wait for a person until they are taken away.
  private func quarantined() throws(SystemFailure) -> [Finding] {
    guard try System.status(workspace.quarantine) != nil else { return [] }
    return try System.names(in: workspace.quarantine).map { name in
      let path = ".tallyman/quarantine/" + String(decoding: name, as: UTF8.self)
      return Finding(.fileQuarantined, .warning, at: Place(file: path), ["2"])
    }
  }

  // MARK: - Stages

  /// Whether a held document leaves hold, or waits for something else than it did, or the month of a deferred one is over;
  /// and what speaks against making what is due: of each kind the first.
  private func waitingChange(
    _ definitions: CompiledDefinitions, _ state: StateStore, _ now: String
  ) throws -> (isChanged: Bool, obstacles: [Finding]) {
    guard try !state.heldSummary().isEmpty || !state.deferredSummary().isEmpty else { return (false, []) }
    let conversion = try Conversion(rehearsing: definitions, on: Day(ofClock: now), state, workspace)
    let result = try conversion.convert([], progress: { _, _ in })
    let parts = result.interfaces.flatMap(\.parts)
    let isChanged = parts.contains { part in
      part.file.posted.store.documents.contains { $0.verdict != .held } || !part.renewed.isEmpty
    }
    var told: Set<FindingCode> = []
    return (isChanged, parts.flatMap(\.obstacles).filter { told.insert($0.code).inserted })
  }

  private func take(_ run: Int, _ state: StateStore, _ definitions: CompiledDefinitions) throws {
    let phases = try Taking(workspace: workspace, run: run).take(try state.files(of: run))
    try state.markTaken(run: run, phases: phases)
    let files = try state.files(of: run)
    let missing = Set(files.filter { [.withdrawn, .replaced].contains($0.phase) }.map(\.sequence))
    try giveBack(missing, files, run, state, definitions)
  }

  /// Gives files back to the inbox that can't be read without those that are missing.
  private func giveBack(
    _ missing: Set<Int>, _ files: [RunFile], _ run: Int, _ state: StateStore,
    _ definitions: CompiledDefinitions
  ) throws {
    let others = FilePairs(definitions.interfaces).others(of: missing, among: files)
    let left = files.filter { others.contains($0.sequence) && $0.phase == .taken }
    guard !left.isEmpty else { return }
    try state.markTaken(
      run: run, phases: Dictionary(uniqueKeysWithValues: left.map { ($0.sequence, .replaced) }))
    for file in left { try Taking(workspace: workspace, run: run).giveBack(file) }
  }

  /// Puts aside what has brought the program down twice. What is found in the marker was being parsed when the last run
  /// ended before its time; only a crash of its own counts.
  private func quarantine(_ run: Int, _ state: StateStore, _ definitions: CompiledDefinitions) throws {
    var files = try state.files(of: run).filter { $0.phase == .taken }
    if try System.status(workspace.parsing) != nil {
      let crashed = try System.status(workspace.crashed) != nil
      let marker = crashed ? String(decoding: try System.read(workspace.parsing), as: UTF8.self) : ""
      for index in files.indices where marker == "\(run) \(files[index].sequence)" {
        files[index].attempts += 1
        try state.markAttempts(run: run, sequence: files[index].sequence, attempts: files[index].attempts)
      }
      try System.remove(workspace.parsing)
    }
    try System.remove(workspace.crashed)
    // The files themselves are moved with the archive, after the commit.
    let bad = files.filter { $0.attempts >= 2 }
    try giveBack(Set(bad.map(\.sequence)), files, run, state, definitions)
    guard !bad.isEmpty else { return }
    try state.markTaken(
      run: run, phases: Dictionary(uniqueKeysWithValues: bad.map { ($0.sequence, .quarantined) }))
  }
}
