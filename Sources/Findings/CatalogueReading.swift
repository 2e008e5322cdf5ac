/// Reading: bytes to rows.
extension Advice {
  static let xmlBroken = Advice(
    Wording(en: "the file is no well-formed XML: {0}", zh: "文件不是格式正确的 XML：{0}"),
    help: Wording(
      en: "export it again; if it always breaks here, have the export program mended",
      zh: "请重新导出；如果每次都在这里出错，请修正导出程序"))

  static let xmlDoctype = Advice(
    Wording(
      en:
        "the file declares a document type (DOCTYPE {0}), which could name other files and grow without end",
      zh: "文件声明了文档类型（DOCTYPE {0}），可能引用其他文件或无限膨胀"),
    help: Wording(en: "export it without DOCTYPE", zh: "请不带 DOCTYPE 重新导出"))

  static let xmlRootOther = Advice(
    Wording(
      en: "the root element is {0}, the interface wants {1}", zh: "根元素是 {0}，接口要的是 {1}"),
    help: Wording(
      en: "drop the export that the interface is for, or mend read.document and read.namespaces",
      zh: "请放入该接口对应的导出文件，或修正 read.document 和 read.namespaces"))

  static let xmlNoDocuments = Advice(
    Wording(en: "no element of the file is a {0}", zh: "文件里没有 {0} 元素"),
    help: Wording(
      en:
        "mend read.document, whose names are those of the mapping's namespaces, or read.sheet; or export the documents",
      zh: "请改正 read.document（名称按接口的 namespaces 区分）或 read.sheet，或重新导出单据"))

  static let xmlTruncated = Advice(
    Wording(en: "the file ends before its element {0} is closed", zh: "文件在元素 {0} 结束之前就断了"),
    help: Wording(
      en: "it was cut off: copy or export it again, whole", zh: "文件不完整：请重新复制或导出完整的文件"))

  static let xmlEncoding = Advice(
    Wording(
      en: "the bytes here are none of the encoding that the file declares ({0})",
      zh: "这里的字节不合文件声明的编码（{0}）"),
    help: Wording(
      en: "mend the declaration in the first line, or save the file in the encoding that it declares",
      zh: "请改正首行声明的编码，或按声明的编码另存"))

  static let xmlLimit = Advice(
    Wording(en: "more than the limit {0} allows: {1}", zh: "超过了 {0} 的上限：{1}"),
    help: Wording(
      en:
        "no export needs so much: look what the file is; row_bytes and document_bytes can be raised in workspace.yaml",
      zh: "正常的导出不会这样：请核对文件；row_bytes 和 document_bytes 可在 workspace.yaml 中调高"))

  static let xmlDocumentTwice = Advice(
    Wording(
      en: "the file has this document twice; the first begins at line {0}", zh: "文件里有两张相同单号的单据，前一张从第 {0} 行开始"),
    help: Wording(
      en: "leave in the file the one that is right", zh: "请只保留正确的一张"))

  static let headerMissing = Advice(
    Wording(
      en: "no header row was found in the first {1} rows ({2} bytes at most); sought: {0}",
      zh: "前 {1} 行（最多 {2} 字节）里没有找到表头；要找的列：{0}"),
    help: Wording(en: "export the file with its header row", zh: "请连同表头一起导出"))

  static let tooManyColumns = Advice(
    Wording(en: "the header has {0 column|columns} or more, the limit is {1}", zh: "表头至少有 {0} 列，最多允许 {1} 列"),
    help: Wording(
      en: "export only the columns that are needed, or raise limits.columns in workspace.yaml",
      zh: "请只导出需要的列，或在 workspace.yaml 中调高 limits.columns"))

  static let columnMissing = Advice(
    Wording(en: "the column \"{0}\" is missing", zh: "缺少“{0}”列"),
    help: Wording(
      en: "export it with this column, or change the name in the mapping", zh: "请导出这一列，或在接口中改正列名"))

  static let columnDoubled = Advice(
    Wording(en: "the header has \"{0}\" more than once: columns {1}", zh: "表头中“{0}”不止一个：第 {1} 列"),
    help: Wording(en: "rename or remove one of the columns", zh: "改名或删去其中一列"))

  static let badByte = Advice(
    Wording(en: "the byte {0} is not valid {1}", zh: "字节 {0} 不合 {1} 编码"),
    help: Wording(
      en: "save the file as {1}, or pin its true encoding in the mapping's read.encoding",
      zh: "请另存为 {1} 编码，或在接口的 read.encoding 中写明实际编码"))

