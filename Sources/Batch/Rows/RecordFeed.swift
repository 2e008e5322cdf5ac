import Dispatch
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

  private struct Channel: Sendable {
    var ready: [Evaluated] = []
    /// Evaluations, and bytes of batches, whose memory can be used again.
    var spare: [(evaluation: Evaluation, bytes: [UInt8])] = []
    var end: Result<End, ReadError>?
    var cancelled = false
  }

  /// What is known when the source has ended.
  struct End: Sendable {
    var outcome: ReadingOutcome
    var read: ReadTotals
  }

  private let channel = Locked(Channel())
  private let items = DispatchSemaphore(value: 0)
  /// Made empty and then filled: a semaphore that is let go of below its first value brings the program down.
  private let room = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)

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

  private static let ahead = 3

  init(_ request: Request) {
    for _ in 0..<Self.ahead { room.signal() }
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      let end = produce(request)
      channel.withLock { $0.end = end }
      items.signal()
      finished.signal()
    }
  }

  /// The next batch, or `nil` at the end.
  func next() throws(ReadError) -> Evaluated? {
    items.wait()
    let (item, end) = channel.withLock { $0.ready.isEmpty ? (nil, $0.end) : ($0.ready.removeFirst(), nil) }
    if let item { return item }
    if case .failure(let error)? = end { throw error }
    return nil
  }

  /// Gives a batch back when its values are no longer needed.
  func recycle(_ item: consuming Evaluated) {
    var item = item
    var bytes: [UInt8] = []
    swap(&bytes, &item.batch.bytes)
    let evaluation = item.evaluation
    channel.withLock { $0.spare.append((evaluation, bytes)) }
    room.signal()
  }

  /// What was found at the end; only after `next` has given `nil`.
  var end: End {
    guard case .success(let end)? = channel.withLock({ $0.end }) else {
      preconditionFailure("The end is asked for when it is reached")
    }
    return end
  }

  /// Ends the reading before its end, and waits until nothing more is read.
  func cancel() {
    channel.withLock { $0.cancelled = true }
    room.signal()
    finished.wait()
  }

  private func produce(_ request: Request) -> Result<End, ReadError> {
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
        room.wait()
        let (spare, cancelled) = channel.withLock { ($0.spare.popLast(), $0.cancelled) }
        if cancelled { break }
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
        let item = Evaluated(batch: batch, evaluation: evaluation)
        channel.withLock { $0.ready.append(item) }
        items.signal()
      }
      read.rows = reader.outcome.dataRows
      return .success(End(outcome: reader.outcome, read: read))
    } catch {
      return .failure(error)
    }
  }
}
