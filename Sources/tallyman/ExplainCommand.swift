import ArgumentParser
import Batch
import Findings

struct ExplainCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Where a voucher comes from: its run, its files, and what each document gave.")

  @OptionGroup var workspace: WorkspaceOption

  @Argument(help: "The voucher's ID, as A-XS-R-00000017.")
  var voucher: String

  @Flag(name: .long, help: "One JSON object.")
  var json = false

  func run() throws {
    let found = try Explanation.find(voucher, in: workspace.value)
    if json, let found { return Terminal.say(found.json) }
    let language = try CompiledDefinitions(of: workspace.value).language
    func say(_ wording: Wording, _ arguments: [String] = []) {
      Terminal.say(wording.text(in: language, arguments))
    }
    guard let found else {
      Terminal.complain(ExplainWording.unknown.text(in: language, [voucher]))
      throw ExitCode(64)
    }
    say(ExplainWording.voucher, [found.voucher, found.interface, found.posting, found.date])
    say(ExplainWording.run, [String(found.run), found.clock, found.definitions])
    if !found.isPublished { say(ExplainWording.notDone) }
    for output in found.outputs {
      say(ExplainWording.output, [output.name, output.lines.map(String.init).joined(separator: ", ")])
    }
    for name in found.absent { say(ExplainWording.absent, [name]) }
    for share in found.shares {
      let side = share.side == "debit" ? ExplainWording.debit : ExplainWording.credit
      let details =
        (share.quantity.map { ["\($0) \(share.unit)"] } ?? [])
        + (share.split.isEmpty ? [] : [share.split])
        + share.dimensions.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      say(
        ExplainWording.share,
        [
          share.document, side.text(in: language), share.account, share.amount,
          details.joined(separator: ", "),
        ])
    }
    say(ExplainWording.notShown)
  }
}

/// What `explain` says, in both languages.
private enum ExplainWording {
  static let unknown = Wording(en: "no run gave a voucher {0}", zh: "没有批次生成过凭证 {0}")
  static let voucher = Wording(en: "{0}: {1}/{2}, dated {3}", zh: "{0}：{1}/{2}，日期 {3}")
  static let run = Wording(
    en: "run {0} at {1}, definitions archive/definitions/{2}", zh: "批次 {0}，{1}，定义 archive/definitions/{2}")
  static let notDone = Wording(
    en: "the run is committed and not yet carried out to its end", zh: "批次已提交，尚未做完")
  static let output = Wording(en: "  outbox/{0}, lines: {1}", zh: "  outbox/{0}，行：{1}")
  static let absent = Wording(
    en: "  {0} of this run is not in the outbox: it can't be looked up there",
    zh: "  本批次的 {0} 不在 outbox 中，无法在其中查找")
  static let debit = Wording(en: "debit", zh: "借")
  static let credit = Wording(en: "credit", zh: "贷")
  static let share = Wording(
    en: "  document {0}: {1} {2} {3}  {4}", zh: "  单据 {0}：{1} {2} {3}  {4}")
  static let notShown = Wording(
    en: "not shown: source rows, entry rules and their arithmetic, and the numbers of the voucher's entries",
    zh: "未显示：来源行、分录规则及其计算、凭证分录的序号")
}
