/// How much weight a finding has, in rising order.
public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
  /// Worth knowing; nothing to do.
  case note
  /// The document is posted all the same.
  case warning
  /// The document waits in the state until the cause goes away.
  case hold
  /// The document goes back to the operator, whole.
  case reject
  /// Every row of the file goes back to the operator.
  case stopFile = "stop-file"
  /// A definition is wrong: no file is opened.
  case error

  public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .hold: 2
    case .reject: 3
    case .stopFile: 4
    case .error: 5
    }
  }
}

/// Where something is wrong. Everything counts from 1, as editors and spreadsheets do.
public struct Place: Sendable, Hashable {
  /// The file's name as the person who must act knows it: relative to the workspace, or as it was dropped.
  public var file: String
  /// Physical line; for a row that spans several, the line on which it (or its open quote) begins.
  public var line: Int?
  /// In a definition the character of the line; in a data file the cell of the row.
  public var column: Int?
  /// Header caption of a data file, or the path of keys in a definition (`postings.revenue.entries`).
  public var field: String?

  public init(file: String, line: Int? = nil, column: Int? = nil, field: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.field = field
  }
}

/// Something wrong with data or definitions: a value that is collected, never thrown.
public struct Finding: Sendable, Hashable {
  public var code: FindingCode
  public var severity: Severity
  public var place: Place
  /// What fills the holes of the wording, as `FindingCode` lists it.
  public var arguments: [String]
  /// The text in which it is wrong: a definition's line, or the cell's own text.
  public var excerpt: String?
  /// How many characters of the excerpt, from `place.column`, the caret marks (definitions only).
  public var width: Int

  public init(
    _ code: FindingCode, _ severity: Severity, at place: Place, _ arguments: [String] = [],
    excerpt: String? = nil, width: Int = 1
  ) {
    self.code = code
    self.severity = severity
    self.place = place
    self.arguments = arguments
    self.excerpt = excerpt
    self.width = width
  }
}
