import Findings
import Yams

/// Makes our tree of the YAML parser's.
struct TreeBuilder {
  let lines: SourceLines
  /// What doubled keys were before they were masked.
  let masks: [Character: String]
  let faults: Faults

  func tree(_ root: Yams.Node?) -> Node {
    guard let root else { return Node(.map([]), source: lines.source("", line: 1, column: 1)) }
    if case .scalar(let scalar) = root, scalar.string.isEmpty, scalar.style == .plain {
      return Node(.map([]), source: lines.source("", line: 1, column: 1))
    }
    return node(root, path: nil)
  }

  private func node(_ node: Yams.Node, path: String?) -> Node {
    switch node {
    case .scalar(let scalar):
      let source = source(scalar, path)
      if isRefused(scalar.tag, scalar.anchor, at: source) { return Node(.scalar(source), source: source) }
      if scalar.style == .plain, let open = openedAndLeft(scalar.string) {
        faults.report(
          .yamlSyntax, at: source, [leftOpen(open.mark)], characters: open.column - 1..<source.text.count)
      }
      return Node(.scalar(source), source: source)
    case .sequence(let sequence):
      let start = start(sequence.mark, nil, path)
      if isRefused(sequence.tag, sequence.anchor, at: start) { return Node(.list([]), source: start) }
      return Node(.list(sequence.map { self.node($0, path: path) }), source: start)
    case .mapping(let mapping):
      let start = start(mapping.mark, nil, path)
      if isRefused(mapping.tag, mapping.anchor, at: start) { return Node(.map([]), source: start) }
      return Node(.map(entries(mapping, path: path)), source: start)
    case .alias:
      // Only the emitter makes these; the parser gives the node that the alias stands for.
      return Node(.map([]), source: lines.source("", line: 1, column: 1))
    }
  }

  private func entries(_ mapping: Yams.Node.Mapping, path: String?) -> [Node.Entry] {
    var known: Set<String> = []
    var entries: [Node.Entry] = []
    // `credit: revenue(class, dept), amount: net` gives a key `dept)`: no key, but the rest of what was cut.
    var cut = false
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else {
        faults.report(.wrongShape, at: start(key.mark, nil, path), ["a text as key"])
        continue
      }
      let name = text(of: scalar)
      let path = path.map { "\($0).\(name)" } ?? name
      let source = source(scalar, path)
      if cut, case .scalar(let rest) = value, rest.string.isEmpty {
        cut = openedAndLeft(scalar.string) != nil || !scalar.string.contains(where: { ")]}\"`".contains($0) })
        continue
      }
      _ = isRefused(scalar.tag, scalar.anchor, at: source)
      guard known.insert(source.text).inserted else {
        faults.report(.doubledKey, at: source, [source.text])
        continue
      }
      entries.append(Node.Entry(key: source, value: node(value, path: path)))
      cut = isCut(value)
    }
    return entries
  }

  private func isCut(_ value: Yams.Node) -> Bool {
    guard case .scalar(let scalar) = value, scalar.style == .plain else { return false }
    return openedAndLeft(scalar.string) != nil
  }

  private func text(of scalar: Yams.Node.Scalar) -> String {
    scalar.string.first.flatMap { masks[$0] } ?? scalar.string
  }

  private func source(_ scalar: Yams.Node.Scalar, _ path: String?) -> SourceText {
    let text = text(of: scalar)
    let start = start(scalar.mark, text, path)
    guard let line = start.place.line, let column = start.place.column else { return start }
    switch scalar.style {
    case .singleQuoted, .doubleQuoted:
      return lines.source(text, line: line, column: column + 1, field: path)
    case .literal, .folded:
      let below = lines.line(line + 1)
      return lines.source(
        text, line: line + 1, column: below.prefix { $0 == " " }.count + 1, field: path)
    case .any, .plain:
      return start
    }
  }

  /// Where a node begins; `text` is `nil` for what is no scalar, and the word or bracket that stands there is taken.
  private func start(_ mark: Mark?, _ text: String?, _ path: String?) -> SourceText {
    let line = mark?.line ?? 1
    let column = lines.column(scalars: mark?.column ?? 1, line: line)
    let shown = text ?? firstWord(lines.line(line).dropFirst(column - 1))
    return lines.source(shown, line: line, column: column, field: path)
  }

  private func firstWord(_ text: Substring) -> String {
    if let first = text.first, "{[-".contains(first) { return String(first) }
    return String(text.prefix { $0 != ":" })
  }

  /// Anchors, and tags that would make something else than text of a scalar, have no place in a definition: what is
  /// written must be what a reader sees.
  private func isRefused(_ tag: Tag, _ anchor: Anchor?, at source: SourceText) -> Bool {
    if anchor != nil {
      faults.report(.yamlSyntax, at: source, ["anchors (&) and aliases (*) are not allowed; write it out"])
      return true
    }
    let plain = ["", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"]
    guard !plain.contains(tag.description) else { return false }
    faults.report(.yamlSyntax, at: source, ["tags (!) are not allowed; every scalar is text"])
    return true
  }
}
