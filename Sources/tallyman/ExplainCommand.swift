import ArgumentParser
import Batch
import Findings

struct ExplainCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Where a voucher comes from, and what became of a document or a source row.",
    discussion: """
      Of a voucher: its run, its files, and what each document gave to each entry. Of a document: what each run made of
      it, and the vouchers that it went into. Of a source row: the entries that it gave, or why it gave none.
      """)

  @OptionGroup var workspace: WorkspaceOption

  @Argument(
    help:
      "The voucher's ID, as A-XS-R-00000017; A-XS-R-00000017/3 is its third entry with rows and arithmetic.")
  var voucher: String?

  @Option(name: .long, help: "The key of a document, as the log shows it, instead of a voucher.")
  var document: String?

  @Option(name: .long, help: "The document's interface, where several have one of that key.")
  var interface: String?

  @Option(
    name: .long,
    help:
      "A row of a file that was taken, as FILE:LINE; the file as it was dropped, or as it is called in archive/."
  )
  var row: String?

  @Flag(name: .long, help: "One JSON object a line.")
  var json = false

  func validate() throws {
    guard [voucher, document, row].compactMap(\.self).count == 1 else {
      throw ValidationError("explain wants a voucher's ID, --document KEY or --row FILE:LINE")
    }
    guard row == nil || place != nil else { throw ValidationError("--row wants FILE:LINE, as sales.csv:17") }
    guard interface == nil || document != nil else {
      throw ValidationError("--interface goes with --document")
    }
  }

  func run() throws {
    let language = try CompiledDefinitions(of: workspace.value).language
    if let voucher { try explain(voucher: voucher, language) }
    if let document { try explain(document: document, language) }
    if let place { try explain(row: place, language) }
  }

  private var place: (file: String, line: Int)? {
    guard let row, let cut = row.lastIndex(of: ":"), let line = Int(row[row.index(after: cut)...]), line > 0
    else { return nil }
    return (String(row[..<cut]), line)
  }

  private func explain(voucher: String, _ language: Language) throws {
    let parts = voucher.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let entry = parts.count == 2 ? Int(parts[1]) ?? 0 : nil
    guard let found = try Explanation.find(parts[0], entry: entry, in: workspace.value) else {
      throw unknown(ExplainWording.unknown, [voucher], language)
    }
    guard entry == nil || !found.entries.isEmpty else {
      throw unknown(ExplainWording.noEntry, [parts[0], parts[1], String(found.entryCount)], language)
    }
    if json { return Terminal.say(found.json) }
    ExplanationText(language).show(found)
  }

  private func explain(document: String, _ language: Language) throws {
    let found = try DocumentHistory.find(
      document, interface: interface, in: workspace.value, language: language)
    guard !found.isEmpty else { throw unknown(ExplainWording.noDocument, [document], language) }
    for history in found {
      if json { Terminal.say(history.json) } else { ExplanationText(language).show(history) }
    }
  }

  private func explain(row: (file: String, line: Int), _ language: Language) throws {
    let found = try RowExplanation.find(row.file, line: row.line, in: workspace.value, language: language)
    guard let found else { throw unknown(ExplainWording.noFileTaken, [row.file], language) }
    if json { Terminal.say(found.json) } else { ExplanationText(language).show(found) }
  }

  private func unknown(_ wording: Wording, _ arguments: [String], _ language: Language) -> ExitCode {
    Terminal.complain(wording.text(in: language, arguments))
    return ExitCode(64)
  }
}
