import Findings
import Readers

/// A whole file as a reader gave it, in a shape that tests can compare.
struct Reading: Equatable {
  var cells: [[String]] = []
  var rows: [Int32] = []
  var lines: [Int32] = []
  /// The records' own bytes.
  var texts: [[UInt8]] = []
  var unreadable: [Int: UnreadableRecord] = [:]
  /// Indices of the records that begin a batch.
  var batchStarts: [Int] = []
  var observed: [UInt8] = []
  var outcome = ReadingOutcome()

  /// What doesn't depend on how the file was cut into blocks.
  var withoutBatches: Reading {
    var copy = self
    copy.batchStarts = []
    return copy
  }

  var codes: [FindingCode] { outcome.findings.map(\.code) }
}

func layout(
  _ columns: [String] = ["no", "item", "amount"], keys: [Int] = [0],
  encoding: TextEncoding = .utf8, delimiter: Character = ",", skip: SkipRule? = nil,
  trailer: TrailerRule? = nil,
  limits: ReadingLimits = ReadingLimits()
) -> TableLayout {
  TableLayout(
    encoding: encoding, delimiter: delimiter.asciiValue!, columns: columns, keyColumns: keys,
    skips: skip.map { [$0] } ?? [], trailer: trailer, limits: limits)
}

func find(_ bytes: [UInt8], _ layout: TableLayout = layout()) throws -> Header {
  try Header.find(in: .bytes(bytes), layout: layout, file: "f.csv")
}

func find(_ text: String, _ layout: TableLayout = layout()) throws -> Header {
  try find(layout.encoding.bytes(of: text), layout)
}

func read(
  _ bytes: [UInt8], _ layout: TableLayout = layout(), block: Int = 1 << 20, batchRows: Int = 8192
) throws -> Reading {
  let source = ByteSource.bytes(bytes)
  let header = try Header.find(in: source, layout: layout, file: "f.csv")
  var observed: [UInt8] = []
  var reading = Reading()
  var reader = CSVReader(
    source: source, layout: layout, header: header, file: "f.csv", blockBytes: block, batchRows: batchRows
  ) { observed += $0 }
  while let batch = try reader.next() {
    let first = reading.cells.count
    reading.batchStarts.append(first)
    for record in 0..<batch.count {
      reading.cells.append(
        batch.columns.map { column in
          let range = column[record]
          return String(
            decoding: batch.bytes[Int(range.start)..<Int(range.start + range.length)], as: UTF8.self)
        })
      reading.texts.append(Array(bytes[Int(batch.starts[record])..<Int(batch.ends[record])]))
    }
    reading.rows += batch.rows
    reading.lines += batch.lines
    for var fault in batch.unreadable {
      let index = first + Int(fault.index)
      fault.index = Int32(index)
      reading.unreadable[index] = fault
    }
  }
  reading.observed = observed
  reading.outcome = reader.outcome
  return reading
}

func read(_ text: String, _ layout: TableLayout = layout(), block: Int = 1 << 20, batchRows: Int = 8192)
  throws -> Reading
{
  try read(layout.encoding.bytes(of: text), layout, block: block, batchRows: batchRows)
}

/// A seeded generator, so that a failure can be run again.
struct Dice: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}
