import Expressions
public import Findings
import Readers

/// What is wrong with documents, in findings.
extension DocumentGatherer {
  /// Reports what is wrong with a document's records, and gives the worst severity.
  mutating func report(
    _ index: Int, _ records: Range<Int>, _ troubles: Troubles, _ batch: RecordBatch, _ evaluation: Evaluation
  ) -> Severity {
    var worst = Severity.note
    for trouble in troubles.unreadable(records) {
      findings.add(
        trouble.code, .reject, document: index, row: batch.rows[Int(trouble.index)], line: trouble.line,
        column: nil, cell: trouble.column, trouble.arguments)
      worst = .reject
    }
    for failure in troubles.failures(records) {
      let severity: Severity = failure.code == .codeNotFound ? .hold : .reject
      let site = program.sites[Int(failure.site)]
      if failure.code == .codeNotFound {
        seek(
          batch.text(failure.text), in: program.tables[Int(failure.table)].name, index, Int(failure.record),
          batch, evaluation)
      }
      findings.add(
        failure.code, severity, document: index, row: batch.rows[Int(failure.record)],
        line: batch.lines[Int(failure.record)], column: site.column,
        arguments(of: failure, site, batch))
      worst = max(worst, severity)
    }
    for trouble in troubles.disagreements(records) {
      report(trouble, index, batch, evaluation)
      worst = .reject
    }
    for trouble in troubles.failedChecks(records) {
      worst = max(worst, report(trouble, index, batch, evaluation))
    }
    return worst
  }

  private func arguments(of failure: Failure, _ site: FailureSite, _ batch: RecordBatch) -> [String] {
    let text = batch.text(failure.text)
    // The operator knows the column's caption, not the field's name.
    let name = site.column.map { program.columns[$0] } ?? site.name
    switch failure.code {
    case .codeNotFound: return [program.tables[Int(failure.table)].name, text]
    case .valueMissing, .numberOutOfRange, .divisionByZero: return [name]
    case .tooManyDecimals: return [text, name, String(site.scale)]
    default: return [text, name]
    }
  }

  private mutating func report(
    _ trouble: Troubles.Disagreement, _ index: Int, _ batch: RecordBatch, _ evaluation: Evaluation
  ) {
    let field = interface.document.same[trouble.field]
    guard field.name != XMLShape.elementCaption else {
      findings.add(
        .xmlDocumentTwice, .reject, document: index, row: batch.rows[trouble.record],
        line: batch.lines[trouble.record], column: nil, [String(batch.lines[trouble.first])])
      return
    }
    var (before, now): ([UInt8], [UInt8]) = ([], [])
    evaluation.appendValue(of: field.slot, field.kind, trouble.first, batch, to: &before)
    evaluation.appendValue(of: field.slot, field.kind, trouble.record, batch, to: &now)
    findings.add(
      .documentDisagrees, .reject, document: index, row: batch.rows[trouble.record],
      line: batch.lines[trouble.record], column: field.column,
      [
        field.column.map { program.columns[$0] } ?? field.name, String(decoding: before, as: UTF8.self),
        String(decoding: now, as: UTF8.self),
      ])
  }

  private mutating func report(
    _ trouble: Troubles.Part, _ index: Int, _ batch: RecordBatch, _ evaluation: Evaluation
  ) -> Severity {
    let check = interface.checks[trouble.part]
    let message = evaluation.slots[check.message]
    let text =
      message.state(trouble.record) == Presence.present ? batch.text(message.text(trouble.record)) : ""
    var arguments = [text]
    if let sought = check.sought {
      let keys = sought.keys.map { slot in
        let key = evaluation.slots[slot]
        return key.state(trouble.record) == Presence.present ? batch.text(key.text(trouble.record)) : ""
      }
      arguments += [sought.table, keys.joined(separator: ", ")]
      seek(arguments[2], in: sought.table, index, trouble.record, batch, evaluation)
    }
    findings.add(
      .checkFailed, check.severity, document: index, row: batch.rows[trouble.record],
      line: batch.lines[trouble.record], column: nil, arguments)
    if check.severity == .stopFile, stop == nil { stop = text }
    return check.severity
  }
}

extension DocumentGatherer {
  /// Reports something about a document as a whole, at its first record.
  public mutating func report(
    _ code: FindingCode, _ severity: Severity, _ document: Int, _ arguments: [String]
  ) {
    findings.add(
      code, severity, document: document, row: store.documents[document].firstRow,
      line: store.documents[document].firstLine, column: nil, arguments)
  }
}
