package import Findings
import Glibc
import Ledger
import Mapping
import Posting
import Readers
import State

/// Takes note of documents that were posted elsewhere before Tallyman came: `tallyman adopt`. They get no vouchers, and are
/// known from then on: dropped again they are repeated.
package struct Adoption: Sendable {
  /// Of this folder of the inbox no run takes a file by itself; a planned file of it is adopted, also by a run that goes
  /// on with what an interrupted one had planned.
  static let folder = Array(".adopt/".utf8)

  /// What is wrong with the file, or with some of its documents.
  package struct Refusal: Sendable {
    package var findings: [Finding]
  }
}

extension Pipeline {
  /// A run that adopts one file, which may lie anywhere: all its documents or none.
  package func adopt(_ file: String) throws(WorldError) -> Decided<Adoption.Refusal> {
    try commanded { definitions, state, now, outcome in
      let source = Path(file)
      let name = Adoption.folder + source.lastName
      let copy = workspace.inbox / name
      try System.makeFolders(copy.parent, below: workspace.inbox)
      // What an adoption left that was killed before its plan.
      for left in try System.names(in: copy.parent) { try System.remove(copy.parent / left) }
      try System.copy(source, to: copy)
      try System.syncFolder(copy.parent)
      let descriptor = try System.open(copy, O_RDONLY)
      defer { close(descriptor) }
      switch try judge(descriptor, name, definitions, state, now) {
      case .refused(let findings):
        try System.remove(copy)
        return Adoption.Refusal(findings: findings)
      case .interface(let interface):
        var status = stat()
        try System.check("fstat", copy) { fstat(descriptor, &status) }
        let identity = FileIdentity(status)
        let run = try state.plan(clock: now, definitions: definitions.fingerprint) { run in
          [
            RunFile(
              sequence: 1, name: name, identity: identity, interface: interface,
              archiveName: archiveName(of: name, sequence: 1, run: run, clock: now))
          ]
        }
        try work(run, now, definitions, state, &outcome)
        return nil
      }
    }
  }

  private enum Judged {
    case interface(String)
    case refused([Finding])
  }

  /// What would come of the file, before anything is planned.
  private func judge(
    _ descriptor: Int32, _ name: [UInt8], _ definitions: CompiledDefinitions, _ state: StateStore,
    _ now: String
  ) throws -> Judged {
    let interface: String
    switch try Recognition(.descriptor(descriptor), name: Path(name).lastName, definitions.interfaces) {
    case .stays(let findings): return .refused(findings)
    case .interface(let known): interface = known
    }
    let conversion = try Conversion(rehearsing: definitions, on: Day(ofClock: now), state, workspace)
    let file = IncomingFile(
      sequence: 1, name: name, interface: interface, source: .descriptor(descriptor),
      size: Int64(try System.status(workspace.inbox / name)?.st_size ?? 0))
    let result = try conversion.convert([file]) { _, _ in }
    guard let part = result.interfaces.first(where: { $0.compiled.interface.name == interface })?.parts.first
    else { preconditionFailure("A file that was converted is a part of its interface") }
    if let stop = part.file.stop { return .refused([stop.finding]) }
    let store = part.file.posted.store
    let bad = store.documents.indices.filter {
      [.rejected, .held].contains(store.documents[$0].verdict) || store.documents[$0].takesBack
    }
    guard bad.isEmpty else {
      let named = Set(bad.map(Int32.init))
      let items = part.file.findings.items.filter { named.contains($0.document) }
      let base = String(decoding: Path(name).lastName, as: UTF8.self)
      return .refused(items.map { part.file.finding($0, name: base) })
    }
    return .interface(interface)
  }
}

extension CommitRecord {
  /// Whether the run took note of documents that were posted elsewhere.
  var isAdoption: Bool { files.contains { $0.phase == .taken && $0.name.starts(with: Adoption.folder) } }
}

extension ConvertedFile {
  /// What would be posted is taken note of as posted elsewhere: also another version of what was.
  mutating func adopt(_ past: Past) throws {
    for index in posted.store.documents.indices where posted.store.documents[index].verdict == .posted {
      let document = posted.store.documents[index]
      if document.takenBack != 0 {
        findings.withdraw([.documentCorrected], of: [Int32(index)])
        posted.store.documents[index].takenBack = 0
        guard try past.isElsewhere(document.takenBack, posted.store.key(index)) else {
          posted.store.documents[index].verdict = .rejected
          findings.add(
            .postedHere, .reject, document: index, row: document.firstRow, line: document.firstLine,
            column: nil, [posted.store.keyText(index)])
          continue
        }
      }
      posted.store.documents[index].verdict = .ignored
      posted.store.documents[index].isAdopted = true
      findings.add(
        .documentAdopted, .note, document: index, row: document.firstRow, line: document.firstLine,
        column: nil, [posted.store.keyText(index)])
    }
    posted.drafts = EntryDrafts()
    posted.rehearsed = EntryDrafts()
  }
}

extension Past {
  /// Whether all of these postings of a document were posted elsewhere.
  fileprivate func isElsewhere(_ postings: UInt32, _ key: ArraySlice<UInt8>) throws(StateError) -> Bool {
    guard let before = try find(key) else { return false }
    return compiled.postings.indices.allSatisfy { posting in
      postings >> UInt32(posting) & 1 == 0
        || before.voucher(posting: slot(of: posting)) == PostedDocument.elsewhere
    }
  }
}

extension System {
  /// Copies a file's bytes, and makes them durable.
  fileprivate static func copy(_ source: Path, to target: Path) throws(SystemFailure) {
    let from = try open(source, O_RDONLY)
    defer { close(from) }
    let to = try open(target, O_WRONLY | O_CREAT | O_TRUNC)
    defer { close(to) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try value("read", source) {
        buffer.withUnsafeMutableBytes { Int32(Glibc.read(from, $0.baseAddress, $0.count)) }
      }
      if count == 0 { break }
      try write(Array(buffer[..<Int(count)]), to: to, target)
    }
    try check("fsync", target) { fsync(to) }
  }
}
