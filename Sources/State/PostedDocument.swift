/// What the register knows of a posted document.
package struct PostedDocument: Sendable {
  package let run: Int
  /// Sequence of the file in its run.
  package let file: Int
  /// First row in that file.
  package let row: Int
  package let year: Int
  /// The document's date, as `Day.number`; `nil` where an earlier version of this program did not write it down.
  package let day: Int?
  private let hashed: UInt32
  private let numbered: UInt32
  private let payload: [UInt8]
  private let hashesAt: Int

  /// Stands for the number of a voucher of another system, where the document was posted before Tallyman came.
  package static let elsewhere = Int64.max

  init(payload: [UInt8], at start: Int) {
    var at = start
    (run, file, row, (year, day), hashed, numbered) = payload.withUnsafeBufferPointer { bytes in
      let run = Int(Varint.read(bytes, &at))
      let file = Int(Varint.read(bytes, &at))
      let row = Int(Varint.read(bytes, &at))
      let year = Self.yearAndDay(Varint.read(bytes, &at))
      let hashed = UInt32(truncatingIfNeeded: Varint.read(bytes, &at))
      let numbered = UInt32(truncatingIfNeeded: Varint.read(bytes, &at))
      return (run, file, row, year, hashed, numbered)
    }
    self.payload = payload
    hashesAt = at
  }

  package var origin: (run: Int, file: Int, row: Int, year: Int, day: Int?) { (run, file, row, year, day) }

  /// Whether anything of it is posted, and not taken back.
  package var isPosted: Bool { hashed != 0 }

  // The year in the low bits, as it was written alone before; above it the day, zigzag and counted from 1.
  private static let yearBits: UInt64 = 14

  private static func number(year: Int, day: Int?) -> UInt64 {
    UInt64(year) | (day.map { UInt64(bitPattern: Int64($0 << 1 ^ $0 >> 63)) + 1 } ?? 0) << yearBits
  }

  private static func yearAndDay(_ number: UInt64) -> (year: Int, day: Int?) {
    let day = Int(number >> yearBits) - 1
    return (Int(number & (1 << yearBits - 1)), day < 0 ? nil : day >> 1 ^ -(day & 1))
  }

  /// The content with which the posting of this slot was posted; nil: it is pending, or was never there.
  package func hash(posting slot: Int) -> UInt128? {
    let bit: UInt32 = 1 << UInt32(slot)
    guard hashed & bit != 0 else { return nil }
    let before = (hashed & (bit - 1)).nonzeroBitCount
    return payload.withUnsafeBytes {
      UInt128(littleEndian: $0.loadUnaligned(fromByteOffset: hashesAt + before * 16, as: UInt128.self))
    }
  }

  /// The number, within its counter, of the voucher that has the posting of this slot.
  package func voucher(posting slot: Int) -> Int64? {
    let bit: UInt32 = 1 << UInt32(slot)
    guard numbered & bit != 0 else { return nil }
    var at = hashesAt + hashed.nonzeroBitCount * 16
    return payload.withUnsafeBufferPointer { bytes in
      for _ in 0..<(numbered & (bit - 1)).nonzeroBitCount { _ = Varint.read(bytes, &at) }
      return Int64(Varint.read(bytes, &at))
    }
  }

  /// The value of one document of `columns`, appended to `bytes`.
  @inline(__always)
  static func encode(_ columns: borrowing DocumentColumns, _ document: Int, to bytes: inout [UInt8]) {
    Varint.append(UInt64(columns.runs[document]), to: &bytes)
    Varint.append(UInt64(columns.files[document]), to: &bytes)
    Varint.append(UInt64(columns.rows[document]), to: &bytes)
    Varint.append(number(year: Int(columns.years[document]), day: columns.day(of: document)), to: &bytes)
    let hashed = columns.hashed[document]
    var numbered: UInt32 = 0
    let base = document * columns.postings
    for slot in 0..<columns.postings where columns.vouchers[base + slot] != 0 {
      numbered |= 1 << UInt32(slot)
    }
    Varint.append(UInt64(hashed), to: &bytes)
    Varint.append(UInt64(numbered), to: &bytes)
    for slot in 0..<columns.postings where hashed & (1 << UInt32(slot)) != 0 {
      withUnsafeBytes(of: columns.hashes[base + slot].littleEndian) { bytes.append(contentsOf: $0) }
    }
    for slot in 0..<columns.postings where numbered & (1 << UInt32(slot)) != 0 {
      Varint.append(UInt64(columns.vouchers[base + slot]), to: &bytes)
    }
  }
}
