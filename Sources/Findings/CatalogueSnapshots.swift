/// What a full snapshot (全量导出) says by what it does not have.
extension Advice {
  static let documentMissing = Advice(
    Wording(
      en: "document {0}, on record since run {1}, is not in this snapshot any more, and its vouchers stand",
      zh: "本次全量导出中已没有批次 {1} 登记的单据 {0}，原凭证不变"),
    help: Wording(
      en:
        "if it was deleted there, correct it in the finance system; with document.missing: reverse what was posted here is taken "
        + "back, and what was posted elsewhere never is",
      zh: "如果该单据已在进销存中删除，请在财务系统中更正；设 document.missing: reverse 时由本系统红冲在此入账的内容，在别处入账的不会红冲"))

  static let documentMissingReversed = Advice(
    Wording(
      en: "document {0} is not in this snapshot any more: what run {1} posted of it is taken back",
      zh: "本次全量导出中已没有单据 {0}：批次 {1} 入账的内容已红冲"),
    help: Wording(
      en: "import the red voucher; should the document come again, it is posted anew",
      zh: "请导入红字凭证；该单据再次出现时会重新入账"))

  static let heldMissing = Advice(
    Wording(
      en: "document {0} was held and is not in this snapshot any more: it is not waited for any longer",
      zh: "挂起的单据 {0} 已不在本次全量导出中：不再等待"),
    help: Wording(en: "nothing to do: its rows count as ignored", zh: "无需处理：其行按忽略统计"))

  static let snapshotIncomplete = Advice(
    Wording(
      en:
        "this snapshot lacks {0} of {1} posted documents, {2} among them: more than document.max_missing allows",
      zh: "本次全量导出缺少 {1} 张已入账单据中的 {0} 张（如 {2}），超过 document.max_missing"),
    help: Wording(
      en:
        "export it again, whole; if so many were deleted, raise document.max_missing in the mapping and drop the same file again",
      zh: "请重新完整导出；如果确实删除了这么多，请在映射中调高 document.max_missing，再放入同一文件"))

  static let snapshotUnreadable = Advice(
    Wording(
      en: "what this snapshot does not have was not looked for: {0} of its documents have no readable key",
      zh: "未检查本次全量导出缺少哪些单据：其中 {0} 张单据的关键字无法读取"),
    help: Wording(
      en: "mend the rejected rows; the next whole snapshot is looked through again",
      zh: "请改正被退回的行；下一份完整的全量导出会再作检查"))

  static let snapshotRepeated = Advice(
    Wording(
      en: "what this snapshot does not have was not looked for: run {0} has taken the same file already",
      zh: "未检查本次全量导出缺少哪些单据：批次 {0} 已处理过同一文件"),
    help: Wording(
      en: "nothing to do: an old file says nothing of what has come since", zh: "无需处理：旧文件不能说明其后入账的单据"))
}
