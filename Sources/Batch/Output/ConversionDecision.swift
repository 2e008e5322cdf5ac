package import Findings
import Foundation
import Ledger
import Mapping
import Posting
import Readers
import Reconciliation
import State

/// What the commit makes true of an interface's part of the run.
extension ConversionOutput {
  mutating func decide(_ index: Int, _ tallies: [Tally]) throws {
    let interface = result.interfaces[index]
    let name = interface.compiled.interface.name
    for (place, part) in interface.parts.enumerated() {
      let store = part.file.posted.store
      if part.isReposted {
        // What was posted stays on record as it is, where it was not posted anew.
      } else if part.isDeferred {
        decideDeferred(part, name)
      } else if let held = part.held {
        if store.documents.contains(where: { $0.verdict == .rejected }) { decision.needsPerson = true }
        decision.heldRemoved += zip(held, store.documents).filter { $1.verdict != .held }
          .map { HeldKey(interface: name, key: $0.0.key) }
        if part.pieces != nil {
          try putJoined(held, part, interface)
        } else {
          decision.heldPut += part.renewed
        }
      } else {
        try decideFile(part, interface, tallies[place])
      }
      try keepDeferred(place, interface)
    }
    decision.heldPut += interface.past.newlyUnderOtherKey
    decision.deferredRemoved += interface.past.overtakenDeferred.map { HeldKey(interface: name, key: $0.key) }
    decision.corrections += try corrections(interface)
    try decideUnposted(interface)
    try decideAnswers(interface)
    decision.heldRemoved += interface.past.superseded.map { HeldKey(interface: name, key: $0.key) }
    if interface.past.posted.count > 0 {
      decision.registers.append(
        RegisterChange(
          interface: name, postings: interface.past.slotCodes, documents: interface.past.posted))
    }
    // What is written back says of each document which vouchers it has.
    if interface.compiled.writeBack == nil { interface.past.forgetPosted() }
  }

  /// What was put together and is held all the same takes the place of its pieces.
  private mutating func putJoined(
    _ documents: [HeldDocument], _ part: Conversion.Part, _ interface: Conversion.InterfaceResult
  ) throws {
    let store = part.file.posted.store
    let held = store.documents.indices.filter { store.documents[$0].verdict == .held }
    if store.documents.contains(where: { $0.verdict == .held || $0.verdict == .rejected }) {
      decision.needsPerson = true
    }
    let rows = try DocumentRows(held, of: part.file, firsts: part.file.firstRecords)
    for (place, index) in held.enumerated() {
      let document = try HeldDocument(
        index, of: part.file, compiled: interface.compiled, run: documents[index].sinceRun, name: part.name,
        rows: rows.documents[place])
      decision.heldPut.append(document)
    }
  }

  private mutating func decideFile(
    _ part: Conversion.Part, _ interface: Conversion.InterfaceResult, _ tally: Tally
  ) throws {
    let store = part.file.posted.store
    let sequence = part.file.posted.sequence
    let held = store.documents.indices.filter {
      store.documents[$0].verdict == .held && !part.joined.contains($0)
    }
    let rejected = store.documents.contains { $0.verdict == .rejected }
    if !held.isEmpty || rejected || part.file.keepsMissing || part.file.stop != nil {
      decision.needsPerson = true
    }
    if !held.isEmpty {
      let rows = try DocumentRows(held, of: part.file, firsts: part.file.firstRecords)
      for (place, document) in held.enumerated() {
        decision.heldPut.append(
          try HeldDocument(
            document, of: part.file, compiled: interface.compiled, run: run, name: part.name,
            rows: rows.documents[place]))
      }
    }
    decision.files.append(
      FileOutcome(
        sequence: sequence, sha256: part.sha256 ?? [],
        outcome: FileSummary(tally, part, interface.compiled.interface.measures).json))
    if let heads = part.heads {
      decision.files.append(
        FileOutcome(
          sequence: heads.sequence, sha256: heads.sha256, outcome: FileSummary(headsOf: part).json))
    }
    decision.digests.append(
      FileDigest(
        sha256: part.sha256 ?? [], sequence: sequence,
        settled: held.isEmpty && part.joined.isEmpty && !rejected && part.file.stop == nil,
        definitions: definitions.fingerprint))
  }
}

