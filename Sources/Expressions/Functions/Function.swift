import Findings

/// The functions of the language: a closed set. Each has a file in this folder with what it does, and examples that
/// run as tests.
public enum Function: String, Sendable, CaseIterable {
  case abs
  case all
  case allocate
  case any
  case count
  case date
  case first
  case last
  case left
  case lower
  case matches
  case max
  case min
  case monthEnd = "month_end"
  case pad
  case period
  case present
  case replace
  case right
  case round
  case sum
  case trim
  case upper

  public var documentation: FunctionDocumentation {
    switch self {
    case .abs: Self.absDocumentation
    case .all: Self.allDocumentation
    case .allocate: Self.allocateDocumentation
    case .any: Self.anyDocumentation
    case .count: Self.countDocumentation
    case .date: Self.dateDocumentation
    case .first: Self.firstDocumentation
    case .last: Self.lastDocumentation
    case .left: Self.leftDocumentation
    case .lower: Self.lowerDocumentation
    case .matches: Self.matchesDocumentation
    case .max: Self.maxDocumentation
    case .min: Self.minDocumentation
    case .monthEnd: Self.monthEndDocumentation
    case .pad: Self.padDocumentation
    case .period: Self.periodDocumentation
    case .present: Self.presentDocumentation
    case .replace: Self.replaceDocumentation
    case .right: Self.rightDocumentation
    case .round: Self.roundDocumentation
    case .sum: Self.sumDocumentation
    case .trim: Self.trimDocumentation
    case .upper: Self.upperDocumentation
    }
  }

  func compile(_ builder: inout ProgramBuilder, _ arguments: [Syntax], _ call: Syntax) -> Compiled? {
    guard documentation.arguments.contains(arguments.count) else {
      builder.fault(.wrongArguments, [rawValue, documentation.signature], at: call)
      return nil
    }
    return switch self {
    case .abs: Self.compileAbs(&builder, arguments)
    case .all: Self.compileAll(&builder, arguments, call)
    case .allocate: Self.compileAllocate(&builder, arguments, call)
    case .any: Self.compileAny(&builder, arguments, call)
    case .count: Self.compileCount(&builder, arguments, call)
    case .date: Self.compileDate(&builder, arguments)
    case .first: Self.compileFirst(&builder, arguments, call)
    case .last: Self.compileLast(&builder, arguments, call)
    case .left: Self.compileLeft(&builder, arguments)
    case .lower: Self.compileLower(&builder, arguments)
    case .matches: Self.compileMatches(&builder, arguments)
    case .max: Self.compileMax(&builder, arguments, call)
    case .min: Self.compileMin(&builder, arguments, call)
    case .monthEnd: Self.compileMonthEnd(&builder, arguments)
    case .pad: Self.compilePad(&builder, arguments)
    case .period: Self.compilePeriod(&builder, arguments)
    case .present: Self.compilePresent(&builder, arguments)
    case .replace: Self.compileReplace(&builder, arguments)
    case .right: Self.compileRight(&builder, arguments)
    case .round: Self.compileRound(&builder, arguments)
    case .sum: Self.compileSum(&builder, arguments, call)
    case .trim: Self.compileTrim(&builder, arguments)
    case .upper: Self.compileUpper(&builder, arguments)
    }
  }
}

/// What a function does, and the proof: each example is an expression, and its value as text. The only name that it may
/// hold is `x`, which `records` has for each record of a document.
public struct FunctionDocumentation: Sendable {
  public var signature: String
  public var meaning: String
  public var arguments: ClosedRange<Int>
  public var examples: [Example]

  /// What `x` is in the records of the document for which examples are computed.
  static let records = ["1.50", "-2.00", "3.00"]

  public struct Example: Sendable {
    public var expression: String
    public var value: String
  }

  init(_ signature: String, _ meaning: String, arguments: ClosedRange<Int>, examples: [(String, String)]) {
    self.signature = signature
    self.meaning = meaning
    self.arguments = arguments
    self.examples = examples.map { Example(expression: $0.0, value: $0.1) }
  }
}

extension ProgramBuilder {
  /// A whole number that the expression states itself, such as how many digits to round to.
  mutating func literal(_ syntax: Syntax, in range: ClosedRange<Int>) -> Int? {
    guard case .number(let units, 0, _) = syntax, let value = Int(exactly: units), range.contains(value)
    else {
      fault(
        .typeMismatch, [shown(syntax), "a whole number from \(range.lowerBound) to \(range.upperBound)"],
        at: syntax)
      return nil
    }
    return value
  }

  mutating func textFunction(_ operation: TextOperation, _ arguments: [Syntax]) -> Compiled? {
    var values: [Compiled] = []
    for argument in arguments {
      guard let value = text(argument), value.slot >= 0 else { return nil }
      values.append(value)
    }
    var result = merged(values, slot: emit(.text(operation, values.map(\.slot)), .text), .text)
    result.type.presence = values.reduce(.always) { weaker($0, $1.type.presence) }
    // What is replaced by nothing may leave nothing.
    if operation == .replace, result.type.presence == .always { result.type.presence = .cell }
    return result
  }
}
