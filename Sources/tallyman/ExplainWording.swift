import Findings

/// What `explain` says, in both languages.
enum ExplainWording {
  static let unknown = Wording(
    en: "no run gave a voucher {0}; the ID is written as the voucher files have it, as A-XS-R-00000017",
    zh: "没有批次生成过凭证 {0}；请照凭证文件中的写法输入，如 A-XS-R-00000017")
  static let noEntry = Wording(
    en: "voucher {0} has no entry {1}: its entries are numbered 1 to {2}",
    zh: "凭证 {0} 没有第 {1} 条分录，其分录编号为 1 至 {2}")
  static let voucher = Wording(en: "{0}: {1}/{2}, dated {3}", zh: "{0}：{1}/{2}，日期 {3}")
  static let run = Wording(
    en: "run {0} at {1}, with mappings/ as archive/definitions/{2} has it",
    zh: "批次 {0}，{1}，当时的 mappings/ 见 archive/definitions/{2}")
  static let number = Wording(en: "number {0}-{1}", zh: "凭证字号 {0}-{1}")
  static let notDone = Wording(
    en: "the run is committed and not yet carried out to its end", zh: "批次已提交，尚未做完")
  static let output = Wording(en: "  outbox/{0}, lines: {1}", zh: "  outbox/{0}，行：{1}")
  static let absent = Wording(
    en: "  {0} of this run is not in the outbox: it can't be looked up there",
    zh: "  本批次的 {0} 不在 outbox 中，无法在其中查找")
  static let debit = Wording(en: "debit", zh: "借")
  static let credit = Wording(en: "credit", zh: "贷")
  static let entry = Wording(en: "entry {0}: {1} {2} {3}  {4}", zh: "分录 {0}：{1} {2} {3}  {4}")
  static let share = Wording(en: "  document {0}: {1}  {2}", zh: "  单据 {0}：{1}  {2}")
  static let rule = Wording(en: "  rule {0}: {1}, amount {2}", zh: "  分录规则 {0}：{1}，金额 {2}")
  static let term = Wording(en: "    line {0}: {1}  {2}", zh: "    第 {0} 行：{1}  {2}")
  static let quantity = Wording(en: "      quantity: {0}", zh: "      数量：{0}")
  static let foreign = Wording(en: "      in the other currency: {0}", zh: "      外币金额：{0}")
  static let rate = Wording(en: "      exchange rate: {0}", zh: "      汇率：{0}")
  static let rounding = Wording(en: ", {0} rounded to {1}", zh: "，{0} 四舍五入为 {1}")
  static let absorbed = Wording(en: "    tail difference: {0}", zh: "    尾差：{0}")
  static let record = Wording(en: "  row {0}, line {1}: {2}", zh: "  数据行 {0}，第 {1} 行：{2}")
  static let field = Wording(en: "    {0}: {1} = {2}  [{3}]", zh: "    {0}：{1} = {2}  [{3}]")
  static let tableRow = Wording(
    en: "    table {0}, sought {1}: row {2} with {3}: {4}{5}", zh: "    编码表 {0}，查 {1}：{2}，键 {3}：{4}{5}")
  static let validity = Wording(en: ", valid {0} to {1}", zh: "，有效期 {0} 至 {1}")
  static let notAsked = Wording(
    en: "rows, rules and arithmetic are shown of one entry: tallyman explain {0}/1",
    zh: "来源行、规则与计算按单条分录显示：tallyman explain {0}/1")
  static let unanswered = Wording(
    en: "  nothing was heard of it from the finance system", zh: "  财务系统尚无回执")

  /// Arguments: run, number there, reason.
  static func answer(_ state: String) -> Wording {
    switch state {
    case "acknowledged": Wording(en: "  acknowledged, as run {0} heard  {1}", zh: "  已回执（批次 {0}）  {1}")
    case "refused": Wording(en: "  refused, as run {0} heard: {2}", zh: "  被财务系统拒绝（批次 {0}）：{2}")
    default: Wording(en: "  void since run {0}: {2}", zh: "  自批次 {0} 起作废：{2}")
    }
  }

