import Findings
import Ledger
import Mapping
import Posting
import Reconciliation
import State
import Writers

/// The file that tells the inventory system what became of its documents (回写): one line for each of which this run decided
/// something, or heard something of its vouchers.
struct WriteBack {
  struct Line: Hashable {
    var document: String
    var result: Result
    /// IDs, red ones first, in order of postings.
    var vouchers: [String] = []
    /// 凭证号 in the finance system.
    var number = ""
    var reason = ""
  }

  /// The worst last.
  enum Result: Int {
    case void, acknowledged, reversed, ignored, adopted, posted, pending, refused, held, rejected

    var word: Wording {
      switch self {
      case .posted: Wording(en: "posted", zh: "已入账")
      case .pending: Wording(en: "posted in part", zh: "部分入账")
      case .rejected: Wording(en: "rejected", zh: "退回")
      case .held: Wording(en: "held", zh: "挂起")
      case .ignored: Wording(en: "ignored", zh: "忽略")
      case .adopted: Wording(en: "posted elsewhere", zh: "已在别处入账")
      case .reversed: Wording(en: "reversed", zh: "已冲销")
      case .acknowledged: Wording(en: "acknowledged", zh: "已确认")
      case .refused: Wording(en: "refused", zh: "被拒绝")
      case .void: Wording(en: "void", zh: "已作废")
      }
    }
  }

  static let header = Wording(
    en: "document,result,vouchers,number,reason", zh: "单据,结果,凭证,凭证号,原因")

  /// UTF-8 with a byte-order mark, CRLF, quoted as RFC 4180 has it.
  static func text(_ lines: [Line], in language: Language) -> String {
    let rows = lines.map { line in
      [
        line.document, line.result.word.text(in: language), line.vouchers.joined(separator: " "),
        line.number, line.reason,
      ].map(ReportCSV.quoted).joined(separator: ",")
    }
    return "\u{FEFF}" + ([header.text(in: language)] + rows).map { $0 + "\r\n" }.joined()
  }
}

extension [WriteBack.Line] {
  /// A document of which there are several: the last one says how it stands.
  fileprivate var worstLast: Self {
    var places: [String: Int] = [:]
    for line in self where places[line.document] == nil { places[line.document] = places.count }
    return enumerated().sorted { left, right in
      (places[left.element.document] ?? 0, left.element.result.rawValue, left.offset)
        < (places[right.element.document] ?? 0, right.element.result.rawValue, right.offset)
    }.map(\.element)
  }
}

extension ConversionOutput {
  mutating func writeBack(to staging: Staging) throws {
    let answered = try answeredDocuments()
    for compiled in definitions.interfaces {
      guard let pattern = compiled.writeBack else { continue }
      let own = result.interfaces.first { $0.compiled.interface.name == compiled.interface.name }
      let language = definitions.workspace.language
      let why = decided?.held.flatMap { _ in decided?.findings.first?.message(in: language) }
      var lines = own?.writeBackLines(language: language) ?? []
      let said = Set(lines.map(\.document))
      lines += try own?.dismissedLines(why ?? "").filter { !said.contains($0.document) } ?? []
      lines += answered[compiled.interface.name] ?? []
      lines = lines.worstLast
      guard !lines.isEmpty else { continue }
      let text = WriteBack.text(lines, in: definitions.workspace.language)
      let name = pattern.name([.interface: compiled.interface.name, .run: sixDigits(run)])
      publications.append(try staging.stage(.report, name) { try $0(Array(text.utf8)) })
    }
  }

  /// The documents of the vouchers of which this run heard something, by interface.
  private func answeredDocuments() throws -> [String: [WriteBack.Line]] {
    guard !decision.standings.isEmpty, definitions.interfaces.contains(where: { $0.writeBack != nil }),
      let state = result.interfaces.first?.past.state
    else { return [:] }
    var byRun: [Int: [String: VoucherStanding]] = [:]
    for standing in decision.standings {
      guard let run = try state.run(ofVoucher: standing.voucher) else { continue }
      byRun[run, default: [:]][standing.voucher] = standing
    }
    var lines: [String: [WriteBack.Line]] = [:]
    for (run, standings) in byRun.sorted(by: { $0.key < $1.key }) {
      for block in try entries.blocks(run, Set(standings.keys), state) ?? [] {
        lines[block.interface, default: []] += block.documents.compactMap { document in
          guard let standing = standings[document.voucher] else { return nil }
          return WriteBack.Line(
            document: DocumentStore.text(ofKey: document.key), result: standing.standing.asWrittenBack,
            vouchers: [document.voucher], number: standing.financeNumber, reason: standing.reason)
        }
      }
    }
    return lines
  }
}

