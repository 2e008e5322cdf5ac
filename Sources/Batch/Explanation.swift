import Foundation
import Ledger
import Mapping
import Posting
import State

/// A voucher as its run committed it, with what each of its documents gave: read from the archive, and nothing is changed.
package struct Explanation: Codable, Sendable {
  /// What one document gave to one account of the voucher.
  package struct Share: Codable, Sendable {
    package var document: String
    package var account: String
    package var side: String
    package var amount: String
    package var quantity: String?
    package var unit: String
    /// What the rule splits by, where it does.
    package var split: String
    package var dimensions: [String: String]
  }

  /// A file of the run in the outbox in which the voucher stands.
  package struct Output: Codable, Sendable {
    package var name: String
    package var lines: [Int]
  }

  package var voucher: String
  package var interface: String
  package var posting: String
  package var date: String
  package var run: Int
  package var clock: String
  /// Fingerprint, by which the archive keeps them.
  package var definitions: String
  package var isPublished: Bool
  package var outputs: [Output]
  /// Voucher files of the run that are not in the outbox, so that nobody can look whether the voucher stands in them.
  package var absent: [String]
  package var shares: [Share]

  /// - Returns: `nil` where no committed run gave a voucher of that ID.
  package static func find(_ id: String, in workspace: Workspace) throws(WorldError) -> Explanation? {
    try Pipeline.typed(workspace) {
      guard let state = try workspace.readState() else { return nil }
      defer { try? state.close() }
      for run in try state.lastRuns(Int.max) where run.phase != .planned {
        let posting = RunSummary(json: run.summary)?.postings.first { $0.holds(id) }
        if let posting { return try read(id, posting, run, state, workspace) }
      }
      return nil
    }
  }

  private static func read(
    _ id: String, _ posting: RunSummary.Posting, _ run: RunRecord, _ state: StateStore, _ workspace: Workspace
  ) throws -> Explanation? {
    let publications = try state.publications(of: run.number)
    guard let kept = publications.first(where: { $0.kind == .entries }) else { return nil }
    let final = workspace.keptEntries / kept.name
    let staged = workspace.staging(run: run.number) / String(kept.sequence)
    let bytes = try System.read(System.status(final) == nil ? staged : final)
    let documents = try KeptEntries.read(bytes).flatMap(\.documents).filter { $0.voucher == id }
    guard let first = documents.first else { return nil }
    var outputs: [Output] = []
    var absent: [String] = []
    for publication in publications where publication.kind == .voucher {
      let path = workspace.outbox / publication.name
      guard try System.status(path) != nil else {
        absent.append(publication.name)
        continue
      }
      let lines = Self.lines(of: id, in: try System.read(path))
      if !lines.isEmpty { outputs.append(Output(name: publication.name, lines: lines)) }
    }
    return Explanation(
      voucher: id, interface: posting.interface, posting: posting.posting, date: first.date.description,
      run: run.number, clock: run.clock, definitions: run.definitions, isPublished: run.phase == .done,
      outputs: outputs, absent: absent, shares: documents.flatMap(shares))
  }

  private static func shares(of document: KeptEntries.DocumentEntries) -> [Share] {
    document.entries.filter { $0.amount != 0 }.map { entry in
      Share(
        document: DocumentStore.text(ofKey: document.key), account: entry.account,
        side: entry.side == .debit ? "debit" : "credit",
        amount: Decimal(units: Int128(entry.amount), scale: Entry.amountScale).description,
        quantity: entry.quantity.map {
          Decimal(units: Int128($0), scale: Entry.quantityScale).description
        }, unit: entry.unit, split: DocumentStore.text(ofKey: entry.split.utf8), dimensions: entry.dimensions)
    }
  }

  /// Lines with the ID, which no digit follows.
  private static func lines(of id: String, in bytes: [UInt8]) -> [Int] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap { index, line in
      let text = String(decoding: line, as: UTF8.self)
      guard let found = text.range(of: id) else { return nil }
      return text[found.upperBound...].first?.isNumber == true ? nil : index + 1
    }
  }
}

extension RunSummary.Posting {
  /// Whether the ID is one of those that the run gave here: they have one beginning, and run on without gaps.
  fileprivate func holds(_ id: String) -> Bool {
    guard let cut = id.lastIndex(of: "-"), let number = Int(id[id.index(after: cut)...]),
      first.hasPrefix(id[...cut]), let from = Int(first.dropFirst(id[...cut].count)),
      let to = Int(last.dropFirst(id[...cut].count))
    else { return false }
    return (from...max(from, to)).contains(number)
  }
}
