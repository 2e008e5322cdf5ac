/// An expression of the tests' own, printed with every bracket, and computed without the program.
indirect enum Sample {
  case number(Int128, scale: Int)
  case column(Int)
  case optional(Int)
  case flagColumn
  case calculation(String, Sample, Sample)
  case negated(Sample)
  case absolute(Sample)
  case rounded(Sample, Int)
  /// `round(a / b, digits)`: a quotient alone has digits without end.
  case quotient(Sample, Sample, Int)
  case compared(String, Sample, Sample)
  case and(Sample, Sample)
  case or(Sample, Sample)
  case not(Sample)
  case present(Int)
  case chosen(Sample, Sample, Sample)
  case otherwise(Int, Sample)

  var text: String {
    switch self {
    case .number(let units, let scale): Self.print(units, scale)
    case .column(let index): "n\(index)"
    case .optional(let index): "o\(index)"
    case .flagColumn: "f"
    case .calculation(let operation, let a, let b), .compared(let operation, let a, let b):
      "(\(a.text) \(operation) \(b.text))"
    case .negated(let a): "(-\(a.text))"
    case .absolute(let a): "abs(\(a.text))"
    case .rounded(let a, let digits): "round(\(a.text), \(digits))"
    case .quotient(let a, let b, let digits): "round(\(a.text) / \(b.text), \(digits))"
    case .and(let a, let b): "(\(a.text) and \(b.text))"
    case .or(let a, let b): "(\(a.text) or \(b.text))"
    case .not(let a): "(not \(a.text))"
    case .present(let index): "present(o\(index))"
    case .chosen(let c, let a, let b): "(if \(c.text) then \(a.text) else \(b.text))"
    case .otherwise(let index, let a): "(o\(index) ?? \(a.text))"
    }
  }

  private static func print(_ units: Int128, _ scale: Int) -> String {
    guard scale > 0 else { return "\(units)" }
    let digits = String(repeating: "0", count: max(0, scale + 1 - "\(units)".count)) + "\(units)"
    return digits.dropLast(scale) + "." + digits.suffix(scale)
  }
}

/// Makes expressions at random that the type checker must accept.
struct SampleMaker {
  var random: SplitMix
  /// Scales of the numbers `n0`, `n1` … and `o0`, `o1` …
  let scales = [2, 6, 0]
  let optionalScales = [2, 4]

  mutating func number(_ depth: Int, _ known: Set<Int> = []) -> Sample {
    guard depth > 0 else { return leaf(known) }
    let next = depth - 1
    switch Int.random(in: 0..<12, using: &random) {
    case 0...2:
      return .calculation(
        ["+", "-"].randomElement(using: &random)!, number(next, known), number(next, known))
    case 3: return .calculation("*", number(next, known), leaf(known))
    case 4: return .negated(number(next, known))
    case 5: return .absolute(number(next, known))
    case 6: return .rounded(number(next, known), Int.random(in: 0...6, using: &random))
    case 7: return .quotient(number(next, known), number(next, known), Int.random(in: 0...6, using: &random))
    case 8: return .otherwise(Int.random(in: 0...1, using: &random), number(next, known))
    case 9:
      let index = Int.random(in: 0...1, using: &random)
      return .chosen(.present(index), number(next, known.union([index])), number(next, known))
    case 10:
      let index = Int.random(in: 0...1, using: &random)
      return .chosen(.not(.present(index)), number(next, known), number(next, known.union([index])))
    default: return .chosen(flag(next, known), number(next, known), number(next, known))
    }
  }

  mutating func flag(_ depth: Int, _ known: Set<Int> = []) -> Sample {
    guard depth > 0 else {
      return Bool.random(using: &random) ? .flagColumn : .present(Int.random(in: 0...1, using: &random))
    }
    let next = depth - 1
    switch Int.random(in: 0..<7, using: &random) {
    case 0...2:
      return .compared(
        ["==", "!=", "<", "<=", ">", ">="].randomElement(using: &random)!, number(next, known),
        number(next, known))
    case 3: return .and(flag(next, known), flag(next, known))
    case 4: return .or(flag(next, known), flag(next, known))
    case 5: return .not(flag(next, known))
    default:
      let index = Int.random(in: 0...1, using: &random)
      return Bool.random(using: &random)
        ? .and(.present(index), flag(next, known.union([index])))
        : .or(.not(.present(index)), flag(next, known.union([index])))
    }
  }

  private mutating func leaf(_ known: Set<Int>) -> Sample {
    if let index = known.randomElement(using: &random), Bool.random(using: &random) {
      return .optional(index)
    }
    guard Int.random(in: 0..<4, using: &random) == 0 else {
      return .column(Int.random(in: 0..<3, using: &random))
    }
    return .number(
      random.wide(bits: 24).magnitude < 5 ? 0 : Int128(random.wide(bits: 24).magnitude),
      scale: Int.random(in: 0...4, using: &random))
  }
}
