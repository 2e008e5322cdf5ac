import Findings
import Ledger
import Readers

extension Evaluation {
  mutating func lookUp(_ step: Step, _ table: Int, _ keys: [Slot], _ date: Slot?, _ batch: inout RecordBatch)
  {
    var out = beginLookUp(step, keys, date)
    var missed: [Int] = []
    batch.bytes.withUnsafeBufferPointer { bytes in
      eachRow(of: table, keys, date, bytes, where: { out.state($0) == Presence.present }) { record, row in
        out.days[record] = row
        if row < 0 { missed.append(record) }
      }
    }
    for record in missed {
      fail(step, record, .codeNotFound, batch.append(keyText(keys, record, batch)), table: table, in: &out)
    }
    end(step, out)
  }

  mutating func contains(_ step: Step, _ table: Int, _ keys: [Slot], _ date: Slot?, _ batch: RecordBatch) {
    var out = beginLookUp(step, keys, date)
    batch.bytes.withUnsafeBufferPointer { bytes in
      eachRow(of: table, keys, date, bytes, where: { out.state($0) == Presence.present }) { record, row in
        out.flags[record] = row >= 0
      }
    }
    end(step, out)
  }

  mutating func tableText(_ step: Step, _ table: Int, _ value: Int, _ row: Slot, _ batch: inout RecordBatch) {
    var out = begin(step, row)
    let rows = slots[row]
    let texts = program.tables[table].packed[value]
    // All of a table's texts are put into the batch at once, unless it is far longer than the batch.
    let base: Int32? = texts.bytes.count <= 16 * count ? batch.append(texts.bytes).start : nil
    for i in 0..<count where out.state(i) == Presence.present {
      let number = rows.day(i)
      let place = texts.places[Int(number)]
      if let base {
        out.texts[i] = TextRange(start: base + place.start, length: place.length)
      } else if i > 0, out.state(i - 1) == Presence.present, rows.day(i - 1) == number {
        out.texts[i] = out.texts[i - 1]
      } else {
        out.texts[i] = batch.append(texts.bytes[Int(place.start)..<Int(place.start + place.length)])
      }
      if out.texts[i].length == 0 { out.mark(i, Presence.missing, count) }
    }
    end(step, out)
  }

  private mutating func beginLookUp(_ step: Step, _ keys: [Slot], _ date: Slot?) -> ColumnOfValues {
    var out = begin(step, keys[0])
    for other in keys.dropFirst() + (date.map { [$0] } ?? []) where !slots[other].complete {
      for i in 0..<count where slots[other].state(i) > out.state(i) {
        out.mark(i, slots[other].state(i), count)
      }
    }
    return out
  }

  private func keyText(_ keys: [Slot], _ record: Int, _ batch: RecordBatch) -> [UInt8] {
    var text: [UInt8] = []
    for (index, key) in keys.enumerated() {
      if index > 0 { text.append(contentsOf: [0x2C, 0x20]) }
      let range = slots[key].text(record)
      text.append(contentsOf: batch.bytes[Int(range.start)..<Int(range.start + range.length)])
    }
    return text
  }

  /// Calls `found` with each record's row, or -1. Equal keys one after another are looked up once.
  @inline(__always)
  private func eachRow(
    of table: Int, _ keys: [Slot], _ date: Slot?, _ bytes: UnsafeBufferPointer<UInt8>,
    where wanted: (Int) -> Bool, found: (Int, Int32) -> Void
  ) {
    let codes = program.tables[table]
    if keys.count == 1, codes.patterns == [0], !codes.hasValidity {
      return eachRow(of: codes, slots[keys[0]], bytes, where: wanted, found: found)
    }
    let columns = keys.map { slots[$0] }
    let days = date.map { slots[$0] }
    var scratch: [UInt8] = []
    var last = -1
    var lastRow: Int32 = -1
    for i in 0..<count where wanted(i) {
      if last >= 0, columns.allSatisfy({ equal($0.text(i), $0.text(last), bytes) }),
        days.map({ $0.day(i) == $0.day(last) }) ?? true
      {
        found(i, lastRow)
        continue
      }
      lastRow = codes.row(keyCount: keys.count, on: days.map { Day(number: $0.day(i)) }, scratch: &scratch) {
        $1.append(contentsOf: bytes.slice(columns[$0].text(i)))
      }
      last = i
      found(i, lastRow)
    }
  }

  /// The same of a table with one exact key, which is what nearly all are.
  @inline(__always)
  private func eachRow(
    of codes: CodeTable, _ column: ColumnOfValues, _ bytes: UnsafeBufferPointer<UInt8>,
    where wanted: (Int) -> Bool, found: (Int, Int32) -> Void
  ) {
    var last = TextRange.empty
    var lastRow: Int32 = -1
    for i in 0..<count where wanted(i) {
      let text = column.text(i)
      if last.length == 0 || !equal(text, last, bytes) {
        let code = codes.index.find(bytes.slice(text))
        lastRow = code >= 0 ? codes.firstRows[Int(code)] : -1
        last = text
      }
      found(i, lastRow)
    }
  }
}
