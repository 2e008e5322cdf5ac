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
  mutating func add(_ row: [String]) { rows.append(row.map(\.printable)) }

  func lines(indent: String) -> [String] {
    let widths = alignments.indices.map { column in rows.map { columns($0[column]) }.max() ?? 0 }
    return rows.map { row in
      var line = indent
      for (column, cell) in row.enumerated() {
        if column > 0 { line += "  " }
        guard column < widths.count else {
          line += cell
          continue
        }
        let padding = String(repeating: " ", count: widths[column] - columns(cell))
        line += alignments[column] == .right ? padding + cell : cell + padding
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

/// How many columns of a terminal a text takes.
private func columns(_ text: String) -> Int {
  text.reduce(0) { count, character in
    guard let scalar = character.unicodeScalars.first else { return count }
    switch scalar.value {
    case 0x200B...0x200F, 0x2060, 0xFEFF: return count
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return count + 2
    default: return count + 1
    }
  }
}
