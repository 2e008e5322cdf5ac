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
  /// A code is told once: not while a document waits for it that an earlier run held, and by one interface where several
  /// ask for it by the same table and profile.
  mutating func writeNewCodes(to staging: Staging) throws {
    var told = toldBefore
    for interface in result.interfaces {
      let compiled = interface.compiled
      for (rule, output) in compiled.newCodes.enumerated() {
        let context = interface.context(result.dimensions, run: run, book: 0)
        var check = ContractCheck(profile: output.profile, batch: VoucherBatch(), context: context)
        var codes: [NewCode] = []
        for sought in interface.sought(rule) where told.insert(ToldCode(compiled, rule, sought.key)).inserted
        {
          let names = compiled.interface.newCodes[rule].fields.map(\.name)
          let code = NewCode(
            key: sought.key,
            fields: Dictionary(zip(names, sought.fields), uniquingKeysWith: { first, _ in first }))
          let findings = check.findings(of: code)
          if findings.allSatisfy({ $0.severity < .hold }) { codes.append(code) }
          for finding in findings { tell(finding, of: code, in: compiled.interface.newCodes[rule].table) }
        }
        guard !codes.isEmpty else { continue }
        var writer = ProfileWriter(profile: output.profile, batch: VoucherBatch(), context: context)
        let bytes = writer.bytes(of: codes)
        let name = output.pattern.name([
          .interface: compiled.interface.name, .profile: output.profile.name, .run: sixDigits(run),
        ])
        publications.append(try staging.stage(.report, name) { try $0(bytes) })
      }
    }
  }

  private var toldBefore: Set<ToldCode> {
    var told: Set<ToldCode> = []
    for compiled in definitions.interfaces {
      let held = before.held.filter { $0.interface == compiled.interface.name }
      for missing in held.flatMap(\.causes).compactMap(\.missing) {
        for (rule, new) in compiled.interface.newCodes.enumerated() where new.table == missing.table {
          told.insert(ToldCode(compiled, rule, missing.key))
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

/// A code of which finance has been told: by which profile, and of which table's file.
private struct ToldCode: Hashable {
  var profile: String
  var file: String
  var key: String

  init(_ compiled: CompiledInterface, _ rule: Int, _ key: String) {
    profile = compiled.newCodes[rule].profile.name
    file = compiled.tableFiles[compiled.interface.newCodes[rule].table] ?? ""
    self.key = key
  }
}

extension Conversion.InterfaceResult {
  /// The codes that held documents wait for, as the first of these has them.
  fileprivate func sought(_ rule: Int) -> [SoughtCode] {
    parts.flatMap { part in
      part.file.sought.compactMap { code, documents -> (code: SoughtCode, document: Int32)? in
        guard code.rule == rule else { return nil }
        let held = documents.filter { part.file.posted.store.documents[Int($0)].verdict == .held }
        return held.min().map { (code, $0) }
      }.sorted { ($0.document, $0.code.key) < ($1.document, $1.code.key) }.map(\.code)
    }
  }
}
