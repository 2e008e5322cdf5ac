import Batch
import Findings

/// What is explained, on the terminal.
struct ExplanationText {
  private let language: Language

  init(_ language: Language) { self.language = language }

  func show(_ found: Explanation) {
    say(ExplainWording.voucher, [found.voucher, found.interface, found.posting, found.date])
    say(ExplainWording.run, [String(found.run), found.clock, found.definitions])
    if let number = found.number { say(ExplainWording.number, [found.type, String(number)]) }
    if !found.isPublished { say(ExplainWording.notDone) }
    for output in found.outputs {
      say(ExplainWording.output, [output.name, output.lines.map(String.init).joined(separator: ", ")])
    }
    if let answer = found.answer {
      say(ExplainWording.answer(answer.state), [String(answer.run), answer.financeNumber, answer.reason])
    } else {
      say(ExplainWording.unanswered)
    }
    for name in found.absent { say(ExplainWording.absent, [name]) }
    for entry in found.entries { show(entry) }
    for document in found.documents { show(document) }
    if found.documents.contains(where: { $0.arithmetic == .tooMany }) { say(ExplainWording.tooMany) }
    if found.documents.contains(where: { $0.arithmetic == .notAsked }) {
      say(ExplainWording.notAsked, [found.voucher])
    }
    for gap in found.gaps {
      switch gap {
      case .definitions: say(ExplainWording.definitionsGone)
      case .record: say(ExplainWording.recordGone)
      }
    }
  }

  private func show(_ entry: Explanation.Entry) {
    let side = entry.side == "debit" ? ExplainWording.debit : ExplainWording.credit
    let details =
      quantity(entry.quantity, entry.unit) + [entry.split, entry.memo, entry.cashFlow].filter { !$0.isEmpty }
      + (entry.foreign.map { ["\($0.currency) \($0.amount) × \($0.rate)"] } ?? [])
      + entry.dimensions.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    say(
      ExplainWording.entry,
      [
        String(entry.number), side.text(in: language), entry.account, entry.amount,
        details.joined(separator: ", "),
      ])
    if let rule = entry.rule { say(ExplainWording.rule, [rule.place, rule.account, rule.amount]) }
    for share in entry.shares {
      say(
        ExplainWording.share,
        [share.document, share.amount, quantity(share.quantity, entry.unit).joined()])
      for term in share.terms {
        let rule = term.rule == entry.rule?.place ? "" : term.rule
        say(ExplainWording.term, [String(term.line), text(of: term.amount), rule])
        show(term)
      }
      if let absorbed = share.absorbed { say(ExplainWording.absorbed, [absorbed]) }
    }
  }

  /// What a line has beside its amount.
  private func show(_ term: ExplainedTerm) {
    for (wording, arithmetic) in [
      (ExplainWording.quantity, term.quantity), (ExplainWording.foreign, term.foreign),
      (ExplainWording.rate, term.rate),
    ] {
      if let arithmetic { say(wording, [text(of: arithmetic)]) }
    }
  }

  private func quantity(_ quantity: String?, _ unit: String) -> [String] {
    quantity.map { [unit.isEmpty ? $0 : "\($0) \(unit)"] } ?? []
  }

  private func show(_ document: Explanation.Source) {
    say(ExplainWording.document, [document.document])
    show(document.file)
    show(document.corrections)
    for record in document.records { show(record) }
    show(document.arithmetic)
  }

  /// Why rows and arithmetic are not shown.
  private func show(_ arithmetic: Explanation.Shown) {
    switch arithmetic {
    case .shown, .notAsked, .tooMany: break
    case .red: say(ExplainWording.red)
    case .gone: say(ExplainWording.rowsGone)
    case .unlike: say(ExplainWording.unlike)
    }
  }

