internal import Foundation

/// Why a document is held: a finding's code with its arguments, so that it can be said in any language later.
package struct HeldCause: Sendable, Hashable, Codable {
  package var code: String
  package var arguments: [String]

  package init(code: String, arguments: [String]) {
    self.code = code
    self.arguments = arguments
  }
}

/// Where a held row stood in the file that first brought it.
package struct RowPlace: Sendable, Hashable, Codable {
  package var row: Int
  package var line: Int

  package init(row: Int, line: Int) {
    self.row = row
    self.line = line
  }
}

/// A document that waits in the state, with everything that is needed to try it again.
package struct HeldDocument: Sendable, Hashable, Codable {
  package var interface: String
  @RecordedBytes package var key: [UInt8]
  @RecordedBytes package var contentHash: [UInt8]
  package var sinceRun: Int
  /// Path under the inbox of the file that first brought it.
  @RecordedBytes package var fileName: [UInt8]
  package var encoding: String
  /// The byte between cells.
  package var delimiter: UInt8
  /// The export's own header bytes.
  @RecordedBytes package var header: [UInt8]
  /// The document's own raw bytes, all its rows.
  @RecordedBytes package var rows: [UInt8]
  package var places: [RowPlace]
  package var causes: [HeldCause]
  /// JSON: what the document adds to each measure.
  package var amounts: String
  /// The document's date, as `Day.number`; `nil` where it can't be read, or was held before it was noted.
  package var day: Int?
  /// The one that would take its vouchers; empty where that can't be told among several.
  package var book: String?

  package init(
    interface: String, key: [UInt8], contentHash: [UInt8], sinceRun: Int, fileName: [UInt8], encoding: String,
    delimiter: UInt8, header: [UInt8], rows: [UInt8], places: [RowPlace], causes: [HeldCause],
    amounts: String, day: Int? = nil, book: String? = nil
  ) {
    self.interface = interface
    self.key = key
    self.contentHash = contentHash
    self.sinceRun = sinceRun
    self.fileName = fileName
    self.encoding = encoding
    self.delimiter = delimiter
    self.header = header
    self.rows = rows
    self.places = places
    self.causes = causes
    self.amounts = amounts
    self.day = day
    self.book = book
  }

  static func causes(from text: String) throws -> [HeldCause] {
    do { return try JSONDecoder().decode([HeldCause].self, from: Data(text.utf8)) } catch {
      throw StateError.damaged(reason: "held_document.causes")
    }
  }

  /// Steps from place to place, so that a document of a thousand rows costs two kilobytes.
  var placesBytes: [UInt8] {
    var bytes: [UInt8] = []
    var last = RowPlace(row: 0, line: 0)
    for place in places {
      Varint.append(UInt64(bitPattern: Int64(place.row - last.row)), to: &bytes)
      Varint.append(UInt64(bitPattern: Int64(place.line - last.line)), to: &bytes)
      last = place
    }
    return bytes
  }

  static func places(from bytes: [UInt8]) throws -> [RowPlace] {
    var places: [RowPlace] = []
    var last = RowPlace(row: 0, line: 0)
    var at = 0
    while at < bytes.count {
      guard let row = Varint.checked(bytes, &at), let line = Varint.checked(bytes, &at) else {
        throw StateError.damaged(reason: "held_document.row_places")
      }
      last.row &+= Int(truncatingIfNeeded: row)
      last.line &+= Int(truncatingIfNeeded: line)
      places.append(last)
    }
    return places
  }
}

extension [HeldCause] {
  /// As the state keeps them: JSON.
  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(self) else {
      preconditionFailure("Strings always have a JSON form")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
