public import Expressions
import Findings
public import Readers

/// What the finance system says of one voucher (回执).
public struct VoucherAnswer: Sendable, Hashable {
  /// Index of the document, whose key is the voucher's ID.
  public var document: Int
  public var isRefused: Bool
  /// 凭证号 as it stands there; empty where the answer has none.
  public var number: String
  public var reason: String
}

/// What is known of a voucher when an answer comes.
public enum VoucherKnowledge: Sendable, Hashable {
  /// No run gave it.
  case unknown
  case unanswered
  case acknowledged(number: String)
  case refused(reason: String)
  case void
}

/// Takes the answers of a file out of its documents, and judges them by what is known of the vouchers.
public struct VoucherAnswers: Sendable {
  private let rule: AcknowledgeRule
  public private(set) var all: [VoucherAnswer] = []

  public init(_ rule: AcknowledgeRule) { self.rule = rule }

  /// - Parameters:
  ///   - ranges: for each of the store's last documents its records in the batch.
  ///   - known: asked for each of them that nothing else speaks against.
  public mutating func take(
    _ ranges: [Range<Int>], of gatherer: inout DocumentGatherer, _ evaluation: Evaluation,
    _ batch: RecordBatch, known: (ArraySlice<UInt8>) -> VoucherKnowledge
  ) {
    let first = gatherer.store.documents.count - ranges.count
    for (offset, records) in ranges.enumerated()
    where gatherer.store.documents[first + offset].verdict == .posted {
      let index = first + offset
      // An answer of a row an entry has the number in some of them.
      let numbers = texts(rule.number, records, evaluation, batch)
      let answer = VoucherAnswer(
        document: index,
        isRefused: rule.refused.map { slot in records.contains { evaluation.isTrue(slot, $0) } } ?? false,
        number: numbers.first ?? "",
        reason: texts(rule.reason, records, evaluation, batch).first ?? "")
      judge(answer, known(gatherer.store.key(index)), &gatherer)
      if numbers.count > 1, gatherer.store.documents[index].verdict != .rejected {
        gatherer.settle(
          index, .rejected, .voucherTwice, .reject, [gatherer.store.keyText(index), numbers[0], numbers[1]])
      }
    }
  }

  /// The different texts that the records have, in order.
  private func texts(
    _ slot: Slot?, _ records: Range<Int>, _ evaluation: Evaluation, _ batch: RecordBatch
  ) -> [String] {
    guard let slot else { return [] }
    let column = evaluation.slots[slot]
    var texts: [String] = []
    for record in records where column.state(record) == Presence.present {
      let range = column.text(record)
      let text = String(
        decoding: batch.bytes[Int(range.start)..<Int(range.start + range.length)], as: UTF8.self)
      if !text.isEmpty, !texts.contains(text) { texts.append(text) }
    }
    return texts
  }

  private mutating func judge(
    _ answer: VoucherAnswer, _ known: VoucherKnowledge, _ gatherer: inout DocumentGatherer
  ) {
    let index = answer.document
    let id = gatherer.store.keyText(index)
    switch (known, answer.isRefused) {
    case (.unanswered, true) where !answer.number.isEmpty, (.refused, true) where !answer.number.isEmpty,
      (.acknowledged(""), true) where !answer.number.isEmpty:
      gatherer.settle(index, .rejected, .answerContradicts, .reject, [id, answer.number, answer.reason])
    case (.unknown, _): gatherer.settle(index, .rejected, .voucherUnknown, .reject, [id])
    case (.void, true):
      // What was refused and then voided stands in each later list, too.
      gatherer.settle(index, .repeated, .voucherRefused, .note, [id, answer.reason])
    case (.void, false): gatherer.settle(index, .rejected, .voucherIsVoid, .reject, [id])
    case (.acknowledged(let number), false) where number == answer.number || answer.number.isEmpty:
      gatherer.settle(index, .repeated, .voucherAnswered, .note, [id, number.isEmpty ? "-" : number])
    case (.acknowledged(let number), false) where number.isEmpty: all.append(answer)
    case (.acknowledged(let number), false):
      gatherer.settle(index, .rejected, .voucherTwice, .reject, [id, number, answer.number])
    case (.acknowledged(let number), true):
      // Who imports a file once more is told of each voucher that it is there.
      gatherer.settle(index, .ignored, .voucherAnswered, .note, [id, number.isEmpty ? "-" : number])
    case (.refused(let reason), true) where reason == answer.reason:
      gatherer.settle(index, .repeated, .voucherRefused, .warning, [id, reason])
    case (.unanswered, false), (.refused, false): all.append(answer)
    case (.unanswered, true), (.refused, true):
      gatherer.settle(index, .posted, .voucherRefused, .warning, [id, answer.reason])
      all.append(answer)
    }
  }
}

extension DocumentGatherer {
  fileprivate mutating func settle(
    _ index: Int, _ verdict: Verdict, _ code: FindingCode, _ severity: Severity, _ arguments: [String]
  ) {
    store.documents[index].verdict = verdict
    findings.add(
      code, severity, document: index, row: store.documents[index].firstRow,
      line: store.documents[index].firstLine, column: nil, arguments)
  }
}
