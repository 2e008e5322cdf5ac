/// Documents and their verdicts, and the way from documents to vouchers.
extension Advice {
  static let documentDisagrees = Advice(
    Wording(
      en: "\"{0}\" is \"{1}\" in the document's first row and \"{2}\" here", zh: "同一单据的“{0}”前面是“{1}”，这里是“{2}”"
    ),
    help: Wording(
      en: "give all rows of the document one value", zh: "请使同一单据各行的值一致"))

  static let documentWaiting = Advice(
    Wording(
      en: "document {0} came again unchanged; it has been held since run {1}",
      zh: "单据 {0} 再次出现且内容没有变化，自批次 {1} 起一直挂起"),
    help: Wording(
      en: "mend the cause of the hold; the document is tried again by each run",
      zh: "请排除挂起的原因；每个批次都会再试这张单据"))

  static let documentRepeated = Advice(
    Wording(en: "document {0} was posted in run {1}", zh: "单据 {0} 已在批次 {1} 入账"),
    help: Wording(en: "nothing to do: it is not posted twice", zh: "无需处理：不会重复入账"))

  static let documentBeforeStart = Advice(
    Wording(
      en: "document {0} of {1} is dated before the start, {2}", zh: "单据 {0} 的日期 {1} 早于启用日期 {2}"),
    help: Wording(
      en: "nothing to do if it was booked by hand; else move document.start",
      zh: "若已手工入账则无需处理；否则请调整 document.start"))

  static let rejectKeyChanged = Advice(
    Wording(
      en: "reject {0} went back as document {1} and came back as {2}", zh: "退回编号 {0} 退回时是单据 {1}，返回时是 {2}"),
    help: Wording(
      en:
        "put the document's number back as it was (spreadsheet programs take leading zeros away); if it was the number "
        + "itself that was wrong, empty the cells with the reject number and dismiss the old one: "
        + "tallyman rejects --dismiss {0} --reason …",
      zh: "请把单据编号改回原样（表格软件会去掉前导零）；如果要更正的正是单据编号，请清空退回编号，并执行 tallyman rejects --dismiss {0} --reason …"))

  static let rejectRowsChanged = Advice(
    Wording(
      en: "reject {0} went back with rows: {1}, and came back with rows: {2}",
      zh: "退回编号 {0} 退回时有 {1} 行，返回时有 {2} 行"),
    help: Wording(
      en:
        "give it back with all its rows, each once; if the document itself had a row too many or too few, empty the cells "
        + "with the reject number",
      zh: "请把各行不多不少地放回；如果单据本身就多了或少了行，请清空这些行的退回编号"))

  static let documentWithoutVoucher = Advice(
    Wording(
      en: "document {0} is posted without a voucher of {1}: all its entries are zero",
      zh: "单据 {0} 已入账但没有 {1} 凭证：各分录金额都是零"),
    help: Wording(en: "nothing to do", zh: "无需处理"))

  static let documentOtherYear = Advice(
    Wording(
      en: "document {0} was posted in fiscal year {1}, and this one is of {2}",
      zh: "单据 {0} 已在 {1} 年度入账，而这一张属于 {2} 年度"),
    help: Wording(
      en: "where numbers restart each year, add the year to document.key",
      zh: "若单号每年重排，请在 document.key 中加上年度"))

  static let documentIncomplete = Advice(
    Wording(en: "document {0} is not complete yet", zh: "单据 {0} 还不完整"),
    help: Wording(
      en: "nothing to do if the rest comes in another file; else drop the whole document again",
      zh: "其余各行若在另一个文件里则无需处理；否则请把整张单据重新放入"))

  static let monthlyWithdrawn = Advice(
    Wording(
      en:
        "document {0} is void, not approved any more, or not in a full snapshot any more, before its monthly posting was made",
      zh: "单据 {0} 在按月汇总之前已作废、弃审，或全量导出中已没有"),
    help: Wording(
      en: "nothing to do: that posting is not made, unless the document comes again as it was",
      zh: "无需处理：不再汇总入账，除非单据恢复原状后再次导出"))

  static let documentDismissed = Advice(
    Wording(en: "{0} was dismissed by {1}: {2}", zh: "{0} 由 {1} 决定不再处理：{2}"),
    help: Wording(
      en: "nothing to do; if an export brings the document again, it is judged anew",
      zh: "无需处理；如再次导出此单据，会重新判断"))

  static let rejectNumberUnknown = Advice(
    Wording(en: "there is no reject {0} here", zh: "没有退回号 {0}"),
    help: Wording(
      en: "the document was judged like any other; if the file belongs to another workspace, take it away",
      zh: "此单据按普通单据处理；如果文件属于另一个工作目录，请取走"))

  static let documentSuperseded = Advice(
    Wording(en: "the held document {0} was dropped again with other content", zh: "挂起的单据 {0} 以新内容重新送来"),
    help: Wording(en: "nothing to do: the new one takes its place", zh: "无需处理：以新的为准"))

