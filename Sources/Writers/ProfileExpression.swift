import Definitions
import Findings

/// An expression of a profile, as it was written.
indirect enum ProfileExpression: Hashable {
  case literal(String)
  case path(ProfilePath)
  case dimension(String)
  case dimensionName(String)
  /// What a document says of a new code, by the name that the mapping gives it.
  case codeField(String)
  /// Text with holes.
  case template([ProfileExpression])
  /// `a ?? b`: the first that is not empty.
  case firstOf([ProfileExpression])

  var dependence: Dependence {
    switch self {
    case .literal: .file
    case .path(let path): path.dependence
    case .dimension, .dimensionName: .dimensions
    case .codeField: .entry
    case .template(let parts), .firstOf(let parts): parts.reduce(.file) { $0.joined($1.dependence) }
    }
  }

  var kind: CellKind {
    switch self {
    case .path(let path): path.kind
    case .firstOf(let choices):
      // An empty text as the last resort says nothing of what the others are.
      choices.filter { $0 != .literal("") }.map(\.kind).reduce(nil) { $0?.joined($1) ?? $1 } ?? .text
    case .literal, .dimension, .dimensionName, .codeField, .template: .text
    }
  }

  var paths: [ProfilePath] {
    switch self {
    case .path(let path): [path]
    case .template(let parts), .firstOf(let parts): parts.flatMap(\.paths)
    case .literal, .dimension, .dimensionName, .codeField: []
    }
  }

  /// The paths with an argument that it names, without it.
  var callees: Set<Callee> {
    switch self {
    case .dimension, .dimensionName: [.dimension]
    case .codeField: [.codeField]
    case .template(let parts), .firstOf(let parts): parts.reduce(into: []) { $0.formUnion($1.callees) }
    case .literal, .path: []
    }
  }

  /// What is written like a call; the raw value is what stands before the parentheses.
  enum Callee: String {
    case dimension = "entry.dimension"
    case codeField = "code.field"

    var level: ProfilePath.Level { self == .dimension ? .entry : .code }
  }
}

/// Reads expressions; every fault becomes a finding at its characters.
struct ProfileExpressionParser {
  private let source: SourceText
  private let text: [Character]
  private var at = 0
  private var depth = 0
  private let faults: Faults

  /// Deeper nesting of texts in holes of texts is refused, so that no profile can exhaust the stack.
  private static let depthLimit = 16

  private init(_ source: SourceText, faults: Faults) {
    self.source = source
    self.faults = faults
    text = Array(source.text)
  }

  /// A whole column: `voucher.id`, `entry.unit ?? ""`, `"{voucher.type}-{voucher.number}"`.
  static func expression(_ source: SourceText, faults: Faults) -> ProfileExpression? {
    var parser = ProfileExpressionParser(source, faults: faults)
    guard let parsed = parser.choices() else { return nil }
    guard parser.atEnd else {
      parser.expected("??")
      return nil
    }
    return parsed
  }

  /// A line of a text format, which is a template without quotes around it.
  static func line(_ source: SourceText, faults: Faults) -> ProfileExpression? {
    var parser = ProfileExpressionParser(source, faults: faults)
    return parser.template(until: nil)
  }

  private var atEnd: Bool {
    mutating get {
      skipSpaces()
      return at == text.count
    }
  }

  private mutating func skipSpaces() {
    while at < text.count, text[at].isWhitespace { at += 1 }
  }

  private func expected(_ what: String) {
    faults.report(.expressionSyntax, at: source, [what], characters: at..<max(at + 1, text.count))
  }

  private mutating func choices() -> ProfileExpression? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      expected("less nesting (at most \(Self.depthLimit) levels)")
      return nil
    }
    guard let first = term() else { return nil }
    var all = [first]
    while !atEnd, text[at] == "?", at + 1 < text.count, text[at + 1] == "?" {
      at += 2
      guard let next = term() else { return nil }
      all.append(next)
    }
    return all.count == 1 ? first : .firstOf(all)
  }

  private mutating func term() -> ProfileExpression? {
    guard !atEnd else {
      expected("a path or a text in quotes")
      return nil
    }
    if text[at] == "\"" {
      at += 1
      return template(until: "\"")
    }
    return path()
  }

  private mutating func path() -> ProfileExpression? {
    let start = at
    while at < text.count, text[at].isLetter || text[at].isNumber || text[at] == "_" || text[at] == "." {
      at += 1
    }
    let name = String(text[start..<at])
    guard !name.isEmpty else {
      expected("a path or a text in quotes")
      return nil
    }
    if name == "entry.dimension" { return argument().map { .dimension($0) } }
    if name == "entry.dimension_name" { return argument().map { .dimensionName($0) } }
    if name == "code.field" { return argument().map { .codeField($0) } }
    guard let path = ProfilePath(rawValue: name) else {
      let known =
        ProfilePath.allCases.map(\.rawValue) + ["entry.dimension", "entry.dimension_name", "code.field"]
      faults.report(
        .unknownName, at: source, [name, nearest(to: name, among: known)], characters: start..<at)
      return nil
    }
    return .path(path)
  }

  /// The name of a dimension, or of a field, in quotes and parentheses.
  private mutating func argument() -> String? {
    guard !atEnd, text[at] == "(" else {
      expected("(\"…\")")
      return nil
    }
    at += 1
    guard !atEnd, text[at] == "\"", let close = text[(at + 1)...].firstIndex(of: "\"") else {
      expected("\"…\"")
      return nil
    }
    let name = String(text[(at + 1)..<close])
    at = close + 1
    guard !atEnd, text[at] == ")" else {
      expected(")")
      return nil
    }
    at += 1
    return name
  }

  /// Text with holes up to `end`; `{{` and `}}` stand for braces, and in quotes `\"` and `\\` for themselves.
  private mutating func template(until end: Character?) -> ProfileExpression? {
    var parts: [ProfileExpression] = []
    var literal = ""
    func isDoubled() -> Bool { at + 1 < text.count && text[at + 1] == text[at] }
    while at < text.count, text[at] != end {
      switch text[at] {
      case "{" where !isDoubled():
        at += 1
        guard let hole = choices() else { return nil }
        guard !atEnd, text[at] == "}" else {
          expected("}")
          return nil
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = ""
        parts.append(hole)
      case "{" where isDoubled(), "}" where isDoubled():
        literal.append(text[at])
        at += 1
      case "}":
        expected("}}")
        return nil
      case "\\" where end != nil && at + 1 < text.count:
        at += 1
        literal.append(text[at])
      default:
        literal.append(text[at])
      }
      at += 1
    }
    if end != nil {
      guard at < text.count else {
        expected("\"")
        return nil
      }
      at += 1
    }
    if !literal.isEmpty || parts.isEmpty { parts.append(.literal(literal)) }
    if parts.count == 1, case .literal = parts[0] { return parts[0] }
    return .template(parts)
  }
}
