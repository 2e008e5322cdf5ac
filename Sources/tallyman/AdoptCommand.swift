import ArgumentParser
import Batch
import Findings

struct AdoptCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract:
      "Takes note of the documents of an export that were posted elsewhere before Tallyman came: no vouchers.",
    discussion: """
      The file is read by the mapping that a run would choose for its name. All its documents are adopted, or none: what would be
      rejected or held is told, and nothing is changed. Dropped again later they are repeated.
      """)

  @OptionGroup var workspace: WorkspaceOption

  @Argument(help: "The export; it stays where it is, and a copy of it goes to the archive.")
  var file: String

  @Option(name: .long, help: "The run's time, for tests: ISO 8601 with offset; its own date is the run's.")
  var clock: String?

  func run() throws {
    let pipeline = Pipeline(workspace.value, clock: try RunClock.option(clock))
    let outcome = try pipeline.adopt(file)
    let language = try CompiledDefinitions(of: workspace.value).language
    switch outcome {
    case .done(let outcome):
      RunSummaryText(outcome, workspace: workspace.value).show()
      let documents = outcome.runs.last?.summary?.findings["document-adopted"] ?? 0
      Terminal.say(AdoptWording.adopted.text(in: language, [String(documents)]))
      let others = (outcome.runs.last?.summary?.documents["read"] ?? documents) - documents
      if others > 0 { Terminal.say(AdoptWording.others.text(in: language, [String(others)])) }
      if outcome.exitCode == 74 { throw ExitCode(74) }
    case .refused(let refusal):
      Terminal.show(refusal.findings, in: language)
      Terminal.complain(AdoptWording.refused.text(in: language, [file]))
      throw ExitCode(10)
    case .unpublished(let outcome):
      RunSummaryText(outcome, workspace: workspace.value).show()
      throw ExitCode(74)
    }
  }
}

/// What `adopt` says, in both languages.
private enum AdoptWording {
  static let adopted = Wording(en: "adopted: {0 document|documents}", zh: "已接管单据 {0} 张")
  static let others = Wording(
    en:
      "{0 document is|documents are} not: void, left out by the mapping, or known already; the log says which",
    zh: "另有 {0} 张未接管：已作废、映射不入账或已有记录，见对账单")
  static let refused = Wording(
    en: "nothing of {0} is adopted: mend what is said above, and adopt it again",
    zh: "{0} 没有接管：请先处理以上问题，再重新接管")
}
