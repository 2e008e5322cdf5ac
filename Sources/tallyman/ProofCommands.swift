import ArgumentParser
import Batch
import Findings

struct VerifyCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Proves that state, archive and outbox still are what the commits recorded, or says what is wrong.")

  @OptionGroup var workspace: WorkspaceOption

  @Option(
    name: .long, help: "The head of the chain that a run printed: all up to there must be as it was then.")
  var head: String?

  func run() throws {
    let verification = try Verification(workspace.value, clock: RunClock(), head: head)
    let language = try CompiledDefinitions(of: workspace.value).language
    Terminal.show(verification.findings, in: language)
    // Of what could not be looked at, nothing is said.
    let lookedAt = verification.runs > 0 || verification.findings.isEmpty
    if lookedAt {
      Terminal.say(
        ProofWording.verified.text(
          in: language,
          [
            String(verification.runs), String(verification.archived), String(verification.published),
            String(verification.collected),
          ]))
    }
    if !verification.head.isEmpty {
      Terminal.say(CommandWording.head.text(in: language, [verification.head]))
    }
    if !verification.isWhole { Terminal.say(ProofWording.inPart.text(in: language)) }
    guard verification.findings.isEmpty else {
      Terminal.say(ProofWording.notAsRecorded.text(in: language, [String(verification.findings.count)]))
      throw ExitCode(10)
    }
    if verification.isWhole { Terminal.say(ProofWording.asRecorded.text(in: language)) }
  }
}

struct RebuildCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Makes the state again from the records in the archive; refuses where they do not prove it.")

  @OptionGroup var workspace: WorkspaceOption

  func run() throws {
    let rebuild = try Rebuild(workspace.value, clock: RunClock())
    let language = try CompiledDefinitions(of: workspace.value).language
    Terminal.say(ProofWording.rebuilt.text(in: language, [String(rebuild.runs)]))
    if let aside = rebuild.setAside { Terminal.say(ProofWording.setAside.text(in: language, [aside])) }
    for name in rebuild.returned {
      Terminal.say(ProofWording.returned.text(in: language, [name.printable]))
    }
  }
}

/// What `verify` and `rebuild` say, in both languages.
private enum ProofWording {
  /// runs, archived, published, collected
  static let verified = Wording(
    en:
      "{0 run|runs}, {1 archived file|archived files} and {2 published file|published files} as recorded; {3 published file has|published files have} been collected",
    zh: "{0} 个批次、{1} 个归档文件、{2} 个交付文件与记录一致；{3} 个交付文件已被取走")
  static let inPart = Wording(
    en:
      "not everything could be compared: records of commits are missing, changed, or still to be published",
    zh: "没有全部核对：有提交记录缺失、被改动或尚未发布")
  static let asRecorded = Wording(
    en: "everything is as the commits recorded it", zh: "一切与各批次的提交记录一致")
  static let notAsRecorded = Wording(
    en: "{0 thing is|things are} not as the commits recorded", zh: "有 {0} 处与提交记录不一致")
  static let rebuilt = Wording(
    en: "the state is made again from the records of {0 run|runs}; `tallyman verify` compares it",
    zh: "已按 {0} 个批次的提交记录重建状态库，可用 tallyman verify 核对")
  static let setAside = Wording(en: "the old state lies in {0}", zh: "原状态库放在 {0}")
  static let returned = Wording(
    en: "inbox/{0} had been taken by a run that was never committed, and lies in the inbox again",
    zh: "inbox/{0} 曾被一个没有提交的批次取走，已放回收件箱")
}
