import Definitions
import Findings

/// How one dimension stands in `entry.dimensions`: `{dimension}:{code}`, or `{dimension}---{code}---{name}`.
struct DimensionFormat: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case literal([UInt8])
    case dimension
    case code
    case name
  }

  var parts: [Part] = [.dimension, .literal([0x3A]), .code]

  init() {}

  /// Text with the holes `{dimension}`, `{code}` and `{name}`.
  init?(_ source: SourceText, faults: Faults) {
    parts = []
    var rest = Substring(source.text)
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { parts.append(.literal(Array(rest[..<open].utf8))) }
      guard let close = rest[open...].firstIndex(of: "}") else {
        faults.report(.expressionSyntax, at: source, ["}"])
        return nil
      }
      let holes: [(name: String, part: Part)] = [
        ("dimension", .dimension), ("code", .code), ("name", .name),
      ]
      let name = String(rest[rest.index(after: open)..<close])
      guard let hole = holes.first(where: { $0.name == name }) else {
        faults.report(.unknownName, at: source, [name, nearest(to: name, among: holes.map(\.name))])
        return nil
      }
      parts.append(hole.part)
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.literal(Array(rest.utf8))) }
  }
}
