/// Periods that are closed, and who closed or opened them.
extension Advice {
  static let periodClosed = Advice(
    Wording(
      en: "document {0} would have a voucher of {1}, and book {2} is closed up to that period",
      zh: "单据 {0} 的凭证日期为 {1}，但账套 {2} 的该期间已结账"),
    help: Wording(
      en:
        "open the period with `tallyman period open`, or set closed_period: next_open in the book; a held document is tried "
        + "again by each run",
      zh: "用 tallyman period open 反结账，或在账套中设 closed_period: next_open；挂起的单据每个批次都会再试"))

  static let periodMoved = Advice(
    Wording(
      en: "a voucher of document {0} has the date {3} instead of {1}: book {2} is closed up to that period",
      zh: "单据 {0} 的凭证日期由 {1} 改为 {3}：账套 {2} 的原期间已结账"),
    help: Wording(en: "nothing to do: import it as it is", zh: "无需处理：按原样导入即可"))

  static let periodOtherYear = Advice(
    Wording(
      en:
        "document {0} would have a voucher of {1}: book {2} is closed up to that period, and the first open one, of {3}, is in "
        + "another fiscal year",
      zh: "单据 {0} 的凭证日期为 {1}：账套 {2} 的该期间已结账，而第一个未结账期间（{3}）属于另一会计年度"),
    help: Wording(
      en:
        "correct last year's figures by hand as the auditor says, and dismiss it with `tallyman holds --dismiss`; or open the "
        + "period",
      zh: "请按审计意见手工做以前年度损益调整，再用 tallyman holds --dismiss 取消挂起；或者反结账"))

  static let voucherDateRaised = Advice(
    Wording(
      en: "voucher {0} has the date {2} instead of {1}: numbers of a later date were given before",
      zh: "凭证 {0} 的日期由 {1} 改为 {2}：之前已有更晚日期的凭证号"),
    help: Wording(
      en: "nothing to do: with number: own, vouchers of a period stand in order of date and number",
      zh: "无需处理：number: own 时凭证按日期和凭证号顺序排列（制单序时）"))

  static let periodWasClosed = Advice(
    Wording(
      en: "book {1} is closed up to {0}, by {2}", zh: "账套 {1} 已结账至 {0}，操作人 {2}"),
    help: Wording(
      en: "nothing to do: no voucher goes to a closed period", zh: "无需处理：已结账期间不再生成凭证"))

  static let periodForced = Advice(
    Wording(
      en: "{0} was still waiting when {1} was closed by force ({2}): {3}",
      zh: "强制结账 {1} 时 {0} 仍未了结（{2}）：{3}"),
    help: Wording(
      en: "what becomes of it later follows closed_period of the book", zh: "以后的处理按账套的 closed_period"))

  static let monthGathered = Advice(
    Wording(
      en: "what {1 document waits|documents wait} for till the end of {0} is made now, by {2}",
      zh: "{1} 张单据等 {0} 月末汇总的凭证现在生成，操作人 {2}"),
    help: Wording(
      en: "nothing to do: what comes of that month from now on has its own vouchers when the month is over",
      zh: "无需处理：此后到达的该月单据在月末后另行汇总"))

  static let periodWasOpened = Advice(
    Wording(
      en: "period {0} of book {1} is open again, by {2}", zh: "账套 {1} 的期间 {0} 已反结账，操作人 {2}"),
    help: Wording(
      en: "close it again when its vouchers are in the finance system", zh: "凭证导入财务系统后请重新结账"))
}
