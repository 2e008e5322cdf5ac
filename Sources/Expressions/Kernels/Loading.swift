import Findings
import Ledger
import Readers

extension Evaluation {
  mutating func loadText(
    _ step: Step, column: Int, rejectScientific: Bool, required: Bool, _ batch: RecordBatch
  ) {
    var out = begin(step)
    var faults: [(record: Int, code: FindingCode)] = []
    var missing: [Int] = []
    batch.bytes.withUnsafeBufferPointer { bytes in
      batch.columns[column].withUnsafeBufferPointer { cells in
        out.texts.withUnsafeMutableBufferPointer { texts in
          for i in 0..<count {
            let text = trimmedCell(cells[i], bytes)
            texts[i] = text
            if text.length == 0 {
              missing.append(i)
            } else if rejectScientific, isScientific(text, bytes) {
              faults.append((i, .excelScientific))
            }
          }
        }
      }
    }
    for record in missing { out.mark(record, Presence.missing, count) }
    for fault in faults { fail(step, fault.record, fault.code, out.texts[fault.record], in: &out) }
    if required { refuseMissing(step, &out) }
    end(step, out)
  }

  mutating func parseNumber(
    _ step: Step, _ text: Slot, _ type: FieldType, rounded: Bool, _ batch: RecordBatch
  ) {
    var out = begin(step, text)
    let scale = type.scale ?? 0
    let source = slots[text]
    let factors = (0...18).map { Int64(powerOfTen($0)) }
    var plain = true
    if case .percent = type.kind { plain = false }
    // A decimal comma is rare enough to be read the long way.
    let mark = program.decimalMark
    if mark == .comma { plain = false }
    var faults: [(record: Int, code: FindingCode)] = []
    // What is read the long way is mostly a rate, the same in one record as in the next.
    var known: (range: TextRange, units: Int128)?
    batch.bytes.withUnsafeBufferPointer { bytes in
      out.numbers.withUnsafeMutableBufferPointer { numbers in
        for i in 0..<count where source.state(i) == Presence.present {
          let range = source.text(i)
          if let known, equal(known.range, range, bytes) {
            numbers[i] = known.units
            continue
          }
          let quick =
            plain
            ? parsePlainNumber(in: bytes, from: Int(range.start), count: Int(range.length))
            : (units: 0, scale: -1)
          if quick.scale >= 0, quick.scale <= scale {
            let product = quick.units.multipliedFullWidth(by: factors[scale - quick.scale])
            numbers[i] = Int128(product.high) << 64 | Int128(product.low)
            if numbers[i].magnitude < Self.numberLimit { continue }
          }
          let read = Ledger.parseNumber(bytes.slice(range), mark: mark)
          switch number(read, as: type.kind, scale: scale, rounded: rounded) {
          case .success(let units):
            numbers[i] = units
            if !plain { known = (range, units) }
          case .failure(let fault):
            numbers[i] = 0
            faults.append((i, fault.code))
          }
        }
      }
    }
    for fault in faults where out.state(fault.record) == Presence.present {
      fail(step, fault.record, fault.code, source.text(fault.record), in: &out)
    }
    if !type.optional { refuseMissing(step, &out) }
    end(step, out)
  }

  mutating func parseDate(
    _ step: Step, _ text: Slot, _ format: DateFormat, required: Bool, _ batch: RecordBatch
  ) {
    var out = begin(step, text)
    let source = slots[text]
    batch.bytes.withUnsafeBufferPointer { bytes in
      for i in 0..<count where out.state(i) == Presence.present {
        // Rows of a document repeat its date, so the one before is nearly always the same text.
        if i > 0, out.state(i - 1) == Presence.present, equal(source.text(i), source.text(i - 1), bytes) {
          out.days[i] = out.days[i - 1]
        } else if let day = parseDay(bytes.slice(source.text(i)), format: format) {
          out.days[i] = day.number
        } else {
          fail(step, i, .badDate, source.text(i), in: &out)
        }
      }
    }
    if required { refuseMissing(step, &out) }
    end(step, out)
  }

  mutating func parseFlag(_ step: Step, _ text: Slot, required: Bool, _ batch: RecordBatch) {
    var out = begin(step, text)
    let source = slots[text]
    batch.bytes.withUnsafeBufferPointer { bytes in
      for i in 0..<count where out.state(i) == Presence.present {
        if let value = flag(String(decoding: bytes.slice(source.text(i)), as: UTF8.self)) {
          out.flags[i] = value
        } else {
          fail(step, i, .badFlag, source.text(i), in: &out)
        }
      }
    }
    if required { refuseMissing(step, &out) }
    end(step, out)
  }
}

private func flag(_ text: String) -> Bool? {
  switch text.lowercased() {
  case "是", "y", "yes", "true", "1", "√": true
  case "否", "n", "no", "false", "0": false
  default: nil
  }
}

extension FieldType {
  /// Whether a text is a value of the type, as a cell would be read.
  func reads(_ text: String, mark: DecimalMark) -> Bool {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      switch valueType.kind {
      case .text: true
      case .flag: flag(text) != nil
      case .date: parseDay(bytes, format: .order(order)) != nil
      case .number(let scale):
        switch number(Ledger.parseNumber(bytes, mark: mark), as: kind, scale: scale, rounded: false) {
        case .success: true
        case .failure: false
        }
      }
    }
  }
}

