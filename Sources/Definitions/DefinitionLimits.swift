import Findings

/// What a definition may not exceed, so that no file of `mappings/` takes memory or time without bound. What is written
/// for people to read stays far below.
enum DefinitionLimits {
  static let fileBytes = 1 << 20
  /// Every piece of a definition keeps its line and counts its column in it.
  static let lineBytes = 8192
  /// The YAML parser's own: lists and maps that stand one in another.
  static let nesting = 1000
  /// Each doubled key is told by reading the file once more.
  static let doubledKeys = 50
  /// Aliases are not allowed at all; but the parser works out what they stand for before it can be told, and a few
  /// that stand for one another are a tree without bound.
  static let aliases = 8

  /// Whether `text` can be given to the parser; if not, a fault says why.
  static func hold(for text: String, file: String, faults: Faults) -> Bool {
    var aliases = 0
    var number = 0
    for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      if line.count > lineBytes {
        let source = SourceText("", at: Place(file: file, line: number, column: 1))
        faults.report(.yamlSyntax, at: source, ["a line of more than \(lineBytes) bytes"])
        return false
      }
      aliases += aliasCount(line)
      if aliases > Self.aliases {
        let shown = String(line) ?? ""
        let source = SourceText("", at: Place(file: file, line: number, column: 1), line: shown)
        faults.report(.yamlSyntax, at: source, ["anchors (&) and aliases (*) are not allowed; write it out"])
        return false
      }
    }
    return true
  }

  /// How many words of the line have the form of an alias where YAML may take them for one: `*name` as a whole value,
  /// item or key. In an expression the star of a product has something before it.
  private static func aliasCount(_ line: Substring.UTF8View) -> Int {
    var count = 0
    var before: UInt8 = 0x3A
    var starred = false
    for byte in line {
      if byte == 0x2A, !starred {
        starred = isOpen(before)
      } else if starred {
        if byte > 0x20, byte != 0x2A { count += 1 }
        starred = false
      }
      if byte != 0x20 { before = byte }
    }
    return count
  }

  /// Whether a new node can begin behind the byte.
  private static func isOpen(_ byte: UInt8) -> Bool { ":,[{-?".utf8.contains(byte) }
}