extension VoucherStanding.Standing {
  fileprivate var asWrittenBack: WriteBack.Result {
    switch self {
    case .acknowledged: .acknowledged
    case .refused: .refused
    case .void: .void
    }
  }
}

extension Conversion.InterfaceResult {
  /// Of documents that came as they were nothing is to be said: it has been.
  fileprivate func writeBackLines(language: Language) -> [WriteBack.Line] {
    let reds = reds
    var lines: [WriteBack.Line] = []
    for (place, part) in parts.enumerated() {
      let reasons = Reasons(part, language: language)
      let store = part.file.posted.store
      for (index, document) in store.documents.enumerated() where !document.nameless {
        var line = WriteBack.Line(document: store.keyText(index), result: .posted)
        switch document.verdict {
        case .repeated: continue
        case .posted:
          if document.waits != 0 || !isWhole(place, index) { line.result = .pending }
          line.vouchers = redVouchers(place, index, reds) + vouchers(place, index)
        case .rejected: (line.result, line.reason) = (.rejected, reasons.message(of: index))
        case .held where part.held != nil: continue
        case .held: (line.result, line.reason) = (.held, reasons.message(of: index))
        case .ignored where document.takesBack:
          line.result = .reversed
          line.vouchers = redVouchers(place, index, reds)
        case .ignored where document.isMissing: continue
        case .ignored where document.isAdopted: line.result = .adopted
        case .ignored: line.result = .ignored
        }
        lines.append(line)
      }
    }
    return lines
  }

  /// Of documents that are not held any more, and stay as they were posted, or are not posted.
  fileprivate func dismissedLines(_ why: String) throws(StateError) -> [WriteBack.Line] {
    var lines: [WriteBack.Line] = []
    for key in past.dismissed.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      var line = WriteBack.Line(document: DocumentStore.text(ofKey: key), result: .ignored, reason: why)
      defer { lines.append(line) }
      guard let posted = past.known(key[...]), posted.isPosted else { continue }
      line.result = past.waitingForMonthEnd(key).isEmpty ? .posted : .pending
      // Which vouchers it is in has been told. Of several books this number may be another one's.
      guard compiled.books.count == 1 else { continue }
      for posting in compiled.postings.indices {
        let slot = past.slot(of: posting)
        if posted.hash(posting: slot) == nil { line.result = .pending }
        guard let number = posted.voucher(posting: slot), number != 0, number != PostedDocument.elsewhere
        else { continue }
        let voucher = voucherID(prefix: compiled.idPrefix(posting: posting), number: number)
        guard let name = VoucherName(voucher), let heard = try past.standing(name), heard.standing == .refused
        else { continue }
        (line.result, line.reason) = (.refused, heard.reason)
      }
    }
    return lines
  }

  /// Whether every posting of a posted document is made: one may lack a voucher that was voided before this run.
  private func isWhole(_ part: Int, _ index: Int) -> Bool {
    let document = parts[part].file.posted.store.documents[index]
    return compiled.postings(ofBook: compiled.bookIndex(of: document) ?? 0).allSatisfy { posting in
      document.skipped >> UInt32(posting) & 1 != 0
        || past.isPosted(posting: past.slot(of: posting), part: part, document: index)
    }
  }

  private func redVouchers(_ part: Int, _ document: Int, _ reds: [Red: Int64]) -> [String] {
    compiled.postings.indices.compactMap { posting in
      reds[Red(part: part, document: document, posting: posting)].map {
        voucherID(prefix: compiled.idPrefix(posting: posting), number: $0)
      }
    }
  }

  private func vouchers(_ part: Int, _ document: Int) -> [String] {
    let own = parts[part].file.posted.store.documents[document]
    return compiled.postings(ofBook: compiled.bookIndex(of: own) ?? 0).compactMap { posting in
      // Earlier ones have been told, and may have had other codes.
      guard own.done >> UInt32(posting) & 1 == 0 else { return nil }
      let number = past.voucher(posting: past.slot(of: posting), part: part, document: document)
      return number == 0 || number == PostedDocument.elsewhere
        ? nil : voucherID(prefix: compiled.idPrefix(posting: posting), number: number)
    }
  }
}
