import Findings
import Foundation
import Ledger
import Mapping
import Posting
import State

/// A voucher as its run published it: its entries with what each document gave to them, where the documents come from,
/// and what was taken back of them. Read from archive and state; nothing is changed.
package struct Explanation: Codable, Sendable {
  /// One of the voucher's entries, as numbered there.
  package struct Entry: Codable, Sendable {
    package var number: Int
    package var account: String
    package var side: String
    package var amount: String
    package var quantity: String?
    package var unit: String
    /// What the rule splits by, where it does.
    package var split: String
    /// The entry's own, where it has one.
    package var memo: String
    package var cashFlow: String
    package var foreign: Foreign?
    package var dimensions: [String: String]
    package var shares: [Share]
  }

  /// An entry's amount in another currency.
  package struct Foreign: Codable, Sendable {
    package var currency: String
    package var rate: String
    package var amount: String
  }

  /// What one document gave to an entry.
  package struct Share: Codable, Sendable {
    package var document: String
    package var amount: String
    package var quantity: String?
  }

  /// A file of the run in the outbox in which the voucher stands.
  package struct Output: Codable, Sendable {
    package var name: String
    package var lines: [Int]
  }

  /// A document behind the voucher.
  package struct Source: Codable, Sendable {
    package var document: String
    /// `nil` where that can't be told.
    package var file: SourceFile?
    /// Corrections that made this voucher, or took the document out of it again.
    package var corrections: [CorrectionLink]
  }

  /// What can't be shown, and why.
  package enum Gap: String, Codable, Sendable {
    /// The definitions of the run are not in the archive as they were, or this program can't read them.
    case definitions
    /// The record of the run's commit is not in the archive as it was.
    case record
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
  /// How many the voucher has, whichever are asked for.
  package var entryCount: Int
  package var entries: [Entry]
  package var documents: [Source]
  package var gaps: [Gap]

  /// - Parameter entry: the number of the only one that is asked for; without it, of all.
  /// - Returns: `nil` where no committed run gave a voucher of that ID.
  package static func find(
    _ id: String, entry: Int? = nil, in workspace: Workspace
  ) throws(WorldError) -> Explanation? {
    try Pipeline.typed(workspace) {
      guard let state = try workspace.readState() else { return nil }
      defer { try? state.close() }
      guard let run = try state.run(ofVoucher: id), let archive = try RunArchive(run, state, workspace),
        let block = try archive.entries(of: id)
      else { return nil }
      return try Explanation(id, entry, block, archive, state, workspace)
    }
  }

  private init(
    _ id: String, _ wanted: Int?, _ block: KeptEntries.Block, _ archive: RunArchive, _ state: StateStore,
    _ workspace: Workspace
  ) throws {
    let definitions = try archive.definitions()
    let compiled = definitions?.interface(named: block.interface)
    let posting = compiled.flatMap { $0.posting(ofVoucher: id) }
    let book = posting.flatMap { place in compiled.map { $0.books[$0.postings[place].book].book } }
    let made = PublishedVoucher(block.documents, dimensions: block.dimensions) { code in
      guard let book, book.swapsSides, let index = book.chart.index(ofCode: code) else { return false }
      return book.chart.accounts[index].mayBeSwapped
    }
    voucher = id
    interface = block.interface
    self.posting = posting.flatMap { place in compiled.map { $0.postings[place].name } } ?? ""
    date = block.documents[0].date.description
    (run, clock) = (archive.run.number, archive.run.clock)
    self.definitions = archive.run.definitions
    isPublished = archive.run.phase == .done
    (outputs, absent) = try Self.outputs(of: id, archive, workspace)
    entryCount = made.entries.count
    entries = made.entries.indices.filter { wanted == nil || $0 + 1 == wanted }.map { index in
      Entry(index + 1, made.entries[index], made.shares(of: index, block.documents))
    }
    let record = try archive.record()
    gaps = (compiled == nil ? [.definitions] : []) + (record == nil ? [.record] : [])
    let shown = wanted.map { number in
      zip(block.documents, made.places).filter { $1.contains(number - 1) }.map(\.0)
    }
    var origins = DocumentOrigins(state: state, workspace: workspace)
    documents = try (shown ?? block.documents).map { document in
      Source(
        document: DocumentStore.text(ofKey: document.key),
        file: try record.flatMap {
          try origins.file(
            of: document.key, block.interface, $0,
            isJoined: compiled?.interface.document.complete != nil)
        },
        corrections: try state.corrections(block.interface, key: document.key).compactMap {
          CorrectionLink($0, of: id)
        })
    }
  }

  private static func outputs(
    of id: String, _ archive: RunArchive, _ workspace: Workspace
  ) throws -> (found: [Output], absent: [String]) {
    var outputs: [Output] = []
    var absent: [String] = []
    for publication in archive.vouchers {
      let path = workspace.outbox / publication.name
      guard try System.status(path) != nil else {
        absent.append(publication.name)
        continue
      }
      let lines = Self.lines(of: id, in: try System.read(path))
      if !lines.isEmpty { outputs.append(Output(name: publication.name, lines: lines)) }
    }
    return (outputs, absent)
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

extension Explanation.Entry {
  fileprivate init(
    _ number: Int, _ entry: KeptEntries.KeptEntry,
    _ shares: [(document: [UInt8], entry: KeptEntries.KeptEntry)]
  ) {
    self.init(
      number: number, account: entry.account, side: entry.side == .debit ? "debit" : "credit",
      amount: entry.amountText, quantity: entry.quantityText, unit: entry.unit,
      split: DocumentStore.text(ofKey: entry.split.utf8), memo: entry.memo, cashFlow: entry.cashFlow,
      foreign: entry.foreign.map {
        Explanation.Foreign(
          currency: $0.currency,
          rate: Decimal(units: Int128($0.rate), scale: Entry.rateScale).trimmed.description,
          amount: Decimal(units: Int128($0.amount), scale: Entry.amountScale).description)
      }, dimensions: entry.dimensions,
      shares: shares.map {
        Explanation.Share(
          document: DocumentStore.text(ofKey: $0.document), amount: $0.entry.amountText,
          quantity: $0.entry.quantityText)
      })
  }
}

extension PublishedVoucher {
  /// What went into one of its entries, document by document.
  fileprivate func shares(
    of index: Int, _ documents: [KeptEntries.DocumentEntries]
  ) -> [(document: [UInt8], entry: KeptEntries.KeptEntry)] {
    zip(documents, places).flatMap { document, places in
      zip(document.entries, places).filter { $0.amount != 0 && $1 == index }.map { (document.key, $0.0) }
    }
  }
}

extension KeptEntries.KeptEntry {
  var amountText: String { Decimal(units: Int128(amount), scale: Entry.amountScale).description }
  var quantityText: String? {
    quantity.map { Decimal(units: Int128($0), scale: Entry.quantityScale).trimmed.description }
  }
}

extension StateStore {
  /// The run that gave a voucher's ID.
  func run(ofVoucher id: String) throws(StateError) -> Int? {
    guard let cut = id.lastIndex(of: "-"), let number = Int64(id[id.index(after: cut)...]), number > 0 else {
      return nil
    }
    let prefix = String(id[...cut])
    return voucherID(prefix: prefix, number: number) == id ? try run(ofCounter: prefix, number: number) : nil
  }
}
