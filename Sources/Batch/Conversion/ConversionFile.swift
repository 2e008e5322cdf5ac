import Expressions
package import Findings
import Ledger
package import Mapping
package import Posting
package import Readers

/// What a file's rows became, before anything is numbered or written.
package struct ConvertedFile: Sendable {
  package var posted: PostedFile
  package var findings: RecordFindings
  /// The layout by which it was read, and the header that was found by it.
  package var layout: TableLayout
  package var header: Header
  /// Of a reject file that came back: the reject number of each row.
  var rejectNumbers = RejectNumbers()
  /// Of a full snapshot: what waits and is not in it.
  var lacks = MissingWaiting()
  /// What the finance system says of vouchers, where that is what the file is.
  var answers: [VoucherAnswer] = []
  /// The codes that tables lack, with the documents that have them.
  var missing: [MissingCode: [Int32]] = [:]
  package var outcome: ReadingOutcome
  /// Counted where rows leave the reader: rows, and for each measure the sum of its cells and how many were unreadable.
  package var read: ReadTotals
  /// Why every row of the file is rejected, where it is.
  package var stop: FileStop?
  /// Where the file's rows came from, for copying them byte for byte.
  package var source: ByteSource
  /// In a file whose documents were scattered: for each row as it was read, the row and line that it has in the file.
  package var places: RowPlaces?
  /// What was put in order of a file whose documents were scattered: `source` is read from it.
  var regrouped: ScatteredRows?
  /// The plain table that `source` was made from, where the export's rows don't stand alone.
  var flattened: Spilled?
  /// The XML file that the table was made from, and how.
  var xml: (source: ByteSource, layout: TableLayout, documents: [XMLDocumentPlace])?

  /// Whether nothing but the whole file can go back: it can't be read to its end.
  var isBrokenXML: Bool {
    xml != nil
      && [
        .xmlBroken, .xmlDoctype, .xmlTruncated, .xmlEncoding, .xmlLimit, .xmlNoDocuments, .rowTooLong,
      ].contains(stop?.finding.code)
  }
}

package struct ReadTotals: Sendable, Hashable {
  /// The reader's own count.
  package var rows = 0
  package var sums: [Int128]
  package var unreadable: [Int]
}

package struct FileStop: Sendable, Hashable {
  package var finding: Finding
}

/// The way of one file through the middle, stage by stage: reader → fields → documents → entries. Pure but for the
/// source that it reads.
struct FileConversion {
  let compiled: CompiledInterface
  let sequence: Int
  let name: String
  /// What is known of a document from before.
  let prior: (ArraySlice<UInt8>, ArraySlice<ContentHash>, UInt32, Day) -> Prior
  let pieceOf: (ArraySlice<UInt8>, ArraySlice<ContentHash>) -> Int?
  /// Told that all documents so far are going to come once more.
  var beginsAgain: () -> Void = {}
  let today: Day
  /// What is known of a voucher, by its ID.
  let voucher: (ArraySlice<UInt8>) -> VoucherKnowledge
  /// Keys of documents that somebody has said are right as they are.
  var accepted: Set<[UInt8]> = []
  var isReposting = false
  var isAdopting = false
  let spilling: Spilling
  var batchRows = 8192
  var doors = Doors()

  /// A dropped file, whatever its format.
  /// - Parameters:
  ///   - heads: the file with the documents' heads, where there is one, with the digest that gets its bytes.
  ///   - digest: gets the file's bytes.
  /// - Returns: also the plain table that its rows were read from.
  func run(
    _ source: ByteSource, _ layout: FileLayout, heads: (source: ByteSource, digest: BackgroundDigest)?,
    digest: BackgroundDigest, shared: inout RunShared, progress: (Int) throws -> Void
  ) throws -> (file: ConvertedFile, table: PlainTable) {
    var table = try PlainTable(source, layout, file: name, heads: heads, digest: digest, spilling)
    var converted: ConvertedFile
    do {
      converted = try run(
        table.source, header: table.header, layout: table.layout, shared: &shared,
        digest: table.isSource ? digest : BackgroundDigest(), progress: progress)
    } catch {
      try table.cancel()
      throw error
    }
    try table.settle()
    if converted.regrouped == nil { converted.source = table.source }
    converted.flattened = table.flattened
    if layout.layout.xml != nil || (layout.layout.sheet != nil && table.fault != nil) {
      converted.xml = (source, layout.layout, table.documents)
    }
    if let fault = table.fault { converted.stop = FileStop(finding: fault) }
    return (converted, table)
  }

