import Findings
import Readers

/// An XML file as a plain table, so that its rows are read while it is still parsed: one thread parses, and one makes the table.
final class XMLTable: Sendable {
  /// What is known when the file has been parsed.
  struct End: Sendable {
    var rows: Spilled
    /// Why none of the file's rows may be posted, where it can't be read to its end.
    var fault: Finding?
    var documents: [XMLDocumentPlace]
  }

  private typealias Tapes = Handover<XMLTape, XMLTape>
  private let rows: GrowingSpill
  private let result: Background<Result<(fault: Finding?, documents: [XMLDocumentPlace]), any Error>>

  /// - Parameter digest: gets the file's bytes.
  init(
    _ source: ByteSource, _ file: FileLayout, file name: String, digest: BackgroundDigest,
    _ spilling: Spilling
  ) {
    let rows = GrowingSpill(SpillWriter(spilling, most: spilling.budget / 4))
    self.rows = rows
    let tapes = Tapes(most: 4)
    let parsed = Background {
      defer { tapes.end() }
      return Result { try Self.parse(source, file: name, digest: digest, to: tapes) }
    }
    result = Background {
      defer {
        tapes.cancel()
        rows.end()
      }
      return Result {
        try XMLFlattening(layout: file.layout, header: file.header, file: name).write(
          { used in
            if let used { tapes.giveBack(used) }
            if let tape = tapes.next() { return tape }
            try parsed.get().get()
            return nil
          }, to: { try rows.append($0) })
      }
    }
  }

  private static func parse(
    _ source: ByteSource, file name: String, digest: BackgroundDigest, to tapes: Tapes
  ) throws {
    var reader = try XMLTapes(source, file: name) { digest.update($0) }
    while true {
      let (isWanted, spare) = tapes.begin()
      guard isWanted, let tape = try reader.next(on: spare) else { return }
      tapes.put(tape)
    }
  }

  /// The table, of which what is not there yet is waited for.
  var source: ByteSource { .stream(rows) }

  /// Waits until the whole file has been parsed.
  func end() throws -> End {
    let (fault, documents) = try result.get().get()
    return End(rows: try rows.finish(), fault: fault, documents: documents)
  }

  /// Ends the parsing before its end, and waits until nothing more is read or written.
  /// - Throws: what had ended it already.
  func cancel() throws {
    rows.cancel()
    guard case .failure(let error) = result.get(), !(error is GrowingSpill.Cancelled) else { return }
    throw error
  }
}
