import Findings

/// Everything that the reconciliation log says, in both languages.
enum LogWording {
  static let title = Wording(en: "Reconciliation log · run {0} · {1}", zh: "对账单 · 批次 {0} · {1}")
  static let ties = Wording(
    en: "RESULT  everything ties: in = out on every line, difference 0",
    zh: "结论  全部相符：每一行来源等于去向，差额为 0")
  static let doesNotTie = Wording(
    en: "RESULT  {0} line(s) DO NOT TIE: nothing of this run is published",
    zh: "结论  有 {0} 处不平：本批次一个文件也不发布")
  static let law = Wording(
    en: "read + released = posted + rejected + held + repeated + ignored + pending",
    zh: "读入 + 解挂 = 入账 + 退回 + 挂起 + 重复 + 忽略 + 待入账")

  static let files = Wording(en: "FILES", zh: "一、文件")
  static let wholeRun = Wording(
    en: "WHOLE RUN (posted: summed from the entries as written)", zh: "二、整批合计（入账数取自写出的分录）")
  static let postings = Wording(en: "VOUCHERS BY POSTING", zh: "三、凭证（按入账种类）")
  static let accounts = Wording(en: "BY ACCOUNT", zh: "四、科目发生额")
  static let findings = Wording(en: "FINDINGS", zh: "五、问题")
  static let documents = Wording(en: "DOCUMENTS THAT NEED A PERSON", zh: "六、需要处理的单据")
  static let waiting = Wording(
    en: "WHAT IS HELD OR REJECTED AFTER THIS RUN, BY CAUSE", zh: "七、批次结束后仍挂起或退回（按原因）")
  static let publications = Wording(en: "FILES PUBLISHED", zh: "八、交付文件")
  static let untied = Wording(en: "WHAT DOES NOT TIE", zh: "不平明细")
  static let nothing = Wording(en: "none", zh: "无")
  static let more = Wording(en: "… and {0} more, not listed", zh: "……另有 {0} 条，未列出")

  static let interface = Wording(en: "interface {0}", zh: "接口 {0}")
  static let bytes = Wording(en: "{0 byte|bytes}", zh: "{0} 字节")
  static let layoutRows = Wording(
    en: "outside: {0} layout rows (titles, header, skipped, trailer)", zh: "不计入：版式行 {0} 行（标题、表头、跳过、合计）")
  static let unreadable = Wording(
    en: "unreadable: {0} × {1}, counted in no amount", zh: "无法读出：{0} 有 {1} 处，不计入金额")
  static let control = Wording(
    en: "control total {0}: stated {1}, summed {2} — {3}", zh: "控制合计 {0}：表列 {1}，累计 {2}，{3}")
  static let controlTies = Wording(en: "agrees", zh: "相符")
  static let controlDiffers = Wording(en: "DIFFERS by {0}", zh: "不符，差 {0}")
  static let rejectFile = Wording(en: "sent back: {0}", zh: "退回文件：{0}")

  static let rows = Wording(en: "rows", zh: "行数")
  static let documentCount = Wording(en: "documents", zh: "单据")
  static let absorbed = Wording(en: "absorbed", zh: "尾差")
  static let difference = Wording(en: "difference", zh: "差额")
  static let notTied = Wording(en: "◄ DOES NOT TIE", zh: "◄ 不平")

  static let fromBefore = Wording(
    en: "documents of earlier runs: held, waiting for the end of their month, or posted anew",
    zh: "先前批次的单据：挂起、等月末或重新入账")

  static let book = Wording(en: "book", zh: "账套")
  static let posting = Wording(en: "posting", zh: "入账种类")
  static let vouchers = Wording(en: "vouchers", zh: "凭证")
  static let entries = Wording(en: "entries", zh: "分录")
  static let debits = Wording(en: "debits", zh: "借方")
  static let credits = Wording(en: "credits", zh: "贷方")
  static let firstID = Wording(en: "first voucher", zh: "首张业务号")
  static let lastID = Wording(en: "last voucher", zh: "末张业务号")
  static let account = Wording(en: "account", zh: "科目编码")
  static let accountName = Wording(en: "name", zh: "科目名称")
  static let total = Wording(en: "total", zh: "合计")
  static let interfaceName = Wording(en: "interface", zh: "接口")
  static let amount = Wording(en: "amount", zh: "金额")
  static let since = Wording(en: "since", zh: "起自")
  static let days = Wording(en: "days", zh: "天数")
  static let times = Wording(en: "times", zh: "次数")
  static let code = Wording(en: "code", zh: "代码")
  static let severity = Wording(en: "severity", zh: "级别")
  static let verdict = Wording(en: "verdict", zh: "结论")
  static let place = Wording(en: "place", zh: "位置")
  static let key = Wording(en: "document", zh: "单据号")
  static let reason = Wording(en: "reason", zh: "原因")
  static let name = Wording(en: "file", zh: "文件")
  static let size = Wording(en: "bytes", zh: "字节")

  static let wholeDiffers = Wording(
    en: "{0}, {1}, {2}: the files add up to {3}, the run to {4}", zh: "{0}，{1}，{2}：各文件合计 {3}，整批 {4}")
  static let lineDiffers = Wording(
    en: "{0}, {1}: {2} in, {3} out, difference {4}", zh: "{0}，{1}：来源 {2}，去向 {3}，差额 {4}")
  static let postingDiffers = Wording(
    en: "posting {0}: debits {1}, credits {2}", zh: "入账种类 {0}：借方 {1}，贷方 {2}")
  static let bookDiffers = Wording(
    en: "book {0}: accounts {1} / {2}, postings {3} / {4}", zh: "账套 {0}：科目 {1} / {2}，凭证 {3} / {4}")

  static func bucket(_ bucket: Bucket) -> Wording {
    switch bucket {
    case .read: Wording(en: "read", zh: "读入")
    case .released: Wording(en: "released", zh: "解挂")
    case .posted: Wording(en: "posted", zh: "入账")
    case .rejected: Wording(en: "rejected", zh: "退回")
    case .held: Wording(en: "held", zh: "挂起")
    case .repeated: Wording(en: "repeated", zh: "重复")
    case .ignored: Wording(en: "ignored", zh: "忽略")
    case .pending: Wording(en: "pending", zh: "待入账")
    }
  }

  static func outcome(_ outcome: FileOutcome) -> Wording {
    switch outcome {
    case .done: Wording(en: "done", zh: "已处理")
    case .heads: Wording(en: "taken together with the file above", zh: "与上面的文件一起处理")
    case .repeated: Wording(en: "the same file as before", zh: "与已处理文件相同")
    case .stopped: Wording(en: "sent back whole", zh: "整份退回")
    case .unrecognised: Wording(en: "not recognised, left in the inbox", zh: "未识别，留在收件箱")
    case .quarantined: Wording(en: "quarantined", zh: "已隔离")
    case .withdrawn: Wording(en: "withdrawn", zh: "已撤走")
    }
  }
}
