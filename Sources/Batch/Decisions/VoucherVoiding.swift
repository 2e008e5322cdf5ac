import Findings
import Ledger
import Mapping
import Posting
import State

/// A person's decision that a voucher which the finance system refused counts as never posted (作废): it stays on the register with
/// its number and the reason, and its documents are posted anew when an export brings them again.
package struct VoucherVoiding: Sendable {
  package let voucher: String
  package let by: String
  package let reason: String

  package init(_ voucher: String, by: String, reason: String) {
    (self.voucher, self.by, self.reason) = (voucher, by, reason)
  }

  /// Why it is not voided.
  package enum Refusal: Sendable {
    /// No run gave it.
    case unknown
    /// The finance system has not refused it.
    case notRefused
    /// It is a red voucher, or one of its documents is taken back by one: without it the other would stand alone.
    case inCorrection
    /// The kept entries of its run are gone or changed, or its interface is: nobody knows its documents.
    case entriesLost
  }

  fileprivate func judge(
    _ definitions: CompiledDefinitions, _ state: StateStore, _ entries: ArchivedEntries
  ) throws -> Judgement<Refusal> {
    guard let name = VoucherName(voucher), try name.number <= state.counter(name.prefix),
      let run = try state.run(ofVoucher: voucher)
    else { return .refused(.unknown) }
    guard var standing = try state.standing(ofVoucher: voucher), standing.standing == .refused else {
      return .refused(.notRefused)
    }
    guard try !state.reversals().contains(where: { $0.voucher == voucher || $0.red == voucher }) else {
      return .refused(.inCorrection)
    }
    guard let block = try entries.blocks(run, [voucher], state)?.first(where: { !$0.documents.isEmpty }),
      definitions.interfaces.contains(where: { $0.interface.name == block.interface })
    else { return .refused(.entriesLost) }
    (standing.standing, standing.reason) = (.void, reason)
    let archive = try RunArchive(run, state, entries.workspace)
    var replays = Replays(
      try archive?.definitions(), try archive?.record(), state, entries.workspace)
    var origins: [[UInt8]: VoidedVoucher.Origin] = [:]
    for document in block.documents {
      origins[document.key] = try replays.rows(of: document.key, block.interface).map {
        VoidedVoucher.Origin(amounts: $0.amounts, fileName: $0.fileName, line: $0.places.first?.line ?? 0)
      }
    }
    return .granted(
      .voiding(
        VoidedVoucher(
          interface: block.interface, standing: standing, date: block.documents[0].date,
          keys: block.documents.map(\.key), origins: origins,
          finding: Finding(
            .voucherVoided, .note, at: Place(file: "archive/entries"), [voucher, by, reason]))))
  }
}

/// A voucher that is voided, with the documents behind it.
struct VoidedVoucher {
  var interface: String
  var standing: VoucherStanding
  var date: Day
  var keys: [[UInt8]]
  /// Of each document; none where the archive has its rows no more.
  var origins: [[UInt8]: Origin]
  var finding: Finding

  /// What a document adds to the measures, as the state keeps it, and where it came from.
  struct Origin {
    var amounts: String
    var fileName: [UInt8]
    var line: Int
  }

  /// The posting's code, with which the prefix of a voucher ID ends: `A-XS-R-`.
  static func code(of prefix: String) -> String? {
    prefix.dropLast().split(separator: "-").last.map(String.init)
  }
}

extension Pipeline {
  /// A run in which a refused voucher is voided.
  package func void(_ voiding: VoucherVoiding) throws(WorldError) -> Decided<VoucherVoiding.Refusal> {
    try decide { definitions, state, _ in
      try voiding.judge(definitions, state, ArchivedEntries(workspace: workspace))
    }
  }
}

extension Past {
  /// The voucher's documents are as if its posting had never been made.
  func void(_ voucher: VoidedVoucher) throws(StateError) {
    guard let code = VoidedVoucher.code(of: voucher.standing.prefix),
      let gone = slotCodes.firstIndex(of: code)
    else { return }
    for key in voucher.keys {
      // By now it may be in another voucher.
      guard let before = try find(key[...]), before.voucher(posting: gone) == voucher.standing.number else {
        continue
      }
      voided.append(key)
      let new = posted.append(
        key: key.span, run: before.run, file: before.file, row: before.row, year: before.year,
        day: before.day)
      for slot in slotCodes.indices where slot != gone {
        if let hash = before.hash(posting: slot) { posted.set(hash: hash, posting: slot, of: new) }
        if let number = before.voucher(posting: slot) { posted.set(voucher: number, posting: slot, of: new) }
      }
    }
    settlePosted()
  }
}

