import Definitions
import Findings
import Ledger

extension ProfileReader {
  /// `contract:` by column, or by path where the format has no columns.
  mutating func readContract() {
    for entry in keys.entries("contract") {
      guard let target = target(entry.key) else { continue }
      let rule = Keys(of: entry.value, owner: entry.key, faults: faults)
      var read = ContractRule(label: entry.key, cell: target.cell)
      if let most = rule.optionalText("bytes_max") {
        read.bytesMax = Int(most.text)
        if (read.bytesMax ?? 0) < 1 { faults.report(.badValue, at: most, [most.text, "1, 2, 3 …"]) }
      }
      if rule.choice("over", default: Excess.reject) == .cut { cut(&read, rule, target) }
      let forbidden = rule.optionalTexts("forbidden") ?? []
      for text in forbidden where text.text.isEmpty { faults.report(.badValue, at: text, ["", "a text"]) }
      read.forbidden = forbidden.map(\.text)
      read.required = rule.choice("required", default: YesNo.no) == .yes
      if let range = rule.optionalTexts("range") { readRange(range, target, at: entry.key, &read) }
      rule.finish()
      rules.append(read)
    }
  }

  private enum Excess: String, CaseIterable {
    case reject
    case cut
  }

  private mutating func cut(_ read: inout ContractRule, _ rule: Keys, _ target: Column) {
    var cells = columns.filter { $0.cell == target.cell }.map(\.cell)
    cells += lineCells.filter { $0.expression == target.expression }.map(\.cell)
    guard let most = read.bytesMax, target.expression.kind == .text, !cells.isEmpty else {
      if let text = rule.optionalText("over") {
        faults.report(.badValue, at: text, [text.text, "cut, of a text that is written, with bytes_max"])
      }
      return
    }
    read.cuts = true
    for cell in cells { layout.cut(cell, after: most) }
  }

  private mutating func target(_ key: SourceText) -> Column? {
    if let column = columns.first(where: { $0.source.text == key.text }) { return column }
    guard key.text.hasPrefix("voucher.") || key.text.hasPrefix("entry."), layout.code.isEmpty else {
      let near = nearest(
        to: key.text, among: columns.map(\.source.text) + ProfilePath.allCases.map(\.rawValue))
      faults.report(.unknownName, at: key, [key.text, near])
      return nil
    }
    guard let expression = ProfileExpressionParser.expression(key, faults: faults) else { return nil }
    let cell = layout.addCell(expression, finish: .asIs)
    return Column(source: key, expression: expression, cell: cell, decimals: -1)
  }

  private func readRange(
    _ texts: [SourceText], _ target: Column, at key: SourceText, _ rule: inout ContractRule
  ) {
    guard case .path(let path) = target.expression, path.kind == .number else {
      faults.report(.typeMismatch, at: key, ["text", "number"])
      return
    }
    let bounds = texts.map { text -> Decimal? in
      if case .number(let units, let scale, percent: false) = NumberText(text.text) {
        return Decimal(units: units, scale: scale)
      }
      faults.report(.badValue, at: text, [text.text, "a number"])
      return nil
    }
    guard bounds.count == 2 else {
      faults.report(.wrongShape, at: key, ["range: [lowest, highest]"])
      return
    }
    (rule.number, rule.decimals) = (path, target.decimals)
    (rule.lowest, rule.highest) = (bounds[0], bounds[1])
    if let lowest = bounds[0], let highest = bounds[1], highest < lowest {
      faults.report(.badValue, at: texts[1], [texts[1].text, "\(lowest) or more"])
    }
  }

  /// An encoding that lacks characters is a rule for every text: a profile in GBK can't write each name; XML has a few that
  /// it can't hold at all.
  mutating func addEncodingRules() {
    guard encoding != .utf8 || tree != nil else { return }
    let ruled = Set(rules.map(\.cell))
    let texts =
      columns.map { (source: $0.source, cell: $0.cell) }
      + lineCells.map { (source: $0.source, cell: $0.cell) }
    for (source, cell) in texts where layout.cells[cell].kind == .text && !ruled.contains(cell) {
      rules.append(ContractRule(label: source, cell: cell))
    }
  }
}
