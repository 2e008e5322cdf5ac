import ArgumentParser
import Batch
import Findings

struct PeriodCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "period",
    abstract:
      "Accounting periods: which are closed, closing and opening them, and what waits for a month's end.",
    subcommands: [
      PeriodListCommand.self, PeriodCloseCommand.self, PeriodOpenCommand.self, PeriodGatherCommand.self,
    ])
}

struct PeriodListCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Up to which period each book is closed, and what waits in the others.")

  @OptionGroup var workspace: WorkspaceOption

  @Flag(name: .long, help: "One JSON object a book and line.")
  var json = false

  func run() throws {
    let books = try PeriodList.read(workspace.value)
    if json {
      for book in books { Terminal.say(book.json) }
      return
    }
    let language = try CompiledDefinitions(of: workspace.value).language
    for book in books {
      if let through = book.closedThrough, let run = book.changedIn, let by = book.changedBy {
        Terminal.say(PeriodWording.closedThrough.text(in: language, [book.book, through, String(run), by]))
      } else {
        Terminal.say(PeriodWording.allOpen.text(in: language, [book.book]))
      }
      for period in book.waiting {
        Terminal.say(
          PeriodWording.waits.text(
            in: language,
            [period.period ?? PeriodWording.noDate.text(in: language)]
              + PeriodWaiting.Kind.allCases.map { String(period.documents[$0.rawValue] ?? 0) }))
      }
    }
  }
}

struct PeriodCloseCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Closes a period and all before it: no voucher goes there any more (结账).",
    discussion: "Refused, with the list, while something of them is in no voucher yet.")

  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var change: PeriodOptions

  @Flag(name: .long, help: "Close it whatever waits; wants a --reason, which the log keeps.")
  var force = false

  @Option(name: .long, help: "Why it is closed though documents wait.")
  var reason: String?

  func run() throws {
    guard force == (reason?.isEmpty == false) else {
      throw ValidationError("--force and --reason go together")
    }
    try change.make(.close(force: force ? reason : nil), in: workspace.value)
  }
}

struct PeriodOpenCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Opens the last period that is closed (反结账); what was held for it is posted at once.")

  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var change: PeriodOptions

  func run() throws { try change.make(.open, in: workspace.value) }
}

struct PeriodGatherCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "gather",
    abstract:
      "Makes the vouchers now that wait for a month's end (gather: month), of it and of months before it.")

  @OptionGroup var workspace: WorkspaceOption

  @Argument(help: "The month: 2026-10.")
  var period: String

  @Option(name: .long, help: "The run's time, for tests: ISO 8601 with offset; its own date is the run's.")
  var clock: String?

  func run() throws {
    guard let gathering = MonthGathering(period, by: Terminal.person) else {
      throw ValidationError("a month is a year and a month, such as 2026-10")
    }
    let outcome = try Pipeline(workspace.value, clock: try RunClock.option(clock)).gather(gathering)
    let language = try CompiledDefinitions(of: workspace.value).language
    switch outcome {
    case .done(let outcome):
      RunSummaryText(outcome, workspace: workspace.value).show()
      if outcome.exitCode == 10 { Terminal.complain(PeriodWording.notWhole.text(in: language, [period])) }
      if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
    case .unpublished(let outcome):
      RunSummaryText(outcome, workspace: workspace.value).show()
      Terminal.complain(PeriodWording.unpublished.text(in: language, [period]))
      throw ExitCode(74)
    case .refused(let why):
      let wording = why == .future ? PeriodWording.future : PeriodWording.nothingWaits
      Terminal.complain(wording.text(in: language, [period]))
      throw ExitCode(64)
    }
  }
}

/// Which period of which book.
struct PeriodOptions: ParsableArguments {
  @Argument(help: "The period: 2026-10.")
  var period: String

  @Option(name: .long, help: "The book, where there are several.")
  var book: String?

  @Flag(name: .long, help: "What keeps it from being closed as one JSON object a line.")
  var json = false

  @Option(name: .long, help: "The run's time, for tests: ISO 8601 with offset; its own date is the run's.")
  var clock: String?