  /// - Parameters:
  ///   - digest: gets every byte of the source once, in order.
  ///   - progress: gets the number of rows so far, a batch at a time.
  func run(
    _ source: ByteSource, header: Header, layout: TableLayout, shared: inout RunShared,
    digest: BackgroundDigest,
    progress: (Int) throws -> Void
  ) throws -> ConvertedFile {
    let before = shared
    do {
      return try convert(
        source, header, layout: layout, places: nil, &shared, digest: digest, progress: progress)
    } catch is DocumentGatherer.Scattered {
      shared = before
      beginsAgain()
      digest.restart()
      let regrouped = try ScatteredRows.regroup(
        source, header: header, layout: layout, compiled: compiled, file: name, spilling: spilling,
        digest: digest, batchRows: batchRows)
      var converted = try convert(
        regrouped.rows.source, header, layout: regrouped.layout, places: regrouped.places,
        first: regrouped.outcome, &shared, digest: nil, progress: progress)
      converted.layout = layout
      converted.regrouped = regrouped
      return converted
    }
  }

  /// - Parameters:
  ///   - places: where the rows stand in the file that people know; `nil` where that is `source`. Then a document's rows
  ///     are all together.
  ///   - first: what an earlier reading said of that file.
  func convert(
    _ source: ByteSource, _ header: Header, layout: TableLayout, places: RowPlaces?,
    first: ReadingOutcome? = nil, _ shared: inout RunShared,
    digest: BackgroundDigest?, progress: (Int) throws -> Void
  ) throws -> ConvertedFile {
    let feed = RecordFeed(
      RecordFeed.Request(
        source: source, layout: layout, header: header, file: name, program: compiled.program,
        measures: compiled.interface.measures, places: places, digest: digest, batchRows: batchRows,
        doors: doors))
    var gatherer = DocumentGatherer(
      compiled.interface, program: compiled.program, postings: compiled.postings.map(\.inputs), prior: prior,
      pieceOf: pieceOf)
    gatherer.isRegrouped = places != nil
    gatherer.countsElements = layout.countsElements
    gatherer.today = today
    gatherer.accepted = accepted
    gatherer.isReposting = isReposting
    gatherer.isAdopting = isAdopting
    var maker = EntryMaker(
      compiled.postings, books: compiled.books.map { ($0.book, $0.tailUnits) },
      dimensions: &shared.dimensions)
    var drafts = EntryDrafts()
    var answers = compiled.interface.acknowledge.map { VoucherAnswers($0) }
    var rows = 0
    try progress(0)
    do {
      while let item = try feed.next() {
        var documents = try gatherer.gather(item.batch, item.evaluation)
        doors.documents(&documents)
        maker.post(
          documents, of: &gatherer, item.evaluation, item.batch, &shared.dimensions,
          groups: &shared.groups[compiled.interface.name]!, into: &drafts)
        answers?.take(documents, of: &gatherer, item.evaluation, item.batch, known: voucher)
        if rows == 0, let times = try Self.times(source, item.batch) {
          gatherer.store.reserve(times: times)
          drafts.reserve(times: times)
        }
        rows += item.batch.count
        feed.recycle(item)
        try progress(rows)
      }
    } catch {
      feed.cancel()
      throw error
    }
    let end = feed.end
    var converted = ConvertedFile(
      posted: PostedFile(
        sequence: sequence, name: name, store: gatherer.store, drafts: drafts,
        rehearsed: maker.rehearsed),
      findings: gatherer.findings, layout: layout,
      header: header, outcome: first ?? end.outcome, read: end.read,
      stop: stop(gatherer.stop, first ?? end.outcome) ?? stop(nil, end.outcome),
      source: source, places: places)
    converted.answers = answers?.all ?? []
    converted.missing = gatherer.missing
    return converted
  }

  /// How many times as long the file is as what its first batch has of it; `nil` where that isn't known yet.
  private static func times(_ source: ByteSource, _ first: RecordBatch) throws -> Int? {
    if case .stream = source { return nil }
    guard let read = first.ends.last, read > 0 else { return nil }
    return Int(try source.length / read) + 1
  }

  private func stop(_ check: String?, _ outcome: ReadingOutcome) -> FileStop? {
    if let check {
      return FileStop(finding: Finding(.fileStopped, .stopFile, at: Place(file: name), [check]))
    }
    return outcome.findings.first { $0.severity == .stopFile }.map { finding in
      var finding = finding
      finding.place.file = name
      return FileStop(finding: finding)
    }
  }
}

/// What the files of a run share.
struct RunShared {
  var dimensions = Dimensions()
  /// For each interface the groups of each of its postings.
  var groups: [String: [Codes]] = [:]
}

extension ReadTotals {
  mutating func add(_ batch: RecordBatch, _ evaluation: Evaluation, _ measures: [Measure]) {
    for (index, measure) in measures.enumerated() {
      let column = evaluation.slots[measure.slot]
      for i in 0..<batch.count where !measure.ofDocument || evaluation.beginsDocument(i, batch) {
        switch column.state(i) {
        case Presence.present: sums[index] += column.number(i)
        case Presence.failed: unreadable[index] += 1
        default: break
        }
      }
    }
  }
}
