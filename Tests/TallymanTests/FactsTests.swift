import Foundation
import Testing

/// What the reconciliation log and the voucher files say is what `facts.py`, which shares nothing with Tallyman, says.
@Suite struct FactsTests {
  @Test(arguments: try Sample.all().filter { !$0.isWorkedByHand })
  func comeTrue(_ sample: Sample) throws {
    let facts = try Facts(of: sample)
    let workspace = try sample.workspace()
    try #require(facts.steps.count == sample.drops.count)
    var run = 0
    for (step, names) in zip(facts.steps, sample.drops) {
      for name in names { try workspace.drop("\(sample.folder)/inbox/\(name)") }
      let result = try workspace.run(at: sample.clock)
      #expect(result.exitCode == step.exit)
      for file in step.files where file.outcome == "left in inbox" { try stays(file, result, workspace) }
      guard step.files.contains(where: { $0.rows != nil }) else { continue }
      run += 1
      try compare(step, Log(of: run, in: workspace))
      let held = try Self.heldDocuments(in: workspace)
      #expect(
        held == step.interfaces.values.reduce(0) { $0 + ($1.heldAfter?.count ?? 0) }, "held after the run")
    }
  }

  private func stays(_ file: Facts.File, _ result: Program.Result, _ workspace: ScratchWorkspace) throws {
    #expect(try files(below: workspace.root + "/inbox").contains(file.file))
    #expect(result.errors.contains("[\(try #require(file.finding))]"), "\(file.file): \(result.errors)")
    #expect(try workspace.outbox().isEmpty)
  }

  private func compare(_ step: Facts.Step, _ log: Log) throws {
    #expect(log.lines.filter { $0.ties == false && $0.kind == "tally" }.isEmpty)
    for file in step.files where file.rows != nil { try compare(file, log) }
    for (name, interface) in step.interfaces {
      try compare(interface, name, step.files.filter { $0.interface == name }, log)
    }
    try compareAccounts(step, log)
    let warnings = log.lines.filter { $0.kind == "finding_count" && $0.severity == "warning" }
    #expect(
      warnings.reduce(0) { $0 + ($1.times ?? 0) }
        == step.files.reduce(0) { $0 + ($1.warningsOnPostedRows ?? 0) },
      "warnings")
  }

  private func compare(_ file: Facts.File, _ log: Log) throws {
    let own = log.lines.filter { $0.file == file.file && ($0.interface ?? file.interface) == file.interface }
    func tally(_ subject: String) throws -> LogLine {
      try #require(own.first { $0.kind == "tally" && $0.subject == subject }, "\(file.file): no \(subject)")
    }
    func check(_ subject: String, _ buckets: [String: Int]) throws {
      let line = try tally(subject)
      let logged = [
        "read": line.read, "posted": line.posted, "repeated": line.repeated, "ignored": line.ignored,
        "rejected": line.rejected, "held": line.held,
      ]
      #expect(logged == buckets.mapValues(String.init), "\(file.file): \(subject)")
    }
    try check("rows", try #require(file.rows))
    try check("documents", try #require(file.documents))
    for (name, measure) in file.measures ?? [:] {
      let line = try tally(name)
      #expect(
        [line.read, line.posted, line.repeated, line.ignored, line.rejected, line.held, line.pending] == [
          measure.read, measure.posted, measure.repeated, measure.ignored, measure.rejected, measure.held,
          measure.pending,
        ], "\(file.file): \(name) by read, posted, repeated, ignored, rejected, held, pending")
      #expect(line.unreadable == measure.unreadable, "\(file.file): \(name) unreadable")
      #expect(line.difference == "0.00")
    }
    let layout = own.first { $0.kind == "file" }?.layoutRows
    #expect(layout == file.layoutRows?.values.reduce(0, +), "\(file.file): layout rows")
    let controls = own.filter { $0.kind == "control" }.map { line in
      (
        line.field ?? "",
        Facts.Control(declared: line.declared ?? "", summed: line.summed ?? "", ties: line.ties ?? false)
      )
    }
    #expect(Dictionary(uniqueKeysWithValues: controls) == file.controlTotals ?? [:], "\(file.file): controls")
    try compareReasons(file, own)
  }

  /// Each rejected or held document is listed once, with one of its reasons.
  private func compareReasons(_ file: Facts.File, _ own: [LogLine]) throws {
    for verdict in ["rejected", "held"] {
      let wanted = file.reasons?[verdict] ?? [:]
      let listed = own.filter { $0.kind == "document" && $0.verdict == verdict }
      let keys = listed.compactMap(\.document).sorted()
      if let cause = wanted.values.first, cause == ["trailer-mismatch"] || cause == ["file-stopped"] {
        // A file that is sent back whole says so once, and not a document at a time.
        #expect(own.contains { $0.kind == "finding" && $0.code == cause[0] }, "\(file.file): \(cause[0])")
        #expect(Set(keys).isSubset(of: wanted.keys), "\(file.file): documents \(verdict)")
        continue
      }
      #expect(keys == wanted.keys.sorted(), "\(file.file): documents \(verdict)")
      for line in listed {
        let reasons = wanted[line.document ?? ""] ?? []
        #expect(reasons.contains(line.code ?? ""), "\(line.document ?? "") is \(verdict) for \(reasons)")
      }
    }
  }

  private func compare(
    _ facts: Facts.InterfaceFacts, _ name: String, _ files: [Facts.File], _ log: Log
  ) throws {
    let written = log.vouchers(of: name)
    for (posting, wanted) in facts.postings {
      let line = log.lines.first {
        $0.kind == "posting" && $0.interface == name && $0.posting == posting
      }
      #expect(line?.vouchers ?? 0 == wanted.vouchers, "\(posting): vouchers in the log")
      #expect(line?.entries ?? 0 == wanted.entries, "\(posting): entries in the log")
      #expect(line?.debits ?? "0.00" == wanted.debit, "\(posting): debits in the log")
      #expect(line?.credits ?? "0.00" == wanted.credit, "\(posting): credits in the log")
      if wanted.vouchers == 0 {
        #expect(written[posting] == nil)
        continue
      }
      let got = try #require(written[posting], "\(name) wrote no voucher of \(posting)")
      #expect(got.vouchers == wanted.vouchers, "\(posting): vouchers written")
      #expect(got.vouchersByPeriod == wanted.vouchersByPeriod, "\(posting): vouchers by period")
      #expect(got.entries == wanted.entries, "\(posting): entries written")
      #expect([got.debit, got.credit] == [wanted.debit, wanted.credit], "\(posting): sums written")
      for code in Set(got.accounts.keys).union(wanted.accounts.keys).sorted() {
        #expect(got.accounts[code] == wanted.accounts[code], "\(posting): account \(code)")
      }
    }
    guard let superseded = facts.superseded, superseded.documents > 0 else { return }
    let released = log.lines.filter { $0.kind == "tally" && $0.interface == name && $0.file == nil }
    func line(_ subject: String) -> LogLine? { released.first { $0.subject == subject } }
    #expect(line("rows")?.released == String(superseded.rows), "rows that left hold")
    #expect(line("documents")?.released == String(superseded.documents), "documents that left hold")
    for (measure, amount) in superseded.measures { #expect(line(measure)?.released == amount, "\(measure)") }
  }

  /// The log's sums by account are those of all postings together.
  private func compareAccounts(_ step: Facts.Step, _ log: Log) throws {
    var wanted: [String: [Int]] = [:]
    for (code, account) in step.interfaces.values.flatMap(\.postings.values).flatMap(\.accounts) {
      let sums = [account.debit, account.credit].map { WrittenVouchers.units($0, places: 2) }
      wanted[code, default: [0, 0]] = zip(wanted[code] ?? [0, 0], sums).map { $0 + $1 }
    }
    var logged: [String: [Int]] = [:]
    for line in log.lines where line.kind == "account" {
      logged[line.account ?? "", default: [0, 0]] = [line.debits, line.credits].map {
        WrittenVouchers.units($0, places: 2)
      }
    }
    #expect(logged == wanted, "debits and credits by account, in hundredths")
  }

  private static func heldDocuments(in workspace: ScratchWorkspace) throws -> Int {
    struct Status: Decodable {
      struct Held: Decodable { var documents: Int }
      var held: [Held]
    }
    let json = Data(try workspace.tallyman("status", "--json").output.utf8)
    return try JSONDecoder().decode(Status.self, from: json).held.reduce(0) { $0 + $1.documents }
  }
}

/// What a run said and wrote.
private struct Log {
  var lines: [LogLine]
  private var voucherFiles: [String: [String]] = [:]

  init(of run: Int, in workspace: ScratchWorkspace) throws {
    let suffix = String(repeating: "0", count: 6 - String(run).count) + String(run)
    lines = try LogLine.read(workspace.text("outbox/reconciliation_\(suffix).jsonl"))
    for name in try workspace.outbox() where name.hasSuffix("\(suffix).csv") {
      let text = try? workspace.text("outbox/" + name)
      // BOOK_INTERFACE_…: neither has an underscore in it.
      let parts = name.split(separator: "_")
      guard let text, parts.count > 3, cells(of: text).first?.first == "业务号" else { continue }
      voucherFiles[String(parts[1]), default: []].append(text)
    }
  }

  /// By the posting's name; a voucher's ID says by its third part to which it belongs.
  func vouchers(of interface: String) -> [String: Facts.Posting] {
    let codes = ["R": "revenue", "C": "cost", "S": "sales"]
    return WrittenVouchers(voucherFiles[interface] ?? []) { id in
      let parts = id.split(separator: "-")
      return parts.count > 2 ? codes[String(parts[2])] ?? String(parts[2]) : id
    }.postings
  }
}
