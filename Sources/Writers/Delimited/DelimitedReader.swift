import Definitions
import Findings

extension ProfileReader {
  private enum Each: String, CaseIterable {
    case entry
    case document
    case code

    var levels: Set<ProfilePath.Level> {
      switch self {
      case .entry: [.file, .voucher, .entry]
      case .document: [.file, .voucher, .document]
      case .code: [.code]
      }
    }
  }

  private enum Zero: String, CaseIterable {
    case keep
    case empty
  }

  /// The keys that a delimited format has of its own, and its columns.
  mutating func readDelimited() {
    delimited = DelimitedText(
      delimiter: delimiter(),
      guardsFormulas: keys.choice("formula_guard", default: YesNo.yes) == .yes)
    readSafety(oneLine: false)
    let each = keys.choice("each", default: Each.entry)
    let header = keys.choice("header", default: YesNo.yes) == .yes
    if keys.required("columns") != nil {
      for entry in keys.entries("columns") { readColumn(entry, each.levels) }
    }
    layoutLines(header: header, each)
  }

  private func delimiter() -> UInt8 {
    guard let text = keys.optionalText("delimiter") else { return 0x2C }
    switch text.text {
    case "tab", "\t": return 0x09
    case ",", ";", "|": return text.text.utf8.first!
    default:
      faults.report(.badValue, at: text, [text.text, ", | ; | | | tab"])
      return 0x2C
    }
  }

  private mutating func readColumn(_ entry: Node.Entry, _ levels: Set<ProfilePath.Level>) {
    checkWritable(entry.key)
    var format = Layout.NumberFormat()
    var written: (decimals: SourceText?, zero: SourceText?) = (nil, nil)
    let source: SourceText
    switch entry.value.content {
    case .scalar(let text): source = text
    default:
      let column = Keys(of: entry.value, owner: entry.key, faults: faults)
      written = (column.optionalText("decimals"), column.keyText("zero"))
      format.zeroIsEmpty = column.choice("zero", default: Zero.keep) == .empty
      let value = column.text("value")
      column.finish()
      guard let value else { return }
      source = value
    }
    guard let expression = ProfileExpressionParser.expression(source, faults: faults) else { return }
    check(expression, at: source, levels: levels)
    checkWritable(source)
    if let wrong = written.decimals ?? written.zero, expression.kind != .number {
      faults.report(.typeMismatch, at: wrong, ["text", "number"])
    }
    if let decimals = written.decimals { format.decimals = readDecimals(decimals, expression) }
    let cell = layout.addCell(expression, finish: .delimited, format: format)
    columns.append(
      Column(source: entry.key, expression: expression, cell: cell, decimals: Int8(format.decimals ?? -1)))
  }

  /// Amounts keep all their digits; quantities and prices may be rounded to fewer.
  private func readDecimals(_ source: SourceText, _ expression: ProfileExpression) -> Int? {
    let fewest = expression.paths.map(\.exactDecimals).max() ?? 0
    if let decimals = Int(source.text), (fewest...12).contains(decimals) { return decimals }
    faults.report(.badValue, at: source, [source.text, "\(fewest)…12"])
    return nil
  }

  private mutating func layoutLines(header: Bool, _ each: Each) {
    var captions = ByteBuffer()
    var row: [Segment.Part] = []
    for (index, column) in columns.enumerated() {
      if index > 0 {
        captions.append(delimited.delimiter)
        row.append(layout.literal([delimited.delimiter]))
      }
      let start = captions.count
      captions.append(Array(column.source.text.utf8))
      delimited.finish(&captions, from: start)
      row.append(.cell(column.cell))
    }
    row.append(layout.literal(lineEnds.bytes))
    let caption = layout.literal(Array(captions.bytes()) + lineEnds.bytes)
    if header { layout.header = [layout.addLine([caption], omittable: false)] }
    let line = layout.addLine(row, omittable: false)
    switch each {
    case .entry: layout.entry = [line]
    case .document: layout.document = [line]
    case .code: layout.code = [line]
    }
  }
}