extension ConversionOutput {
  /// The voucher is void from now on. Its documents must come again: until then no period is closed over them.
  mutating func carryOut(_ voucher: VoidedVoucher) throws(StateError) {
    var standing = voucher.standing
    standing.run = run
    decision.standings.append(standing)
    guard let interface = result.interfaces.first(where: { $0.compiled.interface.name == voucher.interface }),
      let code = VoidedVoucher.code(of: standing.prefix)
    else { return }
    let book = definitions.book(ofVouchers: standing.prefix)?.book.name ?? ""
    // A held version may have been judged in the same run; what is made now that its month is over is another posting.
    let judged = interface.parts.filter { !$0.isDeferred || $0.isReposted }.flatMap { part in
      let store = part.file.posted.store
      return store.documents.indices.filter { store.documents[$0].verdict != .held }.map {
        Array(store.key($0))
      }
    }
    decision.corrections += interface.past.voided.compactMap { interface.refused($0, standing) }
      .filter { refused in
        !decision.corrections.contains { $0.key == refused.key && $0.interface == refused.interface }
      }
    let waiting = Dictionary(
      uniqueKeysWithValues: try interface.past.state.unposted(of: voucher.interface).filter {
        $0.kind == .pending
      }
      .map { ($0.key, $0) })
    for key in interface.past.voided where !judged.contains(key) {
      let cause = HeldCause(code: code, arguments: [])
      // What it waits for beside goes on waiting.
      if var known = waiting[key] {
        known.causes.append(cause)
        decision.unpostedPut.append(known)
        continue
      }
      decision.unpostedPut.append(
        Unposted(
          interface: voucher.interface, key: key, kind: .pending, book: book, sinceRun: run,
          day: Int(voucher.date.number), fileName: voucher.origins[key]?.fileName ?? [],
          line: voucher.origins[key]?.line ?? 0, causes: [cause],
          amounts: voucher.origins[key].map { interface.amounts(carriedBy: code, of: key, $0.amounts) }
            ?? "{}"
        ))
    }
  }
}

extension Conversion.InterfaceResult {
  /// What a document was with the voucher that is voided now; that it was void itself, where the version that was held for the
  /// voucher's sake is.
  fileprivate func refused(_ key: [UInt8], _ standing: VoucherStanding) -> Correction? {
    guard let before = past.known(key[...]),
      let voided = compiled.postings.indices.first(where: {
        compiled.idPrefix(posting: $0) == standing.prefix
      })
    else { return nil }
    var postings: [Correction.Posting] = []
    for posting in compiled.postings(ofBook: compiled.postings[voided].book) {
      let (code, slot) = (compiled.postings[posting].code, past.slot(of: posting))
      guard let content = before.hash(posting: slot) else { continue }
      let number = before.voucher(posting: slot) ?? 0
      postings.append(
        Correction.Posting(
          code: code, content: content,
          voucher: number == 0 || number == PostedDocument.elsewhere
            ? "" : voucherID(prefix: compiled.idPrefix(posting: posting), number: number),
          red: "", black: ""))
    }
    return Correction(
      interface: compiled.interface.name, key: key, run: standing.run,
      cause: parts.contains { $0.hasVoid(key) } ? .void : .refused, postings: postings)
  }

  /// Of a document's amounts those that a posting of it carried which is voided now.
  fileprivate func amounts(carriedBy code: String, of key: [UInt8], _ amounts: String) -> String {
    let measures = compiled.interface.measures
    let others = past.known(key[...])
    var sums = measures.sums(of: amounts)
    for (measure, carriers) in compiled.carriers.enumerated() {
      let carrier = carriers.first { carrier in
        compiled.postings[carrier.posting].code == code
          || others?.hash(posting: past.slot(of: carrier.posting)) != nil
      }
      if carrier.map({ compiled.postings[$0.posting].code }) != code { sums[measure] = 0 }
    }
    return measures.amounts(sums[...])
  }
}

extension Conversion.Part {
  fileprivate func hasVoid(_ key: [UInt8]) -> Bool {
    let store = file.posted.store
    return store.documents.indices.contains { store.documents[$0].isVoid && store.key($0).elementsEqual(key) }
  }
}
