import Findings
import Ledger
import Mapping
import Posting
import Reconciliation
import State
import Writers

extension ConversionOutput {
  /// Writes for finance the codes that documents wait for from now on, so that they can be imported before the vouchers.
  ///
  /// A code is told to each book once: not while a document waits for it that an earlier run held, and by one interface where
  /// several ask for it by the same table and profile.
  mutating func writeNewCodes(to staging: Staging) throws {
    var told = toldBefore
    for interface in result.interfaces {
      for (rule, output) in interface.compiled.newCodes.enumerated() {
        for book in interface.compiled.books.indices {
          let missing = interface.missing(rule, book: book).filter {
            told.insert(ToldCode(interface.compiled, rule, interface.compiled.books[book].book.name, $0.key))
              .inserted
          }
          try write(missing, rule, of: interface, book: book, by: output, to: staging)
        }
      }
    }
  }

  private mutating func write(
    _ missing: [MissingCode], _ rule: Int, of interface: Conversion.InterfaceResult, book: Int,
    by output: CompiledInterface.Output, to staging: Staging
  ) throws {
    let new = interface.compiled.interface.newCodes[rule]
    let context = interface.context(result.dimensions, run: run, book: book)
    var check = ContractCheck(profile: output.profile, batch: VoucherBatch(), context: context)
    var codes: [NewCode] = []
    for missing in missing {
      let code = NewCode(
        key: missing.key,
        fields: Dictionary(
          zip(new.fields.map(\.name), missing.fields), uniquingKeysWith: { first, _ in first }))
      let findings = check.findings(of: code)
      if findings.allSatisfy({ $0.severity < .hold }) { codes.append(code) }
      for finding in findings { tell(finding, of: code, in: new.table) }
    }
    guard !codes.isEmpty else { return }
    var writer = ProfileWriter(profile: output.profile, batch: VoucherBatch(), context: context)
    let bytes = writer.bytes(of: codes)
    let name = output.pattern.name([
      .book: context.book.name, .interface: context.interface, .profile: output.profile.name,
      .run: sixDigits(run),
    ])
    publications.append(try staging.stage(.report, name) { try $0(bytes) })
  }

  private var toldBefore: Set<ToldCode> {
    var told: Set<ToldCode> = []
    for compiled in definitions.interfaces {
      for document in before.held where document.interface == compiled.interface.name {
        for missing in document.causes.compactMap(\.missing) {
          for (rule, new) in compiled.interface.newCodes.enumerated() where new.table == missing.table {
            let book = document.book ?? compiled.books[0].book.name
            told.insert(ToldCode(compiled, rule, book, missing.key))
          }
        }
      }
    }
    return told
  }

  /// A code that can't be written as it is doesn't stop the run: its documents wait all the same.
  private mutating func tell(_ finding: Finding, of code: NewCode, in table: String) {
    guard finding.severity >= .hold else { return report.findings.add(finding) }
    report.findings.add(
      Finding(
        .newCodeLeftOut, .warning, at: finding.place,
        [table, code.key, finding.message(in: definitions.workspace.language)]))
  }
}

/// A code of which finance has been told: for which book, by which profile, and of which table's file.
private struct ToldCode: Hashable {
  var book: String
  var profile: String
  var file: String
  var key: String

  init(_ compiled: CompiledInterface, _ rule: Int, _ book: String, _ key: String) {
    self.book = book
    profile = compiled.newCodes[rule].profile.name
    file = compiled.tableFiles[compiled.interface.newCodes[rule].table] ?? ""
    self.key = key
  }
}

extension Conversion.InterfaceResult {
  /// The codes that a book's held documents wait for, as the first of these has them.
  fileprivate func missing(_ rule: Int, book: Int) -> [MissingCode] {
    parts.flatMap { part in
      part.file.missing.compactMap { code, documents -> (code: MissingCode, document: Int32)? in
        guard code.rule == rule else { return nil }
        let held = documents.filter { index in
          let document = part.file.posted.store.documents[Int(index)]
          return document.verdict == .held && compiled.bookIndex(of: document) ?? 0 == book
        }
        return held.min().map { (code, $0) }
      }.sorted { ($0.document, $0.code.key) < ($1.document, $1.code.key) }.map(\.code)
    }
  }
}
