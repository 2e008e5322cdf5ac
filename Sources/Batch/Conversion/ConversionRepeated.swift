import Findings
import Ledger
import Mapping
import Posting
import Readers
import Reconciliation
import State

/// A file that was taken before, byte for byte, since when nothing has come that its documents could differ from.
struct RepeatedFile {
  /// The run that took it.
  var run: Int
  var sha256: [UInt8]
  /// Everything in it is repeated.
  var tally: Tally

  /// Goes back over the interface's files, as long as none of them changed anything.
  ///
  /// - Returns: `nil` where the documents have to tell: the definitions are others, somebody has decided something since,
  ///   or a file left something held, rejected or out.
  init?(
    _ file: IncomingFile, _ compiled: CompiledInterface, _ state: StateStore, definitions: String
  ) throws {
    let document = compiled.interface.document
    // Pieces and snapshots are judged by more than their documents, answers by what was heard of vouchers.
    guard document.complete == nil, document.missing == nil, compiled.interface.acknowledge == nil,
      !file.name.starts(with: Adoption.folder)
    else { return nil }
    var digest: [UInt8]?
    for run in try stride(from: state.lastCommitted(), to: 0, by: -1) {
      let taken = try state.files(of: run).filter { $0.phase == .taken }
      guard !taken.isEmpty else { return nil }
      let own = taken.filter { $0.interface == compiled.interface.name }
      let record = try state.run(run)
      // What left hold may be held once more when it comes again; while it was held, it counted as repeated.
      guard let whole = record.flatMap({ RunSummary(json: $0.summary) }),
        (whole.documents["released"] ?? 0) == 0
      else { return nil }
      guard !own.isEmpty else { continue }
      let summaries = own.compactMap { FileSummary(json: $0.outcome) }
      guard record?.definitions == definitions, summaries.count == own.count,
        summaries.allSatisfy(\.isSettled)
      else { return nil }
      // A later file of the run may have changed what an earlier one brought.
      for (earlier, summary) in zip(own, summaries).reversed() {
        if earlier.identity.size == file.size {
          if digest == nil { digest = try StatedDigest.of(file.source) }
          if let digest, earlier.sha256 == digest, let tally = Tally(repeating: summary, of: file, compiled) {
            (self.run, sha256, self.tally) = (run, digest, tally)
            return
          }
        }
        guard summary.isRepeated else { return nil }
      }
    }
    return nil
  }
}

extension FileSummary {
  private func documents(_ bucket: Bucket) -> Int { documents["\(bucket)"] ?? 0 }

  /// Whether everything in the file was posted, or had been.
  fileprivate var isSettled: Bool {
    !stopped && documents(.read) == documents(.posted) + documents(.repeated)
  }

  fileprivate var isRepeated: Bool { isSettled && documents(.posted) == 0 }
}

extension Tally {
  /// - Returns: `nil` where the state does not have what the file added up to.
  fileprivate init?(repeating summary: FileSummary, of file: IncomingFile, _ compiled: CompiledInterface) {
    let measures = compiled.interface.measures
    guard let amounts = summary.amounts, let layoutRows = summary.layoutRows,
      let documents = summary.documents["\(Bucket.read)"], let rows = summary.rows["\(Bucket.read)"]
    else { return nil }
    self.init(
      interface: compiled.interface.name, file: String(decoding: file.name, as: UTF8.self),
      measures: measures.map { ($0.name, $0.scale) })
    self.layoutRows = layoutRows
    let sums = measures.sums(of: amounts)
    for bucket in [Bucket.read, .repeated] { add(bucket, documents: documents, rows: rows, sums: sums) }
  }
}

extension Conversion {
  /// A file whose rows need not be read, as a part of the run without documents.
  func repeated(_ file: IncomingFile, _ result: InterfaceResult) throws -> Part? {
    // What came before it in this run may have changed what it is compared with.
    guard result.parts.allSatisfy({ $0.repeated != nil }),
      let repeated = try RepeatedFile(
        file, result.compiled, state, definitions: definitions.fingerprint)
    else { return nil }
    let name = String(decoding: file.name, as: UTF8.self)
    let interface = result.compiled.interface
    let layout = try FileLayout.find(in: file.source, of: interface, file: name)
    let store = DocumentStore(measures: interface.measures.count, postings: result.compiled.postings.count)
    var converted = ConvertedFile(
      posted: PostedFile(sequence: file.sequence, name: name, store: store, drafts: EntryDrafts()),
      findings: RecordFindings(), layout: layout.layout, header: layout.header, outcome: ReadingOutcome(),
      read: ReadTotals(sums: [], unreadable: []), source: file.source)
    converted.say(.fileRepeated, .note, [String(repeated.run)])
    result.past.add(converted, part: result.parts.count)
    return Part(
      file: converted, name: file.name, sha256: repeated.sha256, size: file.size, held: nil,
      repeated: repeated.tally)
  }
}
