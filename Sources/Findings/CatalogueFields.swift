/// Fields: cells to values.
extension Advice {
  static let valueMissing = Advice(
    Wording(en: "\"{0}\" is empty", zh: "“{0}”为空"),
    help: Wording(
      en: "fill it in and drop the reject file again", zh: "请填写后把退回文件重新放入 inbox"))

  static let badNumber = Advice(
    Wording(en: "\"{0}\" is not a number ({1})", zh: "“{0}”不是数字（{1}）"),
    help: Wording(
      en:
        "write it as the file's other rows do (1234.50; with decimal commas: 1234,50) and drop the reject file "
        + "again",
      zh: "请按文件中其他行的写法填写（1234.50；小数用逗号的文件写成 1234,50），再把退回文件重新放入 inbox"))

  static let tooManyDecimals = Advice(
    Wording(
      en: "\"{0}\" has more than {2} decimals ({1})", zh: "“{0}”的小数超过 {2} 位（{1}）"),
    help: Wording(
      en: "correct the value, or let the mapping say round()", zh: "请改正数值，或在接口中写明 round()"))

  static let percentUndeclared = Advice(
    Wording(
      en: "\"{0}\" has no percent sign, so it could be {0} % or {0} as a fraction ({1})",
      zh: "“{0}”没有百分号，不知是百分数还是小数（{1}）"),
    help: Wording(
      en: "declare percent(whole) for 13 or percent(fraction) for 0.13 in the mapping",
      zh: "请在接口中写明：13 用 percent(whole)，0.13 用 percent(fraction)"))

  static let excelScientific = Advice(
    Wording(
      en: "a spreadsheet turned \"{0}\" into scientific notation; its digits are lost ({1})",
      zh: "“{0}”被电子表格改成了科学计数法，原有数字已丢失（{1}）"),
    help: Wording(
      en: "export it again and do not save it from a spreadsheet", zh: "请重新导出，不要用电子表格另存"))

  static let numberOutOfRange = Advice(
    Wording(en: "the value of \"{0}\" is too large to be kept exactly", zh: "“{0}”的数值过大，无法精确保存"),
    help: Wording(en: "check the value in the export", zh: "请核对导出文件中的数值"))

  static let divisionByZero = Advice(
    Wording(en: "\"{0}\" divides by zero", zh: "“{0}”的除数是零"),
    help: Wording(
      en: "correct the row, or let the mapping say what holds for zero", zh: "请改正这一行，或在接口中写明为零时怎么算"))

  static let badDate = Advice(
    Wording(en: "\"{0}\" is not a date ({1})", zh: "“{0}”不是日期（{1}）"),
    help: Wording(
      en:
        "write it as the file's other rows do (2026-03-05, unless the mapping says otherwise) and drop the reject file again",
      zh: "请按文件中其他行的写法填写（接口没有另外规定时写成 2026-03-05），再把退回文件重新放入 inbox"))

  static let badFlag = Advice(
    Wording(en: "\"{0}\" is neither yes nor no ({1})", zh: "“{0}”既不是“是”也不是“否”（{1}）"),
    help: Wording(en: "write yes or no (是, 否)", zh: "请写“是”或“否”"))

  static let codeNotFound = Advice(
    Wording(en: "the table {0} has no row for {1}", zh: "编码表 {0} 中没有 {1}"),
    help: Wording(
      en: "add the code to the table; the held documents are tried again by the next run",
      zh: "请在编码表中补上；下一批次会重试挂起的单据"))
}
