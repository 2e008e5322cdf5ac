import Findings
import Ledger
import Mapping
import Posting
import Readers
import Reconciliation
import State
import Writers

/// Takes a file's bytes, a piece at a time.
typealias ByteSink = (borrowing [UInt8]) throws -> Void

/// Everything that a run writes and decides, made of what its files became.
struct ConversionOutput {
  let definitions: CompiledDefinitions
  let run: Int
  let clock: String
  private let files: [RunFile]
  private let previous: [UInt8]
  let before: WaitingBefore
  let entries: ArchivedEntries
  let decided: PersonsDecision?
  var result: Conversion.Result
  var decision: RunDecision
  var publications: [State.Publication] = []
  var report: ReconciliationReport
  var counters: [String: Int64]

  /// The report's law does not hold: nothing may be published.
  struct LawBroken: Error {
    var untied: [Untied]
  }

  /// - Parameters:
  ///   - files: of the run, as planned and taken.
  ///   - previous: SHA-256 of the record of the run before.
  ///   - before: what the runs before left waiting.
  ///   - entries: what they posted.
  ///   - decided: what a person has decided, where that is what the run is for.
  init(
    _ result: Conversion.Result, definitions: CompiledDefinitions, run: Int, clock: String,
    counters: [String: Int64], files: [RunFile], previous: [UInt8], before: WaitingBefore,
    entries: ArchivedEntries,
    decided: PersonsDecision? = nil
  ) {
    self.decided = decided
    self.files = files
    self.previous = previous
    self.before = before
    self.entries = entries
    self.result = result
    self.definitions = definitions
    self.run = run
    self.clock = clock
    self.counters = counters
    decision = RunDecision(definitions: definitions.fingerprint)
    report = ReconciliationReport(run: Int64(run), clock: clock)
  }

  /// - Parameters:
  ///   - log: findings that were met before the files were read.
  ///   - staging: takes each file.
  /// - Throws: `LawBroken` when the books don't tie.
  mutating func write(_ log: [Finding], to staging: Staging) throws {
    for finding in log { report.findings.add(finding) }
    tellOtherKeys()
    result.number(&counters)
    result.numberOwn(&counters)
    let kept = keptEntries(staging)
    try writeNewCodes(to: staging)
    for index in result.interfaces.indices {
      // Vouchers are the most of what is written, and need nothing of the rest.
      let vouchers = VoucherFiles(of: result.interfaces[index], result.dimensions, run: run, in: staging)
      let place = publications.count
      let others = Result {
        let tallies = result.interfaces[index].parts.map { result.interfaces[index].tally($0) }
        try decide(index, tallies)
        return (try writeRejects(index, staging), tallies)
      }
      let written = try vouchers.written.get().get()
      let (rejects, tallies) = try others.get()
      publications.insert(contentsOf: written.publications, at: place)
      reconcile(index, written.totals, rejects, tallies)
    }
    if let decided { try carryOut(decided) }
    try writeBack(to: staging)
    for interface in result.interfaces { interface.past.forgetPosted() }
    guard report.ties else { throw LawBroken(untied: report.untied) }
    report.waiting = try before.groups(after: decision, definitions, run: run, clock: clock)
    if let kept {
      let blocks = try kept.get().get()
      publications.append(
        try staging.stage(.entries, "\(sixDigits(run)).entries") { sink in
          try sink(KeptEntries.head())
          for block in blocks {
            try sink(KeptEntries.length(Int(try block.source.length)))
            try block.source.copy(to: sink)
          }
        })
    }
    decision.counters = counters
    try writeLog(to: staging)
    var summary = RunSummary(
      report, published: publications.filter(\.isForOutbox).map(\.name), stopped: stopped,
      pendingDocuments: pendingDocuments)
    let answers = decision.standings.map(\.standing).filter { $0 != .void }
    if !answers.isEmpty {
      summary.acknowledged = answers.count { $0 == .acknowledged }
      summary.refused = answers.count { $0 == .refused }
    }
    decision.summary = summary.json
    let record = CommitRecord(
      run: run, clock: clock, files: files, publications: publications, decision: decision, previous: previous
    )
    publications.append(
      try staging.stage(.record, CommitRecord.name(run: run)) { sink in try record.write { try sink($0) } })
  }

