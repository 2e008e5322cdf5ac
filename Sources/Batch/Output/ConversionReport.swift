import Findings
import Ledger
import Mapping
import Posting
import Readers
import Reconciliation
import State
import Writers

/// The run's books: each part's tally, what was written, and the findings.
extension ConversionOutput {
  mutating func reconcile(
    _ index: Int, _ written: [Int: WrittenTotals], _ rejects: [[String]], _ tallies: [Tally]
  ) {
    let interface = result.interfaces[index]
    let compiled = interface.compiled
    let measures = compiled.interface.measures
    var whole = Tally(
      interface: compiled.interface.name, file: nil, measures: measures.map { ($0.name, $0.scale) })
    for (place, part) in interface.parts.enumerated() {
      let tally = tallies[place]
      // Held documents that were tried and go on waiting have no part in this run's books.
      if part.held != nil, !part.isDeferred, tally.documents[.released] == 0 { continue }
      whole.add(tally)
      let name = String(decoding: part.name, as: UTF8.self)
      report.files.append(
        FileReport(
          name: name, interface: compiled.interface.name, sha256: hex(part.sha256 ?? []), size: part.size,
          outcome: part.repeated != nil ? .repeated : part.file.stop == nil ? .done : .stopped, tally: tally,
          rejectFiles: rejects[place]))
      if let heads = part.heads { add(heads, of: compiled) }
      addFindings(of: part, compiled)
    }
    for superseded in [interface.supersededTally(), interface.overtakenTally()].compactMap(\.self) {
      whole.add(superseded)
      report.files.append(
        FileReport(
          name: superseded.file ?? "", interface: compiled.interface.name, sha256: "", size: 0,
          outcome: .done,
          tally: superseded))
    }
    for document in interface.past.superseded where !interface.past.dismissed.contains(document.key) {
      let file = String(decoding: document.fileName, as: UTF8.self)
      report.findings.add(.documentSuperseded, .note, file: file) {
        Finding(
          .documentSuperseded, .note, at: Place(file: file, line: document.places.first.map(\.line)),
          [DocumentStore.text(ofKey: document.key)])
      }
    }
    addWithoutVoucher(interface)
    let absorbed = interface.absorbed(in: interface.parts.map(\.file.posted))
    // The whole run's `posted` is taken from the entries as they were written, not from those who made them.
    let twice = interface.carriedTwice(in: interface.parts.map(\.file.posted))
    for (measure, carriers) in compiled.carriers.enumerated()
    where carriers.allSatisfy({ $0.rule != nil && !interface.mergesRules(of: $0.posting) }) {
      whole[measure: measure][.posted] = carriers.reduce(-twice[measure]) { posted, carrier in
        guard let rule = carrier.rule else { return posted }
        let sums =
          written[compiled.postings[carrier.posting].book]?.sums(posting: carrier.posting, rule: rule)
          ?? WrittenTotals.Sums()
        let entryRule = compiled.postings[carrier.posting].entries[rule]
        // Where a book swaps sides, what is red stands on the other one.
        let balance = sums.debits - sums.credits
        return posted + (entryRule.side == .debit ? balance : -balance)
          - (entryRule.absorbs ? absorbed[carrier.posting] ?? 0 : 0)
      }
    }
    report.interfaces.append(whole)
    for (book, totals) in written.sorted(by: { $0.key < $1.key }) {
      add(totals, compiled, compiled.books[book].book, absorbed)
    }
  }

  private mutating func add(_ heads: Conversion.HeadsFile, of compiled: CompiledInterface) {
    let name = String(decoding: heads.name, as: UTF8.self)
    report.files.append(
      FileReport(
        name: name, interface: compiled.interface.name, sha256: hex(heads.sha256), size: heads.size,
        outcome: .heads))
    for remark in heads.remarks {
      report.findings.add(remark.code, .warning, file: name) {
        Finding(remark.code, .warning, at: Place(file: name, line: remark.line), remark.arguments)
      }
    }
  }

