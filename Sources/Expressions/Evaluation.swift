import Findings
public import Readers

/// Runs a program over batches, one after another, in memory that is used again and again.
public struct Evaluation: Sendable {
  public let program: Program
  /// One a slot; after `run` they hold the batch's values.
  public internal(set) var slots: [ColumnOfValues]
  /// What went wrong in the last batch, in order of the steps.
  public internal(set) var failures: [Failure] = []
  var count = 0
  /// The batch's documents, once somebody has asked for them.
  var documentRanges: [Range<Int>]?

  public init(_ program: Program) {
    self.program = program
    slots = Array(repeating: ColumnOfValues(), count: program.kinds.count)
    for constant in program.constants {
      slots[constant.slot].stride = 0
      switch constant.value {
      case .number(let units): slots[constant.slot].numbers = [units]
      case .date(let day): slots[constant.slot].days = [day]
      case .flag(let flag): slots[constant.slot].flags = [flag]
      case .text: slots[constant.slot].texts = [.empty]
      }
    }
  }

  /// Computes every slot for every record of `batch`. Texts that are made on the way are appended to its bytes.
  public mutating func run(over batch: inout RecordBatch) {
    count = batch.count
    documentRanges = nil
    failures.removeAll(keepingCapacity: true)
    for constant in program.constants {
      guard case .text(let text) = constant.value else { continue }
      slots[constant.slot].texts[0] = batch.append(text.utf8)
    }
    for step in program.steps { run(step, over: &batch) }
  }

  private mutating func run(_ step: Step, over batch: inout RecordBatch) {
    switch step.operation {
    case .loadText(let column, let rejectScientific, let required):
      loadText(step, column: column, rejectScientific: rejectScientific, required: required, batch)
    case .parseNumber(let text, let type, let rounded):
      parseNumber(step, text, type, rounded: rounded, batch)
    case .parseDate(let text, let format, let required):
      parseDate(step, text, format, required: required, batch)
    case .parseFlag(let text, let required): parseFlag(step, text, required: required, batch)
    case .assignNumber(let value, let from, let to, let optional):
      assignNumber(step, value, from: from, to: to, optional: optional)
    case .assign(let value, let optional): assign(step, value, optional: optional)
    case .add(let a, let b): combineNumbers(step, a, b) { $0.addingReportingOverflow($1) }
    case .subtract(let a, let b): combineNumbers(step, a, b) { $0.subtractingReportingOverflow($1) }
    case .multiply(let a, let b): combineNumbers(step, a, b, multiplied)
    case .divide(let a, let b, let shift): divide(step, a, b, shift: shift)
    case .negate(let a): mapNumbers(step, a) { 0 &- $0 }
    case .absolute(let a): mapNumbers(step, a) { $0 < 0 ? 0 &- $0 : $0 }
    case .round(let a, let from, let to): round(step, a, from: from, to: to)
    case .compareNumbers(let comparison, let a, let b): compareNumbers(step, comparison, a, b)
    case .compareDates(let comparison, let a, let b): compareDates(step, comparison, a, b)
    case .compareTexts(let comparison, let a, let b): compareTexts(step, comparison, a, b, batch)
    case .compareFlags(let equal, let a, let b): compareFlags(step, equal, a, b)
    case .and(let a, let b): and(step, a, b)
    case .or(let a, let b): or(step, a, b)
    case .not(let a): not(step, a)
    case .present(let a): present(step, a)
    case .select(let condition, let then, let otherwise): select(step, condition, then, otherwise)
    case .coalesce(let a, let b): coalesce(step, a, b)
    case .lookUp(let table, let keys, let date): lookUp(step, table, keys, date, &batch)
    case .contains(let table, let keys, let date): contains(step, table, keys, date, batch)
    case .tableText(let table, let value, let row): tableText(step, table, value, row, &batch)
    case .monthEnd(let a): monthEnd(step, a)
    case .matches(let a, let pattern): matches(step, a, pattern, batch)
    case .text(let operation, let inputs): makeText(step, operation, inputs, &batch)
    case .aggregate(let aggregate, let a): self.aggregate(step, aggregate, a, batch)
    case .allocate(let total, let weight): allocate(step, total, weight, batch)
    }
  }

  // MARK: - What kernels share

  /// Takes the result's memory out of its slot, with its states merged from `inputs` and the guard: the worst wins.
  mutating func begin(_ step: Step, _ inputs: Slot...) -> ColumnOfValues {
    var out = ColumnOfValues()
    swap(&out, &slots[step.result])
    switch program.kinds[step.result] {
    case .number: if out.numbers.count < count { out.numbers = Array(repeating: 0, count: count) }
    case .text: if out.texts.count < count { out.texts = Array(repeating: .empty, count: count) }
    case .date: if out.days.count < count { out.days = Array(repeating: 0, count: count) }
    case .flag: if out.flags.count < count { out.flags = Array(repeating: false, count: count) }
    }
    out.complete = step.guarded == nil && inputs.allSatisfy { slots[$0].complete }
    guard !out.complete else { return out }
    out.clearStates(count)
    out.states.withUnsafeMutableBufferPointer { states in
      for input in inputs where !slots[input].complete {
        slots[input].states.withUnsafeBufferPointer { other in
          for i in 0..<count { states[i] = max(states[i], other[i]) }
        }
      }
      if let guarded = step.guarded {
        let flag = slots[guarded]
        for i in 0..<count where flag.state(i) != Presence.present || !flag.flag(i) {
          states[i] = Presence.missing
        }
      }
    }
    return out
  }

  mutating func end(_ step: Step, _ column: consuming ColumnOfValues) { slots[step.result] = column }

  /// Whether a flag is there and true for a record.
  public func isTrue(_ flag: Slot, _ record: Int) -> Bool {
    slots[flag].state(record) == Presence.present && slots[flag].flag(record)
  }

  mutating func fail(
    _ step: Step, _ record: Int, _ code: FindingCode, _ text: TextRange = .empty, table: Int = 0,
    in column: inout ColumnOfValues
  ) {
    column.mark(record, Presence.failed, count)
    failures.append(
      Failure(record: Int32(record), site: Int32(step.site), code: code, text: text, table: Int32(table)))
  }
}

extension ColumnOfValues {
  mutating func clearStates(_ count: Int) {
    if states.count < count {
      states = Array(repeating: Presence.present, count: count)
    } else {
      states.withUnsafeMutableBufferPointer { $0.update(repeating: Presence.present) }
    }
  }

  mutating func mark(_ record: Int, _ state: UInt8, _ count: Int) {
    if complete {
      clearStates(count)
      complete = false
    }
    states[record] = state
  }
}

extension RecordBatch {
  /// Appends a text to the batch's bytes, and tells where it stands.
  mutating func append(_ text: some Collection<UInt8>) -> TextRange {
    let start = bytes.count
    bytes.append(contentsOf: text)
    return TextRange(start: Int32(start), length: Int32(bytes.count - start))
  }
}
