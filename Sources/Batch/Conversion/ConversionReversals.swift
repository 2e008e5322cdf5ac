import Findings
import Ledger
import Mapping
import Posting
import State

/// The entries that committed runs have posted, from the archive.
struct ArchivedEntries {
  let workspace: Workspace

  /// The documents' parts in some of a run's vouchers; `nil` where the file is gone, or is not what the run wrote.
  func read(_ run: Int, _ vouchers: Set<String>, _ interface: String, _ state: StateStore) throws
    -> [KeptEntries.DocumentEntries]?
  {
    try blocks(run, vouchers, state)?.filter { $0.interface == interface }.flatMap(\.documents)
  }

  /// The same of all interfaces; of all vouchers where none are named.
  func blocks(_ run: Int, _ vouchers: Set<String>?, _ state: StateStore) throws -> [KeptEntries.Block]? {
    try RunArchive(run, state, workspace)?.blocks(vouchers)
  }
}

/// Drafts that take back what was posted (红字冲销).
struct Reversals {
  let compiled: CompiledInterface
  let past: Past
  let entries: ArchivedEntries
  let language: Language

  /// What of a document is in a voucher.
  private struct Posted {
    var document: Int
    var posting: Int
    var number: Int64
    var voucher: String
    var run: Int
  }

  /// Adds them to a file's drafts. A document that can't be taken back is held as it is.
  func add(to file: inout ConvertedFile, dimensions: inout Dimensions) throws {
    let takingBack = file.posted.store.documents.indices.filter {
      let document = file.posted.store.documents[$0]
      return document.takesBack || (past.source == .reposted && document.verdict == .posted)
    }
    var sought: [(index: Int, own: [Posted])] = []
    for index in takingBack {
      let document = file.posted.store.documents[index]
      if try isElsewhere(document, file.posted.store.key(index)) {
        // Of one that a snapshot lacks there is nothing that could be another now.
        if document.isMissing {
          try hold(
            &file, index, .documentMissing, [String(past.find(file.posted.store.key(index))?.run ?? 0)])
        } else {
          hold(&file, index, .adoptedChanged, [])
        }
        continue
      }
      sought.append((index, try posted(document, index, file.posted.store)))
    }
    guard !sought.isEmpty else { return }
    var kept: [Int: [KeptEntries.DocumentEntries]] = [:]
    for (run, documents) in Dictionary(grouping: sought.flatMap(\.own), by: \.run) {
      kept[run] = try entries.read(
        run, Set(documents.map(\.voucher)), compiled.interface.name, past.state)
    }
    var byPart: [String: KeptEntries.DocumentEntries] = [:]
    for part in kept.values.joined() {
      byPart[part.voucher + String(decoding: part.key, as: UTF8.self)] = part
    }
    for (index, own) in sought {
      let key = String(decoding: file.posted.store.key(index), as: UTF8.self)
      let found = own.filter { byPart[$0.voucher + key] != nil }
      // What the finance system did not take can't be reversed there.
      let mayBeRefused = compiled.books.count == 1 ? own.filter { kept[$0.run] == nil } + found : found
      if let refused = try mayBeRefused.first(where: { try isRefused($0) }) {
        hold(&file, index, .refusedToCorrect, [refused.voucher])
        continue
      }
      let slots = Set(found.map { past.slot(of: $0.posting) })
      let lost = own.filter { kept[$0.run] == nil && !slots.contains(past.slot(of: $0.posting)) }
      for one in lost { hold(&file, index, .entriesLost, [one.voucher, String(one.run)]) }
      if lost.isEmpty, let gone = past.lostVoucher(of: file.posted.store, index, found: slots) {
        hold(&file, index, .postingGone, [gone.code, gone.number == 0 ? "-" : String(gone.number)])
        continue
      }
      for one in found {
        if let part = byPart[one.voucher + key] { try reverse(part, of: one, in: &file, &dimensions) }
      }
    }
  }

  private func reverse(
    _ part: KeptEntries.DocumentEntries, of one: Posted, in file: inout ConvertedFile,
    _ dimensions: inout Dimensions
  ) throws {
    let posting = compiled.postings[one.posting]
    do throws(EntryDrafts.AccountGone) {
      try file.posted.drafts.reverse(
        one.document, posting: (one.posting, posting.entries.count), part, reverses: one.number,
        day: part.date, memo: Array(memo(one.voucher).utf8), chart: compiled.books[posting.book].book.chart,
        dimensions: &dimensions)
    } catch {
      hold(&file, one.document, .accountGone, [one.voucher, error.code])
    }
  }

