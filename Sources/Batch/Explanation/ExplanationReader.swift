import Findings
import Foundation
import Ledger
import Mapping
import Posting
import State

extension Explanation {
  /// - Parameter entry: the number of the only one that is asked for, of which also rows and arithmetic are shown; without
  ///   it, of all.
  /// - Returns: `nil` where no committed run gave a voucher of that ID.
  package static func find(
    _ id: String, entry: Int? = nil, in workspace: Workspace
  ) throws(WorldError) -> Explanation? {
    try Pipeline.typed(workspace) {
      guard let state = try workspace.readState() else { return nil }
      defer { try? state.close() }
      return try find(id, entry: entry, state, workspace)
    }
  }

  private static func find(
    _ id: String, entry: Int?, _ state: StateStore, _ workspace: Workspace
  ) throws -> Explanation? {
    guard let run = try state.run(ofVoucher: id), let archive = try RunArchive(run, state, workspace),
      let block = try archive.entries(of: id)
    else { return nil }
    let (definitions, record) = (try archive.definitions(), try archive.record())
    let compiled = definitions?.interface(named: block.interface)
    let posting = compiled?.posting(ofVoucher: id)
    let made = PublishedVoucher(block, compiled, posting: posting)
    var (outputs, absent) = try outputs(of: id, archive, workspace)
    // Where each entry has a line of its own, they stand in the voucher's order.
    for index in outputs.indices where outputs[index].lines.count == made.entries.count {
      if let entry, made.entries.indices.contains(entry - 1) {
        outputs[index].lines = [outputs[index].lines[entry - 1]]
      }
    }
    var explanation = Explanation(
      voucher: id, interface: block.interface,
      posting: posting.flatMap { compiled?.postings[$0].name } ?? "",
      date: block.documents[0].date.description, type: block.documents[0].type,
      number: block.documents[0].ownNumber == 0 ? nil : block.documents[0].ownNumber, run: run,
      clock: archive.run.clock,
      definitions: archive.run.definitions, isPublished: archive.run.phase == .done, outputs: outputs,
      absent: absent, answer: try state.standing(ofVoucher: id).map(Answer.init),
      entryCount: made.entries.count, entries: [], documents: [],
      gaps: (compiled == nil ? [.definitions] : []) + (record == nil ? [.record] : []))
    explanation.entries = made.entries.indices.filter { entry == nil || $0 + 1 == entry }.map { index in
      Entry(
        index + 1, made.entries[index], definitions?.rule(made.entries[index].rule, block.interface, posting))
    }
    var replays = Replays(definitions, record, state, workspace)
    for (document, places) in zip(block.documents, made.places)
    where entry == nil || places.contains(entry.map { $0 - 1 }) {
      let corrections = try state.corrections(block.interface, key: document.key)
      var source = Source(
        document: DocumentStore.text(ofKey: document.key),
        file: try replays.file(of: document.key, block.interface),
        corrections: try corrections.compactMap { CorrectionLink($0, of: id) }
          + CorrectionLink.voided(id, corrections, document.key, block.interface, state),
        arithmetic: .notAsked, records: [])
      var replayed: ReplayedDocument?
      if entry != nil {
        (source.arithmetic, replayed) = try replays.document(
          document, block.interface, posting, number: explanation.documents.count,
          isRed: source.corrections.contains { $0.part == .reverses })
      }
      if let replayed, let posting {
        source.records = replayed.records(
          ofPosting: posting, behind: explanation.give(document, places, replayed, posting))
      } else {
        _ = explanation.give(document, places, nil, posting ?? 0)
      }
      explanation.documents.append(source)
    }
    // A red voucher comes of what another one has, and of no rule.
    if explanation.documents.contains(where: { $0.corrections.contains { $0.part == .reverses } }) {
      for index in explanation.entries.indices { explanation.entries[index].rule = nil }
    }
    return explanation
  }

  /// Adds a document's parts to the entries that are shown.
  /// - Returns: the lines that they are made of.
  private mutating func give(
    _ document: KeptEntries.DocumentEntries, _ places: [Int?], _ replayed: ReplayedDocument?, _ posting: Int
  ) -> [ReplayedDocument.Line] {
    var shown: [ReplayedDocument.Line] = []
    for (part, place) in zip(document.entries, places) where part.amount != 0 {
      guard let at = entries.firstIndex(where: { $0.number - 1 == place }) else { continue }
      let lines = (replayed?.lines[posting] ?? []).filter { $0.entry.isMerged(with: part) && !$0.isNothing }
      let tail = part.amount - lines.reduce(0) { $0 + $1.entry.amount }
      shown += lines
      entries[at].shares.append(
        Share(
          document: DocumentStore.text(ofKey: document.key), amount: part.amountText,
          quantity: part.quantityText,
          terms: replayed.map { replayed in lines.map { replayed.term($0, posting: posting) } } ?? [],
          absorbed: replayed == nil || tail == 0
            ? nil : Decimal(units: Int128(tail), scale: Ledger.Entry.amountScale).description))
    }
    return shown
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
  fileprivate init(_ number: Int, _ entry: KeptEntries.KeptEntry, _ rule: Explanation.Rule?) {
    self.init(
      number: number, account: entry.account, side: entry.side == .debit ? "debit" : "credit",
      amount: entry.amountText, quantity: entry.quantityText, unit: entry.unit,
      split: DocumentStore.text(ofKey: entry.split.utf8), memo: entry.memo, cashFlow: entry.cashFlow,
      foreign: entry.foreign.map {
        Explanation.Foreign(
          currency: $0.currency,
          rate: Decimal(units: Int128($0.rate), scale: Entry.rateScale).trimmed.description,
          amount: Decimal(units: Int128($0.amount), scale: Entry.amountScale).description)
      }, dimensions: entry.dimensions, rule: rule, shares: [])
  }
}

extension ReplayedDocument {
  /// The source rows of some lines of a posting, each with what those lines are made of.
  fileprivate func records(ofPosting posting: Int, behind lines: [Line]) -> [ExplainedRecord] {
    Dictionary(grouping: lines, by: \.record).sorted { $0.key < $1.key }.map { index, lines in
      record(index, (posting, Set(lines.map(\.rule))))
    }
  }
}

extension PublishedVoucher {
  init(_ block: KeptEntries.Block, _ compiled: CompiledInterface?, posting: Int?) {
    let book = posting.flatMap { place in compiled.map { $0.books[$0.postings[place].book].book } }
    self.init(block.documents, dimensions: block.dimensions) { code in
      guard let book, book.swapsSides, let index = book.chart.index(ofCode: code) else { return false }
      return book.chart.accounts[index].mayBeSwapped
    }
  }
}

extension ArchivedDefinitions {
  fileprivate func rule(_ index: Int, _ interface: String, _ posting: Int?) -> Explanation.Rule? {
    guard let posting, let definition = definition(of: interface) else { return nil }
    let entries = definition.postings[posting % definition.postings.count].entries
    guard entries.indices.contains(index) else { return nil }
    return Explanation.Rule(
      place: entries[index].account.place.text, account: entries[index].account.text,
      amount: entries[index].amount.text)
  }
}

extension KeptEntries.KeptEntry {
  var amountText: String { Decimal(units: Int128(amount), scale: Entry.amountScale).description }
  var quantityText: String? {
    quantity.map { Decimal(units: Int128($0), scale: Entry.quantityScale).trimmed.description }
  }
}

extension Explanation.Answer {
  fileprivate init(_ standing: VoucherStanding) {
    (state, run) = (standing.standing.rawValue, standing.run)
    (financeNumber, reason) = (standing.financeNumber, standing.reason)
  }
}
