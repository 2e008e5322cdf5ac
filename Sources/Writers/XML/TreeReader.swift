import Definitions
import Findings

extension ProfileReader {
  /// `tree:` of an XML format: the root element with all that is in it. `@name` is an attribute, `.` the element's own text,
  /// `each:` what it repeats for, `empty:` what becomes of it where nothing is in it; a list under a name is that many
  /// elements.
  mutating func readTree() {
    readSafety(oneLine: true)
    let empty = keys.choice("empty", default: OutputElement.Empty.keep)
    let roots = keys.required("tree") == nil ? [] : keys.entries("tree")
    guard let root = roots.first else {
      if let tree = keys.keyText("tree") { faults.report(.wrongShape, at: tree, ["one root element"]) }
      return
    }
    for key in ["line_ends", "byte_order_mark"] {
      if let place = keys.keyText(key) { faults.report(.badValue, at: place, [key, "csv | text"]) }
    }
    for more in roots.dropFirst() { faults.report(.wrongShape, at: more.key, ["one root element"]) }
    let elements = elements(root, Surroundings(levels: [.file], empty: empty))
    guard elements.count == 1, let element = elements.first else {
      if elements.count > 1 { faults.report(.wrongShape, at: root.key, ["one root element"]) }
      return
    }
    tree = element
    let vouchers = element.all(.voucher)
    guard vouchers.count == 1, vouchers[0].all(.entry).count == 1 else {
      faults.report(.wrongShape, at: root.key, ["each: voucher, and in it each: entry, once"])
      return
    }
  }

  private struct Surroundings {
    var levels: Set<ProfilePath.Level>
    var empty: OutputElement.Empty
    var prefixes: Set<String> = ["xml"]
  }

  private mutating func elements(_ entry: Node.Entry, _ around: Surroundings) -> [OutputElement] {
    guard case .list(let items) = entry.value.content else {
      return element(entry.key, entry.value, around).map { [$0] } ?? []
    }
    return items.compactMap { element(entry.key, $0, around) }
  }

  private mutating func element(
    _ name: SourceText, _ node: Node, _ around: Surroundings
  ) -> OutputElement? {
    guard case .map(let entries) = node.content else {
      guard case .scalar(let text) = node.content else {
        faults.report(.wrongShape, at: node.source, ["a value, or keys with values"])
        return nil
      }
      checkName(name, around)
      return value(text, around).map { OutputElement(name: name.text, empty: around.empty, text: $0) }
    }
    var around = around
    for entry in entries where entry.key.text.hasPrefix("@xmlns:") {
      around.prefixes.insert(String(entry.key.text.dropFirst(7)))
    }
    checkName(name, around)
    let own = Keys(of: node, owner: name, faults: faults)
    let each = own.optionalChoice("each", of: OutputElement.Each.self)
    around.empty = own.choice("empty", default: around.empty)
    switch each {
    case .voucher: around.levels.insert(.voucher)
    case .entry:
      if !around.levels.contains(.voucher) {
        faults.report(.wrongShape, at: name, ["each: entry within each: voucher"])
      }
      around.levels.insert(.entry)
    case nil: break
    }
    var element = OutputElement(name: name.text, each: each, empty: around.empty)
    for entry in entries where entry.key.text != "each" && entry.key.text != "empty" {
      if entry.key.text == "." || entry.key.text.hasPrefix("@") {
        guard case .scalar(let text) = entry.value.content else {
          faults.report(.wrongShape, at: entry.key, ["a value"])
          continue
        }
        guard let cell = value(text, around) else { continue }
        if entry.key.text == "." {
          element.text = cell
        } else {
          var name = entry.key
          name.text.removeFirst()
          name.place.column? += 1
          checkName(name, around)
          element.attributes.append((String(entry.key.text.dropFirst()), cell))
        }
      } else {
        element.children += elements(entry, around)
      }
    }
    return element
  }

  private mutating func value(_ source: SourceText, _ around: Surroundings) -> Int? {
    guard let expression = ProfileExpressionParser.expression(source, faults: faults) else { return nil }
    check(expression, at: source, levels: around.levels)
    let cell = layout.addCell(expression, finish: .asIs)
    lineCells.append((source, cell, expression))
    return cell
  }

  /// Letters, digits, `_`, `-` and `.`, with one declared prefix at most.
  private func checkName(_ name: SourceText, _ around: Surroundings) {
    let parts = name.text.split(separator: ":", omittingEmptySubsequences: false)
    let isName = parts.allSatisfy { part in
      (part.first.map { $0.isLetter || $0 == "_" } ?? false)
        && part.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
    }
    guard isName, parts.count <= 2 else {
      return faults.report(.badValue, at: name, [name.text, "a name of XML"])
    }
    guard parts.count == 2, parts[0] != "xmlns", !around.prefixes.contains(String(parts[0])) else { return }
    faults.report(
      .unknownReference, at: name,
      ["@xmlns:", String(parts[0]), nearest(to: String(parts[0]), among: around.prefixes.sorted())])
  }
}
