import CPosix
import Findings
import Glibc
import Ledger
import Mapping
import Readers
import State

/// The run's files through the middle, and everything that comes of them into staging.
extension Pipeline {
  /// - Throws: `FilesChanged` when the bytes of some of the files can't be relied on.
  func convert(
    _ files: [RunFile], _ run: Int, _ runClock: String, _ log: [Finding], _ definitions: CompiledDefinitions,
    _ state: StateStore, _ staging: Staging, _ decided: PersonsDecision?
  ) throws -> ConversionOutput {
    workspace.crashed.withCString { posix_mark_crash($0) }
    defer { posix_mark_crash(nil) }
    let (incoming, unreadable) = try opened(files, run)
    defer { for file in incoming { if case .descriptor(let descriptor) = file.source { close(descriptor) } } }
    guard unreadable.isEmpty else { throw FilesChanged(sequences: unreadable) }
    let before = try incoming.map { try status(of: $0) }
    do {
      let result = try settled(incoming, run, runClock, definitions, state, decided)
      try System.remove(workspace.parsing)
      // What reading the files took is not needed any more, and would be kept for threads that have ended.
      posix_trim_memory()
      var output = ConversionOutput(
        result, definitions: definitions, run: run, clock: runClock, counters: try state.counters(),
        files: try state.files(of: run), previous: try state.recordDigest(of: run - 1) ?? [],
        before: try WaitingBefore(state), entries: ArchivedEntries(workspace: workspace),
        decided: decided)
      try requireUnchanged(incoming, since: before)
      // Rejects and holds are copied from the files once more.
      try output.write(log + definitions.changedKeys(since: state, workspace), to: staging)
      try requireUnchanged(incoming, since: before)
      return output
    } catch {
      // A marker that outlives the run means that the program died of the file; an error that is thrown is not that.
      try? System.remove(workspace.parsing)
      // Whatever came of a file that changed, the change is what is wrong.
      if case WorldError.interrupted? = error as? WorldError { throw error }
      try requireUnchanged(incoming, since: before)
      throw error
    }
  }

  /// Opens what was taken. A file that somebody has open for writing since before it was taken is not finished, and one
  /// that may not be read any more was changed too.
  private func opened(_ files: [RunFile], _ run: Int) throws -> (incoming: [IncomingFile], unreadable: [Int])
  {
    let taking = Taking(workspace: workspace, run: run)
    var incoming: [IncomingFile] = []
    var unreadable: [Int] = []
    for file in files {
      do throws(SystemFailure) {
        let descriptor = try Self.opened(taking.path(of: file.sequence))
        if posix_nobody_writes(descriptor) == 0 { unreadable.append(file.sequence) }
        incoming.append(
          IncomingFile(
            sequence: file.sequence, name: file.name, interface: file.interface,
            source: .descriptor(descriptor), size: file.identity.size))
      } catch {
        guard error.code == EACCES else {
          for file in incoming { if case .descriptor(let descriptor) = file.source { close(descriptor) } }
          throw error
        }
        unreadable.append(file.sequence)
      }
    }
    return (incoming, unreadable)
  }

  /// What is refused once only is no refusal: else the file would go back to the inbox, and the run be another.
  private static func opened(_ path: Path) throws(SystemFailure) -> Int32 {
    do throws(SystemFailure) { return try System.open(path, O_RDONLY) } catch {
      guard error.code == EACCES else { throw error }
      return try System.open(path, O_RDONLY)
    }
  }

  private func requireUnchanged(_ files: [IncomingFile], since before: [FileIdentity]) throws {
    var changed: [Int] = []
    for (file, identity) in zip(files, before) where try status(of: file) != identity {
      changed.append(file.sequence)
    }
    if !changed.isEmpty { throw FilesChanged(sequences: changed) }
  }

  /// Converts until no voucher would break a contract: each time, the documents behind the breaches are rejected.
  private func settled(
    _ files: [IncomingFile], _ run: Int, _ runClock: String, _ definitions: CompiledDefinitions,
    _ state: StateStore, _ decided: PersonsDecision?
  ) throws -> Conversion.Result {
    var conversion = Conversion(
      definitions: definitions, run: run, today: Day(ofClock: runClock), state: state,
      spilling: Spilling(folder: workspace.staging(run: run), budget: spillBudget), doors: doors,
      entries: ArchivedEntries(workspace: workspace),
      closed: try ClosedPeriods(state, workspace, after: decided?.period)
    )
    conversion.dismissed = decided?.held
    conversion.voided = decided?.voided
    conversion.accepted = decided?.accepted
    conversion.reposted = decided?.reposted
    conversion.gathered = decided?.gathered
    var rejected: [String: [[UInt8]: Finding]] = [:]
    while true {
      var result = try conversion.convert(files, rejected: rejected) { file, rows in
        if rows == 0 { try mark(file, run) }
        if shouldStop() { throw WorldError.interrupted }
        progress(String(decoding: file.name, as: UTF8.self), rows, file.size)
      }
      let breaches = result.breaches()
      if breaches.isEmpty {
        result.tellMended()
        return result
      }
      for (interface, documents) in breaches {
        rejected[interface, default: [:]].merge(documents) { first, _ in first }
      }
    }
  }

  /// Writes down which file is parsed from now on. If the program dies of it, the next run knows.
  private func mark(_ file: IncomingFile, _ run: Int) throws(SystemFailure) {
    let descriptor = try System.open(workspace.parsing, O_WRONLY | O_CREAT | O_TRUNC)
    defer { close(descriptor) }
    try System.write(Array("\(run) \(file.sequence)".utf8), to: descriptor, workspace.parsing)
  }

  private func status(of file: IncomingFile) throws(SystemFailure) -> FileIdentity {
    guard case .descriptor(let descriptor) = file.source else {
      preconditionFailure("What a run takes are files")
    }
    var status = stat()
    try System.check("fstat", Path(file.name)) { fstat(descriptor, &status) }
    return FileIdentity(status)
  }
}

/// Files of the run that are still being written, by number: what was read of them proves nothing.
struct FilesChanged: Error {
  var sequences: [Int]
}

extension RunFile {
  /// What is to be said of a planned file that is not read.
  var findingOfPhase: Finding? {
    switch phase {
    case .planned, .taken: nil
    case .withdrawn: finding(.fileWithdrawn)
    case .replaced: finding(.fileReplaced)
    case .quarantined: finding(.fileQuarantined, [String(attempts)])
    }
  }

  func finding(_ code: FindingCode, _ arguments: [String] = []) -> Finding {
    Finding(code, .warning, at: Place(file: String(decoding: name, as: UTF8.self)), arguments)
  }
}
