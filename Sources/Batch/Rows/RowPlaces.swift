import Readers

/// Where a row stands in the file that people know.
package struct RowPlaceInFile: Sendable, Hashable {
  package var row: Int32
  package var line: Int32
}

/// For each row as it is read, in order, where it stands in the file that people know; eight bytes a row, which may be
/// on disk.
package struct RowPlaces: Sendable {
  private let spilled: Spilled
  static let bytesPerRow = 8

  init(_ spilled: Spilled) { self.spilled = spilled }

  init(_ places: [RowPlaceInFile]) {
    spilled = Spilled(bytes: places.flatMap(Self.bytes))
  }

  static func bytes(of place: RowPlaceInFile) -> [UInt8] {
    withUnsafeBytes(of: place.row.littleEndian, Array.init)
      + withUnsafeBytes(of: place.line.littleEndian, Array.init)
  }

  /// The places of some rows, counted from 0.
  func places(of rows: Range<Int>) throws(ReadError) -> [RowPlaceInFile] {
    let size = Self.bytesPerRow
    let bytes = try spilled.source.bytes(in: Int64(rows.lowerBound * size)..<Int64(rows.upperBound * size))
    precondition(bytes.count == rows.count * size, "Every row that is read has a place")
    return bytes.withUnsafeBytes { all in
      (0..<rows.count).map { index in
        RowPlaceInFile(
          row: Int32(littleEndian: all.loadUnaligned(fromByteOffset: index * size, as: Int32.self)),
          line: Int32(littleEndian: all.loadUnaligned(fromByteOffset: index * size + 4, as: Int32.self)))
      }
    }
  }
}

extension RecordBatch {
  /// Gives each record the place that it has in the file that people know.
  mutating func place(_ places: RowPlaces) throws(ReadError) {
    guard let first = rows.first else { return }
    let places = try places.places(of: Int(first) - 1..<Int(first) - 1 + count)
    for index in unreadable.indices {
      let record = Int(unreadable[index].index)
      unreadable[index].line += places[record].line - lines[record]
    }
    for i in 0..<count {
      rows[i] = places[i].row
      lines[i] = places[i].line
    }
  }
}
