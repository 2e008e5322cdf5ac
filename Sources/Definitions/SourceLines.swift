import Findings

/// The lines of a definition's file, to give each piece of it its place and its line.
struct SourceLines {
  let file: String
  /// Shared by all that stands in them, not copied.
  private let lines: [String]

  init(_ text: String, file: String) {
    self.file = file
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  func line(_ number: Int) -> String {
    lines.indices.contains(number - 1) ? lines[number - 1] : ""
  }

  /// The character column of a column that the YAML parser counted in Unicode scalars.
  func column(scalars: Int, line number: Int) -> Int {
    let line = line(number)
    let end = line.unicodeScalars.index(line.startIndex, offsetBy: scalars - 1, limitedBy: line.endIndex)
    return line[..<(end ?? line.endIndex)].count + 1
  }

  /// `text` at a character column of a line.
  func source(_ text: String, line number: Int, column: Int, field: String? = nil) -> SourceText {
    SourceText(
      text, at: Place(file: file, line: number, column: column, field: field), line: line(number))
  }
}
