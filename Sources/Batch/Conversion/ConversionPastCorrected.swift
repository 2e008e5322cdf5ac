import Ledger
import Mapping
import Posting
import State

/// Documents of which what was posted is taken back.
extension Past {
  /// What the register has of a document; where it can't be read, that is the run's failure.
  func known(_ key: ArraySlice<UInt8>) -> PostedDocument? {
    do throws(StateError) { return try find(key) } catch {
      failure = failure ?? error
      return nil
    }
  }

  /// The number of the voucher that this run has given a document; 0 where it has none.
  func voucher(posting slot: Int, part: Int, document: Int) -> Int64 {
    let index = Int(indices[part][document])
    return index < 0 ? 0 : posted.voucher(posting: slot, of: index)
  }

  /// Whether a posting of a document that this run posts is posted, now or before.
  func isPosted(posting slot: Int, part: Int, document: Int) -> Bool {
    let index = Int(indices[part][document])
    return index >= 0 && posted.hash(posting: slot, of: index) != nil
  }

  /// Nothing of the document is posted from now on.
  func addTakenBack(_ document: Document, _ index: Int, _ store: DocumentStore, part: Int, sequence: Int) {
    let key = Array(store.key(index))
    if overtakeDeferred(key) { withdrawn.append(index) }
    indices[part][index] = Int32(posted.count)
    _ = posted.append(
      key: key.span, run: run, file: sequence, row: Int(document.firstRow),
      year: compiled.fiscalYear(of: document.day), day: Int(document.day.number))
  }
}

extension Past {
  /// A document's content as the state keeps it of held ones.
  static func bytes(of hashes: ArraySlice<ContentHash>) -> [UInt8] {
    hashes.flatMap { hash in withUnsafeBytes(of: hash.number.littleEndian, Array.init) }
  }
}

extension ContentHash {
  var number: UInt128 { UInt128(high) << 64 | UInt128(low) }
}

extension ArraySlice<UInt8> {
  func withSpan<T>(_ body: (Span<UInt8>) -> T) -> T { body(span) }
}
