/// Recognition: what the operator dropped, and what became of it before a row was read.
extension Advice {
  static let fileUnrecognised = Advice(
    Wording(
      en: "no interface takes this file; nearest: {0}, which misses: {1}",
      zh: "没有接口认得这个文件；最接近的是 {0}，还缺：{1}"),
    help: Wording(
      en: "check its name and its header row; it stays in the inbox", zh: "核对文件名和表头；文件留在 inbox"))

  static let delimiterOther = Advice(
    Wording(
      en: "the columns are those of {0}, but between them stands \"{1}\" and not \"{2}\"",
      zh: "列与接口 {0} 相符，但分隔符是“{1}”，不是“{2}”"),
    help: Wording(
      en:
        "export it with \"{2}\", or write delimiter: \"{1}\" under read: in the mapping; it stays in the inbox",
      zh: "请以“{2}”分隔导出，或在接口的 read: 下写 delimiter: \"{1}\"；文件留在 inbox"))

  static let fileAmbiguous = Advice(
    Wording(en: "more than one interface takes this file: {0}", zh: "不止一个接口认得这个文件：{0}"),
    help: Wording(
      en: "make the name patterns or the columns of the interfaces differ; it stays in the inbox",
      zh: "请集成人员使各接口的文件名或列名有所区别；文件留在 inbox"))

  static let fileWrongKind = Advice(
    Wording(en: "by its first bytes this file is {0}", zh: "从文件开头看，这是 {0}"),
    help: Wording(
      en:
        "export it in the format that its interface reads, under a name that fits files:, and do not only rename it; "
        + "it stays in the inbox",
      zh: "请按接口的格式重新导出，文件名符合 files:，不要只改扩展名；文件留在 inbox"))

  static let fileEmpty = Advice(
    Wording(en: "the file is empty", zh: "文件是空的"),
    help: Wording(en: "export it again; it stays in the inbox", zh: "请重新导出；文件留在 inbox"))

  static let fileNotRegular = Advice(
    Wording(en: "this is no regular file but {0}", zh: "这不是普通文件，而是{0}"),
    help: Wording(en: "drop the file itself into the inbox", zh: "请把文件本身放入 inbox"))

  static let fileUnreadable = Advice(
    Wording(en: "the file cannot be read: {0}", zh: "文件无法读取：{0}"),
    help: Wording(
      en: "give the account that runs Tallyman the right to read it", zh: "请让运行 Tallyman 的用户有权读取它"))

  static let fileRepeated = Advice(
    Wording(
      en: "run {0} took the same file, and nothing of it waits: its rows are not read again",
      zh: "批次 {0} 收取过同一文件，其中没有待处理的单据：不再逐行读取"),
    help: Wording(en: "nothing to do", zh: "无需处理"))

  static let fileWithdrawn = Advice(
    Wording(en: "the file was gone before it was taken", zh: "文件在取走之前已不在"),
    help: Wording(en: "drop it again if it should be posted", zh: "如需入账，请重新放入"))

  static let fileReplaced = Advice(
    Wording(
      en: "the file was changed, or another took its place, after the run had planned it",
      zh: "列入批次之后，文件被改动或被另一个文件替换"),
    help: Wording(
      en: "nothing to do: it lies in the inbox, and a later run takes it when nobody writes it any more",
      zh: "无需处理：文件在 inbox 中，没有人再写入时由以后的批次取走"))

  static let fileQuarantined = Advice(
    Wording(
      en: "the program ended abnormally {0} times at this file; it is set aside",
      zh: "程序处理此文件时异常中止 {0} 次；文件已隔离"),
    help: Wording(
      en:
        "nothing of it was posted; report it with the file, then take it out of .tallyman/quarantine (drop it again to try it anew)",
      zh: "该文件没有入账；请连同文件告知维护人员，再把它移出 .tallyman/quarantine（要重试就重新放入 inbox）"))

  static let sidecarMismatch = Advice(
    Wording(
      en: "the file is not what its .sha256 states: its digest is {1}, and {0} is stated",
      zh: "文件与旁边的 .sha256 不符：实际摘要 {1}，所写摘要 {0}"),
    help: Wording(
      en: "transfer both again; they stay in the inbox", zh: "请把两个文件重新传送；它们留在 inbox"))

  static let sidecarMalformed = Advice(
    Wording(
      en: "this companion holds no SHA-256 of one file", zh: "这个伴随文件中没有单个文件的 SHA-256 摘要"),
    help: Wording(
      en: "write it as sha256sum does: 64 hex digits, then the file's name; its file stays in the inbox",
      zh: "请照 sha256sum 的格式写：64 位十六进制数字，后跟文件名；所伴随的文件留在 inbox"))

  static let outboxNameTaken = Advice(
    Wording(en: "a file that is not ours has the name {0}", zh: "已有同名的外来文件 {0}"),
    help: Wording(
      en: "move it away; the next run puts ours there, and until then nothing new is taken from the inbox",
      zh: "请把它移走；下一批次会放上我们的文件，在此之前不再取收件箱中的文件"))
}