  private mutating func carryOut(_ decided: PersonsDecision) throws(StateError) {
    for finding in decided.findings { report.findings.add(finding) }
    switch decided {
    case .dismissal(let document): dismiss(document)
    case .period(var event, _):
      event.run = run
      decision.periods.append(event)
    case .voiding(let voucher): try carryOut(voucher)
    case .reposting, .gathering: break
    }
  }

  /// Closes the reject that somebody has dismissed, unless a document of this run has closed it.
  private mutating func dismiss(_ document: DismissedDocument) {
    guard var reject = document.reject, !decision.rejects.contains(where: { $0.number == reject.number })
    else { return }
    reject.closed = Reject.Closing(run: run, verdict: .ignored)
    decision.rejects.append(reject)
  }

  // MARK: - Files

  /// Writes the reject files of an interface's parts, and decides which rejects are open from now on.
  private mutating func writeRejects(_ index: Int, _ staging: Staging) throws -> [[String]] {
    let interface = result.interfaces[index]
    let compiled = interface.compiled
    let prefix = compiled.rejectPrefix
    var open = OpenRejects(
      interface.openRejects, run: run, prefix: prefix, last: counters[prefix, default: 0])
    // Where documents choose their book, those that are rejected have none.
    let book = compiled.books.count == 1 ? compiled.books[0].book.name + "_" : ""
    let base = "\(book)\(compiled.interface.name)_\(RejectFile.word(definitions.workspace.language))"
    var names: [[String]] = []
    for (place, part) in interface.parts.enumerated() {
      names.append([])
      let number = part.held == nil ? "\(part.file.posted.sequence)" : "h\(place + 1)"
      let name = "\(base)_\(sixDigits(run))_\(number)"
      // Of a deferred document a later version may have been rejected: that is still open.
      let reasons = Reasons(part, language: definitions.workspace.language)
      let rejected =
        part.isDeferred ? RejectedDocuments() : judge(part, compiled, name, reasons, &open)
      let file = RejectFile(
        of: part, compiled.interface.name, language: definitions.workspace.language, rejected,
        reasons: reasons)
      for kind in file.kinds {
        publications.append(
          try staging.stage(.reject, "\(name).\(kind.rawValue)") { sink in try file.write(kind, to: sink) })
        names[place].append("\(name).\(kind.rawValue)")
      }
    }
    if open.lastNumber > 0 { counters[prefix] = open.lastNumber }
    decision.rejects += open.changes
    return names
  }

  /// Opens and closes rejects as the verdicts of a part's documents say.
  private func judge(
    _ part: Conversion.Part, _ compiled: CompiledInterface, _ name: String, _ reasons: Reasons,
    _ open: inout OpenRejects
  ) -> RejectedDocuments {
    let file = part.file
    let store = file.posted.store
    let broken = file.brokenDocuments
    let amounts = Amounts(compiled.interface.measures)
    let names = Dictionary(
      uniqueKeysWithValues: RejectFile.Kind.allCases.map { ($0, "\(name).\($0.rawValue)") })
    // Only of what was put in order a document may come back, for it is longer than a reader takes.
    open.begin(
      store.documents.count { $0.verdict == .rejected }, mayRepeatKeys: file.places != nil)
    var rejected = RejectedDocuments()
    for (index, document) in store.documents.enumerated() {
      let returned = file.rejectNumbers[document]
      if let closing = document.verdict.closing {
        // What was posted, or answered, before settles nothing of what is wrong with a later version.
        let isKnown = document.verdict == .repeated || compiled.interface.acknowledge != nil
        if isKnown, document.verdict != .posted, returned == nil { continue }
        if !open.isEmpty || returned != nil {
          open.close(key: store.key(index), returned: returned, as: closing)
        }
      } else {
        let reject = Reject(
          number: "", interface: compiled.interface.name,
          key: document.nameless ? [] : Array(store.key(index)),
          sinceRun: run, lastRun: run, fileName: part.name, line: Int(document.firstLine),
          rows: Int(document.records),
          rejectFile: names[file.kind(ofRejected: index, broken: broken)]!,
          cause: reasons.cause(of: index), amounts: amounts.text(store.sums(index)))
        rejected.indices.append(index)
        rejected.numbers.append(open.add(reject, returned: returned))
      }
    }
    return rejected
  }

