import Findings

/// The sentences of the commands, in both languages.
enum CommandWording {
  static let interfaceIsSound = Wording(
    en: "{0}: sound — {1} (book {2})", zh: "{0}：定义无误——{1}（账套 {2}）")
  static let profile = Wording(
    en: "{0}: {1} ({2}, {3}), proven by {4}", zh: "{0}：{1}（{2}，{3}），验证程度：{4}")
  static let notPublished = Wording(
    en:
      "{0 file|files} of a run that is committed still in .tallyman/staging for their names; {1 file waits|files wait} in the inbox "
      + "until that run is published",
    zh: "已提交批次的 {0} 个文件还在 .tallyman/staging 等待各自的文件名；在它发布之前，收件箱中有 {1} 个文件等待")
  static let missingRecord = Wording(
    en:
      "the commit record of run {0} is missing from archive/records: without it a lost state can't be made again; "
      + "restore it from a backup",
    zh: "archive/records 中缺少批次 {0} 的提交记录：没有它，状态库丢失后无法重建；请从备份恢复")
  static let blocked = Wording(
    en: "a file that is not ours is in the way: {0}; move it away, and the next run publishes ours",
    zh: "有外来文件占用了文件名：{0}；请移走，下一批次会发布我们的文件")
  static let nothingWaits = Wording(en: "the inbox is empty", zh: "收件箱是空的")
  static let waits = Wording(en: "{0 file waits|files wait} in the inbox:", zh: "收件箱里有 {0} 个文件等待：")
  static let lastRun = Wording(en: "last run: {0} at {1} ({2})", zh: "上一批次：{0}，{1}（{2}）")
  static let run = Wording(en: "run {0} at {1} ({2})", zh: "批次 {0}，{1}（{2}）")
  static let lastTried = Wording(en: "last tried: {0}", zh: "上次运行：{0}")
  static let neverRun = Wording(en: "there has been no run yet", zh: "还没有运行过")
  static let unfinished = Wording(
    en: "not carried out to their end: runs {0}; the next run goes on with them",
    zh: "没有做完的批次：{0}；下次运行会接着做")
  static let needsPerson = Wording(en: "something needs a person:", zh: "有事情需要人处理：")
  static let needsNobody = Wording(en: "nothing needs a person", zh: "没有需要人处理的事情")
  static let held = Wording(
    en: "  {0 document|documents} of {1} held: {2} (since run {3})", zh: "  {1} 有 {0} 张单据挂起：{2}（自批次 {3} 起）")
  static let rejected = Wording(
    en: "  rejected documents lie in outbox/{0}", zh: "  退回的单据在 outbox/{0}")
  static let quarantined = Wording(
    en: "  .tallyman/quarantine/{0} brought the program down", zh: "  .tallyman/quarantine/{0} 曾使程序异常中止")
  static let stays = Wording(en: "  {0} stays in the inbox: {1}", zh: "  {0} 留在收件箱：{1}")
  static let faulty = Wording(
    en: "  the definitions have {0 fault|faults}; `tallyman check` shows them",
    zh: "  定义有 {0} 处错误，用 tallyman check 查看")
  static let runDone = Wording(en: "run {0}", zh: "批次 {0}")
  static let head = Wording(
    en: "head of the chain: {0}", zh: "存证链首：{0}")
  static let nothingToDo = Wording(en: "nothing to do", zh: "没有要做的事")
  static let deferred = Wording(
    en: "{0 posted document|posted documents} of {1} with a posting to be made when {2} is over",
    zh: "{1} 有 {0} 张已入账单据的凭证等 {2} 月末后汇总")
  static let overdue = Wording(
    en:
      "  {0 posted document|posted documents} whose month is over, but whose monthly posting can't be made; what `tallyman run` says, "
      + "or its log, says why, unless its interface or posting was taken out of mappings/",
    zh: "  有 {0} 张已入账单据月份已过，但按月汇总的凭证做不出来；原因见 tallyman run 的输出或其对账单，或接口、凭证规则已从 mappings/ 删去")
  static let reposted = Wording(
    en: "{0 document was|documents were} posted anew by today's mapping", zh: "按现行映射重新入账的单据 {0} 张")
  static let repostKept = Wording(
    en:
      "{0 document stays|documents stay} as posted, for today's mapping would not post it; the log says why",
    zh: "另有 {0} 张单据现在无法入账，保持原凭证，原因见对账单")
  static let refused = Wording(
    en: "  {0 voucher is|vouchers are} refused by the finance system: `tallyman vouchers --list` shows them",
    zh: "  有 {0} 张凭证被财务系统拒绝，用 tallyman vouchers --list 查看")
  static let silent = Wording(
    en: "  {0 voucher has|vouchers have} no answer of the finance system for longer than the book allows",
    zh: "  有 {0} 张凭证超过账套规定的天数没有财务系统的回执")
  static let voided = Wording(
    en:
      "  {0 document is|documents are} to be exported again, for the voucher is void: `tallyman pending` lists them",
    zh: "  有 {0} 张单据的凭证已作废，需再次导出，用 tallyman pending 查看")
  static let heldRemain = Wording(
    en: "{0 document is|documents are} held; `tallyman status` says why",
    zh: "共有 {0} 张单据挂起，用 tallyman status 查看原因")
  static let documents = Wording(
    en:
      "documents: {0} read + {1} released = {2} posted + {3} rejected + {4} held + {5} repeated + {6} ignored",
    zh: "单据：读入 {0} + 解挂 {1} = 入账 {2} + 退回 {3} + 挂起 {4} + 重复 {5} + 忽略 {6}")
  static let stopped = Wording(en: "{0} is rejected as a whole: {1}", zh: "{0} 整份退回：{1}")
  static let pending = Wording(
    en:
      "{0} posted documents wait with one of their postings for a value, or for the end of the month (the log has the amounts)",
    zh: "已入账的单据中有 {0} 张还有凭证待入账（缺值或等月末，金额见对账单）")
  static let phases: [String: Wording] = [
    "planned": Wording(en: "planned", zh: "已计划"), "committed": Wording(en: "committed", zh: "已提交"),
    "done": Wording(en: "done", zh: "已完成"), "taken": Wording(en: "taken", zh: "已取走"),
    "withdrawn": Wording(en: "withdrawn", zh: "取走前已消失"), "replaced": Wording(en: "replaced", zh: "已被改动或替换"),
    "quarantined": Wording(en: "quarantined", zh: "已隔离"),
  ]

  static func phase(_ word: String, in language: Language) -> String {
    phases[word]?.text(in: language) ?? word
  }

  static let answers = Wording(
    en: "answers of the finance system: {0} acknowledged, {1} refused", zh: "财务系统回执：确认 {0} 张，拒绝 {1} 张")
  static let posting = Wording(
    en: "{0}/{1}: {2 voucher|vouchers}, {3 entry|entries}, {4} debit, {5} … {6}",
    zh: "{0}/{1}：凭证 {2} 张，分录 {3} 条，借方 {4}，{5} … {6}")
}
