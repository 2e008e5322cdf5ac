package import Findings
import Ledger
import Mapping
import Posting
import State

/// What became of a document in the runs that brought, tried or corrected it: read from archive and state.
package struct DocumentHistory: Codable, Sendable {
  /// What one run made of the document.
  package struct Version: Codable, Sendable {
    package enum Verdict: String, Codable, Sendable {
      case posted, held, rejected
      /// What was posted of it was taken back, for it was void, or not approved any more.
      case void, withdrawn
    }

    package var run: Int
    package var clock: String
    package var verdict: Verdict
    /// Why it was held or rejected.
    package var reasons: [Reason]
    /// `nil` where that can't be told.
    package var file: SourceFile?
    package var vouchers: [Posted]
    /// Codes of postings that waited for a value.
    package var pending: [String]
    package var corrections: [CorrectionLink]
  }

  package struct Reason: Codable, Sendable {
    package var code: String
    package var message: String
  }

  /// A posting's voucher; those of earlier runs go on standing for what has not changed.
  package struct Posted: Codable, Sendable {
    package var posting: String
    package var voucher: String
    package var run: Int
  }

  package var document: String
  package var interface: String
  package var versions: [Version]
  /// Codes of postings that are made when the month is over.
  package var deferred: [String]

  /// - Parameters:
  ///   - text: the key as logs show it.
  ///   - interface: the only one that is asked for; without it, all.
  /// - Returns: one for each document that has such a key; none where nothing is known of one.
  package static func find(
    _ text: String, interface: String? = nil, in workspace: Workspace, language: Language
  ) throws(WorldError) -> [DocumentHistory] {
    try Pipeline.typed(workspace) {
      guard let state = try workspace.readState() else { return [] }
      defer { try? state.close() }
      return try state.interfaces().filter { interface == nil || $0 == interface }.flatMap { name in
        var reader = HistoryReader(name, state, workspace, language)
        let register = try state.register(of: name)
        return try keys(shownAs: text).compactMap { try reader.read($0, register) }
      }
    }
  }

  /// The keys that are shown as `text`: a `/` may stand between two parts of a key, or in one.
  static func keys(shownAs text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    let slashes = bytes.indices.filter { bytes[$0] == 0x2F }
    // A key of that many parts, and slashes among them, is none that anybody has.
    guard slashes.count <= 10 else { return [bytes] }
    return (0..<1 << slashes.count).map { choice in
      var key = bytes
      for (bit, place) in slashes.enumerated() where choice >> bit & 1 == 1 {
        key[place] = DocumentGatherer.keySeparator
      }
      return key
    }
  }
}

/// Puts together what state and records know of documents of one interface.
private struct HistoryReader {
  let interface: String
  let state: StateStore
  let workspace: Workspace
  let language: Language
  private var origins: DocumentOrigins
  private var definitions: [String: CompiledInterface?] = [:]

  init(_ interface: String, _ state: StateStore, _ workspace: Workspace, _ language: Language) {
    (self.interface, self.state, self.workspace, self.language) = (interface, state, workspace, language)
    origins = DocumentOrigins(state: state, workspace: workspace)
  }

  mutating func read(_ key: [UInt8], _ register: DocumentRegister) throws -> DocumentHistory? {
    let posted = try register.find(key.span)
    let corrections = try state.corrections(interface, key: key)
    let rejects = try state.rejects(interface, key: key)
    var runs = Set(rejects.flatMap { [$0.sinceRun, $0.lastRun] } + corrections.map(\.run))
    if let posted { runs.insert(posted.run) }
    if let held = try state.heldDocument(interface, key: key) { runs.insert(held.sinceRun) }
    for id in corrections.flatMap(\.postings).flatMap({ [$0.voucher, $0.black] }) where !id.isEmpty {
      if let run = try state.run(ofVoucher: id) { runs.insert(run) }
    }
    guard !runs.isEmpty else { return nil }
    for run in runs.sorted() {
      // What was posted without a file had been held.
      guard let document = try find(key, run), document.file == 0 else { continue }
      if let kept = try origins.kept(key, interface, before: run) { runs.insert(kept.sinceRun) }
    }
    var versions: [DocumentHistory.Version] = []
    for run in runs.sorted() { versions += try version(key, run, corrections, rejects) }
    return DocumentHistory(
      document: DocumentStore.text(ofKey: key), interface: interface, versions: versions,
      deferred: try state.deferredDocument(interface, key: key)?.causes.map(\.code) ?? [])
  }