  private var stopped: [String: RunSummary.Reason] {
    var reasons: [String: RunSummary.Reason] = [:]
    for part in result.interfaces.flatMap(\.parts) {
      guard let stop = part.file.stop else { continue }
      reasons[String(decoding: part.name, as: UTF8.self)] = RunSummary.Reason(
        code: stop.finding.code.rawValue, arguments: stop.finding.arguments)
    }
    return reasons
  }

  private var pendingDocuments: Int {
    result.interfaces.flatMap(\.parts).reduce(0) { sum, part in
      sum + part.file.posted.store.documents.count { $0.verdict == .posted && $0.waits != 0 }
    }
  }

  /// The run's entries as they are kept, made while the vouchers are written; `nil` where nothing was posted.
  private func keptEntries(_ staging: Staging) -> Background<Result<[Spilled], any Error>>? {
    struct Block {
      var vouchers: VoucherSet
      var files: [PostedFile]
      var interface: String
      var prefixes: [String]
      var types: [String]
      var chart: Chart
      var postings: Range<Int>
    }
    let posted = result.interfaces.filter {
      !$0.vouchers.drafts.isEmpty || !$0.vouchers.withoutVoucher.isEmpty
    }
    guard !posted.isEmpty else { return nil }
    let dimensions = result.dimensions
    let blocks = posted.flatMap { result in
      result.compiled.books.indices.map { book in
        Block(
          vouchers: result.vouchers, files: result.parts.map(\.file.posted),
          interface: result.compiled.interface.name,
          prefixes: result.compiled.postings.indices.map { result.compiled.idPrefix(posting: $0) },
          types: result.compiled.postings.map { $0.type ?? result.compiled.books[$0.book].book.voucherType },
          chart: result.compiled.books[book].book.chart, postings: result.compiled.postings(ofBook: book))
      }
    }
    // A block's length stands before it, so that it can't be staged as it is made.
    let spilling = Spilling(folder: staging.folder, name: "entries")
    return Background {
      Result {
        try blocks.map { block in
          var spill = SpillWriter(spilling, most: 1 << 20)
          try KeptEntries.write(
            block.vouchers, files: block.files, interface: block.interface, prefixes: block.prefixes,
            types: block.types, postings: block.postings, chart: block.chart, dimensions: dimensions
          ) { try spill.append($0) }
          return try spill.finish()
        }
      }
    }
  }

  private mutating func writeLog(to staging: Staging) throws {
    report.publications = publications.filter(\.isForOutbox).map {
      Reconciliation.Publication(name: $0.name, size: $0.size, sha256: hex($0.sha256))
    }
    let language = definitions.workspace.language
    let name = "reconciliation_\(sixDigits(run))"
    for (ending, text) in [
      ("txt", ReportText.render(report, in: language)), ("csv", ReportCSV.render(report)),
      ("jsonl", ReportJSON.render(report, in: language)),
    ] {
      publications.append(try staging.stage(.report, "\(name).\(ending)") { try $0(Array(text.utf8)) })
    }
    let manifest = Manifest(
      run: Int64(run),
      files: publications.filter(\.isForOutbox).map {
        Reconciliation.Publication(name: $0.name, size: $0.size, sha256: hex($0.sha256))
      })
    publications.append(
      try staging.stage(.manifest, "manifest_\(sixDigits(run)).sha256") { try $0(Array(manifest.text.utf8)) })
  }
}

extension State.Publication {
  /// What finance and the operator collect; the rest is for the archive.
  var isForOutbox: Bool { kind != .entries && kind != .record }
}

func sixDigits(_ number: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
}
