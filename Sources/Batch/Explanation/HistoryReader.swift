import Findings
import Ledger
import Mapping
import Posting
import State

/// Puts together what state and records know of documents of one interface.
struct HistoryReader {
  let interface: String
  let state: StateStore
  let workspace: Workspace
  let language: Language
  private let files: FileSearch
  private var origins: DocumentOrigins
  private var definitions: [String: CompiledInterface?] = [:]

  init(_ interface: String, _ state: StateStore, _ workspace: Workspace, _ language: Language) {
    (self.interface, self.state, self.workspace, self.language) = (interface, state, workspace, language)
    origins = DocumentOrigins(state: state, workspace: workspace)
    files = FileSearch(interface: interface, state: state, workspace: workspace)
  }

  /// - Parameter named: runs whose records name the document, as `RecordSearch` finds them.
  mutating func read(
    _ key: [UInt8], _ register: DocumentRegister, named: Set<Int>
  ) throws -> DocumentHistory? {
    let posted = try register.find(key.span)
    let corrections = try state.corrections(interface, key: key)
    let rejects = try state.rejects(interface, key: key)
    var runs = named.union(rejects.flatMap { [$0.sinceRun, $0.lastRun] } + corrections.map(\.run))
    if let posted { runs.insert(posted.run) }
    if let held = try state.heldDocument(interface, key: key) { runs.insert(held.sinceRun) }
    for id in corrections.flatMap(\.postings).flatMap({ [$0.voucher, $0.black] }) where !id.isEmpty {
      if let run = try state.run(ofVoucher: id) { runs.insert(run) }
    }
    // What the register has forgotten, for it counts as never posted.
    for standing in try state.standings() where standing.standing == .void {
      let id = standing.voucher
      guard let run = try state.run(ofVoucher: id), let archive = try RunArchive(run, state, workspace),
        let block = try archive.entries(of: id), block.interface == interface,
        block.documents.contains(where: { $0.key == key })
      else { continue }
      runs.insert(run)
    }
    guard !runs.isEmpty else { return nil }
    for run in runs.sorted() {
      // What was posted without a file had waited.
      guard let document = try find(key, run), document.file == 0, let record = try origins.record(run) else {
        continue
      }
      if let waited = try origins.waited(key, interface, until: record) { runs.insert(waited.sinceRun) }
    }
    var versions: [DocumentHistory.Version] = []
    for run in runs.sorted() { versions += try version(key, run, corrections) }
    guard !versions.isEmpty else { return nil }
    return DocumentHistory(
      document: DocumentStore.text(ofKey: key), interface: interface, versions: versions,
      deferred: try deferred(key, versions.last?.run))
  }

  private mutating func deferred(_ key: [UInt8], _ run: Int?) throws -> [String] {
    let codes = try state.deferredDocument(interface, key: key)?.causes.map(\.code) ?? []
    guard !codes.isEmpty, let run, let record = try origins.record(run) else { return codes }
    let compiled = try compiled(record.decision.definitions)
    return codes.map { compiled?.name(ofPosting: $0) ?? $0 }
  }

  private mutating func find(_ key: [UInt8], _ run: Int) throws -> PostedDocument? {
    try origins.record(run)?.decision.registers.first { $0.interface == interface }?.find(key)
  }

