import Readers

extension Evaluation {
  /// From left to right: the right side counts only where the left one is there and has not decided.
  mutating func and(_ step: Step, _ a: Slot, _ b: Slot) { connect(step, a, b, decisive: false) }

  mutating func or(_ step: Step, _ a: Slot, _ b: Slot) { connect(step, a, b, decisive: true) }

  private mutating func connect(_ step: Step, _ a: Slot, _ b: Slot, decisive: Bool) {
    var out = begin(step, a)
    let (left, right) = (slots[a], slots[b])
    for i in 0..<count where out.state(i) == Presence.present {
      let decided = left.flag(i) == decisive
      out.flags[i] = decided ? decisive : right.flag(i)
      if !decided, right.state(i) != Presence.present { out.mark(i, right.state(i), count) }
    }
    end(step, out)
  }

  mutating func not(_ step: Step, _ a: Slot) {
    var out = begin(step, a)
    let source = slots[a]
    for i in 0..<count { out.flags[i] = !source.flag(i) }
    end(step, out)
  }

  /// What failed is neither present nor absent: it stays failed.
  mutating func present(_ step: Step, _ a: Slot) {
    var out = begin(step, a)
    let source = slots[a]
    // An empty text that an expression writes itself is nothing, as an empty cell is.
    let isText = program.kinds[a] == .text
    for i in 0..<count {
      out.flags[i] = source.state(i) == Presence.present && !(isText && source.text(i).length == 0)
      if source.state(i) == Presence.missing, isWorkedOn(step, i) { out.states[i] = Presence.present }
    }
    end(step, out)
  }

  mutating func select(_ step: Step, _ condition: Slot, _ then: Slot, _ otherwise: Slot) {
    var out = begin(step, condition)
    let (left, right) = (slots[then], slots[otherwise])
    let complete = left.complete && right.complete
    for i in 0..<count where out.state(i) == Presence.present {
      let chosen = slots[condition].flag(i)
      if !complete {
        let state = chosen ? left.state(i) : right.state(i)
        if state != Presence.present { out.mark(i, state, count) }
      }
      copy(chosen ? left : right, i, into: &out)
    }
    end(step, out)
  }

  mutating func coalesce(_ step: Step, _ a: Slot, _ b: Slot) {
    var out = begin(step, a)
    let (left, right) = (slots[a], slots[b])
    for i in 0..<count {
      guard left.state(i) == Presence.missing, isWorkedOn(step, i) else {
        copy(left, i, into: &out)
        continue
      }
      out.states[i] = right.state(i)
      copy(right, i, into: &out)
    }
    end(step, out)
  }

  private func copy(_ source: ColumnOfValues, _ record: Int, into out: inout ColumnOfValues) {
    copy(source, record, to: record, in: &out)
  }

  func copy(_ source: ColumnOfValues, _ record: Int, to target: Int, in out: inout ColumnOfValues) {
    if !source.numbers.isEmpty { out.numbers[target] = source.number(record) }
    if !source.texts.isEmpty { out.texts[target] = source.text(record) }
    if !source.days.isEmpty { out.days[target] = source.day(record) }
    if !source.flags.isEmpty { out.flags[target] = source.flag(record) }
  }
}
