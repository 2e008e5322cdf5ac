import ArgumentParser
import Batch
import Findings

struct ExplainCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Where a voucher comes from: its run, its files, and what each document gave to each entry.")

  @OptionGroup var workspace: WorkspaceOption

  @Argument(help: "The voucher's ID, as A-XS-R-00000017; A-XS-R-00000017/3 is its third entry alone.")
  var voucher: String

  @Flag(name: .long, help: "One JSON object.")
  var json = false

  func run() throws {
    let parts = voucher.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let entry = parts.count == 2 ? Int(parts[1]) ?? 0 : nil
    let found = try Explanation.find(parts[0], entry: entry, in: workspace.value)
    let language = try CompiledDefinitions(of: workspace.value).language
    guard let found else {
      Terminal.complain(ExplainWording.unknown.text(in: language, [voucher]))
      throw ExitCode(64)
    }
    guard entry == nil || !found.entries.isEmpty else {
      Terminal.complain(
        ExplainWording.noEntry.text(in: language, [parts[0], parts[1], String(found.entryCount)]))
      throw ExitCode(64)
    }
    if json { return Terminal.say(found.json) }
    ExplanationText(found, language).show()
  }
}

/// An explained voucher on the terminal.
private struct ExplanationText {
  let found: Explanation
  let language: Language

  init(_ found: Explanation, _ language: Language) { (self.found, self.language) = (found, language) }

  func show() {
    say(ExplainWording.voucher, [found.voucher, found.interface, found.posting, found.date])
    say(ExplainWording.run, [String(found.run), found.clock, found.definitions])
    if !found.isPublished { say(ExplainWording.notDone) }
    for output in found.outputs {
      say(ExplainWording.output, [output.name, output.lines.map(String.init).joined(separator: ", ")])
    }
    for name in found.absent { say(ExplainWording.absent, [name]) }
    for entry in found.entries { show(entry) }
    for document in found.documents { show(document) }
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
    for share in entry.shares {
      say(
        ExplainWording.share,
        [share.document, share.amount, quantity(share.quantity, entry.unit).joined()])
    }
  }

  private func quantity(_ quantity: String?, _ unit: String) -> [String] {
    quantity.map { [unit.isEmpty ? $0 : "\($0) \(unit)"] } ?? []
  }

  private func show(_ document: Explanation.Source) {
    say(ExplainWording.document, [document.document])
    if let file = document.file {
      say(ExplainWording.file, [file.name, String(file.row), file.archived, file.sha256, String(file.run)])
    } else {
      say(ExplainWording.noFile)
    }
    for link in document.corrections {
      let cause = ExplainWording.cause(link.cause).text(in: language)
      func named(_ id: String) -> String { id.isEmpty ? ExplainWording.nothing.text(in: language) : id }
      switch link.part {
      case .reverses: say(ExplainWording.reverses, [named(link.voucher), cause, String(link.run)])
      case .reversed: say(ExplainWording.reversed, [named(link.red), cause, String(link.run)])
      case .replaces: say(ExplainWording.replaces, [named(link.voucher), cause, String(link.run)])
      }
      if link.part != .replaces, !link.black.isEmpty { say(ExplainWording.replacedBy, [link.black]) }
    }
  }

  private func say(_ wording: Wording, _ arguments: [String] = []) {
    Terminal.say(wording.text(in: language, arguments).trimmingEnd)
  }
}

extension String {
  /// Without the blanks that an empty last part of a sentence leaves.
  fileprivate var trimmingEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