  /// What a run made of the document; nothing where the record of its commit is gone.
  private mutating func version(
    _ key: [UInt8], _ run: Int, _ corrections: [Correction]
  ) throws -> [DocumentHistory.Version] {
    guard let record = try origins.record(run) else { return [] }
    var version = DocumentHistory.Version(of: record)
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
      version.file = try file(named: reject.fileName, of: key, in: record)
    } else if let document = try find(key, run), document.run == run {
      let compiled = try compiled(record.decision.definitions)
      let correction = corrections.first { $0.run == run && !$0.isRemark }
      version.file = try origins.file(
        of: key, interface, record, isJoined: compiled?.interface.document.complete != nil)
      version.corrections = correction.map(CorrectionLink.all) ?? []
      switch correction?.cause {
      case .void: version.verdict = .void
      case .withdrawn: version.verdict = .withdrawn
      case .missing: version.verdict = .missing
      case .changed, .reposted, .refused, .completed, nil:
        try add(document, key, record, compiled, to: &version)
        if record.isAdoption { version.verdict = .adopted }
      }
    } else {
      return try unposted(key, record, corrections, version)
    }
    return [version]
  }

  /// Where the file has the document, or only the file, where that can't be told any more.
  private func file(named name: [UInt8], of key: [UInt8], in record: CommitRecord) throws -> SourceFile? {
    if let sighting = try files.find(key, in: record), sighting.file.name.utf8.elementsEqual(name) {
      return sighting.file
    }
    return record.files.first { $0.name == name && $0.phase == .taken }
      .map { SourceFile($0, run: record.run, row: nil) }
  }

  /// What a run that posted nothing of the document made of it; nothing where it only took note of something else.
  private mutating func unposted(
    _ key: [UInt8], _ record: CommitRecord, _ corrections: [Correction], _ version: DocumentHistory.Version
  ) throws -> [DocumentHistory.Version] {
    var version = version
    let own = HeldKey(interface: interface, key: key)
    let remark = corrections.first { $0.run == record.run && $0.isRemark }?.cause
    // What was posted before, and stands.
    let standing = try origins.record(of: key, interface, before: record.run)
    let posted = try standing?.decision.registers.first { $0.interface == interface }?.find(key)
    if let ignored = record.decision.unpostedPut.last(where: {
      $0.kind == .ignored && $0.interface == interface && $0.key == key
    }) {
      version.verdict = .ignored
      version.file = try file(named: ignored.fileName, of: key, in: record)
      version.condition = try ArchivedDefinitions(record.decision.definitions, workspace)?
        .condition(thatIgnores: interface)
    } else if let remark, let standing, let posted, posted.isPosted {
      version.verdict = remark == .missing ? .lacking : .unapproved
      let compiled = try compiled(standing.decision.definitions)
      try add(posted, key, standing, compiled, to: &version)
      version.pending = []
    } else if remark == .missing {
      version.verdict = .gone
    } else if remark == .void {
      guard let sighting = try files.find(key, in: record) else { return [] }
      version = ignored(sighting, version)
    } else if record.files.isEmpty, corrections.contains(where: { $0.run == record.run && $0.cause == .void })
    {
      version.verdict = .ignored
      version.reasons = [
        reason(FindingCode.documentVoid.rawValue, [DocumentStore.text(ofKey: key)])
      ]
      version.file = try origins.held(key, interface, before: record.run).flatMap { try origins.file(of: $0) }
    } else if record.decision.heldRemoved.contains(own), record.files.isEmpty {
      version.verdict = .dismissed
    } else if record.decision.heldRemoved.contains(own), let sighting = try files.find(key, in: record) {
      version.file = sighting.file
      if sighting.ignored != nil {
        version = ignored(sighting, version)
      } else if let standing, let posted, posted.isPosted {
        version.verdict = .repeated
        let compiled = try compiled(standing.decision.definitions)
        try add(posted, key, standing, compiled, to: &version)
      } else {
        return []
      }
    } else {
      return []
    }
    return [version]
  }

  /// Of a document that no run's record names, what the runs' files say; `nil` where no file has left it out.
  mutating func readFiles(_ key: [UInt8]) throws -> DocumentHistory? {
    let versions = try files.runs(mentioning: key).compactMap { run -> DocumentHistory.Version? in
      guard let record = try origins.record(run), let sighting = try files.find(key, in: record),
        sighting.ignored != nil
      else { return nil }
      return ignored(sighting, DocumentHistory.Version(of: record))
    }
    guard !versions.isEmpty else { return nil }
    return DocumentHistory(
      document: DocumentStore.text(ofKey: key), interface: interface, versions: versions, deferred: [])
  }

  private func ignored(
    _ sighting: FileSearch.Sighting, _ version: DocumentHistory.Version
  ) -> DocumentHistory.Version {
    var version = version
    (version.verdict, version.file) = (.ignored, sighting.file)
    version.reasons = sighting.ignored?.reasons.map { reason($0.code, $0.arguments) } ?? []
    version.condition = sighting.ignored?.condition
    return version
  }

  private func add(
    _ document: PostedDocument, _ key: [UInt8], _ record: CommitRecord, _ compiled: CompiledInterface?,
    to version: inout DocumentHistory.Version
  ) throws {
    let codes = record.decision.registers.first { $0.interface == interface }?.postings ?? []
    let reversed = try state.vouchersReversed(interface, key: key, upTo: record.run)
    for (slot, code) in codes.enumerated() {
      guard document.hash(posting: slot) != nil else {
        // A posting that the mapping has no more waits for nothing.
        if let compiled {
          version.pending += compiled.name(ofPosting: code).map { [$0] } ?? []
        } else {
          version.pending.append(code)
        }
        continue
      }
      guard let number = document.voucher(posting: slot) else { continue }
      // A slot has a number whatever the book: whose it is, the entries tell.
      let prefixes = (compiled?.postings.indices).map { postings in
        postings.filter { compiled?.postings[$0].code == code }.compactMap { compiled?.idPrefix(posting: $0) }
      }
      for prefix in prefixes ?? [] {
        let id = voucherID(prefix: prefix, number: number)
        guard !reversed.contains(id), try !state.isVoid(id, upTo: record.run),
          let run = try state.run(ofVoucher: id), run <= record.run,
          try RunArchive(run, state, workspace)?.entries(of: id)?.documents.contains(where: { $0.key == key })
            == true
        else { continue }
        version.vouchers.append(
          DocumentHistory.Posted(
            posting: compiled?.name(ofPosting: code) ?? code, voucher: id, run: run,
            isVoid: try state.standing(ofVoucher: id)?.standing == .void))
      }
    }
  }

  private mutating func compiled(_ fingerprint: String) throws -> CompiledInterface? {
    if let known = definitions[fingerprint] { return known }
    let found = try ArchivedDefinitions(fingerprint, workspace)?.interface(named: interface)
    definitions[fingerprint] = .some(found)
    return found
  }

  func reason(_ code: String, _ arguments: [String]) -> DocumentHistory.Reason {
    DocumentHistory.Reason(
      code: code, message: Finding.message(ofCode: code, arguments, in: language))
  }
}

extension DocumentHistory.Version {
  fileprivate init(of record: CommitRecord) {
    self.init(
      run: record.run, clock: record.clock, verdict: .posted, reasons: [], file: nil, vouchers: [],
      pending: [], corrections: [])
  }
}

extension CompiledInterface {
  fileprivate func name(ofPosting code: String) -> String? { postings.first { $0.code == code }?.name }
}
