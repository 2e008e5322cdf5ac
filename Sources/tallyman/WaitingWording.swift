import Findings

/// What `holds`, `rejects` and `codes missing` say, in both languages.
enum WaitingWording {
  /// The sentences of one list.
  struct Listing {
    var none: Wording
    var head: Wording
    /// interface, cause, documents, amount and comma or nothing, run, day, days, example, file, code
    var group: Wording
  }

  static let nothingWaits = Wording(
    en: "nothing of that name waits (see `tallyman rejects --list` and `tallyman holds`)",
    zh: "没有这样的单据在等待（见 tallyman rejects --list 和 tallyman holds）")
  static let severalWait = Wording(
    en: "documents of several interfaces are held under that key: --interface says which of {0}",
    zh: "几个接口有同名单据挂起，请用 --interface 指明：{0}")
  static let heldOtherwise = Wording(
    en: "it can't be accepted, for it is no change that holds it: {0}", zh: "无从确认，因为它不是因内容有变而挂起：{0}")

  static let holds = Listing(
    none: Wording(en: "nothing is held", zh: "没有挂起的单据"),
    head: Wording(
      en: "held documents: {0}, causes: {1}; each run tries them again", zh: "挂起单据 {0} 张，原因 {1} 个，每个批次都会再试"),
    group: Wording(
      en: "  {0}: {1} — holds {2}, {3}since run {4} ({5}, days: {6}), for example {7}",
      zh: "  {0}：{1}——挂起 {2} 张，{3}自批次 {4} 起（{5}，{6} 天），例如 {7}"))

  static let pending = Listing(
    none: Wording(en: "nothing is pending", zh: "没有待入账的凭证"),
    head: Wording(
      en: "posted documents with a pending posting: {0}, causes: {1}", zh: "有待入账凭证的已入账单据 {0} 张，原因 {1} 个"),
    group: Wording(
      en: "  {0}: {1} — documents: {2}, {3}since run {4} ({5}, days: {6}), for example {7} ({8})",
      zh: "  {0}：{1}——{2} 张，{3}自批次 {4} 起（{5}，{6} 天），例如 {7}（{8}）"))

  static let rejects = Listing(
    none: Wording(en: "no reject is open", zh: "没有未处理的退回"),
    head: Wording(
      en: "rejected documents that have not come back mended: {0}, causes: {1}",
      zh: "退回后尚未改好返回的单据 {0} 张，原因 {1} 个"),
    group: Wording(
      en: "  {0}: {9}: {2}, {3}since run {4} ({5}, days: {6}), for example {7}: {1} (outbox/{8})",
      zh: "  {0}：{9}：{2} 张，{3}自批次 {4} 起（{5}，{6} 天），例如 {7}：{1}（outbox/{8}）"))

  static let amount = Wording(en: "{0}, ", zh: "{0}，")
  static let listShowsEach = Wording(en: "`--list` shows each", zh: "--list 逐张列出")

  /// number, document, file, line, reason, reject file, run
  static let reject = Wording(
    en: "{0}  document {1}, {2}:{3}: {4} → outbox/{5} (since run {6})",
    zh: "{0}  单据 {1}，{2}:{3}：{4} → outbox/{5}（自批次 {6} 起）")

  static let codesMissing = Wording(
    en: "`tallyman codes missing` writes the missing codes as tables to fill in",
    zh: "tallyman codes missing 把缺少的编码写成待填的表格")
  static let noCodeMissing = Wording(en: "no held document waits for a code", zh: "没有单据因缺少编码而挂起")
  /// path, codes, table
  static let tableToFill = Wording(
    en: "{0}: codes: {1}; fill in and add the rows to {2}", zh: "{0}：{1} 个编码；填好后把各行加到 {2}")
  /// key, documents, amount
  static let code = Wording(en: "  {0}: holds {1}, {2}", zh: "  {0}：挂起 {1} 张，{2}")
  static let codeNotWritten = Wording(
    en:
      "  {0}: holds {1}, {2}; not in the file, since a table or a spreadsheet would not take it for a code: correct the "
      + "export", zh: "  {0}：挂起 {1} 张，{2}；没有写入文件，因为表格不会把它当作编码：请更正导出的数据")
}