  static let quoteUnclosed = Advice(
    Wording(en: "the quote that opens here is never closed", zh: "这里开始的引号没有结束"),
    help: Wording(
      en: "close it, or double it where it is part of the text", zh: "补上结束的引号；若引号是内容，应写成两个"))

  static let quoteStray = Advice(
    Wording(en: "\"{0}\" stands right behind a closing quote", zh: "结束的引号后面紧跟着“{0}”"),
    help: Wording(
      en: "double the quote where it is part of the text, else put the delimiter behind it",
      zh: "若引号是内容，应写成两个；否则引号后应是分隔符"))

  static let cellCount = Advice(
    Wording(en: "the row has {0 cell|cells}, the header {1}", zh: "这一行有 {0} 格，表头有 {1} 格"),
    help: Wording(
      en: "put quotes around the cell that holds the delimiter, or complete the row",
      zh: "内容含有分隔符的单元格要加引号，或把这一行补全"))

  static let rowWithoutHead = Advice(
    Wording(
      en: "{0} has no row for this row's {1}, or several that differ", zh: "{0} 里没有与本行 {1} 对应的行，或有几行且内容不同"),
    help: Wording(
      en: "export both files again together, or fill in the missing cells in the reject file",
      zh: "请把两个文件重新一起导出，或在退回文件里补上缺少的单元格"))

  static let tagMisplaced = Advice(
    Wording(
      en: "a row tagged \"{0}\" can't stand here; expected: {1}", zh: "标记为“{0}”的行不能出现在这里；这里应是：{1}"),
    help: Wording(
      en: "mend the tag, or add the document's row above it", zh: "请改正标记，或在它上面补上单据行"))

  static let documentWithoutRows = Advice(
    Wording(en: "the document has no \"{0}\" below it", zh: "单据下面没有“{0}”"),
    help: Wording(
      en: "add its rows, or leave the document out where nothing is to be posted",
      zh: "请补上明细行；若无需入账，请去掉这张单据"))

  static let headUnused = Advice(
    Wording(en: "no row of the other file belongs to \"{0}\"", zh: "另一个文件里没有属于“{0}”的行"),
    help: Wording(
      en: "nothing was posted for it; look whether the other file is complete", zh: "没有据此入账；请核对另一个文件是否完整"))

  static let headDoubled = Advice(
    Wording(
      en: "\"{0}\" stands here with other values than on line {1}", zh: "“{0}”在这里与第 {1} 行的内容不同"),
    help: Wording(
      en: "rows that belong to it are rejected; keep one of the two lines", zh: "属于它的行已退回；两行请只保留一行"))

  static let rowTooLong = Advice(
    Wording(en: "the row is longer than {0} bytes", zh: "这一行超过 {0} 字节"),
    help: Wording(
      en:
        "look for a quote that is never closed in this row (the limit is limits.row_bytes in workspace.yaml)",
      zh: "请检查这一行是否有没结束的引号（上限是 workspace.yaml 的 limits.row_bytes）"))

  static let documentTooLong = Advice(
    Wording(
      en: "the rows of one document that begins here are longer than {0} bytes", zh: "从这里开始的一张单据各行共超过 {0} 字节"),
    help: Wording(
      en: "is its number missing in many rows? else raise limits.document_bytes in workspace.yaml",
      zh: "请检查是否许多行缺少单据编号；确属一张单据时，在 workspace.yaml 中调高 limits.document_bytes"))

  static let trailerMissing = Advice(
    Wording(en: "the trailer row \"{0}\" is missing: the export may be cut short", zh: "缺少“{0}”行：导出可能不完整"),
    help: Wording(en: "export the file again, whole", zh: "请重新完整导出"))

  static let trailerMismatch = Advice(
    Wording(
      en: "the trailer states {1} for \"{0}\", the rows add up to {2}", zh: "“{0}”的合计写的是 {1}，各行相加是 {2}"),
    help: Wording(
      en: "export the file again; rows are missing, doubled or edited", zh: "请重新导出；有行缺失、重复或被改动"))

  static let rowAfterTrailer = Advice(
    Wording(en: "a row stands after the trailer", zh: "合计行之后还有数据行"),
    help: Wording(en: "export the file again; two exports may have been joined", zh: "请重新导出；可能是两次导出接在了一起"))
}