/// What became of a file, in short: kept in the state for `status` and `log`.
package struct FileSummary: Codable, Sendable, Hashable {
  package var interface: String
  package var stopped: Bool
  /// By bucket (`read`, `posted`, `repeated` …).
  package var documents: [String: Int]
  package var rows: [String: Int]
  /// JSON: what its rows add to each measure; `nil` where that can't be told without reading it again.
  var amounts: String?
  /// Title, header, skipped and trailer rows.
  var layoutRows: Int?

  /// What the state kept; `nil` where it kept none.
  init?(json: String) {
    guard let summary = try? JSONDecoder().decode(FileSummary.self, from: Data(json.utf8)) else { return nil }
    self = summary
  }

  /// Of a file with heads, whose rows are counted with those of the lines.
  init(headsOf part: Conversion.Part) {
    interface = ""
    stopped = part.file.stop != nil
    documents = [:]
    rows = [:]
  }

  init(_ tally: Tally, _ part: Conversion.Part, _ measures: [Measure]) {
    // What the export states of itself is compared in the file.
    if tally.controls.isEmpty {
      amounts = measures.amounts(measures.indices.map { tally[measure: $0][.read] }[...])
      layoutRows = tally.layoutRows
    }
    interface = tally.interface
    stopped = part.file.stop != nil
    documents = [:]
    rows = [:]
    for bucket in Bucket.allCases where bucket != .pending {
      documents["\(bucket)"] = Int(tally.documents[bucket])
      rows["\(bucket)"] = Int(tally.rows[bucket])
    }
  }
}

/// A run in short: kept in the state for `status` and `log`.
package struct RunSummary: Codable, Sendable, Hashable {
  package struct Posting: Codable, Sendable, Hashable {
    package var interface: String
    package var posting: String
    package var vouchers: Int
    package var entries: Int
    /// Of the debit side, in the book's currency.
    package var amount: String
    package var first: String
    package var last: String
  }

  package var files: Int
  /// By bucket.
  package var documents: [String: Int]
  package var rows: [String: Int]
  package var postings: [Posting]
  package var findings: [String: Int]
  /// Names of what was published.
  package var published: [String]
  /// Files that were rejected as a whole, each with the reason.
  package var stopped: [String: Reason]

  /// Why, in any language.
  package struct Reason: Codable, Sendable, Hashable {
    var code: String
    var arguments: [String]

    package func message(in language: Language) -> String {
      Finding.message(ofCode: code, arguments, in: language)
    }
  }

  /// Posted documents of which a posting waits for a value (待入账).
  package var pendingDocuments: Int
  /// Vouchers of which the finance system said that it has them, or that it did not take them.
  package var acknowledged: Int?
  package var refused: Int?
  /// Names of those that go back to the operator.
  package var rejectFiles: [String]

  /// What the state kept; `nil` where it kept none.
  init?(json: String) {
    guard let summary = try? JSONDecoder().decode(RunSummary.self, from: Data(json.utf8)) else { return nil }
    self = summary
  }

  init(
    _ report: ReconciliationReport, published: [String], stopped: [String: Reason], pendingDocuments: Int
  ) {
    self.stopped = stopped
    self.pendingDocuments = pendingDocuments
    files = report.files.count { !$0.sha256.isEmpty }
    documents = [:]
    rows = [:]
    for tally in report.interfaces {
      for bucket in Bucket.allCases where bucket != .pending {
        documents["\(bucket)", default: 0] += Int(tally.documents[bucket])
        rows["\(bucket)", default: 0] += Int(tally.rows[bucket])
      }
    }
    postings = report.postings.map {
      Posting(
        interface: $0.interface, posting: $0.posting, vouchers: $0.vouchers, entries: $0.entries,
        amount: Decimal(units: $0.debits, scale: Entry.amountScale).description,
        first: $0.ids?.lowerBound ?? "",
        last: $0.ids?.upperBound ?? "")
    }
    findings = [:]
    for count in report.findings.counts { findings[count.code.rawValue, default: 0] += count.times }
    self.published = published
    rejectFiles = report.files.flatMap(\.rejectFiles)
  }
}

extension Encodable {
  /// One line of JSON, its keys in order.
  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(self) else {
      preconditionFailure("Texts and numbers always have a JSON form")
    }
    return String(decoding: bytes, as: UTF8.self).printableJSON
  }
}
