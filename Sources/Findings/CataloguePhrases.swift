/// Arguments that are words and no names or values: what our own rooms say in English, with its Chinese.
///
/// A finding keeps the English text, so that it is the same in the state whatever language shows it.
let phrases: [String: String] = [
  // Shapes of YAML.
  "keys with values": "带值的键",
  "a list": "列表",
  "a text": "文本",
  "a text as key": "以文本为键",
  "a table with two columns": "至少有两列的表",
  "debit or credit, one of them": "debit 或 credit 之一",
  "LEVEL unless CONDITION: \"MESSAGE\"": "“级别 unless 条件: \"提示\"”",
  "TYPE = EXPRESSION": "“类型 = 表达式”",
  "[FROM, TO]": "“[起始列, 截止列]”",
  "document | file | [FIELD, …]": "document、file 或 [字段, …]",
  "letters, digits, - and _": "文字、数字、- 和 _",
  "1–6 × A–Z 0–9": "1 到 6 位大写字母或数字",
  "a key or *": "键或 *",
  "an account code": "科目编码",
  "a name": "名称",
  "book: EXPRESSION": "book: 表达式",
  // Expressions.
  "an operator, or the end": "运算符，或到此结束",
  "“and” between two comparisons": "两个比较之间的“and”",
  "a name, a number or a text": "名称、数字或文本",
  "a name behind the point": "点号后面的名称",
  "a closing “}”": "结束的“}”",
  "a closing quote": "结束的引号",
  "a closing back-tick": "结束的反引号",
  "a number of at most 18 digits": "不超过 18 位的数字",
  "an expression": "表达式",
  "a role, an account code, or the call of a code table": "科目角色、科目编码或编码表",
  "list": "列表",
  "a single value": "单个值",
  "a code table": "编码表",
  // Kinds of name.
  "interface": "接口",
  "book": "账套",
  "profile": "导入格式",
  "table": "编码表",
  "code": "代码",
  "account": "科目",
  // What lies in the inbox and is no file.
  "a symbolic link": "符号链接",
  "a fifo": "管道",
  "a socket": "套接字",
  "a folder too deep": "层次过深的文件夹",
  "a device": "设备",
  // YAML.
  "( is left open: close it, or quote this expression": "“(”没有闭合：请补上，或给整个表达式加双引号",
  "[ is left open: close it, or quote this expression": "“[”没有闭合：请补上，或给整个表达式加双引号",
  "{ is left open: close it, or quote this expression": "“{”没有闭合：请补上，或给整个表达式加双引号",
  "\" is left open: close it, or quote this expression": "引号没有闭合：请补上，或给整个表达式加双引号",
  "` is left open: close it, or quote this expression": "反引号没有闭合：请补上，或给整个表达式加双引号",
  "anchors (&) and aliases (*) are not allowed; write it out": "不能用锚点（&）和别名（*）；请直接写出",
  "tags (!) are not allowed; every scalar is text": "不能用标签（!）；所有值都按文本读",
  "a file of more than 1048576 bytes": "文件超过 1048576 字节",
  "a line of more than 8192 bytes": "一行超过 8192 字节",
  "a byte that is not UTF-8": "有不是 UTF-8 的字节",
  "mapping values are not allowed in this context": "冒号的位置不对（值里有“: ”时要加双引号）",
  "did not find expected key": "这里应是一个键（请检查缩进）",
]

extension Language {
  /// The argument of a finding in this language; names and values are the same in both.
  func shown(_ argument: String) -> String {
    self == .chinese ? phrases[argument] ?? argument : argument
  }
}
