import Mapping
import Posting
import State

/// Documents that come in pieces.
extension Past {
  /// The run that posted all of these records as a part of the document.
  func pieceOf(_ key: ArraySlice<UInt8>, _ records: ArraySlice<ContentHash>) -> Int? {
    var run: Int?
    for record in Self.recordKeys(of: key, records) {
      if let index = record[...].withSpan({ posted.find($0) }) {
        run = posted.origin(of: index).run
        continue
      }
      guard let document = known(record[...]) else { return nil }
      run = document.run
    }
    return run
  }

  /// The keys under which the register has the records of a document that may come in pieces: the document's key, the
  /// record's hash, and which of several equal ones it is.
  private static func recordKeys(
    of key: ArraySlice<UInt8>, _ records: some Sequence<ContentHash>
  ) -> [[UInt8]] {
    var times: [ContentHash: UInt32] = [:]
    return records.map { record in
      times[record, default: 0] += 1
      var own = Array(key) + [0x1E]
      withUnsafeBytes(of: record.number.littleEndian) { own.append(contentsOf: $0) }
      withUnsafeBytes(of: times[record, default: 0].littleEndian) { own.append(contentsOf: $0) }
      return own
    }
  }

  /// A piece of the document that comes again by itself is known by its records.
  func addRecords(
    of document: Document, _ key: ArraySlice<UInt8>, _ records: ArraySlice<ContentHash>, sequence: Int
  ) {
    for record in Self.recordKeys(of: key, records) {
      record[...].withSpan {
        _ = posted.append(
          key: $0, run: run, file: sequence, row: Int(document.firstRow),
          year: compiled.fiscalYear(of: document.day))
      }
    }
  }
}