  func show(_ found: RowExplanation) {
    say(ExplainWording.rowOf, [found.file.name, String(found.line), found.interface])
    show(found.file)
    if !found.otherRuns.isEmpty {
      say(ExplainWording.otherRuns, [found.otherRuns.map(String.init).joined(separator: ", ")])
    }
    if found.isLastOfSeveral { say(ExplainWording.lastOfSeveral) }
    if let document = found.document { say(ExplainWording.document, [document]) }
    say(verdict(found.verdict), [String(found.file.run)])
    for reason in found.reasons { say(ExplainWording.reason, [reason.message, reason.code]) }
    if let condition = found.condition { say(ExplainWording.condition, [condition]) }
    if let since = found.heldSince { say(ExplainWording.heldSince, [String(since)]) }
    if let reject = found.reject { say(ExplainWording.reject, [reject, found.rejectFile ?? ""]) }
    for posted in found.stands {
      say(ExplainWording.stands, [posted.posting, posted.voucher, String(posted.run)])
    }
    for given in found.gave { show(given) }
    if found.verdict == .posted {
      if found.arithmetic == .unlike { say(ExplainWording.unlike) }
      if found.arithmetic == .shown, found.gave.isEmpty { say(ExplainWording.gaveNothing) }
    }
    for later in found.later {
      say(verdict(later.verdict), [String(later.run), later.clock])
      for reason in later.reasons { say(ExplainWording.reason, [reason.message, reason.code]) }
      for given in later.gave { show(given) }
      if later.verdict == .posted {
        show(later.arithmetic)
        if later.arithmetic == .shown, later.gave.isEmpty { say(ExplainWording.gaveNothing) }
      }
    }
    takenBack(found.corrections)
    if let record = found.record { show(record) }
  }

  private func takenBack(_ links: [CorrectionLink]) {
    for link in links {
      let names = [link.voucher, link.red].map { named($0) }
      say(ExplainWording.takenBack, names + [ExplainWording.cause(link.cause).text(in: language)])
      if !link.black.isEmpty { say(ExplainWording.replacedBy, [link.black]) }
    }
  }

  private func show(_ given: RowExplanation.Given) {
    let side = given.side == "debit" ? ExplainWording.debit : ExplainWording.credit
    let place = given.entry.map { "\(given.voucher)/\($0)" } ?? given.voucher
    say(
      ExplainWording.given,
      [place, side.text(in: language), given.account, text(of: given.term.amount), given.term.rule])
    if given.isVoid { say(ExplainWording.voided) }
    show(given.term)
  }

  private func verdict(_ verdict: RowExplanation.Verdict) -> Wording {
    switch verdict {
    case .posted: ExplainWording.rowPosted
    case .adopted: ExplainWording.rowAdopted
    case .held: ExplainWording.rowHeld
    case .rejected: ExplainWording.rowRejected
    case .ignored: ExplainWording.rowIgnored
    case .repeated: ExplainWording.rowRepeated
    case .void: ExplainWording.rowVoid
    case .withdrawn: ExplainWording.rowWithdrawn
    case .answer: ExplainWording.rowAnswer
    case .layout: ExplainWording.rowLayout
    case .unknown: ExplainWording.rowUnknown
    }
  }

  private func show(_ record: ExplainedRecord) {
    let cells = record.cells.map { "\($0.column) = \($0.text)" }.joined(separator: ", ")
    say(ExplainWording.record, [String(record.row), String(record.line), cells])
    for field in record.fields {
      say(ExplainWording.field, [field.name, field.type, text(of: field.arithmetic), field.place])
    }
    for row in record.tables {
      let answers = row.answers.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
      say(
        ExplainWording.tableRow,
        [
          row.table, row.sought.joined(separator: ", "), row.place, row.keys.joined(separator: ", "),
          answers.joined(separator: ", "), validity(row.from, row.to),
        ])
    }
  }

  private func validity(_ from: String?, _ to: String?) -> String {
    guard from != nil || to != nil else { return "" }
    return ExplainWording.validity.text(in: language, [from ?? "…", to ?? "…"])
  }

