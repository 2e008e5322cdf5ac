/// A text of a definition (an expression, a name, a path) that knows where it stands, so that whatever is wrong in
/// it can be shown to the person who wrote it.
public struct SourceText: Sendable, Hashable {
  public var text: String
  /// Where the text's first character stands.
  public var place: Place
  /// The definition's whole line, for the excerpt.
  public var line: String

  public init(_ text: String, at place: Place, line: String = "") {
    self.text = text
    self.place = place
    self.line = line.isEmpty ? text : line
  }

  /// A definition error about the characters `range` of this text, counted from its start.
  public func finding(
    _ code: FindingCode, _ arguments: [String] = [], characters range: Range<Int>? = nil
  ) -> Finding {
    var place = place
    let width = range.map(\.count) ?? text.count
    if let range, let column = place.column { place.column = column + range.lowerBound }
    return Finding(code, .error, at: place, arguments, excerpt: line, width: max(1, width))
  }
}
