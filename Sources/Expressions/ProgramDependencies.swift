extension Operation {
  /// The slots that it reads.
  var inputs: [Slot] {
    switch self {
    case .loadText: []
    case .parseNumber(let slot, _, _), .parseDate(let slot, _, _), .parseFlag(let slot, _),
      .assignNumber(let slot, _, _, _), .assign(let slot, _), .negate(let slot), .absolute(let slot),
      .round(let slot, _, _), .not(let slot), .present(let slot), .tableText(_, _, let slot),
      .monthEnd(let slot), .matches(let slot, _):
      [slot]
    case .add(let left, let right), .subtract(let left, let right), .multiply(let left, let right),
      .divide(let left, let right, _), .compareNumbers(_, let left, let right),
      .compareDates(_, let left, let right), .compareTexts(_, let left, let right),
      .compareFlags(_, let left, let right), .and(let left, let right), .or(let left, let right),
      .coalesce(let left, let right), .allocate(let left, let right):
      [left, right]
    case .select(let condition, let then, let otherwise): [condition, then, otherwise]
    case .lookUp(_, let keys, let date), .contains(_, let keys, let date): keys + (date.map { [$0] } ?? [])
    case .text(_, let slots): slots
    case .aggregate(_, let slot): slot.map { [$0] } ?? []
    }
  }
}

extension Program {
  /// The steps without which these slots would have no value, in their order.
  public func steps(behind slots: some Sequence<Slot>) -> [Step] {
    var wanted = Set(slots)
    var found: [Step] = []
    // A step reads only what earlier ones have written.
    for step in steps.reversed() where wanted.contains(step.result) {
      wanted.formUnion(step.operation.inputs)
      found.append(step)
    }
    return found.reversed()
  }
}
