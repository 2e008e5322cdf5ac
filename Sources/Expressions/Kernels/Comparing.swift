import Ledger
import Readers

extension Evaluation {
  mutating func compareNumbers(_ step: Step, _ comparison: BinaryOperator, _ a: Slot, _ b: Slot) {
    switch comparison {
    case .equal: compareNumbers(step, a, b) { $0 == $1 }
    case .unequal: compareNumbers(step, a, b) { $0 != $1 }
    case .less: compareNumbers(step, a, b) { $0 < $1 }
    case .lessOrEqual: compareNumbers(step, a, b) { $0 <= $1 }
    case .greater: compareNumbers(step, a, b) { $0 > $1 }
    case .greaterOrEqual: compareNumbers(step, a, b) { $0 >= $1 }
    default: preconditionFailure("\(comparison) is no comparison")
    }
  }

  @inline(__always)
  private mutating func compareNumbers(_ step: Step, _ a: Slot, _ b: Slot, _ holds: (Int128, Int128) -> Bool)
  {
    var out = begin(step, a, b)
    withNumbers(a, b) { left, right in
      out.flags.withUnsafeMutableBufferPointer { flags in
        for i in 0..<count { flags[i] = holds(left[i], right[i]) }
      }
    }
    end(step, out)
  }

  mutating func compareDates(_ step: Step, _ comparison: BinaryOperator, _ a: Slot, _ b: Slot) {
    var out = begin(step, a, b)
    let (left, right) = (slots[a], slots[b])
    for i in 0..<count { out.flags[i] = holds(comparison, left.day(i), right.day(i)) }
    end(step, out)
  }

  /// A missing text is equal to no other, so `==` is false and `!=` is true: only what failed stays without an answer.
  mutating func compareTexts(
    _ step: Step, _ comparison: BinaryOperator, _ a: Slot, _ b: Slot, _ batch: RecordBatch
  ) {
    var out = begin(step, a, b)
    let (left, right) = (slots[a], slots[b])
    batch.bytes.withUnsafeBufferPointer { bytes in
      for i in 0..<count {
        let state = max(left.state(i), right.state(i))
        switch comparison {
        case .equal: out.flags[i] = state == Presence.present && equal(left.text(i), right.text(i), bytes)
        case .unequal:
          out.flags[i] = !(state == Presence.present && equal(left.text(i), right.text(i), bytes))
        default:
          guard state == Presence.present else { continue }
          let (x, y) = (bytes.slice(left.text(i)), bytes.slice(right.text(i)))
          out.flags[i] = holds(
            comparison, x.lexicographicallyPrecedes(y) ? -1 : y.lexicographicallyPrecedes(x) ? 1 : 0, 0)
        }
        if state == Presence.missing, comparison == .equal || comparison == .unequal, isWorkedOn(step, i) {
          out.states[i] = Presence.present
        }
      }
    }
    end(step, out)
  }

  mutating func compareFlags(_ step: Step, _ equal: Bool, _ a: Slot, _ b: Slot) {
    var out = begin(step, a, b)
    let (left, right) = (slots[a], slots[b])
    for i in 0..<count { out.flags[i] = (left.flag(i) == right.flag(i)) == equal }
    end(step, out)
  }

  mutating func monthEnd(_ step: Step, _ a: Slot) {
    var out = begin(step, a)
    let source = slots[a]
    for i in 0..<count where out.state(i) == Presence.present {
      out.days[i] = Day(number: source.day(i)).monthEnd.number
    }
    end(step, out)
  }

  func isWorkedOn(_ step: Step, _ record: Int) -> Bool { step.guarded.map { isTrue($0, record) } ?? true }
}

@inline(__always)
private func holds<T: Comparable>(_ comparison: BinaryOperator, _ a: T, _ b: T) -> Bool {
  switch comparison {
  case .equal: a == b
  case .unequal: a != b
  case .less: a < b
  case .lessOrEqual: a <= b
  case .greater: a > b
  case .greaterOrEqual: a >= b
  default: preconditionFailure("\(comparison) is no comparison")
  }
}
