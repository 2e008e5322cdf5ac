import Expressions
import Findings
import Ledger

extension CodeTable {
  /// The code table that `definition` takes from `table`; `nil` where the file has no such columns.
  init?(_ definition: TableDefinition, from table: TableText, findings: inout [Finding]) {
    if definition.keys == nil || definition.values == nil, table.header.count < 2 {
      findings.append(definition.file.finding(.wrongShape, ["a table with two columns"]))
      return nil
    }
    let before = findings.count
    let keys = definition.keys.map { table.columns($0, &findings) } ?? [0]
    let values = definition.values.map { table.columns($0, &findings) } ?? [1]
    let valid = definition.valid.map { table.columns([$0.from, $0.to], &findings) }
    guard findings.count == before else { return nil }
    var rows: [Row] = []
    rows.reserveCapacity(table.rows.count)
    for row in table.rows {
      let sound = findings.count
      for key in keys where row.cells[key].isEmpty {
        findings.append(
          Finding(.tableValue, .error, at: table.place(row, key), ["", "a key or *"], excerpt: ""))
      }
      let from = valid.flatMap { table.day(row, $0[0], &findings) }
      let to = valid.flatMap { table.day(row, $0[1], &findings) }
      if let valid, let from, let to, to < from {
        let text = row.cells[valid[1]]
        findings.append(
          Finding(.tableValue, .error, at: table.place(row, valid[1]), [text, "≥ \(from)"], excerpt: text))
      }
      // A row that is wrong would only be called ambiguous as well.
      guard findings.count == sound else { continue }
      rows.append(
        Row(
          line: row.line, keys: keys.map { row.cells[$0] }, values: values.map { row.cells[$0] }, from: from,
          to: to))
    }
    self.init(
      name: definition.name.text, file: table.file, keys: keys.map { table.header[$0] },
      values: values.map { table.header[$0] }, hasValidity: valid != nil, rows: rows, findings: &findings)
  }
}

extension TableText {
  /// The indices of the columns with those captions; one that is missing is a finding where it is named.
  func columns(_ captions: [SourceText], _ findings: inout [Finding]) -> [Int] {
    captions.compactMap { caption in
      if let index = header.firstIndex(of: caption.text) { return index }
      findings.append(
        caption.finding(.tableColumn, [caption.text, nearest(to: caption.text, among: header)]))
      return nil
    }
  }

  fileprivate func day(_ row: Row, _ column: Int, _ findings: inout [Finding]) -> Day? {
    let text = row.cells[column]
    if text.isEmpty { return nil }
    if let day = Day(text) { return day }
    findings.append(
      Finding(.tableValue, .error, at: place(row, column), [text, "YYYY-MM-DD"], excerpt: text))
    return nil
  }
}

extension TableText {
  /// What codes are called: the first key column's cells, and the value column's.
  func names(_ definition: TableDefinition, _ findings: inout [Finding]) -> [String: String] {
    guard header.count > 1 else {
      findings.append(definition.file.finding(.wrongShape, ["a table with two columns"]))
      return [:]
    }
    let before = findings.count
    let code = definition.keys.map { columns($0, &findings) }?.first ?? 0
    let name = definition.values.map { columns($0, &findings) }?.first ?? 1
    guard findings.count == before else { return [:] }
    return Dictionary(rows.map { ($0.cells[code], $0.cells[name]) }, uniquingKeysWith: { first, _ in first })
  }
}
