import ArgumentParser
import Batch
import Findings

struct VouchersCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "vouchers",
    abstract: "The register of vouchers: their numbers, without gaps and doubles, and each of them.")

  @OptionGroup var workspace: WorkspaceOption

  @Flag(
    name: .long,
    help: "Proves from the archive that no number is missing, none was given twice, and dates are in order.")
  var gaps = false

  @Flag(name: .long, help: "Every voucher by itself.")
  var list = false

  @Flag(name: .long, help: "One JSON object a line.")
  var json = false

  @Option(
    name: .long,
    help:
      "A voucher that the finance system refused: it counts as never posted (作废), and its documents can come again."
  )
  var void: String?

  @Option(name: .long, help: "Why it is voided; the reconciliation log keeps it.")
  var reason: String?

  @Option(name: .long, help: "The run's time, for tests: ISO 8601 with offset; its own date is the run's.")
  var clock: String?

  func run() throws {
    if let void { return try make(void) }
    let language = try CompiledDefinitions(of: workspace.value).language
    let register = try VoucherRegister(workspace.value) { voucher in
      guard list else { return }
      Terminal.say(json ? voucher.json : VoucherWording.line(voucher, in: language))
    }
    if !list {
      for series in register.series {
        Terminal.say(json ? series.json : VoucherWording.line(series, in: language))
      }
      if !json {
        for state in VoucherRegister.State.allCases {
          guard let count = register.states[state] else { continue }
          Terminal.say("  " + VoucherWording.state(state, in: language) + ": " + String(count))
        }
      }
      if register.series.isEmpty, !json { Terminal.say(VoucherWording.none.text(in: language)) }
    }
    guard gaps else {
      // What can't be read is not shown above, and nobody should take that for all.
      let unreadable = register.irregularities.filter { if case .unreadable = $0 { true } else { false } }
      for irregularity in unreadable {
        Terminal.complain(VoucherWording.text(of: irregularity, in: language))
      }
      if !unreadable.isEmpty { throw ExitCode(10) }
      return
    }
    for irregularity in register.irregularities {
      Terminal.complain(VoucherWording.text(of: irregularity, in: language))
    }
    guard register.irregularities.isEmpty else { throw ExitCode(10) }
    if !json, !register.series.isEmpty {
      Terminal.say(VoucherWording.proven.text(in: language, [String(register.series.count)]))
    }
  }
}

extension VouchersCommand {
  private func make(_ voucher: String) throws {
    guard let reason, !reason.isEmpty else { throw ValidationError("--void wants a --reason") }
    let pipeline = Pipeline(workspace.value, clock: try RunClock.option(clock))
    let outcome = try pipeline.void(VoucherVoiding(voucher, by: Terminal.person, reason: reason))
    let language = try CompiledDefinitions(of: workspace.value).language
    switch outcome {
    case .done(let outcome):
      RunSummaryText(outcome, workspace: workspace.value).show()
      Terminal.say(VoucherWording.voided.text(in: language, [voucher]))
      if outcome.exitCode == 74 { throw ExitCode(74) }
    case .unpublished(let outcome):
      RunSummaryText(outcome, workspace: workspace.value).show()
      throw ExitCode(74)
    case .refused(let why):
      Terminal.complain(VoucherWording.refusal(why).text(in: language, [voucher]))
      throw ExitCode(64)
    }
  }
}