  static let checkFailed = Advice(
    Wording(en: "{0}", zh: "{0}"),
    help: Wording(
      en: "correct the document, or complete what the check looks up", zh: "请改正单据，或补全校验所查的资料"))

  static let fileStopped = Advice(
    Wording(en: "the whole file goes back: {0}", zh: "整份文件退回：{0}"),
    help: Wording(en: "mend the cause and drop the file again", zh: "请排除原因后重新放入文件"))

  static let rowOfRejected = Advice(
    Wording(
      en: "the document of this row is rejected because of line {0}", zh: "此行所在的单据因第 {0} 行而整张退回"),
    help: Wording(en: "mend line {0}; leave this row as it is", zh: "请改正第 {0} 行；此行不必改动"))

  static let currencyUnknown = Advice(
    Wording(en: "\"{0}\" is no currency code", zh: "“{0}”不是币种代码"),
    help: Wording(
      en: "write ISO 4217's three capital letters (USD), or let a code table in the mapping give them",
      zh: "请写三个大写字母的 ISO 4217 代码（如 USD），或在接口里用编码表换算"))

  static let rateNotPositive = Advice(
    Wording(
      en: "posting {0}: the exchange rate of a foreign amount is not above zero", zh: "{0} 凭证：外币金额的汇率不大于零"),
    help: Wording(
      en: "correct the rate, or the table that it comes from, and drop the reject file again",
      zh: "请改正汇率或汇率表，再把退回文件重新放入 inbox"))

  static let voucherUnbalanced = Advice(
    Wording(
      en: "\"{0}\" does not balance: debits {1}, credits {2}", zh: "“{0}”借贷不平：借方 {1}，贷方 {2}"),
    help: Wording(
      en:
        "correct the amounts of the document; if they are right, the entry rules are wrong, or a tail difference is "
        + "above the book's tail_limit",
      zh: "请核对单据金额；若金额无误，则是分录规则有误，或尾差超过账簿的 tail_limit"))

  static let accountUnknownInTable = Advice(
    Wording(
      en: "the table gives \"{0}\" for {1}, and the chart has no such account or role",
      zh: "编码表给 {1} 的“{0}”不是科目表中的科目或角色"),
    help: Wording(
      en: "correct the table or add the account to the chart", zh: "请改正编码表，或在科目表中补上科目"))

  static let dimensionRequired = Advice(
    Wording(en: "account {1} requires the dimension \"{0}\"", zh: "科目 {1} 必须有辅助核算“{0}”"),
    help: Wording(
      en: "fill in the value in the document, or name the dimension in the entry rule's by:",
      zh: "请在单据中填写，或在分录规则的 by 中给出"))

  static let contractBreach = Advice(
    Wording(
      en: "{0} does not take \"{2}\" in \"{1}\": {3}", zh: "{0} 的“{1}”不接受“{2}”：{3}"),
    help: Wording(
      en: "correct the value in the document, or shorten what the mapping makes of it",
      zh: "请在单据中改正，或在接口中改写其内容"))

  static let valueCut = Advice(
    Wording(
      en: "\"{2}\" in \"{1}\" of {0} is longer than {3} bytes and was cut off",
      zh: "{0} 的“{1}”超过 {3} 字节，“{2}”已截断"),
    help: Wording(
      en: "nothing is to be done; a shorter text in the mapping would come out whole",
      zh: "无须处理；如需完整内容，请在接口中写短一些"))

  static let characterReplaced = Advice(
    Wording(
      en: "{3} has no character \"{2}\", which \"{1}\" of {0} needs: \"{4}\" was written instead",
      zh: "{0} 的“{1}”中有 {3} 编码没有的字符“{2}”，已写成“{4}”"),
    help: Wording(
      en: "nothing is to be done; to keep the character, write the profile in utf-8 or gb18030",
      zh: "无须处理；如需保留该字符，请将导入格式改用 utf-8 或 gb18030"))

  static let characterUnwritable = Advice(
    Wording(
      en: "{3} has no character \"{2}\", which \"{1}\" of {0} needs", zh: "{0} 的“{1}”中有 {3} 编码没有的字符“{2}”"),
    help: Wording(
      en: "replace the character in the export, or write the profile in utf-8 or gb18030",
      zh: "请替换该字符，或将导入格式改用 utf-8 或 gb18030"))

  static let newCodeLeftOut = Advice(
    Wording(
      en: "\"{1}\", which {0} lacks, is left out of the file of new codes: {2}",
      zh: "“{1}”（{0} 中没有）未写入新编码文件：{2}"),
    help: Wording(
      en: "enter this code in the finance system by hand; it is not written again while its documents wait",
      zh: "请在财务系统中手工建档；相关单据挂起期间不会再写"))
}