  static let voided = Wording(
    en: "    refused by the finance system and void since: it counts as never posted",
    zh: "    被财务系统拒绝后已作废，视为从未入账")
  static let rowAnswer = Wording(
    en: "an answer of the finance system to the voucher with that ID, read by run {0}",
    zh: "财务系统对该凭证的回执，由批次 {0} 读取")
  static let tooMany = Wording(
    en:
      "  rows and arithmetic are shown of the first 100 documents; tallyman explain --row FILE:LINE shows those of another",
    zh: "只显示前 100 张单据的来源行与计算；其他单据可用 tallyman explain --row 文件:行 查看")
  static let red = Wording(
    en: "  no arithmetic: the entry negates what the reversed voucher has; explain that one",
    zh: "  无计算：本分录是对被冲销凭证分录取负，请查看那张凭证")
  static let rowsGone = Wording(
    en:
      "  rows and arithmetic can't be shown: the file or the definitions are not in the archive as they were, or the "
      + "document was put together from several files",
    zh: "  无法显示来源行与计算：文件或定义在归档中已缺失或有改动，或该单据由几个文件的内容合成")
  static let unlike = Wording(
    en:
      "  rows and arithmetic are not shown: read again by this version, the file gives other entries than were posted",
    zh: "  未显示来源行与计算：用本版本重新读取该文件，得到的分录与当时入账的不同")
  static let document = Wording(en: "document {0}", zh: "单据 {0}")
  static let file = Wording(
    en: "  {0}: archive/{1}, SHA-256 {2}, taken by run {3}",
    zh: "  {0}：archive/{1}，SHA-256 {2}，由批次 {3} 收取")
  static let fileAndRow = Wording(
    en: "  {0}, row {4}: archive/{1}, SHA-256 {2}, taken by run {3}",
    zh: "  {0}，数据行 {4}：archive/{1}，SHA-256 {2}，由批次 {3} 收取")
  static let noFile = Wording(
    en:
      "  its file can't be told: the record of the run's commit is gone, or the document was put together from several files",
    zh: "  无法确定来源文件：批次的提交记录已缺失，或该单据由几个文件的内容合成")
  static let reverses = Wording(
    en: "  reverses {0}, because the document {1} in run {2}", zh: "  冲销 {0}：该单据在批次 {2} 中{1}")
  static let reversed = Wording(
    en: "  reversed by {0}, because the document {1} in run {2}", zh: "  被 {0} 冲销：该单据在批次 {2} 中{1}")
  static let replacedBy = Wording(en: "  replaced by {0}", zh: "  由 {0} 代替")
  static let replaces = Wording(
    en: "  in place of {0}, because the document {1} in run {2}", zh: "  代替 {0}：该单据在批次 {2} 中{1}")
  static let noDocument = Wording(
    en:
      "no run posted, held, rejected or ignored a document {0}; the key is written as the log shows it, with / between its "
      + "parts; of an ignored document whose key the mapping computes, only --row tells",
    zh: "没有批次入账、挂起、退回或忽略过单据 {0}；请照对账单中的写法输入主键，各部分之间用 / 隔开；主键由映射计算且被忽略的单据请用 --row 查看")
  static let documentOf = Wording(en: "document {0} of {1}", zh: "{1} 的单据 {0}")
  static let wasPosted = Wording(en: "run {0} at {1}: posted", zh: "批次 {0}，{1}：入账")
  static let wasAdopted = Wording(
    en: "run {0} at {1}: adopted, for it had been posted elsewhere: no voucher",
    zh: "批次 {0}，{1}：已在别处入账，接管时不生成凭证")
  static let wasHeld = Wording(en: "run {0} at {1}: held", zh: "批次 {0}，{1}：挂起")
  static let wasRejected = Wording(en: "run {0} at {1}: rejected", zh: "批次 {0}，{1}：退回")
  static let wasVoid = Wording(
    en: "run {0} at {1}: taken back, for it was void", zh: "批次 {0}，{1}：已作废，冲销")
  static let wasMissing = Wording(
    en: "run {0} at {1}: taken back, for it was not in a full snapshot any more",
    zh: "批次 {0}，{1}：全量导出中已没有，冲销")
  static let wasWithdrawn = Wording(
    en: "run {0} at {1}: taken back, for it was not approved any more", zh: "批次 {0}，{1}：已弃审，冲销")
  static let wasIgnored = Wording(
    en: "run {0} at {1}: ignored, for the mapping leaves it out", zh: "批次 {0}，{1}：忽略，映射不纳入该单据")
  static let wasUnapproved = Wording(
    en: "run {0} at {1}: not approved any more; its vouchers stand", zh: "批次 {0}，{1}：已弃审，原凭证不变")
  static let wasLacking = Wording(
    en: "run {0} at {1}: not in a full snapshot any more; its vouchers stand",
    zh: "批次 {0}，{1}：全量导出中已没有，原凭证不变")
  static let wasGone = Wording(
    en: "run {0} at {1}: not waited for any longer, for a full snapshot does not have it any more",
    zh: "批次 {0}，{1}：全量导出中已没有，不再等待")
  static let wasDismissed = Wording(
    en: "run {0} at {1}: not waited for any longer; the run's log says who decided so, and why",
    zh: "批次 {0}，{1}：已决定不再等待，何人因何决定见该批次的对账单")
  static let wasRepeated = Wording(
    en: "run {0} at {1}: it came again as it was posted; what was held of it is dropped",
    zh: "批次 {0}，{1}：与已入账的内容相同，挂起的内容不再等待")
  static let reason = Wording(en: "  {0} [{1}]", zh: "  {0} [{1}]")
  static let posted = Wording(en: "  posting {0}: voucher {1}", zh: "  凭证规则 {0}：凭证 {1}")
  static let stands = Wording(
    en: "  posting {0}: voucher {1}, of run {2}, still stands", zh: "  凭证规则 {0}：凭证 {1}（批次 {2}）仍然有效")
  static let pending = Wording(
    en: "  posting {0}: pending, for a value was missing or its voucher is void",
    zh: "  凭证规则 {0}：待入账，缺少数值或凭证已作废")
  static let deferred = Wording(
    en: "posting {0} is made when the month is over", zh: "凭证规则 {0} 在月末后汇总")
  static let takenBack = Wording(
    en: "  {0} is reversed by {1}, because the document {2}", zh: "  {0} 被 {1} 冲销：该单据{2}")
  static let noFileTaken = Wording(
    en: "no run took a file {0}; write its name as it was dropped, or as it is called in archive/",
    zh: "没有批次收取过文件 {0}；请写放入收件箱时的文件名，或它在 archive/ 中的名称")
  static let rowOf = Wording(en: "{0}, line {1}, of {2}", zh: "{0} 第 {1} 行（{2}）")
  static let otherRuns = Wording(
    en: "  runs {0} took a file of that name too; write the name that it has in archive/ to see another one",
    zh: "  批次 {0} 也收取过同名文件；要看另一份，请写它在 archive/ 中的名称")
  static let lastOfSeveral = Wording(
    en: "  several records begin on that line: this is the last of them", zh: "  该行上有几条记录开始，此处为其中最后一条")
  static let rowPosted = Wording(en: "posted by run {0}", zh: "由批次 {0} 入账")
  static let rowAdopted = Wording(
    en: "adopted by run {0}, for it had been posted elsewhere: no voucher", zh: "由批次 {0} 接管（已在别处入账），不生成凭证")
  static let rowHeld = Wording(en: "held by run {0}", zh: "由批次 {0} 挂起")
  static let rowRejected = Wording(en: "rejected by run {0}", zh: "由批次 {0} 退回")
  static let rowIgnored = Wording(en: "ignored by run {0}", zh: "由批次 {0} 忽略")
  static let rowRepeated = Wording(
    en: "repeated: run {0} did nothing, for the document was known with that content",
    zh: "重复：该单据内容已知，批次 {0} 未作处理")
  static let rowVoid = Wording(
    en: "void: run {0} took back what had been posted", zh: "作废：批次 {0} 冲销了已入账的内容")
  static let rowWithdrawn = Wording(
    en: "not approved any more: run {0} took back what had been posted", zh: "弃审：批次 {0} 冲销了已入账的内容")
  static let rowLayout = Wording(
    en: "no document's row: a title, header, skipped or trailer row, or a line that the file has not",
    zh: "不属于任何单据：标题、表头、跳过或合计行，或文件中没有这一行")
  static let rowUnknown = Wording(
    en:
      "what became of it can't be told: the file, the record or the definitions of run {0} are not in the archive as they were",
    zh: "无法查明结果：批次 {0} 的文件、提交记录或定义在归档中缺失或有改动")
  static let condition = Wording(en: "  by {0}", zh: "  依据 {0}")
  static let heldSince = Wording(en: "  held since run {0}", zh: "  自批次 {0} 起挂起")
  static let reject = Wording(en: "  reject {0} in outbox/{1}", zh: "  退回号 {0}，见 outbox/{1}")
  static let gaveNothing = Wording(
    en: "  the row gave no entry: its amounts are zero, or its postings wait", zh: "  该行没有生成分录：金额为零，或凭证规则待入账")
  static let given = Wording(en: "  {0}: {1} {2}  {3}  [{4}]", zh: "  {0}：{1} {2}  {3}  [{4}]")
  static let nothing = Wording(en: "nothing", zh: "无凭证")
  static let changed = Wording(en: "changed", zh: "有变更")
  static let void = Wording(en: "was void", zh: "已作废")
  static let withdrawn = Wording(en: "was not approved any more", zh: "已弃审")
  static let missing = Wording(en: "was not in a full snapshot any more", zh: "全量导出中已没有")
  static let reposted = Wording(en: "was posted anew by other rules", zh: "按新规则重新入账")

  static let refused = Wording(en: "lost it, refused and void,", zh: "所在凭证被拒绝并作废")

  /// Why something posted was taken back.
  static func cause(_ word: String) -> Wording {
    switch word {
    case "void": void
    case "withdrawn": withdrawn
    case "missing": missing
    case "reposted": reposted
    case "refused": refused
    default: changed
    }
  }

  static let definitionsGone = Wording(
    en:
      "not shown: rules, for the definitions of the run are gone or changed in the archive, or this version can't read them; "
      + "in a book that swaps sides, red entries may stand on the other side in the voucher",
    zh: "未显示规则：该批次的定义在归档中缺失或有改动，或本版本无法读取；若账套设为红字换边，凭证中红字分录的方向可能相反")
  static let recordGone = Wording(
    en: "not shown: source files, for the record of the run's commit is gone or changed in the archive",
    zh: "未显示来源文件：该批次的提交记录在归档中缺失或有改动")
}
