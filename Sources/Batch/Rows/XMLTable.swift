import Dispatch
import Findings
import Readers

/// An XML file as a plain table, made on a thread of its own, so that its rows are read while it is still parsed.
final class XMLTable: Sendable {
  /// What is known when the file has been parsed.
  struct End: Sendable {
    var rows: Spilled
    /// Why none of the file's rows may be posted, where it can't be read to its end.
    var fault: Finding?
    var documents: [XMLDocumentPlace]
  }

  private let rows: GrowingSpill
  private let result = Locked<Result<(fault: Finding?, documents: [XMLDocumentPlace]), any Error>?>(nil)
  private let finished = DispatchSemaphore(value: 0)

  /// - Parameter digest: gets the file's bytes.
  init(
    _ source: ByteSource, _ file: FileLayout, file name: String, digest: BackgroundDigest,
    _ spilling: Spilling
  ) {
    rows = GrowingSpill(SpillWriter(spilling, most: spilling.budget / 4))
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      let result = Result {
        try XMLFlattening(source, layout: file.layout, header: file.header, file: name)
          .write(observer: { digest.update($0) }, to: { try rows.append($0) })
      }
      self.result.withLock { $0 = result }
      rows.end()
      finished.signal()
    }
  }

  /// The table, of which what is not there yet is waited for.
  var source: ByteSource { .stream(rows) }

  /// Waits until the whole file has been parsed.
  func end() throws -> End {
    finished.wait()
    finished.signal()
    guard let result = result.withLock({ $0 }) else { preconditionFailure("It has ended") }
    let (fault, documents) = try result.get()
    return End(rows: try rows.finish(), fault: fault, documents: documents)
  }

  /// Ends the parsing before its end, and waits until nothing more is read or written.
  /// - Throws: what had ended it already.
  func cancel() throws {
    rows.cancel()
    finished.wait()
    finished.signal()
    guard case .failure(let error)? = result.withLock({ $0 }), !(error is GrowingSpill.Cancelled) else {
      return
    }
    throw error
  }
}
