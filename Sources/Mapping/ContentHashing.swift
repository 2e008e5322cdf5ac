import Expressions
import Ledger
import Readers

/// Hashes of records' source values, by posting. The sum over a document's records is the document's hash, so the
/// order of its records doesn't matter, and how often each occurs does.
struct ContentHashing {
  /// The slots of each posting's source values, in one order for ever: that of the columns' captions.
  let sources: [[Slot]]
  /// Digits to which every number is brought: no type keeps more.
  private static let commonScale = 12
  private var perSlot: [Slot: [UInt64]] = [:]
  /// For each posting one hash a record.
  private(set) var records: [[ContentHash]]

  /// - Parameter sources: for each posting its source values, and by what name each is known for ever.
  init(sources: [[(name: String, slot: Slot)]]) {
    self.sources = sources.map { $0.sorted { $0.name < $1.name }.map(\.slot) }
    records = Array(repeating: [], count: sources.count)
  }

  mutating func run(_ evaluation: Evaluation, _ batch: RecordBatch) {
    for slot in Set(sources.joined()) {
      values(of: slot, evaluation, batch)
    }
    for (posting, slots) in sources.enumerated() {
      var hashes = records[posting]
      records[posting] = []
      hashes.removeAll(keepingCapacity: true)
      hashes.append(
        contentsOf: repeatElement(
          ContentHash(low: 0x243F_6A88_85A3_08D3, high: 0x1319_8A2E_0370_7344), count: batch.count))
      hashes.withUnsafeMutableBufferPointer { hashes in
        for slot in slots {
          perSlot[slot]!.withUnsafeBufferPointer { values in
            for i in 0..<batch.count {
              hashes[i].low = mixed(hashes[i].low ^ values[i], 0xA409_3822_299F_31D0)
              hashes[i].high = mixed(hashes[i].high ^ values[i], 0x082E_FA98_EC4E_6C89)
            }
          }
        }
      }
      records[posting] = hashes
    }
  }

  private mutating func values(of slot: Slot, _ evaluation: Evaluation, _ batch: RecordBatch) {
    let column = evaluation.slots[slot]
    var values = perSlot.removeValue(forKey: slot) ?? []
    if values.count < batch.count { values = Array(repeating: 0, count: batch.count) }
    let kind = evaluation.program.kinds[slot]
    // A number's content is its value: a mapping that later keeps more digits of it changes no document.
    let scale = if case .number(let scale) = kind { scale } else { 0 }
    let factor = UInt128(powerOfTen(Self.commonScale - min(scale, Self.commonScale)))
    batch.bytes.withUnsafeBufferPointer { bytes in
      values.withUnsafeMutableBufferPointer { values in
        for i in 0..<batch.count {
          guard column.state(i) == Presence.present else {
            values[i] = UInt64(column.state(i))
            continue
          }
          switch kind {
          case .text:
            let text = column.text(i)
            values[i] = contentHash(
              UnsafeBufferPointer(rebasing: bytes[Int(text.start)..<Int(text.start + text.length)]))
          case .number:
            let number = UInt128(truncatingIfNeeded: column.number(i)) &* factor
            values[i] = mixed(
              UInt64(truncatingIfNeeded: number), UInt64(truncatingIfNeeded: number >> 64) ^ 0x9216_D5D9)
          case .date: values[i] = mixed(UInt64(UInt32(bitPattern: column.day(i))), 0x8979_FB1B)
          case .flag: values[i] = column.flag(i) ? 0xD131_0BA6 : 0x98DF_B5AC
          }
        }
      }
    }
    perSlot[slot] = values
  }
}
