package import Findings

/// Takes the keys of a map one by one, and knows at the end which of them nobody asked for.
///
/// Every method reports what is wrong and goes on, so that one pass finds all there is.
package final class Keys {
  /// Where the map belongs to: the key it is the value of, else its first line.
  package let owner: SourceText
  /// How the map stands in its file: `postings.revenue`.
  package let path: String
  package let faults: Faults
  private let entries: [Node.Entry]
  private var asked: Set<String> = []
  private var known: [String] = []
  /// Keys without a value, each told once.
  private var blank: Set<String> = []
  private var open = true

  /// - Parameters:
  ///   - owner: the key whose value `node` is; `nil` for a file's root and for the items of a list.
  package init(of node: Node, owner: SourceText? = nil, faults: Faults) {
    self.owner = owner ?? node.source
    path = node.source.place.field ?? ""
    self.faults = faults
    switch node.content {
    case .map(let entries): self.entries = entries
    case .scalar, .list:
      entries = []
      open = false
      faults.report(
        .wrongShape, at: node.source.text.isEmpty ? self.owner : node.source, ["keys with values"])
    }
  }

  /// The value of `key`, or `nil` where it is absent; blank is a finding: whoever wrote the key meant something.
  package func optional(_ key: String) -> Node? {
    guard let entry = entry(key) else { return nil }
    guard entry.value.isBlank else { return entry.value }
    if blank.insert(key).inserted { faults.report(.missingKey, at: entry.key, [key]) }
    return nil
  }

  /// The value of `key`; absent or blank is a finding.
  package func required(_ key: String) -> Node? {
    let found = entry(key)
    if let value = found?.value, !value.isBlank { return value }
    if let found {
      faults.report(.missingKey, at: found.key, [key])
    } else if open {
      faults.report(.missingKey, at: owner, [key])
    }
    return nil
  }

  /// `key` where it is written, for findings about it.
  package func keyText(_ key: String) -> SourceText? { entries.first { $0.key.text == key }?.key }

  /// The text of `key`; absent, blank or no text is a finding.
  package func text(_ key: String) -> SourceText? { required(key).flatMap(text) }

  /// The text of `key`, or `nil`; no text is a finding.
  package func optionalText(_ key: String) -> SourceText? { optional(key).flatMap(text) }

  /// The texts of `key`: a list, or one text alone; absent is a finding.
  package func texts(_ key: String) -> [SourceText]? { required(key).map(texts) }

  /// The texts of `key`: a list, or one text alone; `nil` where it is absent.
  package func optionalTexts(_ key: String) -> [SourceText]? { optional(key).map(texts) }

  /// The nodes of `key`, which must be a list; absent is empty.
  package func items(_ key: String) -> [Node] {
    guard let node = optional(key) else { return [] }
    if case .list(let items) = node.content { return items }
    faults.report(.wrongShape, at: node.source, ["a list"])
    return []
  }

  /// The entries of `key`, which must be a map; absent is empty.
  package func entries(_ key: String) -> [Node.Entry] {
    guard let node = optional(key) else { return [] }
    if case .map(let entries) = node.content { return entries }
    faults.report(.wrongShape, at: node.source, ["keys with values"])
    return []
  }

  /// The map of `key`; absent is a finding.
  package func map(_ key: String) -> Keys? { required(key).map { keys($0, key) } }

  /// The map of `key`, or `nil` where it is absent.
  package func optionalMap(_ key: String) -> Keys? { optional(key).map { keys($0, key) } }

  /// One of a closed set; absent gives `fallback`, anything else is a finding with the nearest that is allowed.
  package func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, default fallback: Choice
  ) -> Choice {
    optionalText(key).flatMap { choice($0) } ?? fallback
  }

  /// One of a closed set; may be absent.
  package func optionalChoice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, of: Choice.Type
  ) -> Choice? {
    optionalText(key).flatMap { choice($0) }
  }

  /// One of a closed set; absent is a finding.
  package func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, of: Choice.Type
  ) -> Choice? {
    text(key).flatMap { choice($0) }
  }

  /// Says that a construct of a later version is not built, where it is written.
  package func notBuilt(_ keys: String...) {
    for key in keys {
      guard let entry = entry(key), !entry.value.isBlank else { continue }
      faults.report(.notBuiltYet, at: entry.key, [entry.key.place.field ?? key])
    }
  }

  /// Reports the keys that nobody asked for, each with the nearest that was.
  package func finish() {
    for entry in entries where !asked.contains(entry.key.text) {
      faults.report(.unknownKey, at: entry.key, [entry.key.text, nearest(to: entry.key.text, among: known)])
    }
  }

  private func entry(_ key: String) -> Node.Entry? {
    if asked.insert(key).inserted { known.append(key) }
    return entries.first { $0.key.text == key }
  }

  private func keys(_ node: Node, _ key: String) -> Keys {
    Keys(of: node, owner: keyText(key), faults: faults)
  }

  private func text(_ node: Node) -> SourceText? {
    if case .scalar(let text) = node.content { return text }
    faults.report(.wrongShape, at: node.source, ["a text"])
    return nil
  }

  private func texts(_ node: Node) -> [SourceText] {
    if case .list(let items) = node.content { return items.compactMap(text) }
    return text(node).map { [$0] } ?? []
  }

  private func choice<Choice: RawRepresentable<String> & CaseIterable>(_ text: SourceText) -> Choice? {
    if let choice = Choice(rawValue: text.text) { return choice }
    let allowed = Choice.allCases.map(\.rawValue)
    faults.report(.badValue, at: text, [text.text, allowed.joined(separator: " | ")])
    return nil
  }
}
