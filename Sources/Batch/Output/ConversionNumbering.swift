import Findings
import Ledger
import Mapping
import Posting
import State
import Writers

extension Conversion.Result {
  /// For each interface the documents whose vouchers a profile would refuse, and why; empty when nothing speaks
  /// against writing.
  func breaches() -> [String: [[UInt8]: Finding]] {
    var refused: [String: [[UInt8]: Finding]] = [:]
    for result in interfaces.flatMap({ [$0, $0.rehearsed] }) {
      for (book, vouchers) in result.vouchersByBook {
        let context = result.context(dimensions, run: 0, book: book)
        for output in result.compiled.outputs {
          var check = ContractCheck(profile: output.profile, batch: result.vouchers.batch, context: context)
          for breach in check.breaches(of: vouchers) where !breach.isMended {
            let finding = check.finding(of: breach)
            for key in result.keys(ofVoucher: breach.voucher, entry: breach.entry) {
              refused[result.compiled.interface.name, default: [:]][Array(key)] = finding
            }
          }
        }
      }
    }
    return refused
  }

  /// Tells the documents behind vouchers in which a profile cut off a text, or replaced a character.
  mutating func tellMended() {
    for at in interfaces.indices {
      let batch = interfaces[at].vouchers.batch
      for (book, vouchers) in interfaces[at].vouchersByBook {
        let context = interfaces[at].context(dimensions, run: 0, book: book)
        for output in interfaces[at].compiled.outputs where output.profile.mends {
          var check = ContractCheck(profile: output.profile, batch: batch, context: context)
          for breach in check.breaches(of: vouchers) where breach.isMended {
            let finding = check.finding(of: breach)
            for reference in interfaces[at].vouchers.drafts(ofVoucher: breach.voucher) {
              interfaces[at].parts[Int(reference.file)].file.tell(finding, draft: Int(reference.draft))
            }
          }
        }
      }
    }
  }

  /// Gives every voucher its permanent number, in order of date, then group key or first record.
  /// - Parameter counters: last numbers by ID prefix; moved on.
  mutating func number(_ counters: inout [String: Int64]) {
    for interface in interfaces.indices {
      let compiled = interfaces[interface].compiled
      let past = interfaces[interface].past
      let drafts = interfaces[interface].parts.map(\.file.posted.drafts.drafts)
      for posting in compiled.postings.indices {
        let prefix = compiled.idPrefix(posting: posting)
        var number = counters[prefix, default: 0]
        for voucher in interfaces[interface].vouchers.vouchers(ofPosting: posting) {
          number += 1
          interfaces[interface].vouchers.batch.number(voucher, as: number)
          for reference in interfaces[interface].vouchers.drafts(ofVoucher: voucher) {
            let draft = drafts[Int(reference.file)][Int(reference.draft)]
            if draft.reverses != 0 { continue }
            past.set(
              voucher: number, posting: posting, part: Int(reference.file), document: Int(draft.document))
          }
        }
        if number > 0 { counters[prefix] = number }
      }
    }
  }
}

extension Conversion.InterfaceResult {
  /// The same with what is made when the month is over, as it would be today.
  var rehearsed: Self {
    var other = self
    other.vouchers = rehearsal
    for part in parts.indices { other.parts[part].file.posted.drafts = parts[part].file.posted.rehearsed }
    return other
  }

  /// Keys of the documents that a voucher comes from, or of those that have a part in one of its entries.
  func keys(ofVoucher voucher: Int, entry: Int? = nil) -> [ArraySlice<UInt8>] {
    let all = vouchers.drafts(ofVoucher: voucher)
    let behind = entry.map { entry in
      let sought = vouchers.batch.entry(entry, of: vouchers.batch.vouchers[voucher])
      return all.filter { reference in
        let drafts = parts[Int(reference.file)].file.posted.drafts
        return drafts.entries[drafts.drafts[Int(reference.draft)].entries].contains { own in
          own.account == sought.account && own.dimensions == sought.dimensions && own.unit == sought.unit
            && own.detail == sought.detail
        }
      }
    }
    return (behind.flatMap { $0.isEmpty ? nil : $0 } ?? Array(all)).map { reference in
      let file = parts[Int(reference.file)].file.posted
      return file.store.key(Int(file.drafts.drafts[Int(reference.draft)].document))
    }
  }

  /// Indices of the vouchers of each book that has any.
  var vouchersByBook: [(book: Int, vouchers: [Int])] {
    let all = vouchers.batch.vouchers
    guard compiled.books.count > 1 else { return all.isEmpty ? [] : [(0, Array(all.indices))] }
    return compiled.books.indices.compactMap { book in
      let postings = compiled.postings(ofBook: book)
      let own = all.indices.filter { postings.contains(Int(all[$0].posting)) }
      return own.isEmpty ? nil : (book, own)
    }
  }

  func context(_ dimensions: Dimensions, run: Int, book: Int) -> VoucherContext {
    VoucherContext(
      book: compiled.books[book].book, interface: compiled.interface.name, run: Int64(run),
      postings: compiled.postings.indices.map {
        PostingContext(
          name: compiled.postings[$0].name, idPrefix: compiled.idPrefix(posting: $0),
          voucherType: compiled.postings[$0].type)
      }, dimensions: dimensions)
  }
}

extension ConvertedFile {
  /// Adds what was found out about a voucher to the document that a draft is of.
  mutating func tell(_ finding: Finding, draft: Int) {
    let index = Int(posted.drafts.drafts[draft].document)
    let document = posted.store.documents[index]
    findings.add(
      finding.code, finding.severity, document: index, row: document.firstRow, line: document.firstLine,
      column: nil, finding.arguments)
  }
}

extension Past {
  /// Says which voucher has a posted document's posting.
  func set(voucher: Int64, posting: Int, part: Int, document: Int) {
    var index = Int(indices[part][document])
    precondition(index >= 0, "A voucher's documents are among those that the run posts")
    posted.set(voucher: voucher, posting: slot(of: posting), of: index)
    while let later = successors[index] {
      posted.set(voucher: voucher, posting: slot(of: posting), of: later)
      index = later
    }
  }
}