/// What `vouchers` says, in both languages.
private enum VoucherWording {
  static let none = Wording(en: "no voucher yet", zh: "还没有凭证")
  static let proven = Wording(
    en: "no gap and no double in {0} series; own numbers are in order of date", zh: "{0} 个序列无断号、无重号，自编号按日期顺序")
  /// series, vouchers, first, last, first date, last date
  private static let series = Wording(
    en: "{0}: {1 voucher|vouchers}, numbers {2} to {3}, dated {4} to {5}",
    zh: "{0}：凭证 {1} 张，编号 {2} 至 {3}，日期 {4} 至 {5}")
  /// id, type, number, date, amount, documents, run, state, number there, reason
  private static let voucher = Wording(
    en: "{0}  {3}  {1} {2}  {4}  documents: {5}, run {6}, {7} {8} {9}",
    zh: "{0}  {3}  {1} {2}  {4}  单据 {5} 张，批次 {6}，{7} {8} {9}")
  private static let states: [VoucherRegister.State: Wording] = [
    .posted: Wording(en: "posted", zh: "已入账"), .published: Wording(en: "published", zh: "已交付"),
    .acknowledged: Wording(en: "acknowledged", zh: "已确认"), .refused: Wording(en: "refused", zh: "被拒绝"),
    .reversed: Wording(en: "reversed", zh: "已冲销"), .void: Wording(en: "void", zh: "已作废"),
  ]
  static let voided = Wording(
    en:
      "{0} is void: its documents are posted anew when an export brings them again, and until then keep their period open",
    zh: "{0} 已作废：其单据再次导出时重新入账，在此之前所属期间不能结账")
  private static let unknown = Wording(en: "no run gave a voucher {0}", zh: "没有批次生成过凭证 {0}")
  private static let notRefused = Wording(
    en:
      "{0} is not refused: what the finance system has, or may have, is taken back by a red voucher, when its document comes again "
      + "void or changed", zh: "{0} 没有被拒绝：财务系统已有或可能已有的凭证，应由单据作废或变更后的红字凭证冲销")
  private static let inCorrection = Wording(
    en:
      "{0} is a red voucher, or has been reversed by one: import both into the finance system, or delete both there; of one that is "
      + "entered there by hand an answer tells that it was taken, with its number",
    zh: "{0} 是红字凭证，或已被红字凭证冲销：请在财务系统中把两张都导入，或都删除；在其中手工录入的，请用回执告知已导入及其凭证号")
  private static let entriesLost = Wording(
    en: "the documents of {0} are not known: its entries in the archive, or its interface, are gone",
    zh: "无法得知 {0} 的单据：归档分录或接口已不在")

  static func state(_ state: VoucherRegister.State, in language: Language) -> String {
    states[state]?.text(in: language) ?? state.rawValue
  }

  static func refusal(_ why: VoucherVoiding.Refusal) -> Wording {
    switch why {
    case .unknown: unknown
    case .notRefused: notRefused
    case .inCorrection: inCorrection
    case .entriesLost: entriesLost
    }
  }

  private static let gap = Wording(
    en: "{0}: numbers {1} to {2} are missing", zh: "{0}：断号 {1} 至 {2}")
  private static let double = Wording(en: "{0}: number {1} was given twice", zh: "{0}：重号 {1}")
  private static let dateOrder = Wording(
    en: "{0}: number {1} has an earlier date than the one before it", zh: "{0}：{1} 号的日期早于前一号")
  private static let counter = Wording(
    en: "{0}: the counter stands at {1}, and the last number is {2}", zh: "{0}：计数器为 {1}，而最后的编号是 {2}")
  private static let unreadable = Wording(
    en: "archive/entries of run {0} are gone or changed: `tallyman verify` says more",
    zh: "批次 {0} 的 archive/entries 丢失或被改动：详见 tallyman verify")

  static func line(_ one: VoucherRegister.Series, in language: Language) -> String {
    series.text(
      in: language,
      [one.name, String(one.vouchers), String(one.first), String(one.last), one.firstDate, one.lastDate])
  }

  static func line(_ one: VoucherRegister.Voucher, in language: Language) -> String {
    voucher.text(
      in: language,
      [
        one.id, one.type, one.number.map(String.init) ?? "", one.date, one.amount, String(one.documents),
        String(one.run), state(one.state, in: language), one.financeNumber ?? "", one.reason ?? "",
      ])
  }

  static func text(of irregularity: VoucherRegister.Irregularity, in language: Language) -> String {
    switch irregularity {
    case .gap(let name, let first, let last): gap.text(in: language, [name, String(first), String(last)])
    case .double(let name, let number): double.text(in: language, [name, String(number)])
    case .dateOrder(let name, let number): dateOrder.text(in: language, [name, String(number)])
    case .counter(let name, let at, let last): counter.text(in: language, [name, String(at), String(last)])
    case .unreadable(let run): unreadable.text(in: language, [String(run)])
    }
  }
}
