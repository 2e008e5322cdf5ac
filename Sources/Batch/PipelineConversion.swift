import CPosix
import Findings
import Glibc
import Mapping
import Readers
import State

/// The run's files through the middle, and everything that comes of them into staging.
extension Pipeline {
  func convert(
    _ files: [RunFile], _ run: Int, _ runClock: String, _ log: [Finding], _ definitions: CompiledDefinitions,
    _ state: StateStore, _ staging: inout Staging
  ) throws -> ConversionOutput {
    workspace.crashed.withCString { posix_mark_crash($0) }
    defer { posix_mark_crash(nil) }
    let taking = Taking(workspace: workspace, run: run)
    var incoming: [IncomingFile] = []
    defer { for file in incoming { if case .descriptor(let descriptor) = file.source { close(descriptor) } } }
    for file in files {
      let descriptor = try System.open(taking.path(of: file.sequence), O_RDONLY)
      incoming.append(
        IncomingFile(
          sequence: file.sequence, name: file.name, interface: file.interface,
          source: .descriptor(descriptor),
          size: file.identity.size))
    }
    let before = try incoming.map { try status(of: $0) }
    let result: Conversion.Result
    do {
      result = try settled(incoming, run, definitions, state)
    } catch {
      // A marker that outlives the run means that the program died of the file; an error that is thrown is not that.
      try? System.remove(workspace.parsing)
      throw error
    }
    try System.remove(workspace.parsing)
    for (file, identity) in zip(incoming, before) where try status(of: file) != identity {
      throw WorldError.changedWhileRead(String(decoding: file.name, as: UTF8.self))
    }
    var mutableStaging = staging
    defer { staging = mutableStaging }
    var output = ConversionOutput(
      result, definitions: definitions, run: run, clock: runClock, counters: try state.counters(),
      files: try state.files(of: run), previous: try state.recordDigest(of: run - 1) ?? [],
      before: try WaitingBefore(state))
    try output.write(log) { kind, name, body in try mutableStaging.stage(kind, name, body) }
    return output
  }

  /// Converts until no voucher would break a contract: each time, the documents behind the breaches are rejected.
  private func settled(
    _ files: [IncomingFile], _ run: Int, _ definitions: CompiledDefinitions, _ state: StateStore
  ) throws -> Conversion.Result {
    let conversion = Conversion(definitions: definitions, run: run, state: state, doors: doors)
    var rejected: [String: [[UInt8]: Finding]] = [:]
    while true {
      let result = try conversion.convert(files, rejected: rejected) { file, rows in
        if rows == 0 { try mark(file, run) }
        if shouldStop() { throw WorldError.interrupted }
        progress(String(decoding: file.name, as: UTF8.self), rows, file.size)
      }
      let breaches = result.breaches()
      if breaches.isEmpty { return result }
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

/// A file of the inbox whose interface is known.
struct RecognisedFile {
  var file: InboxFile
  var interface: String
  var sequence = 0

  func planned(run: Int, clock: String) -> RunFile {
    RunFile(
      sequence: sequence, name: file.name, identity: file.identity, interface: interface,
      archiveName: archiveName(of: file.name, sequence: sequence, run: run, clock: clock))
  }
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