  private mutating func add(
    _ written: WrittenTotals, _ compiled: CompiledInterface, _ book: Book, _ absorbed: [Int128?]
  ) {
    for posting in compiled.postings.indices where written.vouchers[posting] > 0 {
      let sums = written.sums(posting: posting)
      let prefix = compiled.idPrefix(posting: posting)
      report.postings.append(
        PostingReport(
          book: book.name, interface: compiled.interface.name, posting: compiled.postings[posting].name,
          vouchers: written.vouchers[posting], entries: sums.entries, debits: sums.debits,
          credits: sums.credits, absorbed: absorbed[posting],
          ids: written.numbers[posting].map {
            voucherID(
              prefix: prefix, number: $0.lowerBound)...voucherID(prefix: prefix, number: $0.upperBound)
          }))
    }
    for (index, account) in book.chart.accounts.enumerated() {
      let sums = written.sums(account: index)
      guard sums.entries > 0 else { continue }
      if let known = report.accounts.firstIndex(where: { $0.book == book.name && $0.code == account.code }) {
        report.accounts[known].debits += sums.debits
        report.accounts[known].credits += sums.credits
      } else {
        report.accounts.append(
          AccountReport(
            book: book.name, code: account.code, name: account.name, debits: sums.debits,
            credits: sums.credits))
      }
    }
  }

  /// Documents whose entries are all zero are posted all the same, and listed as such.
  private mutating func addWithoutVoucher(_ interface: Conversion.InterfaceResult) {
    for reference in interface.vouchers.withoutVoucher {
      let part = interface.parts[Int(reference.file)]
      let draft = part.file.posted.drafts.drafts[Int(reference.draft)]
      let document = Int(draft.document)
      let name = String(decoding: part.name, as: UTF8.self)
      report.findings.add(.documentWithoutVoucher, .note, file: name) {
        Finding(
          .documentWithoutVoucher, .note,
          at: Place(file: name, line: Int(part.file.posted.store.documents[document].firstLine)),
          [
            part.file.posted.store.keyText(document), interface.compiled.postings[Int(draft.posting)].name,
          ])
      }
    }
  }

  private mutating func addFindings(of part: Conversion.Part, _ compiled: CompiledInterface) {
    let name = String(decoding: part.name, as: UTF8.self)
    let store = part.file.posted.store
    if let stop = part.file.stop { report.findings.add(stop.finding) }
    var worst: [Int32: Int] = [:]
    for (index, item) in part.file.findings.items.enumerated() {
      // What is still held was told by the run that held it.
      if part.held != nil, part.pieces == nil, !part.isDeferred, item.document >= 0,
        store.documents[Int(item.document)].verdict == .held
      {
        continue
      }
      // What waits for the rest of it is told where it is put together, or not at all where it was held before.
      if item.severity == .hold, item.document >= 0,
        part.joined.contains(Int(item.document))
          || store.documents[Int(item.document)].verdict == .repeated
      {
        continue
      }
      // The rest of a deferred document was told when it was posted.
      if part.isDeferred, item.code == .checkFailed, item.severity == .warning { continue }
      // A warning is about what was posted all the same.
      if item.severity == .warning, ![.documentWithdrawn, .documentOlder, .repostKept].contains(item.code),
        item.document >= 0,
        case let document = store.documents[Int(item.document)], document.verdict != .posted,
        !document.isMissing
      {
        continue
      }
      report.findings.add(item.code, item.severity, file: name) {
        part.file.finding(item, name: name)
      }
      guard item.document >= 0, item.severity >= .hold else { continue }
      if let known = worst[item.document], part.file.findings.items[known].severity >= item.severity {
        continue
      }
      worst[item.document] = index
    }
    for document in worst.keys.sorted() {
      let verdict = store.documents[Int(document)].verdict
      guard verdict == .rejected || verdict == .held, let index = worst[document] else { continue }
      let item = part.file.findings.items[index]
      report.note {
        DocumentNote(
          file: name, line: Int(item.line), key: store.keyText(Int(document)), bucket: verdict.bucket,
          code: item.code,
          reason: part.file.finding(item, name: name).message(
            in: definitions.workspace.language))
      }
    }
  }
}
