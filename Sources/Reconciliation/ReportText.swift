package import Findings
import Ledger

/// The log for people: what a bank's reconciliation sheet looks like, in one of the languages.
package struct ReportText {
  private let report: ReconciliationReport
  private let language: Language
  private var lines: [String] = []

  /// The whole log, with a line break at its end.
  package static func render(_ report: ReconciliationReport, in language: Language) -> String {
    var text = ReportText(report: report, language: language)
    text.write()
    return text.lines.joined(separator: "\n") + "\n"
  }

  private init(report: ReconciliationReport, language: Language) {
    self.report = report
    self.language = language
  }

  private func say(_ wording: Wording, _ arguments: String...) -> String {
    wording.text(in: language, arguments)
  }

  private mutating func head(_ wording: Wording) { lines += ["", say(wording)] }

  private mutating func write() {
    lines.append(say(LogWording.title, String(report.run), report.clock))
    let untied = report.untied
    lines.append(untied.isEmpty ? say(LogWording.ties) : say(LogWording.doesNotTie, String(untied.count)))
    lines.append("      " + say(LogWording.law))
    if !untied.isEmpty {
      head(LogWording.untied)
      lines += untied.map { "  " + text(of: $0) }
    }
    head(LogWording.files)
    if report.files.isEmpty { lines.append("  " + say(LogWording.nothing)) }
    for file in report.files { write(file) }
    if !report.interfaces.isEmpty {
      head(LogWording.wholeRun)
      for tally in report.interfaces {
        lines.append("  " + say(LogWording.interface, tally.interface))
        write(tally)
      }
    }
    writePostings()
    writeAccounts()
    writeFindings()
    writeDocuments()
    writeWaiting()
    writePublications()
  }

  private mutating func write(_ file: FileReport) {
    let interface = file.interface.map { " · " + say(LogWording.interface, $0) } ?? ""
    lines.append("  \(file.name.printable)\(interface) · \(say(LogWording.outcome(file.outcome)))")
    lines.append(
      file.sha256.isEmpty
        ? "    " + say(LogWording.fromBefore)
        : "    SHA-256 \(file.sha256) · \(say(LogWording.bytes, printed(Int128(file.size), scale: 0)))")
    if let tally = file.tally { write(tally) }
    lines += file.rejectFiles.map { "    " + say(LogWording.rejectFile, $0) }
  }

  private mutating func write(_ tally: Tally) {
    let showsAbsorbed = tally.lines.contains { $0.absorbed != 0 }
    var header: [(String, TextTable.Alignment)] = [("", .left)]
    header += Bucket.allCases.map { (say(LogWording.bucket($0)), .right) }
    if showsAbsorbed { header.append((say(LogWording.absorbed), .right)) }
    header.append((say(LogWording.difference), .right))
    var table = TextTable(header)
    for line in tally.lines {
      let scale = line.subject.scale
      var row = [name(line.subject)]
      row += Bucket.allCases.map { printed(line[$0], scale: scale) }
      if showsAbsorbed { row.append(printed(line.absorbed, scale: scale)) }
      row.append(printed(line.difference, scale: scale))
      if !line.ties { row.append(say(LogWording.notTied)) }
      table.add(row)
    }
    lines += table.lines(indent: "    ")
    if tally.layoutRows > 0 { lines.append("    " + say(LogWording.layoutRows, String(tally.layoutRows))) }
    for line in tally.lines where line.unreadable > 0 {
      lines.append("    " + say(LogWording.unreadable, name(line.subject), String(line.unreadable)))
    }
    for control in tally.controls {
      let difference = (control.summed + -control.declared).map { printed($0) } ?? "?"
      let outcome =
        control.ties ? say(LogWording.controlTies) : say(LogWording.controlDiffers, difference)
      lines.append(
        "    "
          + say(
            LogWording.control, control.column, printed(control.declared), printed(control.summed), outcome))
    }
  }

  private func name(_ subject: Subject) -> String {
    switch subject {
    case .rows: say(LogWording.rows)
    case .documents: say(LogWording.documentCount)
    case .measure(let name, _): name
    }
  }

  private func amount(_ units: Int128) -> String { printed(units, scale: Entry.amountScale) }

  private mutating func writePostings() {
    head(LogWording.postings)
    guard !report.postings.isEmpty else {
      lines.append("  " + say(LogWording.nothing))
      return
    }
    let showsAbsorbed = report.postings.contains { $0.absorbed != nil }
    var header: [(String, TextTable.Alignment)] = [
      (say(LogWording.book), .left), (say(LogWording.posting), .left), (say(LogWording.vouchers), .right),
      (say(LogWording.entries), .right), (say(LogWording.debits), .right), (say(LogWording.credits), .right),
    ]
    if showsAbsorbed { header.append((say(LogWording.absorbed), .right)) }
    header += [(say(LogWording.firstID), .left), (say(LogWording.lastID), .left)]
    var table = TextTable(header)
    for posting in report.postings {
      var row = [
        posting.book, "\(posting.interface).\(posting.posting)", printed(Int128(posting.vouchers), scale: 0),
        printed(Int128(posting.entries), scale: 0), amount(posting.debits), amount(posting.credits),
      ]
      if showsAbsorbed { row.append(amount(posting.absorbed ?? 0)) }
      table.add(row + [posting.ids?.lowerBound ?? "", posting.ids?.upperBound ?? ""])
    }
    lines += table.lines(indent: "  ")
  }

  private mutating func writeAccounts() {
    head(LogWording.accounts)
    guard !report.accounts.isEmpty else {
      lines.append("  " + say(LogWording.nothing))
      return
    }
    var table = TextTable([
      (say(LogWording.book), .left), (say(LogWording.account), .left), (say(LogWording.accountName), .left),
      (say(LogWording.debits), .right), (say(LogWording.credits), .right),
    ])
    for account in report.accounts {
      table.add([account.book, account.code, account.name, amount(account.debits), amount(account.credits)])
    }
    // Books may be in different currencies, so each is added up by itself.
    var books: [String] = []
    for account in report.accounts where !books.contains(account.book) { books.append(account.book) }
    for book in books {
      let mine = report.accounts.filter { $0.book == book }
      table.add([
        book, say(LogWording.total), "", amount(mine.reduce(0) { $0 + $1.debits }),
        amount(mine.reduce(0) { $0 + $1.credits }),
      ])
    }
    lines += table.lines(indent: "  ")
  }

  private mutating func writeFindings() {
    head(LogWording.findings)
    let counts = report.findings.counts
    guard !counts.isEmpty else {
      lines.append("  " + say(LogWording.nothing))
      return
    }
    var table = TextTable([
      (say(LogWording.code), .left), (say(LogWording.severity), .left), (say(LogWording.times), .right),
    ])
    for count in counts {
      table.add([
        count.code.rawValue, say(count.severity.label), printed(Int128(count.times), scale: 0),
      ])
    }
    lines += table.lines(indent: "  ")
    for finding in report.findings.listed {
      lines.append("")
      lines += finding.text(in: language).split(separator: "\n").map { "  \($0)" }
    }
    writeMore(report.findings.total - report.findings.listed.count)
  }

  private mutating func writeDocuments() {
    head(LogWording.documents)
    guard !report.documents.isEmpty else {
      lines.append("  " + say(LogWording.nothing))
      return
    }
    var table = TextTable([
      (say(LogWording.verdict), .left), (say(LogWording.key), .left), (say(LogWording.place), .left),
      (say(LogWording.code), .left), (say(LogWording.reason), .left),
    ])
    for note in report.documents {
      table.add([
        say(LogWording.bucket(note.bucket)), note.key, "\(note.file):\(note.line)", note.code.rawValue,
        note.reason,
      ])
    }
    lines += table.lines(indent: "  ")
    writeMore(report.unlistedDocuments)
  }

  private mutating func writeWaiting() {
    head(LogWording.waiting)
    guard !report.waiting.isEmpty else {
      lines.append("  " + say(LogWording.nothing))
      return
    }
    var table = TextTable([
      (say(LogWording.verdict), .left), (say(LogWording.interfaceName), .left),
      (say(LogWording.documentCount), .right),
      (say(LogWording.amount), .right), (say(LogWording.since), .left), (say(LogWording.days), .right),
      (say(LogWording.code), .left), (say(LogWording.reason), .left),
    ])
    for group in report.waiting {
      table.add([
        say(LogWording.bucket(group.bucket)), group.interface, printed(Int128(group.documents), scale: 0),
        group.amountText, group.since, String(group.days),
        group.code, group.cause,
      ])
    }
    lines += table.lines(indent: "  ")
  }

  private mutating func writeMore(_ count: Int) {
    if count > 0 { lines.append("  " + say(LogWording.more, printed(Int128(count), scale: 0))) }
  }

  private mutating func writePublications() {
    head(LogWording.publications)
    guard !report.publications.isEmpty else {
      lines.append("  " + say(LogWording.nothing))
      return
    }
    var table = TextTable([("SHA-256", .left), (say(LogWording.size), .right), (say(LogWording.name), .left)])
    for file in report.publications {
      table.add([file.sha256, printed(Int128(file.size), scale: 0), file.name])
    }
    lines += table.lines(indent: "  ")
  }

  private func text(of untied: Untied) -> String {
    switch untied {
    case .line(let interface, let file, let line):
      let sources = line[.read] + line[.released]
      let scale = line.subject.scale
      return say(
        LogWording.lineDiffers, file ?? interface, name(line.subject), printed(sources, scale: scale),
        printed(sources - line.difference, scale: scale), printed(line.difference, scale: scale))
    case .whole(let interface, let subject, let bucket, let files, let run):
      return say(
        LogWording.wholeDiffers, interface, name(subject), say(LogWording.bucket(bucket)),
        printed(files, scale: subject.scale), printed(run, scale: subject.scale))
    case .posting(let interface, let posting, let debits, let credits):
      return say(
        LogWording.postingDiffers, "\(interface).\(posting)", amount(debits), amount(credits))
    case .book(let book, let accountDebits, let accountCredits, let postingDebits, let postingCredits):
      return say(
        LogWording.bookDiffers, book, amount(accountDebits), amount(accountCredits), amount(postingDebits),
        amount(postingCredits))
    }
  }
}
