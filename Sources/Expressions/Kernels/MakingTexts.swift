import Ledger
public import Readers

extension Evaluation {
  mutating func makeText(
    _ step: Step, _ operation: TextOperation, _ inputs: [Slot], _ batch: inout RecordBatch
  ) {
    var out = begin(step)
    if case .message = operation {
      // Its own finding says what failed.
    } else if case .join = operation {
      // A missing value in a text is an empty one; only what failed leaves the text without a value.
      for input in inputs where !slots[input].complete {
        for i in 0..<count where slots[input].state(i) == Presence.failed {
          out.mark(i, Presence.failed, count)
        }
      }
    } else {
      for input in inputs where !slots[input].complete {
        for i in 0..<count where slots[input].state(i) > out.state(i) {
          out.mark(i, slots[input].state(i), count)
        }
      }
    }
    for i in 0..<count where out.state(i) == Presence.present {
      out.texts[i] = text(operation, inputs, i, &batch)
      if out.texts[i].length == 0 { out.mark(i, Presence.missing, count) }
    }
    end(step, out)
  }

  private func text(
    _ operation: TextOperation, _ inputs: [Slot], _ record: Int, _ batch: inout RecordBatch
  ) -> TextRange {
    switch operation {
    case .trim:
      return batch.bytes.withUnsafeBufferPointer { trimmed(slots[inputs[0]].text(record), $0) }
    case .upper:
      return batch.append(batch.text(slots[inputs[0]].text(record)).uppercased().utf8)
    case .lower:
      return batch.append(batch.text(slots[inputs[0]].text(record)).lowercased().utf8)
    case .pad(let length):
      let text = batch.text(slots[inputs[0]].text(record))
      return batch.append((String(repeating: "0", count: max(0, length - text.count)) + text).utf8)
    case .left(let length):
      return batch.append(batch.text(slots[inputs[0]].text(record)).prefix(length).utf8)
    case .right(let length):
      return batch.append(batch.text(slots[inputs[0]].text(record)).suffix(length).utf8)
    case .replace:
      let (old, new) = (batch.text(slots[inputs[1]].text(record)), batch.text(slots[inputs[2]].text(record)))
      return batch.append(batch.text(slots[inputs[0]].text(record)).replacing(old, with: new).utf8)
    case .message(let pieces):
      var text: [UInt8] = []
      for piece in pieces {
        if case .value(let input, _) = piece, slots[inputs[input]].state(record) == Presence.failed {
          text.append(0x3F)
        } else {
          append(piece, inputs, record, batch, to: &text)
        }
      }
      return batch.append(text)
    case .join(let pieces):
      var text: [UInt8] = []
      for piece in pieces { append(piece, inputs, record, batch, to: &text) }
      return batch.append(text)
    }
  }

  mutating func matches(_ step: Step, _ a: Slot, _ pattern: [UInt8], _ batch: RecordBatch) {
    var out = begin(step, a)
    let texts = slots[a]
    for i in 0..<count where out.state(i) == Presence.present {
      let text = texts.text(i)
      out.flags[i] = glob(pattern, matches: batch.bytes[Int(text.start)..<Int(text.start + text.length)])
    }
    end(step, out)
  }

  private func append(
    _ piece: TextPiece, _ inputs: [Slot], _ record: Int, _ batch: RecordBatch, to text: inout [UInt8]
  ) {
    switch piece {
    case .literal(let bytes): text.append(contentsOf: bytes)
    case .value(let input, let kind):
      appendValue(of: inputs[input], kind, record, batch, to: &text)
    }
  }

  /// Appends a record's text; a missing value is an empty one.
  public func append(_ template: TextTemplate, _ record: Int, _ batch: RecordBatch, to text: inout [UInt8]) {
    for piece in template.pieces { append(piece, template.inputs, record, batch, to: &text) }
  }

  /// Appends a slot's value as people read it: decimals without zeros at their end (money keeps its two), dates as
  /// `2026-03-05`; nothing where it is missing.
  public func appendValue(
    of slot: Slot, _ kind: ValueType.Kind, _ record: Int, _ batch: RecordBatch, to text: inout [UInt8]
  ) {
    // A column is many arrays: to take hold of it for each record is to count references to them all.
    guard slots[slot].state(record) == Presence.present else { return }
    switch kind {
    case .text:
      let range = slots[slot].text(record)
      text.append(contentsOf: batch.bytes[Int(range.start)..<Int(range.start + range.length)])
    case .number(2): appendDecimal(slots[slot].number(record), scale: 2, to: &text)
    case .number(let scale):
      let value = Decimal(units: slots[slot].number(record), scale: scale).trimmed
      appendDecimal(value.units, scale: value.scale, to: &text)
    case .date: Day(number: slots[slot].day(record)).append(to: &text)
    case .flag: text.append(contentsOf: (slots[slot].flag(record) ? "是" : "否").utf8)
    }
  }
}

extension RecordBatch {
  /// The text at `range`, as a string.
  public func text(_ range: TextRange) -> String {
    String(decoding: bytes[Int(range.start)..<Int(range.start + range.length)], as: UTF8.self)
  }
}
