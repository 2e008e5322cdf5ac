/// What `tallyman verify` finds: state, archive and outbox are not as the commits left them.
extension Advice {
  static let stateDamaged = Advice(
    Wording(en: "the state can't be relied on: {0}", zh: "状态库不可信：{0}"),
    help: Wording(
      en:
        "if archive/records is whole, `tallyman rebuild` makes it again; else restore .tallyman from a backup",
      zh: "archive/records 完整时，用 tallyman rebuild 重建；否则请从备份恢复 .tallyman"))

  static let stateBehind = Advice(
    Wording(
      en:
        "the state ends with run {0}, but {1} is of run {2}: it was deleted, or an older copy was put in its place",
      zh: "状态库只到批次 {0}，而 {1} 属于批次 {2}：状态库被删除，或被换成了旧的副本"),
    help: stateDamaged.remedy)

  static let stateDiffers = Advice(
    Wording(
      en: "the records of the commits make another state: {0} differs", zh: "按各批次的提交记录得到的状态不同：{0} 不一致"),
    help: Wording(
      en: "find out who wrote to the state; `tallyman rebuild` makes it again from the archive",
      zh: "查明是谁改过状态库；用 tallyman rebuild 从 archive 重建"))

  static let recordMissing = Advice(
    Wording(en: "the record of run {0} is missing", zh: "缺少批次 {0} 的提交记录"),
    help: Wording(
      en: "restore archive/records from a backup; without it a lost state can't be made again",
      zh: "请从备份恢复 archive/records；缺了它，状态库一旦丢失就无法重建"))

  static let headUnknown = Advice(
    Wording(
      en:
        "no commit has the record {0}: the chain was made anew since it was written down, or it was copied wrongly",
      zh: "没有哪个批次的提交记录是 {0}：记下之后存证链被重写过，或抄写有误"),
    help: Wording(
      en:
        "compare it with the output of the run of that day; if it is right, ask who wrote to archive/records",
      zh: "请与当天批次的输出核对；如果没有抄错，请查明是谁改写了 archive/records"))

  static let recordChanged = Advice(
    Wording(en: "the record of run {0} is not as it was written: {1}", zh: "批次 {0} 的提交记录与写入时不同：{1}"),
    help: Wording(
      en: "restore archive/records from a backup", zh: "请从备份恢复 archive/records"))

  static let archivedFileMissing = Advice(
    Wording(en: "what a run worked with is no longer in the archive", zh: "批次用过的文件已不在 archive 中"),
    help: Wording(en: "restore it from a backup", zh: "请从备份恢复"))

  static let archivedFileChanged = Advice(
    Wording(
      en: "the file is not as it was taken: SHA-256 was {0}, is {1}", zh: "文件与取走时不同：SHA-256 原为 {0}，现为 {1}"),
    help: Wording(en: "restore it from a backup", zh: "请从备份恢复"))

  static let publishedFileChanged = Advice(
    Wording(
      en: "the file is not as it was published: SHA-256 was {0}, is {1}",
      zh: "文件与发布时不同：SHA-256 原为 {0}，现为 {1}"),
    help: Wording(
      en: "do not import it; ask who changed it, and take it from a backup", zh: "不要导入；查明是谁改过，并从备份恢复"))
}
