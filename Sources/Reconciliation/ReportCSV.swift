import Findings
import Ledger

/// The log for spreadsheets: one line for each file (and each interface's whole run), subject and bucket.
package enum ReportCSV {
  /// The first line, without its end.
  package static let header = "run,interface,file,subject,bucket,amount"

  /// CRLF line ends, UTF-8; the column `file` is empty on the lines of a whole run.
  package static func render(_ report: ReconciliationReport) -> String {
    var lines = [header]
    for tally in report.files.compactMap(\.tally) + report.interfaces {
      let place = [String(report.run), quoted(tally.interface), quoted(tally.file ?? "")]
      func add(_ subject: String, _ bucket: String, _ amount: String) {
        lines.append((place + [quoted(subject), bucket, amount]).joined(separator: ","))
      }
      for line in tally.lines {
        let subject = line.subject.name
        for bucket in Bucket.allCases { add(subject, bucket.name, line.amount(bucket).description) }
        if case .measure(_, let scale) = line.subject {
          add(subject, "unreadable", String(line.unreadable))
          add(subject, "absorbed", Decimal(units: line.absorbed, scale: scale).description)
        }
        add(subject, "difference", Decimal(units: line.difference, scale: line.subject.scale).description)
      }
      add("rows", "layout", String(tally.layoutRows))
      for control in tally.controls {
        add(control.column, "declared", control.declared.description)
        add(control.column, "summed", control.summed.description)
      }
    }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  /// Quoted as RFC 4180 has it, and guarded, as file names come from outside.
  package static func quoted(_ text: String) -> String {
    let text = text.guardedFromSpreadsheets.printable
    guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
      return text
    }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

extension Bucket {
  /// For programs: the same in every language.
  package var name: String {
    switch self {
    case .read: "read"
    case .released: "released"
    case .posted: "posted"
    case .rejected: "rejected"
    case .held: "held"
    case .repeated: "repeated"
    case .ignored: "ignored"
    case .pending: "pending"
    }
  }
}

extension Subject {
  /// For programs: `rows`, `documents`, or the measure's own name.
  package var name: String {
    switch self {
    case .rows: "rows"
    case .documents: "documents"
    case .measure(let name, _): name
    }
  }
}
