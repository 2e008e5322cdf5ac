import Findings

/// Columns aligned as a terminal and a monospaced print show them, East Asian characters two wide.
struct TextTable {
  enum Alignment {
    case left
    case right
  }

  private let alignments: [Alignment]
  private var rows: [[String]]

  init(_ header: [(title: String, alignment: Alignment)]) {
    alignments = header.map(\.alignment)
    rows = [header.map(\.title)]
  }

  /// - Parameter row: may have one cell more than the header: a remark behind the line.
  mutating func add(_ row: [String]) {
    rows.append(row.map { $0.shortened(to: Self.longestCell).printable })
  }

  /// Every row of a column is as wide as the widest: a key of megabytes must not make all of them so.
  private static let longestCell = 500

  func lines(indent: String) -> [String] {
    let widths = alignments.indices.map { column in rows.map { columnsOnScreen($0[column]) }.max() ?? 0 }
    return rows.map { row in
      var line = indent
      for (column, cell) in row.enumerated() {
        if column > 0 { line += "  " }
        guard column < widths.count else {
          line += cell
          continue
        }
        let padding = String(repeating: " ", count: widths[column] - columnsOnScreen(cell))
        line += alignments[column] == .right ? padding + cell : cell + padding
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
