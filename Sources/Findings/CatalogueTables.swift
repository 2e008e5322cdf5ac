/// Code tables, the chart of accounts, and what rules say of accounts.
extension Advice {
  static let countedByRecord = Advice(
    Wording(
      en: "\"{0}\" is the document's, and would count once for each of its records here",
      zh: "“{0}”属于整张单据，在这里每行都会算一次"),
    help: Wording(
      en: "give it an entry rule of its own, or spread it over the records: allocate({0}, weight)",
      zh: "请单独写一条分录规则，或分摊到各行：allocate({0}, 权重)"))

  static let tableMissing = Advice(
    Wording(en: "the table {0} does not exist", zh: "编码表 {0} 不存在"),
    help: Wording(
      en: "put the file there, or correct the path; it is relative to mappings/",
      zh: "放入该文件，或改正路径；路径从 mappings/ 算起"))

  static let tableColumn = Advice(
    Wording(en: "the table has no column \"{0}\"", zh: "表中没有“{0}”列"),
    help: Wording(en: "add the column, or name one that the header has", zh: "补上该列，或改写成表头已有的列名"))

  static let tableAmbiguous = Advice(
    Wording(
      en: "lines {0} and {1} both apply to the key {2}", zh: "第 {0} 行和第 {1} 行都适用于键 {2}"),
    help: Wording(
      en: "delete one of them, or give them validity dates that do not overlap",
      zh: "删去其中一行，或使两行的有效期不重叠"))

  static let tableGap = Advice(
    Wording(
      en: "from {1} to {2} no row applies to the key {0}: lines {3} and {4} leave these days out",
      zh: "{1} 至 {2} 没有适用于键 {0} 的行：第 {3} 行和第 {4} 行之间有空档"),
    help: Wording(
      en: "let the validity dates of the two rows follow one another, or add a row for the days between",
      zh: "使这两行的有效期首尾相接，或为中间的日期补上一行"))

  static let tableValue = Advice(
    Wording(en: "\"{0}\" stands where {1} is expected", zh: "“{0}”不对，应为 {1}"),
    help: Wording(en: "correct this cell of the table", zh: "改正表中的这一格"))

  static let unknownAccount = Advice(
    Wording(en: "the chart has no account or role \"{0}\"", zh: "科目表中没有科目或角色“{0}”"),
    help: Wording(
      en: "add it to the book's chart, or name a role or a code that the chart has",
      zh: "在账套的科目表中补上，或改写成已有的角色或科目编码"))

  static let accountNotLeaf = Advice(
    Wording(en: "account {0} is not a leaf", zh: "科目 {0} 不是末级科目"),
    help: Wording(
      en: "take one of the accounts below it; only leaves take entries", zh: "改用它的下级科目；只有末级科目可以入账"))

  static let roleDoubled = Advice(
    Wording(en: "more than one account has the role \"{0}\": {1}", zh: "不止一个科目的角色是“{0}”：{1}"),
    help: Wording(en: "leave the role with one of them", zh: "只让其中一个科目担任这个角色"))

  static let dimensionNotAllowed = Advice(
    Wording(en: "account {1} has no dimension \"{0}\"", zh: "科目 {1} 没有辅助核算“{0}”"),
    help: Wording(
      en: "take the dimension out, or add it to the account's dimensions in the chart",
      zh: "删去这项辅助核算，或在科目表中为该科目加上"))
}