  /// `gross - tax = 113.00 - 13.00 → 100.00`.
  private func text(of arithmetic: Arithmetic) -> String {
    let expressions =
      [arithmetic.expression] + (arithmetic.values == arithmetic.expression ? [] : [arithmetic.values])
    let value = arithmetic.value.isEmpty ? "—" : arithmetic.value
    let sign = arithmetic.unsigned.map { "\($0), document.sign → " } ?? ""
    let roundings = arithmetic.roundings.map {
      ExplainWording.rounding.text(in: language, [$0.from, $0.to])
    }
    return expressions.joined(separator: " = ") + " → " + sign + value + roundings.joined()
  }

  func show(_ history: DocumentHistory) {
    say(ExplainWording.documentOf, [history.document, history.interface])
    for version in history.versions {
      say(verdict(version.verdict), [String(version.run), version.clock])
      if version.file != nil || version.verdict.hasFile { show(version.file) }
      for reason in version.reasons { say(ExplainWording.reason, [reason.message, reason.code]) }
      if let condition = version.condition { say(ExplainWording.condition, [condition]) }
      for posted in version.vouchers {
        say(
          posted.run == version.run ? ExplainWording.posted : ExplainWording.stands,
          [posted.posting, posted.voucher, String(posted.run)])
        if posted.isVoid { say(ExplainWording.voided) }
      }
      for posting in version.pending { say(ExplainWording.pending, [posting]) }
      // Of a posting that the document did not have before, the voucher has been told.
      takenBack(version.corrections.filter { !$0.voucher.isEmpty || !$0.red.isEmpty })
    }
    for posting in history.deferred { say(ExplainWording.deferred, [posting]) }
  }

  private func verdict(_ verdict: DocumentHistory.Version.Verdict) -> Wording {
    switch verdict {
    case .posted: ExplainWording.wasPosted
    case .adopted: ExplainWording.wasAdopted
    case .held: ExplainWording.wasHeld
    case .rejected: ExplainWording.wasRejected
    case .void: ExplainWording.wasVoid
    case .withdrawn: ExplainWording.wasWithdrawn
    case .missing: ExplainWording.wasMissing
    case .ignored: ExplainWording.wasIgnored
    case .unapproved: ExplainWording.wasUnapproved
    case .lacking: ExplainWording.wasLacking
    case .gone: ExplainWording.wasGone
    case .dismissed: ExplainWording.wasDismissed
    case .repeated: ExplainWording.wasRepeated
    }
  }

  private func named(_ id: String) -> String { id.isEmpty ? ExplainWording.nothing.text(in: language) : id }

  private func show(_ file: SourceFile?) {
    guard let file else { return say(ExplainWording.noFile) }
    let place = [file.name, file.archived, file.sha256, String(file.run)]
    if let row = file.row {
      say(ExplainWording.fileAndRow, place + [String(row)])
    } else {
      say(ExplainWording.file, place)
    }
  }

  private func show(_ corrections: [CorrectionLink]) {
    for link in corrections {
      let cause = ExplainWording.cause(link.cause).text(in: language)
      switch link.part {
      case .reverses: say(ExplainWording.reverses, [named(link.voucher), cause, String(link.run)])
      case .reversed: say(ExplainWording.reversed, [named(link.red), cause, String(link.run)])
      case .replaces: say(ExplainWording.replaces, [named(link.voucher), cause, String(link.run)])
      case .voided: break
      }
      if link.part != .replaces, !link.black.isEmpty { say(ExplainWording.replacedBy, [link.black]) }
    }
  }

  private func say(_ wording: Wording, _ arguments: [String] = []) {
    Terminal.say(wording.text(in: language, arguments).trimmingEnd)
  }
}

extension DocumentHistory.Version.Verdict {
  /// Whether what the run made of the document was made of rows that it had.
  fileprivate var hasFile: Bool {
    switch self {
    case .posted, .held, .rejected, .adopted, .void, .withdrawn, .ignored, .repeated: true
    case .missing, .unapproved, .lacking, .gone, .dismissed: false
    }
  }
}

extension String {
  /// Without the blanks that an empty last part of a sentence leaves.
  fileprivate var trimmingEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
