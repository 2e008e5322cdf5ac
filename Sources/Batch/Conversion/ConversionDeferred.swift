import Findings
import Foundation
import Ledger
import Mapping
import Posting
import Reconciliation
import State

extension CompiledInterface {
  /// The shortest and the longest `gather_days` of the books that a monthly posting goes to; `nil` where none is monthly.
  var gatherDays: ClosedRange<Int>? {
    let days = postings.compactMap(\.inputs.gatherDays)
    return days.min().flatMap { shortest in days.max().map { shortest...$0 } }
  }
}

extension CompiledDefinitions {
  /// How many deferred documents there are whose month is over, in every book.
  func overdue(in state: StateStore, on today: Day) throws(StateError) -> Int {
    try state.deferredSummary().reduce(0) { sum, waiting in
      let days = interfaces.first { $0.interface.name == waiting.interface }?.gatherDays?.upperBound ?? 1
      return waiting.monthEnd + days <= Int(today.number) ? sum + waiting.count : sum
    }
  }
}

extension ConvertedFile {
  /// A document whose monthly posting can't be made, whatever speaks against it, or whose month is not over in its book,
  /// stays as it is kept: it was posted, and does not go back to the operator.
  mutating func keepDeferred() {
    for index in posted.store.documents.indices {
      let document = posted.store.documents[index]
      if document.verdict == .rejected || (document.verdict == .posted && document.waits != 0) {
        posted.store.documents[index].verdict = .held
      }
    }
  }
}

extension Conversion.Part {
  /// What speaks against making what is due of its documents.
  var obstacles: [Finding] {
    guard isDeferred, !isReposted else { return [] }
    let due = file.posted.store.documents.map { $0.verdict == .held && $0.waits == 0 }
    return file.findings.items.filter { $0.severity >= .hold && $0.document >= 0 && due[Int($0.document)] }
      .map { file.finding($0, name: String(decoding: name, as: UTF8.self)) }
  }
}

extension HeldDocument {
  /// A posted document of a file as the state keeps it until its month is over.
  fileprivate init(
    deferred index: Int, of part: Conversion.Part, _ interface: Conversion.InterfaceResult, run: Int,
    rows: [DocumentRows.Row]
  ) throws {
    let compiled = interface.compiled
    let document = part.file.posted.store.documents[index]
    try self.init(index, of: part.file, compiled: compiled, run: run, name: part.name, rows: rows)
    causes = compiled.postings.indices.filter { document.awaitsMonthEnd >> UInt32($0) & 1 != 0 }
      .map { HeldCause(code: compiled.postings[$0].code, arguments: []) }
    amounts = compiled.interface.measures.amounts(
      interface.sums(carriedBy: document.awaitsMonthEnd, of: index, part.file.posted.store))
  }
}

extension ConversionOutput {
  /// A part's posted documents that have a posting to be made at the end of their month are kept with their rows.
  mutating func keepDeferred(_ place: Int, _ interface: Conversion.InterfaceResult) throws {
    let part = interface.parts[place]
    guard !part.isDeferred || part.isReposted else { return }
    let documents = part.file.posted.store.documents
    let waiting = documents.indices.filter {
      documents[$0].verdict == .posted && documents[$0].awaitsMonthEnd != 0
        && !interface.past.overtakenNow.contains(Piece(part: place, document: $0))
    }
    guard !waiting.isEmpty else { return }
    let rows = try DocumentRows(waiting, of: part.file, firsts: part.file.firstRecords)
    for (place, index) in waiting.enumerated() {
      decision.deferredPut.append(
        DeferredDocument(
          document: try HeldDocument(
            deferred: index, of: part, interface, run: run, rows: rows.documents[place]),
          monthEnd: Int(documents[index].day.monthEnd.number)))
    }
  }

  /// What was made leaves; what could not be made needs a person.
  mutating func decideDeferred(_ part: Conversion.Part, _ interface: String) {
    for (document, kept) in zip(part.file.posted.store.documents, part.held ?? []) {
      if document.verdict != .held {
        decision.deferredRemoved.append(HeldKey(interface: interface, key: kept.key))
      } else if document.waits == 0 {
        decision.needsPerson = true
      }
    }
  }
}

extension Conversion.InterfaceResult {
  /// What some postings carry of each measure of a document.
  fileprivate func sums(carriedBy postings: UInt32, of index: Int, _ store: DocumentStore) -> [Int128] {
    store.sums(index).enumerated().map { measure, sum in
      guard let carrier = carrier(of: measure, store.documents[index]) else { return 0 }
      return postings >> UInt32(carrier.posting) & 1 == 0 ? 0 : sum
    }
  }

  /// Of documents whose month is over only the measures count that their monthly postings carry: rows, documents and all
  /// else were counted when they were posted.
  func addDeferred(_ store: DocumentStore, to tally: inout Tally) {
    for (index, document) in store.documents.enumerated() where document.verdict != .held {
      let sums = sums(carriedBy: ~document.done, of: index, store)
      for (measure, sum) in sums.enumerated() {
        tally[measure: measure][.released] += sum
        let carrier = carrier(of: measure, document)
        if document.verdict == .posted, let carrier, document.waits >> UInt32(carrier.posting) & 1 != 0 {
          tally[measure: measure][.pending] += sum
        } else if document.verdict == .posted, carrier?.rule == nil {
          tally[measure: measure][.posted] += sum
        }
        if document.verdict != .posted { tally[measure: measure][document.verdict.bucket] += sum }
      }
    }
  }

  /// The books of deferred documents whose place was taken by newer content before their month was over: what was pending
  /// of them is ignored.
  func overtakenTally() -> Tally? {
    let measures = compiled.interface.measures
    let kept = past.overtakenDeferred.map { ($0.fileName, measures.sums(of: $0.amounts)) }
    let now = past.overtakenNow.map { piece in
      let store = parts[piece.part].file.posted.store
      let postings = store.documents[piece.document].awaitsMonthEnd
      return (parts[piece.part].name, sums(carriedBy: postings, of: piece.document, store))
    }
    guard let (name, _) = (kept + now).first else { return nil }
    var tally = Tally(
      interface: compiled.interface.name, file: String(decoding: name, as: UTF8.self),
      measures: measures.map { ($0.name, $0.scale) })
    for (_, sums) in kept + now {
      for (measure, sum) in sums.enumerated() {
        tally[measure: measure][.released] += sum
        tally[measure: measure][.ignored] += sum
      }
    }
    return tally
  }
}
