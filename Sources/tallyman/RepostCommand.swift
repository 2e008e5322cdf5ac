import ArgumentParser
import Batch
import Findings

struct RepostCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "repost",
    abstract: "Posts documents anew by today's mapping; without --reason it only shows what it would do.",
    discussion: """
      A changed mapping is never applied to what was posted, but by this command. Where today's entries are others than those
      that were posted, these are taken back in red, and the new ones are posted; nothing else is touched. The rows come from
      the archive.
      """)

  @OptionGroup var workspace: WorkspaceOption

  @Argument(help: "The interface.")
  var interface: String

  @Option(name: .long, help: "The key of a document, as the log shows it; may be given several times.")
  var document: [String] = []

  @Option(name: .long, help: "All documents of a month, as 2026-03.")
  var period: String?

  @Option(name: .long, help: "Do it; the log says who did, and why.")
  var reason: String?

  @Option(name: .long, help: "The run's time, for tests: ISO 8601 with offset.")
  var clock: String?

  func validate() throws {
    guard document.isEmpty != (period == nil) else {
      throw ValidationError("repost wants either --document KEY or --period YYYY-MM, not both")
    }
    guard period == nil || selected != nil else { throw ValidationError("--period wants YYYY-MM") }
    guard reason?.isEmpty != true else { throw ValidationError("--reason wants a reason") }
  }

  private var selected: Reposting.Selection? {
    guard let period else { return .documents(document) }
    return Reposting.Selection(period: period)
  }

  func run() throws {
    guard let selected else { preconditionFailure("The options were looked at") }
    let pipeline = Pipeline(workspace.value, clock: try RunClock.option(clock))
    let reposting = Reposting(interface, selected, by: Terminal.person, reason: reason ?? "")
    let language = try CompiledDefinitions(of: workspace.value).language
    guard reason != nil else {
      guard let preview = try pipeline.preview(reposting) else { throw unknown(language) }
      show(preview, language)
      if !preview.changes.isEmpty {
        Terminal.say(RepostWording.onlyShown.text(in: language))
      } else if !preview.needsPerson {
        Terminal.say(nothing(preview).text(in: language, [interface, period ?? ""]))
      }
      if preview.needsPerson { throw ExitCode(10) }
      return
    }
    switch try pipeline.repost(reposting) {
    case .done(let outcome):
      RunSummaryText(outcome, workspace: workspace.value).show()
      if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
    case .unpublished(let outcome):
      RunSummaryText(outcome, workspace: workspace.value).show()
      throw ExitCode(74)
    case .refused(.unknownInterface): throw unknown(language)
    case .refused(.nothing(let preview)):
      show(preview, language)
      if !preview.needsPerson {
        Terminal.complain(nothing(preview).text(in: language, [interface, period ?? ""]))
      }
      throw ExitCode(preview.needsPerson ? 10 : 0)
    }
  }

  private func nothing(_ preview: Reposting.Preview) -> Wording {
    preview.unchanged == 0 ? RepostWording.noDocuments : RepostWording.nothing
  }

  private func unknown(_ language: Language) -> ExitCode {
    Terminal.complain(RepostWording.unknownInterface.text(in: language, [interface]))
    return ExitCode(64)
  }

  private func show(_ preview: Reposting.Preview, _ language: Language) {
    for change in preview.changes {
      let wording =
        change.was.isEmpty
        ? RepostWording.new : change.becomes.isEmpty ? RepostWording.takenBack : RepostWording.change
      let posting = change.book.isEmpty ? change.posting : "\(change.posting) (\(change.book))"
      Terminal.say(wording.text(in: language, [change.document, posting, change.voucher]))
      for (mark, entries) in [("-", change.was), ("+", change.becomes)] {
        for entry in entries {
          let dimensions = entry.dimensions.sorted { $0.key < $1.key }.map { " \($0.key): \($0.value)" }
          let side = (entry.side == "debit" ? ExplainWording.debit : ExplainWording.credit).text(in: language)
          Terminal.say(
            "  \(mark) \(entry.date) \(side) \(entry.account) \(entry.amount)\(dimensions.joined())")
        }
      }
    }
    Terminal.show(preview.findings, in: language)
    for key in preview.leftOut { Terminal.complain(RepostWording.leftOut.text(in: language, [key])) }
    for key in preview.withoutRows { Terminal.complain(RepostWording.withoutRows.text(in: language, [key])) }
    for key in preview.unknown { Terminal.complain(RepostWording.unknown.text(in: language, [key])) }
    Terminal.say(
      RepostWording.sum.text(
        in: language, [String(Set(preview.changes.map(\.document)).count), String(preview.unchanged)]))
  }
}

extension Reposting.Preview {
  fileprivate var needsPerson: Bool {
    !findings.isEmpty || !withoutRows.isEmpty || !unknown.isEmpty || !leftOut.isEmpty
  }
}

/// What `repost` says, in both languages.
private enum RepostWording {
  static let change = Wording(
    en: "{0}, posting {1}: {2} is taken back, and posted anew", zh: "{0}，凭证规则 {1}：{2} 红冲并重新入账")
  static let new = Wording(en: "{0}, posting {1}: is posted", zh: "{0}，凭证规则 {1}：入账")
  static let takenBack = Wording(
    en: "{0}, posting {1}: {2} is taken back", zh: "{0}，凭证规则 {1}：{2} 红冲")
  static let leftOut = Wording(
    en:
      "document {0} stays as it was posted: today's mapping leaves it out, can't read its rows, or gives them another key",
    zh: "单据 {0} 保持原凭证：现行映射不再纳入该单据、无法读取其行，或给出了不同的关键字")
  static let sum = Wording(
    en: "{0 document|documents} would be posted anew, {1} would be as they are",
    zh: "将重新入账的单据 {0} 张，保持不变的 {1} 张")
  static let onlyShown = Wording(
    en: "nothing was changed: with --reason WHY it is done", zh: "未作任何改动：加上 --reason 原因 即执行")
  static let nothing = Wording(
    en: "nothing is posted anew: today's mapping gives the entries that were posted",
    zh: "没有需要重新入账的内容：现行映射得到的分录与已入账的相同")
  static let noDocuments = Wording(
    en: "no document of {0} dated {1} is posted", zh: "接口 {0} 在 {1} 没有已入账的单据")
  static let withoutRows = Wording(
    en:
      "document {0} can't be posted anew: its rows are not in the archive, or came in several files",
    zh: "单据 {0} 无法重新入账：归档中没有它的行，或它分多个文件到达")
  static let unknown = Wording(
    en: "document {0} is not posted", zh: "单据 {0} 未入账")
  static let unknownInterface = Wording(
    en: "there is no interface {0}: `tallyman check` lists them", zh: "没有接口 {0}：tallyman check 会列出全部接口")
}
