import Findings

/// One instruction of a compiled expression. It holds no references, so running it counts none.
enum Step: Sendable, Hashable {
  /// Bytes `start..<end` of the layout's constants.
  case literal(start: Int32, end: Int32)
  case text(ProfilePath)
  /// `decimals` -1 trims zeros.
  case number(ProfilePath, decimals: Int8, zeroIsEmpty: Bool)
  /// Index into the layout's dimension names.
  case dimension(Int32)
  /// What the book calls its code.
  case dimensionName(Int32)
  /// Index into the layout's names of fields of new codes.
  case codeField(Int32)
  /// Notes in a slot where a choice of `??` begins.
  case mark(slot: Int)
  /// Goes on at a step if something was written since the mark.
  case leaveIfWritten(slot: Int, to: Int)
}

/// How a cell's text is made safe for the format that it stands in.
enum Finish: Sendable, Hashable {
  case asIs
  /// Guarded against formulas, then quoted where it must be.
  case delimited
}

/// One value in a line of output.
struct Cell: Sendable, Hashable {
  var steps: Range<Int>
  var kind: CellKind
  var dependence: Dependence
  var finish: Finish
  /// Bytes of the profile's encoding after which a text is cut off; `nil` where nothing is.
  var cutAfter: Int?
}

/// A stretch of a line whose cells change together, so that it is rendered as one.
struct Segment: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case literal(start: Int32, end: Int32)
    case cell(Int)
  }

  var parts: Range<Int>
  var dependence: Dependence
  /// Numbers and dates only: needs no encoding.
  var isASCII: Bool
}

struct Line: Sendable, Hashable {
  var segments: Range<Int>
  /// A line of text with holes is left out where all of them are empty.
  var omittable: Bool
}

/// A profile compiled: what is written at which point, as flat lists of instructions.
struct Layout: Sendable {
  /// How `decimals:` and `zero:` of a column change the numbers in it.
  struct NumberFormat: Sendable, Hashable {
    var decimals: Int?
    var zeroIsEmpty = false
  }

  private(set) var steps: [Step] = []
  private(set) var constants: [UInt8] = []
  private(set) var cells: [Cell] = []
  private(set) var parts: [Segment.Part] = []
  private(set) var segments: [Segment] = []
  private(set) var dimensionNames: [String] = []
  private(set) var codeFields: [String] = []
  /// The most choices of `??` that stand one in another.
  private(set) var slots = 0

  var header: [Line] = []
  var accounts: [Line] = []
  var voucher: [Line] = []
  var entry: [Line] = []
  /// Once a source document of a voucher.
  var document: [Line] = []
  /// Once a new code.
  var code: [Line] = []
  var after: [Line] = []

  mutating func addCell(
    _ expression: ProfileExpression, finish: Finish, format: NumberFormat = NumberFormat()
  ) -> Int {
    let start = steps.count
    compile(expression, format, depth: 0)
    let kind = expression.kind
    cells.append(
      Cell(
        steps: start..<steps.count, kind: kind, dependence: expression.dependence,
        finish: kind == .text ? finish : .asIs))
    return cells.count - 1
  }

  /// From now on the cell is cut off where it would be longer.
  mutating func cut(_ cell: Int, after bytes: Int) { cells[cell].cutAfter = bytes }

  mutating func literal(_ text: some Collection<UInt8>) -> Segment.Part {
    let start = Int32(constants.count)
    constants.append(contentsOf: text)
    return .literal(start: start, end: Int32(constants.count))
  }

  /// Fuses parts that change together. A literal goes with a cached neighbour where there is one.
  mutating func addLine(_ all: [Segment.Part], omittable: Bool) -> Line {
    let first = segments.count
    var open: [Segment.Part] = []
    var dependence = Dependence.file
    var waiting: [Segment.Part] = []
    for part in all {
      guard case .cell(let cell) = part else {
        if dependence == .entry { waiting.append(part) } else { open.append(part) }
        continue
      }
      let next = cells[cell].dependence
      if next == dependence || dependence == .file || (next == .file && dependence != .entry) {
        open += waiting + [part]
        dependence = dependence.joined(next)
      } else {
        close(open, dependence)
        open = waiting + [part]
        dependence = next
      }
      waiting = []
    }
    close(open + waiting, dependence)
    return Line(segments: first..<segments.count, omittable: omittable)
  }

  private mutating func close(_ open: [Segment.Part], _ dependence: Dependence) {
    guard !open.isEmpty else { return }
    let start = parts.count
    parts += open
    let ascii = open.allSatisfy { part in
      switch part {
      case .literal(let start, let end): constants[Int(start)..<Int(end)].allSatisfy { $0 < 0x80 }
      case .cell(let cell): cells[cell].kind != .text
      }
    }
    segments.append(Segment(parts: start..<parts.count, dependence: dependence, isASCII: ascii))
  }

  private static func index(of name: String, in names: inout [String]) -> Int32 {
    if let index = names.firstIndex(of: name) { return Int32(index) }
    names.append(name)
    return Int32(names.count - 1)
  }

  private mutating func compile(_ expression: ProfileExpression, _ format: NumberFormat, depth: Int) {
    switch expression {
    case .literal(let text):
      guard !text.isEmpty, case .literal(let start, let end) = literal(text.utf8) else { return }
      steps.append(.literal(start: start, end: end))
    case .path(let path):
      guard path.kind == .number else {
        steps.append(.text(path))
        return
      }
      let decimals = format.decimals ?? path.defaultDecimals ?? -1
      steps.append(.number(path, decimals: Int8(decimals), zeroIsEmpty: format.zeroIsEmpty))
    case .dimension(let name): steps.append(.dimension(Self.index(of: name, in: &dimensionNames)))
    case .dimensionName(let name): steps.append(.dimensionName(Self.index(of: name, in: &dimensionNames)))
    case .codeField(let name): steps.append(.codeField(Self.index(of: name, in: &codeFields)))
    case .template(let all):
      for part in all { compile(part, format, depth: depth) }
    case .firstOf(let choices):
      slots = max(slots, depth + 1)
      steps.append(.mark(slot: depth))
      var leaves: [Int] = []
      for (index, choice) in choices.enumerated() {
        compile(choice, format, depth: depth + 1)
        guard index < choices.count - 1 else { break }
        leaves.append(steps.count)
        steps.append(.leaveIfWritten(slot: depth, to: 0))
      }
      for leave in leaves { steps[leave] = .leaveIfWritten(slot: depth, to: steps.count) }
    }
  }
}
