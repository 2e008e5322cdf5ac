import Findings
import Ledger
import Mapping
import Posting
import Reconciliation
import State

extension Past {
  /// What is known of a voucher: from earlier runs, and from the files of this one so far.
  func voucher(_ id: ArraySlice<UInt8>) -> VoucherKnowledge {
    guard let name = VoucherName(String(decoding: id, as: UTF8.self)) else { return .unknown }
    do throws(StateError) {
      guard try name.number <= state.counter(name.prefix) else { return .unknown }
      guard let known = try standing(name) else { return .unanswered }
      switch known.standing {
      case .acknowledged: return .acknowledged(number: known.financeNumber)
      case .refused: return .refused(reason: known.reason)
      case .void: return .void
      }
    } catch {
      failure = failure ?? error
      return .unknown
    }
  }

  /// What was heard of a voucher, by this run or before.
  func standing(_ name: VoucherName) throws(StateError) -> VoucherStanding? {
    if let now = answered[name] ?? answeredBefore[name] { return now }
    return try state.standing(name.prefix, name.number)
  }

  /// Takes note of a file's answers: also where the rest of one goes back to the operator, for the voucher is there twice.
  func addAnswers(of file: ConvertedFile) {
    guard file.stop == nil, !file.answers.isEmpty else { return }
    let store = file.posted.store
    let twice = file.documents(with: .voucherTwice)
    for answer in file.answers
    where store.documents[answer.document].verdict == .posted || twice.contains(answer.document) {
      guard let name = VoucherName(store.keyText(answer.document)) else { continue }
      answered[name] = VoucherStanding(
        prefix: name.prefix, number: name.number, standing: answer.isRefused ? .refused : .acknowledged,
        financeNumber: answer.number, reason: answer.reason, run: run)
    }
  }
}

extension ConversionOutput {
  /// What this run hears of vouchers.
  mutating func decideAnswers(_ interface: Conversion.InterfaceResult) throws {
    for part in interface.parts { try tellOtherNumbers(part, interface.past.state) }
    let answered = interface.past.answered.values.sorted { ($0.prefix, $0.number) < ($1.prefix, $1.number) }
    decision.standings += answered
    if answered.contains(where: { $0.standing == .refused }) { decision.needsPerson = true }
  }

  /// A book that gives its numbers itself has them without gaps only as long as the finance system keeps them.
  private mutating func tellOtherNumbers(_ part: Conversion.Part, _ state: StateStore) throws {
    let store = part.file.posted.store
    var answers: [Int: [String: VoucherAnswer]] = [:]
    for answer in part.file.answers where !answer.isRefused && !answer.number.isEmpty {
      let id = store.keyText(answer.document)
      guard let name = VoucherName(id), definitions.book(ofVouchers: name.prefix)?.number == .own,
        let run = try state.run(ofVoucher: id)
      else { continue }
      answers[run, default: [:]][id] = answer
    }
    for (run, answers) in answers.sorted(by: { $0.key < $1.key }) {
      var told: Set<String> = []
      for document in try entries.blocks(run, Set(answers.keys), state)?.flatMap(\.documents) ?? [] {
        guard let answer = answers[document.voucher], told.insert(document.voucher).inserted,
          let there = answer.number.lastNumber, there != document.ownNumber
        else { continue }
        report.findings.add(
          Finding(
            .numberDiffers, .warning,
            at: Place(file: part.file.posted.name, line: Int(store.documents[answer.document].firstLine)),
            [document.voucher, "\(document.type)-\(document.ownNumber)", answer.number]))
      }
    }
  }
}

extension String {
  /// The number with which a 凭证号 ends, however it is written: 7 of `记-0007` and of `记字第7号`.
  fileprivate var lastNumber: Int64? {
    let digits = reversed().drop { !$0.isASCIIDigit }.prefix { $0.isASCIIDigit }
    return Int64(String(digits.reversed()))
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

extension CompiledDefinitions {
  /// Vouchers of which nothing was heard for as many days as their book allows.
  func silentVouchers(in state: StateStore, on today: Day) throws(StateError) -> [Finding] {
    var findings: [Finding] = []
    for book in books {
      guard let days = book.acknowledgeDays else { continue }
      let last = Day(number: today.number - Int32(days) - 1)
      guard let run = try state.lastRun(by: last.description) else { continue }
      for silent in try state.unanswered(upTo: run)
      where self.book(ofVouchers: silent.prefix)?.book.name == book.book.name {
        findings.append(
          Finding(
            .vouchersSilent, .warning, at: book.name.place,
            [silent.prefix, String(silent.count), String(days), String(silent.since)]))
      }
    }
    return findings
  }
}
