package import Findings
import Ledger

/// The log for programs: JSON Lines, each with its `kind`. Amounts are texts, exact to the last digit.
package enum ReportJSON {
  /// - Parameter language: of the findings' messages; everything else is the same in every language.
  package static func render(_ report: ReconciliationReport, in language: Language) -> String {
    var objects = [run(report)]
    for file in report.files {
      objects.append(object(file, report.run))
      if let tally = file.tally { objects += lines(tally, report.run) }
    }
    for tally in report.interfaces { objects += lines(tally, report.run) }
    objects += report.postings.map { object($0, report.run) }
    objects += report.accounts.map { object($0, report.run) }
    objects += report.findings.counts.map { object($0, report.run) }
    objects += report.findings.listed.map { object($0, report.run, language) }
    objects += report.documents.map { object($0, report.run) }
    objects += report.waiting.map { $0.object(report.run) }
    objects += report.publications.map { object($0, report.run) }
    return objects.map { $0.text + "\n" }.joined()
  }

  private static func begin(_ kind: String, _ run: Int64) -> JSONObject {
    var object = JSONObject()
    object.set("kind", kind)
    object.set("run", Int(run))
    return object
  }

  private static func run(_ report: ReconciliationReport) -> JSONObject {
    var object = begin("run", report.run)
    object.set("clock", report.clock)
    object.set("ties", report.ties)
    object.set("untied", report.untied.count)
    object.set("files", report.files.count)
    object.set("vouchers", report.postings.reduce(0) { $0 + $1.vouchers })
    object.set("entries", report.postings.reduce(0) { $0 + $1.entries })
    object.set("findings", report.findings.total)
    object.set("documents", report.documents.count + report.unlistedDocuments)
    object.set("published", report.publications.count)
    return object
  }

  private static func object(_ file: FileReport, _ run: Int64) -> JSONObject {
    var object = begin("file", run)
    object.set("file", file.name)
    object.set("interface", file.interface)
    object.set("outcome", file.outcome.rawValue)
    object.set("size", Int(file.size))
    object.set("sha256", file.sha256)
    object.set("reject_files", file.rejectFiles)
    if let tally = file.tally { object.set("layout_rows", tally.layoutRows) }
    return object
  }

  private static func lines(_ tally: Tally, _ run: Int64) -> [JSONObject] {
    tally.lines.map { line in
      var object = begin("tally", run)
      object.set("interface", tally.interface)
      object.set("file", tally.file)
      object.set("subject", line.subject.name)
      for bucket in Bucket.allCases { object.set(bucket.name, line.amount(bucket).description) }
      object.set("unreadable", line.unreadable)
      object.set("absorbed", Decimal(units: line.absorbed, scale: line.subject.scale).description)
      object.set("difference", Decimal(units: line.difference, scale: line.subject.scale).description)
      object.set("ties", line.ties)
      return object
    }
      + tally.controls.map { control in
        var object = begin("control", run)
        object.set("interface", tally.interface)
        object.set("file", tally.file)
        object.set("field", control.column)
        object.set("declared", control.declared.description)
        object.set("summed", control.summed.description)
        object.set("ties", control.ties)
        return object
      }
  }

  private static func object(_ posting: PostingReport, _ run: Int64) -> JSONObject {
    var object = begin("posting", run)
    object.set("book", posting.book)
    object.set("interface", posting.interface)
    object.set("posting", posting.posting)
    object.set("vouchers", posting.vouchers)
    object.set("entries", posting.entries)
    object.set("debits", plainAmount(posting.debits))
    object.set("credits", plainAmount(posting.credits))
    object.set("absorbed", plainAmount(posting.absorbed ?? 0))
    object.set("first_id", posting.ids?.lowerBound)
    object.set("last_id", posting.ids?.upperBound)
    return object
  }

  private static func object(_ account: AccountReport, _ run: Int64) -> JSONObject {
    var object = begin("account", run)
    object.set("book", account.book)
    object.set("account", account.code)
    object.set("name", account.name)
    object.set("debits", plainAmount(account.debits))
    object.set("credits", plainAmount(account.credits))
    return object
  }

  private static func object(_ count: FindingLog.Count, _ run: Int64) -> JSONObject {
    var object = begin("finding_count", run)
    object.set("code", count.code.rawValue)
    object.set("severity", count.severity.rawValue)
    object.set("times", count.times)
    return object
  }

  private static func object(_ finding: Finding, _ run: Int64, _ language: Language) -> JSONObject {
    var object = begin("finding", run)
    object.set("code", finding.code.rawValue)
    object.set("severity", finding.severity.rawValue)
    object.set("file", finding.place.file)
    if let line = finding.place.line { object.set("line", line) }
    if let column = finding.place.column { object.set("column", column) }
    if let field = finding.place.field { object.set("field", field) }
    object.set("message", finding.message(in: language))
    object.set("remedy", finding.remedy(in: language))
    if let excerpt = finding.excerpt { object.set("excerpt", excerpt) }
    return object
  }

  private static func object(_ note: DocumentNote, _ run: Int64) -> JSONObject {
    var object = begin("document", run)
    object.set("document", note.key)
    object.set("verdict", note.bucket.name)
    object.set("file", note.file)
    object.set("line", note.line)
    object.set("code", note.code.rawValue)
    object.set("reason", note.reason)
    return object
  }

  private static func object(_ file: Publication, _ run: Int64) -> JSONObject {
    var object = begin("published", run)
    object.set("file", file.name)
    object.set("size", Int(file.size))
    object.set("sha256", file.sha256)
    return object
  }
}