  func make(_ action: PeriodChange.Action, in workspace: Workspace) throws {
    guard let change = PeriodChange(action, period, book: book, by: Terminal.person) else {
      throw ValidationError("a period is a year and a month, such as 2026-10")
    }
    let outcome = try Pipeline(workspace, clock: try RunClock.option(clock)).change(change)
    let language = try CompiledDefinitions(of: workspace).language
    switch outcome {
    case .done(let outcome):
      RunSummaryText(outcome, workspace: workspace).show()
      let wording = action == .open ? PeriodWording.opened : PeriodWording.closed
      Terminal.say(wording.text(in: language, [period]))
      let waiting = outcome.runs.last?.summary?.findings["period-forced"] ?? 0
      if waiting > 0 { Terminal.say(PeriodWording.forced.text(in: language, [String(waiting)])) }
      if action != .open {
        let rejects = try WaitingList.rejected(workspace, now: RunClock()).documents
        if rejects > 0 { Terminal.say(PeriodWording.rejects.text(in: language, [String(rejects)])) }
      }
      if outcome.exitCode == 74 { throw ExitCode(74) }
    case .unpublished(let outcome):
      RunSummaryText(outcome, workspace: workspace).show()
      Terminal.complain(PeriodWording.unpublished.text(in: language, [period]))
      throw ExitCode(74)
    case .refused(let why): try refuse(why, in: workspace, language)
    }
  }

  private func refuse(_ why: PeriodChange.Refusal, in workspace: Workspace, _ language: Language) throws {
    func complain(_ wording: Wording, _ arguments: [String]) {
      Terminal.complain(wording.text(in: language, arguments))
    }
    switch why {
    case .book(let known): complain(PeriodWording.whichBook, [known.joined(separator: ", ")])
    case .closed(let through): complain(PeriodWording.closedAlready, [period, through])
    case .notLast(let last): complain(PeriodWording.notLast, [period, last])
    case .isOpen(let through?): complain(PeriodWording.isOpen, [period, through])
    case .isOpen(nil): complain(PeriodWording.nothingClosed, [])
    case .future: complain(PeriodWording.future, [period])
    case .waiting(let documents):
      if json {
        for document in documents { Terminal.say(document.json) }
      } else {
        for document in documents { Terminal.say(PeriodWording.line(document, in: language)) }
      }
      // One may wait for several things.
      let waiting = Set(documents.filter { $0.kind != .refused }.map { [$0.interface, $0.document] }).count
      let vouchers = documents.count { $0.kind == .refused }
      let counts = [waiting, vouchers].map { String($0) }
      let wording =
        vouchers == 0
        ? PeriodWording.refused : waiting == 0 ? PeriodWording.refusedVouchers : PeriodWording.refusedBoth
      complain(wording, [period] + counts)
      throw ExitCode(10)
    }
    throw ExitCode(64)
  }
}