  /// Whether any of what is to be taken back was posted before Tallyman came.
  private func isElsewhere(_ document: Document, _ key: ArraySlice<UInt8>) throws(StateError) -> Bool {
    guard let before = try past.find(key) else { return false }
    return compiled.postings.indices.contains { posting in
      document.takenBack >> UInt32(posting) & 1 != 0
        && before.voucher(posting: past.slot(of: posting)) == PostedDocument.elsewhere
    }
  }

  private func isRefused(_ posted: Posted) throws -> Bool {
    let prefix = compiled.idPrefix(posting: posted.posting)
    return try VoucherName(voucherID(prefix: prefix, number: posted.number)).flatMap {
      try past.standing($0)
    }?
    .standing == .refused
  }

  private func memo(_ voucher: String) -> String {
    Wording(en: "reversal of {0}", zh: "冲销 {0}").text(in: language, [voucher])
  }

  /// A posting's slot has a number whatever the book: of several vouchers that have it, the entries tell which one is the
  /// document's.
  private func posted(
    _ document: Document, _ index: Int, _ store: DocumentStore
  ) throws(StateError) -> [Posted] {
    guard let before = try past.find(store.key(index)) else { return [] }
    var found: [Posted] = []
    let isAlone = compiled.books.count == 1
    let reversed =
      isAlone ? [] : try past.state.vouchersReversed(compiled.interface.name, key: Array(store.key(index)))
    for posting in compiled.postings.indices where document.takenBack >> UInt32(posting) & 1 != 0 {
      guard let number = before.voucher(posting: past.slot(of: posting)) else { continue }
      let prefix = compiled.idPrefix(posting: posting)
      let voucher = voucherID(prefix: prefix, number: number)
      if reversed.contains(voucher) { continue }
      if !isAlone, try past.state.isVoid(voucher) { continue }
      guard let run = try past.state.run(ofCounter: prefix, number: number) else { continue }
      found.append(
        Posted(document: index, posting: posting, number: number, voucher: voucher, run: run))
    }
    return found
  }

  private func hold(_ file: inout ConvertedFile, _ index: Int, _ code: FindingCode, _ arguments: [String]) {
    let document = file.posted.store.documents[index]
    file.posted.store.documents[index].verdict = .held
    file.findings.add(
      code, .hold, document: index, row: document.firstRow, line: document.firstLine, column: nil,
      [file.posted.store.keyText(index)] + arguments)
  }
}

extension Past {
  /// The codes of the register's postings that the mapping has no more.
  private func isLost(_ code: String) -> Bool { !compiled.postings.contains { $0.code == code } }

  /// Whether a document is in a voucher of such a posting, or waits for one.
  func hasLostPosting(_ document: PostedDocument, _ key: [UInt8]) -> Bool {
    slotCodes.indices.contains { slot in
      isLost(slotCodes[slot])
        && document.voucher(posting: slot).map { $0 != PostedDocument.elsewhere } == true
    } || lostWaiting(key, document) != nil
  }

  /// The code of such a posting that the document waits for: for a value of it, or for the end of its month.
  private func lostWaiting(_ key: [UInt8], _ document: PostedDocument) -> String? {
    do throws(StateError) {
      if let code = try lostPendingPosting(of: key) { return code }
    } catch {
      failure = failure ?? error
    }
    let mayWait = slotCodes.indices.contains { isLost(slotCodes[$0]) && document.hash(posting: $0) != nil }
    return mayWait ? waitingForMonthEnd(key).sorted().first(where: isLost) : nil
  }

  /// A voucher that a document to be taken back is in, and that today's codes of book, interface and posting don't lead to; or
  /// what it waits for by a code that the mapping has no more, without a number.
  /// - Parameter found: the slots whose vouchers were found.
  fileprivate func lostVoucher(
    of store: DocumentStore, _ index: Int, found: Set<Int>
  ) -> (code: String, number: Int64)? {
    guard let before = known(store.key(index)) else { return nil }
    for (slot, code) in slotCodes.enumerated() where !found.contains(slot) {
      guard let number = before.voucher(posting: slot), number != PostedDocument.elsewhere else { continue }
      let isAsked = compiled.postings.indices.contains { posting in
        store.documents[index].takenBack >> UInt32(posting) & 1 != 0 && self.slot(of: posting) == slot
      }
      if isAsked || isLost(code) { return (code, number) }
    }
    return lostWaiting(Array(store.key(index)), before).map { ($0, 0) }
  }
}