private struct NumberFault: Error { var code: FindingCode }

/// The units of a parsed number at `scale`; digits are never dropped silently, only rounded where that was asked for.
private func number(
  _ text: NumberText, as kind: FieldType.Kind, scale: Int, rounded: Bool
) -> Result<Int128, NumberFault> {
  guard case .number(var units, var digits, let percent) = text else {
    return .failure(NumberFault(code: text == .scientific ? .excelScientific : .badNumber))
  }
  if case .percent(let declared) = kind {
    switch declared {
    case .signed where !percent && units != 0: return .failure(NumberFault(code: .percentUndeclared))
    case .whole: digits += 2
    case .fraction where percent: digits += 2
    case .signed: digits += 2
    case .fraction: break
    }
  } else if percent {
    return .failure(NumberFault(code: .badNumber))
  }
  if rounded, digits > scale {
    units = roundedHalfAwayFromZero(units, dividedBy: powerOfTen(digits - scale))
    digits = scale
  }
  while digits > scale {
    let (quotient, rest) = units.quotientAndRemainder(dividingBy: 10)
    guard rest == 0 else { return .failure(NumberFault(code: .tooManyDecimals)) }
    units = quotient
    digits -= 1
  }
  if digits < scale { units *= powerOfTen(scale - digits) }
  guard units.magnitude < Evaluation.numberLimit else {
    return .failure(NumberFault(code: .numberOutOfRange))
  }
  return .success(units)
}

/// Whether a cell is what a spreadsheet makes of a long code: `1.23457E+11`.
private func isScientific(_ range: TextRange, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  let text = bytes.slice(range)
  guard text.count >= 5, text[0] &- 0x30 < 10, text[text.count - 1] &- 0x30 < 10,
    text.contains(0x2B), text.contains(0x45) || text.contains(0x65)
  else { return false }
  return Ledger.parseNumber(text) == .scientific
}

extension UnsafeBufferPointer<UInt8> {
  @inline(__always)
  func slice(_ range: TextRange) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: baseAddress.map { $0 + Int(range.start) }, count: Int(range.length))
  }
}

@inline(__always)
func equal(_ a: TextRange, _ b: TextRange, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  guard a.length == b.length else { return false }
  guard let base = bytes.baseAddress else { return true }
  return sameBytes(base + Int(a.start), base + Int(b.start), count: Int(a.length))
}

/// Without white space at its ends (also U+3000 and U+00A0, and the 0x1F that some exports put before a number),
/// and without the `="…"` by which others keep Excel from changing a code.
@inline(__always)
func trimmedCell(_ range: TextRange, _ bytes: UnsafeBufferPointer<UInt8>) -> TextRange {
  if range.length > 0, mayStayFirst(bytes[Int(range.start)]),
    mayStayLast(bytes[Int(range.start &+ range.length) &- 1])
  {
    return range
  }
  return trimmedLong(range, bytes)
}

/// Whether a cell with such a first byte has nothing to take away there, nor the `=` of `="…"`.
@inline(__always)
private func mayStayFirst(_ byte: UInt8) -> Bool {
  byte > 0x20 && byte != 0x3D && byte != 0xC2 && byte != 0xE3
}

@inline(__always)
private func mayStayLast(_ byte: UInt8) -> Bool { byte > 0x20 && byte != 0x80 && byte != 0xA0 }

private func trimmedLong(_ range: TextRange, _ bytes: UnsafeBufferPointer<UInt8>) -> TextRange {
  let text = trimmed(range, bytes)
  guard text.length >= 3, bytes[Int(text.start)] == 0x3D, bytes[Int(text.start) + 1] == 0x22,
    bytes[Int(text.start + text.length) - 1] == 0x22
  else { return text }
  return trimmed(TextRange(start: text.start + 2, length: text.length - 3), bytes)
}

func trimmed(_ range: TextRange, _ bytes: UnsafeBufferPointer<UInt8>) -> TextRange {
  var start = Int(range.start)
  var end = start + Int(range.length)
  while start < end {
    let byte = bytes[start]
    if byte == 0x20 || byte == 0x1F || (byte >= 0x09 && byte <= 0x0D) {
      start += 1
    } else if byte == 0xE3, end - start >= 3, bytes[start + 1] == 0x80, bytes[start + 2] == 0x80 {
      start += 3
    } else if byte == 0xC2, end - start >= 2, bytes[start + 1] == 0xA0 {
      start += 2
    } else {
      break
    }
  }
  while start < end {
    let byte = bytes[end - 1]
    if byte == 0x20 || byte == 0x1F || (byte >= 0x09 && byte <= 0x0D) {
      end -= 1
    } else if byte == 0x80, end - start >= 3, bytes[end - 2] == 0x80, bytes[end - 3] == 0xE3 {
      end -= 3
    } else if byte == 0xA0, end - start >= 2, bytes[end - 2] == 0xC2 {
      end -= 2
    } else {
      break
    }
  }
  return TextRange(start: Int32(start), length: Int32(end - start))
}
