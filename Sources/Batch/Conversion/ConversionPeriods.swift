import Findings
import Ledger
import Mapping
import Posting

extension ConvertedFile {
  /// Sees to it that no draft is dated in a closed period. What takes back goes to the first open one, and so does a new
  /// voucher where its book says so; else its document is held, or rejected. Nothing crosses a fiscal year.
  ///
  /// - Parameter isDeferred: whether the documents were posted before: they stay as they are.
  mutating func keepClosed(_ closed: ClosedPeriods, _ compiled: CompiledInterface, isDeferred: Bool) {
    let lastDays = compiled.books.map { closed.lastDay(of: $0.book.name) }
    guard lastDays.contains(where: { $0 != nil }) else { return }
    var moved: (document: Int32, day: Day)?
    for (index, draft) in posted.drafts.drafts.enumerated() {
      let place = compiled.postings[Int(draft.posting)].book
      guard let last = lastDays[place], draft.day <= last,
        posted.store.documents[Int(draft.document)].makesVouchers
      else { continue }
      let book = compiled.books[place]
      let open = Day(number: last.number + 1)
      let arguments = [draft.day.description, book.book.name, open.description]
      if draft.reverses == 0, book.closedPeriod != .nextOpen {
        let isRejected = book.closedPeriod == .reject && !isDeferred
        judge(Int(draft.document), .periodClosed, isRejected ? .reject : .hold, Array(arguments.dropLast()))
      } else if compiled.fiscalYear(of: open) != compiled.fiscalYear(of: draft.day) {
        judge(Int(draft.document), .periodOtherYear, .hold, arguments)
      } else {
        posted.drafts.move(index, to: open)
        if moved.map({ $0 == (draft.document, draft.day) }) != true {
          judge(Int(draft.document), .periodMoved, .note, arguments)
        }
        moved = (draft.document, draft.day)
      }
    }
  }

  private mutating func judge(_ index: Int, _ code: FindingCode, _ severity: Severity, _ arguments: [String])
  {
    let document = posted.store.documents[index]
    switch severity {
    case .hold: posted.store.documents[index].verdict = .held
    case .reject: posted.store.documents[index].verdict = .rejected
    default: break
    }
    findings.add(
      code, severity, document: index, row: document.firstRow, line: document.firstLine, column: nil,
      [posted.store.keyText(index)] + arguments)
  }

  /// Of documents that are not corrected after all nobody is told that they are.
  mutating func withdrawCorrections() {
    let documents = posted.store.documents.indices.filter {
      let document = posted.store.documents[$0]
      return document.takenBack != 0 && [.held, .rejected].contains(document.verdict)
    }
    findings.withdraw(Self.corrected, of: Set(documents.map { Int32($0) }))
  }

  private static let corrected: Set<FindingCode> = [
    .documentCorrected, .documentReposted, .documentVoided, .documentWithdrawn,
  ]
}
