import Expressions
import Mapping
import Readers

/// Reads a source's records and evaluates their fields on a thread of its own, a little ahead of whoever gathers them:
/// reader → records → fields. What comes out is in the file's order, whatever the threads do.
final class RecordFeed: Sendable {
  /// A batch with the values of its fields.
  struct Evaluated: Sendable {
    var batch: RecordBatch
    var evaluation: Evaluation
  }

  /// What is known when the source has ended.
  struct End: Sendable {
    var outcome: ReadingOutcome
    var read: ReadTotals
  }

  /// Evaluations, and bytes of batches, are used again.
  private typealias Batches = Handover<Evaluated, (evaluation: Evaluation, bytes: [UInt8])>
  private let batches = Batches(most: 3)
  private let result: Background<Result<End, ReadError>>

  /// Where the records come from, and what is wanted of them.
  struct Request: Sendable {
    var source: ByteSource
    var layout: TableLayout
    var header: Header
    var file: String
    var program: Program
    var measures: [Measure]
    /// For each row as it is read, where it stands in the file that people know; `nil` where that is the same.
    var places: RowPlaces?
    var digest: BackgroundDigest?
    /// About how many rows a batch holds.
    var batchRows: Int
    var doors: Doors
  }

  init(_ request: Request) {
    result = Background { [batches] in
      defer { batches.end() }
      return Self.produce(request, to: batches)
    }
  }

  /// The next batch, or `nil` at the end.
  func next() throws(ReadError) -> Evaluated? {
    if let item = batches.next() { return item }
    _ = try result.get().get()
    return nil
  }

  /// Gives a batch back when its values are no longer needed.
  func recycle(_ item: consuming Evaluated) {
    var item = item
    var bytes: [UInt8] = []
    swap(&bytes, &item.batch.bytes)
    batches.giveBack((item.evaluation, bytes))
  }

  /// What was found at the end; only after `next` has given `nil`.
  var end: End {
    guard case .success(let end) = result.get() else {
      preconditionFailure("The end is asked for when it is reached")
    }
    return end
  }

  /// Ends the reading before its end, and waits until nothing more is read.
  func cancel() { batches.cancel() }

  private static func produce(_ request: Request, to batches: Batches) -> Result<End, ReadError> {
    var reader = CSVReader(
      source: request.source, layout: request.layout, header: request.header, file: request.file,
      batchRows: request.batchRows
    ) {
      request.digest?.update($0)
    }
    var read = ReadTotals(
      sums: Array(repeating: 0, count: request.measures.count),
      unreadable: Array(repeating: 0, count: request.measures.count))
    do throws(ReadError) {
      while var batch = try reader.next() {
        let (isWanted, spare) = batches.begin()
        guard isWanted else { break }
        var (evaluation, bytes) = spare ?? (Evaluation(request.program), [])
        // Texts are going to be made behind the block's bytes, which the reader and the digest share: a copy anyway.
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: batch.bytes)
        batch.bytes = bytes
        bytes = []
        if let places = request.places { try batch.place(places) }
        request.doors.records(&batch)
        evaluation.run(over: &batch)
        read.add(batch, evaluation, request.measures)
        request.doors.fields(&batch)
        batches.put(Evaluated(batch: batch, evaluation: evaluation))
      }
      read.rows = reader.outcome.dataRows
      return .success(End(outcome: reader.outcome, read: read))
    } catch {
      return .failure(error)
    }
  }
}