extension StateStore {
  /// Vouchers in which a document has been and is not any more, and the red ones that took it back, whatever the book: with
  /// the number of one of them another may stand in another book.
  /// - Parameter run: the last one of which this is asked.
  func vouchersReversed(
    _ interface: String, key: [UInt8], upTo run: Int = .max
  ) throws(StateError) -> Set<String> {
    let corrections = try corrections(interface, key: key).filter { $0.run <= run }
    return Set(
      corrections.flatMap(\.postings).filter { !$0.red.isEmpty }.flatMap { [$0.voucher, $0.red] })
  }

  /// Whether a voucher counted as never posted when a run was done.
  func isVoid(_ voucher: String, upTo run: Int = .max) throws(StateError) -> Bool {
    guard let standing = try standing(ofVoucher: voucher), standing.standing == .void else { return false }
    return standing.run <= run
  }
}

extension ConversionOutput {
  /// What the documents of which something is taken back were before, and in which vouchers.
  func corrections(_ interface: Conversion.InterfaceResult) throws -> [Correction] {
    let (compiled, past) = (interface.compiled, interface.past)
    let reds = interface.reds
    // What waited for a month's end was the document's as well, and may come again as an old version.
    let overtaken = past.overtakenKeys
    var corrections: [Correction] = []
    var replaced: [[UInt8]: Correction] = [:]
    for (place, part) in interface.parts.enumerated() {
      let store = part.file.posted.store
      for (index, document) in store.documents.enumerated()
      where document.takesBack || document.isAdopted
        || (!overtaken.isEmpty && document.verdict == .posted
          && overtaken.contains(Array(store.key(index))))
      {
        guard let before = try past.find(store.key(index)) else { continue }
        var postings: [Correction.Posting] = []
        // Where it may go to several books: the one whose vouchers are reversed, and the one that has it now.
        let old = compiled.postings.indices.first {
          reds[Red(part: place, document: index, posting: $0)] != nil
        }.map { compiled.postings[$0].book }
        let new = compiled.bookIndex(of: document) ?? old ?? 0
        for posting in compiled.postings(ofBook: old ?? new) {
          let slot = past.slot(of: posting)
          let code = compiled.postings[posting].code
          guard let content = before.hash(posting: slot), !postings.contains(where: { $0.code == code })
          else {
            continue
          }
          let prefix = compiled.idPrefix(posting: posting)
          func id(_ number: Int64, _ prefix: String) -> String {
            number == 0 || number == PostedDocument.elsewhere ? "" : voucherID(prefix: prefix, number: number)
          }
          let isBack = document.takenBack >> UInt32(posting) & 1 != 0
          let black = past.voucher(posting: slot, part: place, document: index)
          postings.append(
            Correction.Posting(
              code: code, content: content, voucher: id(before.voucher(posting: slot) ?? 0, prefix),
              red: id(reds[Red(part: place, document: index, posting: posting)] ?? 0, prefix),
              black: isBack
                ? id(
                  black,
                  prefix.replacing(
                    compiled.codePrefix(ofBook: old ?? new), with: compiled.codePrefix(ofBook: new),
                    maxReplacements: 1)) : ""))
        }
        if document.isAdopted, postings.isEmpty { continue }
        // What was posted elsewhere is another now, for it was corrected by hand.
        let cause: Correction.Cause =
          document.verdict == .posted || document.isAdopted
          ? part.isReposted ? .reposted : .changed
          : document.isVoid ? .void : document.isMissing ? .missing : .withdrawn
        let correction = Correction(
          interface: compiled.interface.name, key: Array(store.key(index)), run: run, cause: cause,
          postings: postings)
        if document.takesBack || document.isAdopted {
          corrections.append(correction)
        } else {
          replaced[correction.key] = correction
        }
      }
    }
    for correction in corrections { replaced[correction.key] = nil }
    corrections += replaced.values.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let completed = interface.completed
    for index in corrections.indices {
      corrections[index].postings += completed[corrections[index].key] ?? []
    }
    return try corrections + remarks(interface, beside: corrections)
  }
}

/// Of which document and posting a red voucher is.
struct Red: Hashable {
  var part: Int
  var document: Int
  var posting: Int
}

extension Conversion.InterfaceResult {
  /// The number of the red voucher of each.
  var reds: [Red: Int64] {
    var numbers: [Red: Int64] = [:]
    for (index, voucher) in vouchers.batch.vouchers.enumerated() where voucher.reverses != 0 {
      for reference in vouchers.drafts(ofVoucher: index) {
        let draft = parts[Int(reference.file)].file.posted.drafts.drafts[Int(reference.draft)]
        let red = Red(
          part: Int(reference.file), document: Int(draft.document), posting: Int(draft.posting))
        numbers[red] = voucher.number
      }
    }
    return numbers
  }
}
