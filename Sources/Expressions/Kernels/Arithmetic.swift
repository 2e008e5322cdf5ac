import Findings
import Ledger

extension Evaluation {
  /// A value of a declared type has fewer than 19 digits, so that sums of millions of them stay exact.
  static let numberLimit: UInt128 = 1_000_000_000_000_000_000

  @inline(__always)
  mutating func combineNumbers(
    _ step: Step, _ a: Slot, _ b: Slot, _ body: (Int128, Int128) -> (partialValue: Int128, overflow: Bool)
  ) {
    var out = begin(step, a, b)
    var overflown = false
    withNumbers(a, b) { left, right in
      out.numbers.withUnsafeMutableBufferPointer { results in
        for i in 0..<count {
          let (value, overflow) = body(left[i], right[i])
          results[i] = value
          overflown = overflown || overflow
        }
      }
    }
    if overflown {
      for i in 0..<count where out.state(i) == Presence.present {
        if body(slots[a].number(i), slots[b].number(i)).overflow {
          fail(step, i, .numberOutOfRange, in: &out)
        }
      }
    }
    end(step, out)
  }

  @inline(__always)
  mutating func mapNumbers(_ step: Step, _ a: Slot, _ body: (Int128) -> Int128) {
    var out = begin(step, a)
    withNumbers(a) { source in
      out.numbers.withUnsafeMutableBufferPointer { results in
        for i in 0..<count { results[i] = body(source[i]) }
      }
    }
    end(step, out)
  }

  mutating func divide(_ step: Step, _ a: Slot, _ b: Slot, shift: Int) {
    var out = begin(step, a, b)
    let (left, right) = (slots[a], slots[b])
    for i in 0..<count where out.state(i) == Presence.present {
      let divisor = right.number(i)
      guard divisor != 0 else {
        fail(step, i, .divisionByZero, in: &out)
        continue
      }
      guard let quotient = stickyQuotient(left.number(i), divisor, shift: shift) else {
        fail(step, i, .numberOutOfRange, in: &out)
        continue
      }
      out.numbers[i] = quotient
    }
    end(step, out)
  }

  mutating func round(_ step: Step, _ a: Slot, from: Int, to: Int) {
    if to == from {
      mapNumbers(step, a) { $0 }
    } else if to < from {
      let divisor = powerOfTen(from - to)
      mapNumbers(step, a) { roundedHalfAwayFromZero($0, dividedBy: divisor) }
    } else {
      let factor = powerOfTen(to - from)
      combineNumbers(step, a, a) { value, _ in multiplied(value, factor) }
    }
  }

  mutating func assignNumber(_ step: Step, _ a: Slot, from: Int, to: Int, optional: Bool) {
    round(step, a, from: from, to: to)
    var out = ColumnOfValues()
    swap(&out, &slots[step.result])
    if !optional { refuseMissing(step, &out) }
    let beyond = out.numbers.withUnsafeBufferPointer { numbers in
      (0..<count).reduce(false) { $0 || numbers[$1].magnitude >= Self.numberLimit }
    }
    if beyond {
      for i in 0..<count
      where out.numbers[i].magnitude >= Self.numberLimit && out.state(i) == Presence.present {
        fail(step, i, .numberOutOfRange, in: &out)
      }
    }
    end(step, out)
  }

  mutating func assign(_ step: Step, _ a: Slot, optional: Bool) {
    var out = begin(step, a)
    let source = slots[a]
    switch program.kinds[a] {
    case .text: for i in 0..<count { out.texts[i] = source.text(i) }
    case .date: for i in 0..<count { out.days[i] = source.day(i) }
    case .flag: for i in 0..<count { out.flags[i] = source.flag(i) }
    case .number: for i in 0..<count { out.numbers[i] = source.number(i) }
    }
    if !optional { refuseMissing(step, &out) }
    end(step, out)
  }

  /// What is missing although its type is not optional becomes a failure.
  mutating func refuseMissing(_ step: Step, _ column: inout ColumnOfValues) {
    guard !column.complete else { return }
    for i in 0..<count where column.states[i] == Presence.missing && isWorkedOn(step, i) {
      fail(step, i, .valueMissing, in: &column)
    }
  }

  // MARK: - Access

  /// The numbers of a slot, a constant's standing for every record.
  struct Numbers {
    let base: UnsafeBufferPointer<Int128>
    let stride: Int

    @inline(__always)
    subscript(record: Int) -> Int128 { base[record &* stride] }
  }

  @inline(__always)
  func withNumbers(_ a: Slot, _ body: (Numbers) -> Void) {
    let column = slots[a]
    column.numbers.withUnsafeBufferPointer { body(Numbers(base: $0, stride: column.stride)) }
  }

  @inline(__always)
  func withNumbers(_ a: Slot, _ b: Slot, _ body: (Numbers, Numbers) -> Void) {
    withNumbers(a) { left in withNumbers(b) { right in body(left, right) } }
  }
}

@inline(__always)
func multiplied(_ a: Int128, _ b: Int128) -> (partialValue: Int128, overflow: Bool) {
  if let left = Int64(exactly: a), let right = Int64(exactly: b) {
    let product = left.multipliedFullWidth(by: right)
    return (Int128(product.high) << 64 | Int128(product.low), false)
  }
  return a.multipliedReportingOverflow(by: b)
}

/// a × 10^`shift` ÷ b, cut off; where digits are lost and the last one is 0 or 5, it is moved away from zero by one, so
/// that rounding the quotient later gives what rounding the exact one would. `nil` on overflow.
func stickyQuotient(_ a: Int128, _ b: Int128, shift: Int) -> Int128? {
  var (dividend, divisor) = (a, b)
  let (scaled, overflow) =
    shift >= 0
    ? dividend.multipliedReportingOverflow(by: powerOfTen(shift))
    : divisor.multipliedReportingOverflow(by: powerOfTen(-shift))
  guard !overflow else { return nil }
  if shift >= 0 { dividend = scaled } else { divisor = scaled }
  let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
  guard rest != 0, quotient % 5 == 0 else { return quotient }
  return quotient + ((dividend < 0) == (divisor < 0) ? 1 : -1)
}