/// What the commands of periods say, in both languages.
private enum PeriodWording {
  /// book, period, run, who
  static let closedThrough = Wording(
    en: "{0}: closed up to {1} (run {2}, by {3})", zh: "{0}：已结账至 {1}（批次 {2}，操作人 {3}）")
  static let allOpen = Wording(en: "{0}: no period is closed", zh: "{0}：没有已结账的期间")
  /// period, held, pending, deferred, ignored, refused
  static let waits = Wording(
    en: "  {0}: held {1}, pending {2}, for the month's end {3}, ignored {4}, refused vouchers {5}",
    zh: "  {0}：挂起 {1}，待入账 {2}，待月末汇总 {3}，忽略 {4}，被拒凭证 {5}")
  static let noDate = Wording(en: "no date", zh: "无日期")
  static let closed = Wording(en: "closed up to {0}", zh: "已结账至 {0}")
  static let opened = Wording(en: "{0} is open again", zh: "{0} 已反结账")
  static let forced = Wording(
    en:
      "{0 document or refused voucher was|documents or refused vouchers were} still waiting; the log of this run names them",
    zh: "仍有 {0} 项未入账单据或被拒凭证，本批次的对账单列出了它们")
  /// period, how many documents, and how many vouchers that finance refused
  static let refusedVouchers = Wording(
    en:
      "{0} is not closed: {2 voucher of it or of an earlier period is|vouchers of it or of earlier periods are} refused by the "
      + "finance system; `--force --reason WHY` closes it all the same",
    zh: "{0} 未结账：该期间及以前有 {2} 张凭证被财务系统拒绝；--force --reason 原因 可强制结账")
  static let refusedBoth = Wording(
    en:
      "{0} is not closed: {1 document of it or of an earlier period waits|documents of it or of earlier periods wait}, in whole or in "
      + "part, and {2 voucher is|vouchers are} refused by the finance system; `--force --reason WHY` closes it all the same",
    zh: "{0} 未结账：该期间及以前有 {1} 张单据全部或部分未入账，{2} 张凭证被财务系统拒绝；--force --reason 原因 可强制结账")
  static let refused = Wording(
    en:
      "{0} is not closed: {1 document of it or of an earlier period waits|documents of it or of earlier periods wait}, in whole or in "
      + "part; `--force --reason WHY` closes it all the same",
    zh: "{0} 未结账：该期间及以前有 {1} 张单据全部或部分未入账；--force --reason 原因 可强制结账")
  static let rejects = Wording(
    en:
      "{0 document is|documents are} rejected and not mended yet, of whatever period: `tallyman rejects --list`",
    zh: "另有 {0} 张退回的单据尚未改好（期间不限）：tallyman rejects --list")
  static let whichBook = Wording(en: "`--book` wants one of {0}", zh: "--book 请指定账套：{0}")
  static let closedAlready = Wording(
    en: "{0} is closed already, as is all up to {1}", zh: "{0} 已结账（已结账至 {1}）")
  static let notLast = Wording(
    en: "{0} is not the last period that is closed: open {1} first", zh: "{0} 不是最后一个已结账期间：请先反结账 {1}")
  static let isOpen = Wording(en: "{0} is open: closed is all up to {1}", zh: "{0} 未结账（已结账至 {1}）")
  static let nothingClosed = Wording(en: "no period is closed", zh: "没有已结账的期间")
  static let notWhole = Wording(
    en:
      "something needs a person: `tallyman status` says what; where anything of {0} was not made, the log of the run says why",
    zh: "有事情需要人处理，详见 tallyman status；{0} 如有未能生成的内容，原因见本批次的对账单")
  static let nothingWaits = Wording(
    en: "nothing waits for the end of {0} or of a month before it", zh: "没有单据等待 {0} 或更早月份的月末汇总")
  static let future = Wording(en: "{0} has not begun", zh: "{0} 尚未开始")
  static let unpublished = Wording(
    en: "{0} is not changed: an earlier run could not publish all its files", zh: "{0} 未改动：有批次的文件还没有全部交付")

  /// interface, document, date, cause, amounts, run
  private static let lines: [PeriodWaiting.Kind: Wording] = [
    .held: Wording(
      en: "held: {0} {1} of {2}, since run {5}: {3} {4}", zh: "挂起：{0} {1}，日期 {2}，自批次 {5} 起：{3} {4}"),
    .pending: Wording(
      en: "pending: {0} {1} of {2}, since run {5}: waits for {3} {4}",
      zh: "待入账：{0} {1}，日期 {2}，自批次 {5} 起：等待 {3} {4}"),
    .deferred: Wording(
      en: "for the month's end: {0} {1} of {2}, since run {5}: {3} {4}",
      zh: "待月末汇总：{0} {1}，日期 {2}，自批次 {5} 起：{3} {4}"),
    .ignored: Wording(
      en: "ignored: {0} {1} of {2}, since run {5}: document.ignore holds of it {4}",
      zh: "忽略：{0} {1}，日期 {2}，自批次 {5} 起：符合 document.ignore {4}"),
    .refused: Wording(
      en: "refused: voucher {1} of {2}, since run {5}: {3}", zh: "被拒绝：凭证 {1}，日期 {2}，自批次 {5} 起：{3}"),
  ]

  static func line(_ document: PeriodWaiting, in language: Language) -> String {
    (lines[document.kind] ?? refused).text(
      in: language,
      [
        document.interface, document.document, document.date ?? noDate.text(in: language), document.cause,
        document.amounts, String(document.sinceRun),
      ])
  }
}
