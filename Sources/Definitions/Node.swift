package import Findings

/// A piece of a definition: a text, a list or a map, with the place where it is written.
///
/// Every scalar is text, whatever YAML would make of it: `no`, `0100` and `1e3` stay what they are.
package struct Node: Sendable {
  package indirect enum Content: Sendable {
    case scalar(SourceText)
    case list([Node])
    /// In the order of the file; no two entries have one key.
    case map([Entry])
  }

  /// A key with its value.
  package struct Entry: Sendable {
    package let key: SourceText
    package let value: Node

    package init(key: SourceText, value: Node) {
      self.key = key
      self.value = value
    }
  }

  package let content: Content
  /// Where it begins, with what stands there.
  package let source: SourceText

  package init(_ content: Content, source: SourceText) {
    self.content = content
    self.source = source
  }

  /// Whether nothing is written: `key:` and nothing behind it.
  package var isBlank: Bool {
    if case .scalar(let text) = content { text.text.isEmpty } else { false }
  }
}
