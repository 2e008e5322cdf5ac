import Expressions
import Ledger
import Mapping
import Posting
import Readers
import State

/// One document's records with the values of their fields, and what the entry rules make of them: the ordinary stages, run
/// over its own rows.
struct ReplayedDocument {
  let compiled: CompiledInterface
  let definition: InterfaceDefinition
  /// With the bytes that texts stand in.
  let batch: RecordBatch
  let evaluation: Evaluation
  /// By the index of the posting.
  let entries: [Int: [KeptEntries.KeptEntry]]
  /// By the index of the posting, each rule's part of each record, in the shape of an entry.
  let lines: [Int: [Line]]

  struct Line {
    var rule: Int
    var record: Int
    var entry: KeptEntries.KeptEntry

    var isNothing: Bool { entry.amount == 0 && (entry.quantity ?? 0) == 0 }
  }

  /// - Returns: `nil` where the rows don't give one document any more.
  init?(
    _ kept: HeldDocument, _ compiled: CompiledInterface, _ definition: InterfaceDefinition, today: Day
  ) throws {
    (self.compiled, self.definition) = (compiled, definition)
    guard var rows = try GatheredRows(kept, compiled, today: today) else { return nil }
    var dimensions = Dimensions()
    var groups = compiled.postings.map { _ in Codes() }
    var drafts = EntryDrafts()
    var maker = EntryMaker(
      compiled.postings, books: compiled.books.map { ($0.book, $0.tailUnits) }, dimensions: &dimensions)
    let (batch, evaluation) = (rows.batch, rows.evaluation)
    maker.post(
      [rows.records], of: &rows.gatherer, evaluation, batch, &dimensions, groups: &groups, into: &drafts)
    func entry(_ entry: Entry, _ posting: Int) -> KeptEntries.KeptEntry {
      KeptEntries.KeptEntry(
        entry, chart: compiled.books[compiled.postings[posting].book].book.chart, dimensions: dimensions)
    }
    var entries: [Int: [KeptEntries.KeptEntry]] = [:]
    var lines: [Int: [Line]] = [:]
    // What waits for a month's end may have been made before.
    for drafts in [drafts, maker.rehearsed] {
      for draft in drafts.drafts {
        let posting = Int(draft.posting)
        entries[posting] = drafts.entries[draft.entries].map { entry($0, posting) }
        lines[posting] = maker.lines(ofPosting: posting, rows.records, evaluation)
          .filter { $0.line.account >= 0 }
          .map { Line(rule: $0.rule, record: $0.record, entry: entry($0.line, posting)) }
      }
    }
    (self.batch, self.evaluation, self.entries, self.lines) = (batch, evaluation, entries, lines)
  }

  /// Whether a posting of it gives what was posted of the document.
  func gives(_ posted: [KeptEntries.KeptEntry], posting: Int) -> Bool {
    guard let own = entries[posting], own.count == posted.count else { return false }
    return Set(own) == Set(posted)
  }
}

/// One document's rows on record, read and gathered by a mapping as if nothing had been known of it.
struct GatheredRows {
  let batch: RecordBatch
  let evaluation: Evaluation
  var gatherer: DocumentGatherer
  let records: Range<Int>

  /// - Returns: `nil` where the rows don't give one document.
  init?(_ kept: HeldDocument, _ compiled: CompiledInterface, today: Day) throws {
    guard let source = HeldSource.sources(of: [kept]).first else { return nil }
    var layout = compiled.interface.layout.plain
    (layout.encoding, layout.delimiter, layout.trailer) = (source.encoding, source.delimiter, nil)
    let header = try Header.find(in: source.source, layout: layout, file: source.name)
    guard header.fits else { return nil }
    var reader = CSVReader(source: source.source, layout: layout, header: header, file: source.name)
    guard var batch = try reader.next() else { return nil }
    try batch.place(source.places)
    var evaluation = Evaluation(compiled.program)
    evaluation.run(over: &batch)
    gatherer = DocumentGatherer(
      compiled.interface, program: compiled.program, postings: compiled.postings.map(\.inputs),
      prior: { _, _, _, _ in .unknown })
    gatherer.isRegrouped = true
    gatherer.today = today
    let documents = try gatherer.gather(batch, evaluation)
    guard documents.count == 1, batch.count == kept.places.count, try reader.next() == nil else { return nil }
    (self.batch, self.evaluation, records) = (batch, evaluation, documents[0])
  }

  var document: Document { gatherer.store.documents[0] }

  /// One a posting.
  var hashes: ArraySlice<ContentHash> { gatherer.store.hashes(0) }
}
