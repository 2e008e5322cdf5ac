import Findings
import Yams

/// Reads one YAML file into a tree of texts.
///
/// - Parameters:
///   - file: the name by which findings call it.
///   - faults: gets what is wrong with it as YAML: syntax, doubled keys, anchors and tags, open brackets and quotes.
/// - Returns: `nil` where it is no YAML; else the tree, without what is wrong.
package func parseDefinition(_ bytes: [UInt8], file: String, faults: Faults) -> Node? {
  guard let text = decoded(bytes, file: file, faults: faults),
    DefinitionLimits.hold(for: text, file: file, faults: faults)
  else { return nil }
  var masked = MaskedText(text)
  // The parser gives up at the first map with a doubled key; that key's first occurrence is masked, and it goes on.
  while true {
    do {
      let parser = try Parser(yaml: masked.text, resolver: .basic, encoding: .utf8)
      let root = try parser.singleRoot()
      // Nodes know their anchors only while the parser lives.
      return withExtendedLifetime(parser) {
        TreeBuilder(lines: SourceLines(text, file: file), masks: masked.masks, faults: faults).tree(root)
      }
    } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
      guard masked.mask(keys.first ?? "", line: context.mark.line, column: context.mark.column) else {
        let lines = SourceLines(text, file: file)
        faults.report(
          .doubledKey,
          at: lines.source(keys.first ?? "", line: context.mark.line, column: context.mark.column),
          [keys.first ?? ""])
        return nil
      }
    } catch {
      faults.report(syntaxFinding(error, in: SourceLines(text, file: file)))
      return nil
    }
  }
}

/// The file's text with line feeds only, or `nil` with a finding where it is not UTF-8.
private func decoded(_ bytes: [UInt8], file: String, faults: Faults) -> String? {
  guard bytes.count <= DefinitionLimits.fileBytes else {
    let source = SourceText("", at: Place(file: file, line: 1))
    faults.report(.yamlSyntax, at: source, ["a file of more than \(DefinitionLimits.fileBytes) bytes"])
    return nil
  }
  let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  let content = bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...]
  guard let text = String(validating: content, as: UTF8.self) else {
    let lines = content.split(separator: 0x0A, omittingEmptySubsequences: false)
    let number = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
    let shown = String(decoding: lines[number], as: UTF8.self)
    let good = shown.prefix { $0 != "\u{FFFD}" }
    let source = SourceText(
      "\u{FFFD}", at: Place(file: file, line: number + 1, column: good.count + 1), line: shown)
    faults.report(.yamlSyntax, at: source, ["a byte that is not UTF-8"])
    return nil
  }
  var plain = String.UnicodeScalarView()
  var afterReturn = false
  for scalar in text.unicodeScalars {
    if !(scalar == "\n" && afterReturn) { plain.append(scalar == "\r" ? "\n" : scalar) }
    afterReturn = scalar == "\r"
  }
  return String(plain)
}

/// A text in which the first characters of some keys are replaced, one for one, so that columns stay what they are.
private struct MaskedText {
  private(set) var text: String
  /// For each mask, the key as it was.
  private(set) var masks: [Character: String] = [:]

  init(_ text: String) { self.text = text }

  /// Masks the key that begins there; false where there is none, or there are too many.
  mutating func mask(_ key: String, line: Int, column: Int) -> Bool {
    guard masks.count < DefinitionLimits.doubledKeys, !key.isEmpty else { return false }
    var scalars = Array(text.unicodeScalars)
    var at = 0
    var passed = 1
    while passed < line, at < scalars.count {
      if scalars[at] == "\n" { passed += 1 }
      at += 1
    }
    at += column - 1
    if at < scalars.count, scalars[at] == "\"" || scalars[at] == "'" { at += 1 }
    guard at < scalars.count, scalars[at] != "\n" else { return false }
    // Private use: no file of ours has a reason to hold it.
    let mask = Unicode.Scalar(UInt32(0xE000 + masks.count))!
    scalars[at] = mask
    masks[Character(mask)] = key
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    text = String(view)
    return true
  }
}

/// What the parser says of a text that is no YAML, at the place where the cause is.
private func syntaxFinding(_ error: any Error, in lines: SourceLines) -> Finding {
  func finding(_ problem: String, _ line: Int, _ column: Int) -> Finding {
    let column = lines.column(scalars: column, line: line)
    return lines.source(" ", line: line, column: column).finding(.yamlSyntax, [problem])
  }
  switch error {
  case YamlError.scanner(let context, let problem, let mark, _),
    YamlError.parser(let context, let problem, let mark, _):
    // Where something was left open, the line to mend is the one that opened it.
    for suspect in [context?.mark, mark].compactMap({ $0 }) {
      if let open = openedAndLeft(lines.line(suspect.line)) {
        return lines.source(String(open.mark), line: suspect.line, column: open.column)
          .finding(.yamlSyntax, [leftOpen(open.mark)])
      }
    }
    let told = context.map { "\($0.text), \(problem)" } ?? problem
    return finding(told, mark.line, mark.column)
  case YamlError.composer(_, let problem, let mark, _):
    return finding(problem, mark.line, mark.column)
  case YamlError.reader(let problem, let offset, _, let yaml):
    let before = yaml.prefix(offset ?? 0)
    let line = before.reduce(1) { $1 == "\n" ? $0 + 1 : $0 }
    let inLine = before.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
    return lines.source(" ", line: line, column: inLine + 1).finding(.yamlSyntax, [problem])
  default:
    return finding("\(error)", 1, 1)
  }
}
