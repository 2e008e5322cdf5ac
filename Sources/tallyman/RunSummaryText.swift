import Batch
import Findings

/// What a call of `tallyman run` did, for a person at a terminal or in cron's mail.
struct RunSummaryText {
  private let outcome: Pipeline.Outcome
  private let workspace: Workspace

  init(_ outcome: Pipeline.Outcome, workspace: Workspace) {
    self.outcome = outcome
    self.workspace = workspace
  }

  func show() {
    let language = outcome.language
    Terminal.show(outcome.findings, in: language)
    for file in outcome.waiting { Terminal.say(file.message(in: language)) }
    for (number, summary) in outcome.runs {
      Terminal.say(CommandWording.runDone.text(in: language, [String(number)]))
      for line in Self.lines(summary, in: language) { Terminal.say("  " + line) }
      for name in summary?.published ?? [] where !outcome.unpublished.contains(name) {
        Terminal.say("  → outbox/" + name)
      }
    }
    if let head = outcome.head { Terminal.say(CommandWording.head.text(in: language, [head])) }
    if !outcome.unpublished.isEmpty {
      Terminal.say(
        CommandWording.notPublished.text(
          in: language, [String(outcome.unpublished.count), String(outcome.inboxWaits)]))
    }
    if outcome.runs.isEmpty, outcome.findings.isEmpty, Terminal.resultsAreSeen {
      Terminal.say(CommandWording.nothingToDo.text(in: language))
    }
    if outcome.overdueDocuments > 0 {
      Terminal.say(CommandWording.overdue.text(in: language, [String(outcome.overdueDocuments)]))
    }
    if outcome.refusedVouchers > 0 {
      Terminal.say(CommandWording.refused.text(in: language, [String(outcome.refusedVouchers)]))
    }
    if outcome.heldDocuments > 0 {
      Terminal.say(CommandWording.heldRemain.text(in: language, [String(outcome.heldDocuments)]))
    }
  }

  /// A run in a few lines: documents by verdict, then what each posting wrote.
  static func lines(_ summary: RunSummary?, in language: Language) -> [String] {
    guard let summary else { return [] }
    func count(_ bucket: String) -> String { String(summary.documents[bucket] ?? 0) }
    var lines = [
      CommandWording.documents.text(
        in: language,
        [
          count("read"), count("released"), count("posted"), count("rejected"), count("held"),
          count("repeated"),
          count("ignored"),
        ])
    ]
    for (file, reason) in summary.stopped.sorted(by: { $0.key < $1.key }) {
      lines.append(CommandWording.stopped.text(in: language, [file, reason.message(in: language)]))
    }
    for (code, wording) in [
      ("document-reposted", CommandWording.reposted), ("repost-kept", CommandWording.repostKept),
    ] {
      guard let count = summary.findings[code], count > 0 else { continue }
      lines.append(wording.text(in: language, [String(count)]))
    }
    if summary.pendingDocuments > 0 {
      lines.append(CommandWording.pending.text(in: language, [String(summary.pendingDocuments)]))
    }
    if let acknowledged = summary.acknowledged, let refused = summary.refused {
      lines.append(CommandWording.answers.text(in: language, [String(acknowledged), String(refused)]))
    }
    for posting in summary.postings {
      lines.append(
        CommandWording.posting.text(
          in: language,
          [
            posting.interface, posting.posting, String(posting.vouchers), String(posting.entries),
            posting.amount,
            posting.first, posting.last,
          ]))
    }
    return lines
  }
}
