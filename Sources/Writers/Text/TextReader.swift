import Definitions
import Findings

extension ProfileReader {
  /// The line templates of a text format. A line with holes is left out where all of them are empty.
  mutating func readText() {
    readSafety(oneLine: true)
    layout.header = readLines("header", levels: [.file])
    layout.accounts = readLines("accounts", levels: [.file, .account])
    layout.voucher = readLines("voucher", levels: [.file, .voucher])
    layout.entry = readLines("entry", levels: [.file, .voucher, .entry])
    layout.after = readLines("after", levels: [.file])
    if layout.entry.isEmpty { _ = keys.required("entry") }
  }

  private mutating func readLines(_ key: String, levels: Set<ProfilePath.Level>) -> [Line] {
    (keys.optionalTexts(key) ?? []).compactMap { source in
      guard let expression = ProfileExpressionParser.line(source, faults: faults) else { return nil }
      check(expression, at: source, levels: levels)
      checkWritable(source)
      var parts: [Segment.Part] = []
      var holes = false
      for part in expression.parts {
        if case .literal(let text) = part {
          parts.append(layout.literal(text.utf8))
        } else {
          let cell = layout.addCell(part, finish: .asIs)
          lineCells.append((source, cell, part))
          parts.append(.cell(cell))
          holes = true
        }
      }
      parts.append(layout.literal(lineEnds.bytes))
      return layout.addLine(parts, omittable: holes)
    }
  }
}

extension ProfileExpression {
  fileprivate var parts: [ProfileExpression] {
    if case .template(let parts) = self { parts } else { [self] }
  }
}
