public import Findings
public import Ledger
import Readers

/// A code table (编码表): texts that stand for other texts, with `*` for "any" and days on which a row is valid.
///
/// The leftmost key that is exact wins over `*`; days are inclusive. Two rows that could both win are a fault
/// of the table, found when it is built and never when a record is looked up.
public struct CodeTable: Sendable {
  public let name: String
  public let keys: [String]
  public let values: [String]
  /// How many rows.
  public let count: Int
  /// For each value column: one text a row.
  let cells: [[String]]
  /// The same, one after another, and where each stands.
  let packed: [(bytes: [UInt8], places: [TextRange])]
  let valid: [(from: Day, to: Day)]
  let index: Codes
  /// For each text of `index`: the rows that have it as their key, in order of validity.
  let rows: [[Int32]]
  /// The first of each.
  let firstRows: [Int32]
  /// Which keys are `*` in some row: a bit a key, best match first.
  let patterns: [UInt32]
  public let hasValidity: Bool
  /// Where each row stands, for findings.
  let file: String
  let lines: [Int]

  /// One row of the table's file.
  public struct Row: Sendable {
    public var line: Int
    public var keys: [String]
    public var values: [String]
    public var from: Day?
    public var to: Day?

    public init(line: Int, keys: [String], values: [String], from: Day? = nil, to: Day? = nil) {
      self.line = line
      self.keys = keys
      self.values = values
      self.from = from
      self.to = to
    }
  }

  static let separator: UInt8 = 0x1F
  static let wildcard = "*"

  /// - Parameters:
  ///   - file: the table's name for findings.
  ///   - findings: gets `table-ambiguous` for every two rows that could both win, and `table-gap` for days between two
  ///     rows of a key on which none applies.
  public init(
    name: String, file: String, keys: [String], values: [String], hasValidity: Bool, rows: [Row],
    findings: inout [Finding]
  ) {
    self.name = name
    self.keys = keys
    self.values = values
    self.hasValidity = hasValidity
    self.file = file
    lines = rows.map(\.line)
    count = rows.count
    cells = values.indices.map { column in rows.map { $0.values[column] } }
    packed = cells.map { texts in
      texts.reduce(into: ([], [])) { packed, text in
        packed.places.append(
          TextRange(start: Int32(clamping: packed.bytes.count), length: Int32(clamping: text.utf8.count)))
        packed.bytes += Array(text.utf8)
      }
    }
    valid = rows.map {
      ($0.from ?? Day(number: Int32.min), $0.to ?? Day(number: Int32.max))
    }
    var index = Codes()
    var byKey: [[Int32]] = []
    var patterns: Set<UInt32> = []
    for (number, row) in rows.enumerated() {
      let code = Int(index.intern(row.keys.joined(separator: String(UnicodeScalar(Self.separator)))))
      if code == byKey.count { byKey.append([]) }
      for earlier in byKey[code] {
        let (a, b) = (valid[Int(earlier)], valid[number])
        guard a.from <= b.to, b.from <= a.to else { continue }
        findings.append(
          Finding(
            .tableAmbiguous, .error, at: Place(file: file, line: row.line),
            [String(rows[Int(earlier)].line), String(row.line), row.keys.joined(separator: ", ")]))
      }
      byKey[code].append(Int32(number))
      patterns.insert(
        row.keys.enumerated().reduce(0) { $1.element == Self.wildcard ? $0 | 1 << UInt32($1.offset) : $0 })
    }
    self.index = index
    self.rows = byKey
    firstRows = byKey.map { $0[0] }
    // A bit set means `*`; the leftmost key is the lowest bit and must weigh most, so compare the bits reversed.
    self.patterns = patterns.sorted { Self.weight($0, keys.count) < Self.weight($1, keys.count) }
    findings += gaps(between: rows, file)
  }

  /// The days between two rows of a key on which no row applies, not even one with `*`.
  private func gaps(between rows: [Row], _ file: String) -> [Finding] {
    guard hasValidity else { return [] }
    return self.rows.flatMap { numbers in
      let ordered = numbers.map(Int.init).sorted { valid[$0].from < valid[$1].from }
      return zip(ordered, ordered.dropFirst()).compactMap { earlier, later -> Finding? in
        let (last, next) = (valid[earlier].to.number, valid[later].from.number)
        guard last < next, last + 1 < next, row(rows[later].keys, on: Day(number: last + 1)) < 0 else {
          return nil
        }
        return Finding(
          .tableGap, .error, at: Place(file: file, line: rows[later].line),
          [
            rows[later].keys.joined(separator: ", "), Day(number: last + 1).description,
            Day(number: next - 1).description, String(rows[earlier].line), String(rows[later].line),
          ])
      }
    }
  }

  private static func weight(_ pattern: UInt32, _ keys: Int) -> UInt32 {
    (0..<UInt32(keys)).reduce(0) { $0 | (pattern >> $1 & 1) << (UInt32(keys) - 1 - $1) }
  }

  /// The row that `keys` stand for on `day`, or -1.
  public func row(_ keys: [String], on day: Day?) -> Int32 {
    var scratch: [UInt8] = []
    let texts = keys.map { Array($0.utf8) }
    return row(keyCount: texts.count, on: day, scratch: &scratch) { index, text in
      text.append(contentsOf: texts[index])
    }
  }

  /// As `row(_:on:)`, for keys that `append` writes one by one.
  func row(
    keyCount: Int, on day: Day?, scratch: inout [UInt8], append: (Int, inout [UInt8]) -> Void
  ) -> Int32 {
    for pattern in patterns {
      scratch.removeAll(keepingCapacity: true)
      for key in 0..<keyCount {
        if key > 0 { scratch.append(Self.separator) }
        if pattern >> UInt32(key) & 1 == 1 {
          scratch.append(0x2A)
        } else {
          append(key, &scratch)
        }
      }
      let code = scratch.withUnsafeBufferPointer { index.find($0) }
      guard code >= 0 else { continue }
      for row in rows[Int(code)] {
        guard let day, hasValidity else { return row }
        if valid[Int(row)].from <= day, day <= valid[Int(row)].to { return row }
      }
    }
    return -1
  }

  /// Where a row stands in the table's file.
  public func place(ofRow row: Int) -> Place { Place(file: file, line: lines[row]) }

  /// The keys of a row, as they are written; `*` among them.
  public func keys(ofRow row: Int) -> [String] {
    guard let code = rows.firstIndex(where: { $0.contains(Int32(row)) }) else { return [] }
    return index.text(Int32(code)).split(
      separator: Character(UnicodeScalar(Self.separator)), omittingEmptySubsequences: false
    ).map(String.init)
  }

  /// The first and the last day on which a row is valid, where it says so.
  public func validity(ofRow row: Int) -> (from: Day?, to: Day?) {
    let (from, to) = valid[row]
    return (from.number == Int32.min ? nil : from, to.number == Int32.max ? nil : to)
  }

  /// The texts of a value column, one a row.
  public func texts(of column: Int) -> [String] { cells[column] }
}