  private mutating func find(_ key: [UInt8], _ run: Int) throws -> PostedDocument? {
    try origins.record(run)?.decision.registers.first { $0.interface == interface }?.find(key)
  }

  /// What a run made of the document; nothing where the record of its commit is gone.
  private mutating func version(
    _ key: [UInt8], _ run: Int, _ corrections: [Correction], _ rejects: [Reject]
  ) throws -> [DocumentHistory.Version] {
    guard let record = try origins.record(run) else { return [] }
    var version = DocumentHistory.Version(
      run: run, clock: record.clock, verdict: .posted, reasons: [], file: nil, vouchers: [], pending: [],
      corrections: [])
    func of(_ other: String, _ otherKey: [UInt8]) -> Bool { other == interface && otherKey == key }
    if let held = record.decision.heldPut.last(where: { of($0.interface, $0.key) }) {
      version.verdict = .held
      version.reasons = held.causes.map { reason($0.code, $0.arguments) }
      version.file = try origins.file(of: held)
    } else if let reject = record.decision.rejects.last(where: {
      of($0.interface, $0.key) && $0.closed == nil
    }) {
      version.verdict = .rejected
      version.reasons = [reason(reject.cause.code, reject.cause.arguments)]
      version.file = record.files.first { $0.name == reject.fileName && $0.phase == .taken }
        .map { SourceFile($0, run: run, row: nil) }
    } else if let document = try find(key, run) {
      let compiled = try compiled(record.decision.definitions)
      let correction = corrections.first { $0.run == run }
      version.file = try origins.file(
        of: key, interface, record, isJoined: compiled?.interface.document.complete != nil)
      version.corrections = correction.map(CorrectionLink.all) ?? []
      switch correction?.cause {
      case .void: version.verdict = .void
      case .withdrawn: version.verdict = .withdrawn
      case .changed, nil: try add(document, key, record, compiled, to: &version)
      }
    } else {
      return []
    }
    return [version]
  }

  private func add(
    _ document: PostedDocument, _ key: [UInt8], _ record: CommitRecord, _ compiled: CompiledInterface?,
    to version: inout DocumentHistory.Version
  ) throws {
    let codes = record.decision.registers.first { $0.interface == interface }?.postings ?? []
    for (slot, code) in codes.enumerated() {
      guard document.hash(posting: slot) != nil else {
        if compiled?.postings.contains(where: { $0.code == code }) ?? true { version.pending.append(code) }
        continue
      }
      guard let number = document.voucher(posting: slot) else { continue }
      // A slot has a number whatever the book: whose it is, the entries tell.
      let prefixes = (compiled?.postings.indices).map { postings in
        postings.filter { compiled?.postings[$0].code == code }.compactMap { compiled?.idPrefix(posting: $0) }
      }
      for prefix in prefixes ?? [] {
        let id = voucherID(prefix: prefix, number: number)
        guard let run = try state.run(ofVoucher: id),
          try RunArchive(run, state, workspace)?.entries(of: id)?.documents.contains(where: { $0.key == key })
            == true
        else { continue }
        version.vouchers.append(DocumentHistory.Posted(posting: code, voucher: id, run: run))
      }
    }
  }

  private mutating func compiled(_ fingerprint: String) throws -> CompiledInterface? {
    if let known = definitions[fingerprint] { return known }
    let found = try ArchivedDefinitions(fingerprint, workspace)?.interface(named: interface)
    definitions[fingerprint] = .some(found)
    return found
  }

  private func reason(_ code: String, _ arguments: [String]) -> DocumentHistory.Reason {
    let known = FindingCode(rawValue: code)
    return DocumentHistory.Reason(
      code: code,
      message: known.map { Finding($0, .hold, at: Place(file: ""), arguments).message(in: language) } ?? code)
  }
}
