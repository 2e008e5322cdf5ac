/// Definitions: what an integrator wrote in YAML and in expressions.
extension Advice {
  static let yamlSyntax = Advice(
    Wording(en: "this is not valid YAML: {0}", zh: "YAML 写法有误：{0}"),
    help: Wording(
      en: "mend this line; an expression that holds a comma, a bracket, `: ` or ` #` goes in double quotes",
      zh: "改正这一行；含有逗号、括号、“: ”或“ #”的表达式要放在双引号里"))

  static let definitionMissing = Advice(
    Wording(en: "{0} does not exist", zh: "缺少 {0}"),
    help: Wording(en: "create it, or give the right folder with --workspace", zh: "建立它，或用 --workspace 指明工作目录")
  )

  static let unknownKey = Advice(
    Wording(en: "unknown key \"{0}\"", zh: "没有名为“{0}”的键"),
    help: Wording(en: "remove it, or correct its spelling", zh: "删去它，或改正拼写"))

  static let doubledKey = Advice(
    Wording(en: "the key \"{0}\" stands here for the second time", zh: "键“{0}”重复出现"),
    help: Wording(en: "keep one of the two", zh: "只保留一处"))

  static let missingKey = Advice(
    Wording(en: "\"{0}\" is missing", zh: "缺少“{0}”"),
    help: Wording(en: "add \"{0}:\" with a value here", zh: "在这里写上“{0}:”和它的值"))

  static let wrongShape = Advice(
    Wording(en: "this must be {0}", zh: "这里应当是{0}"),
    help: Wording(en: "write it as {0}", zh: "改写成{0}"))

  static let badValue = Advice(
    Wording(en: "\"{0}\" is not allowed here", zh: "这里不能写“{0}”"),
    help: Wording(en: "allowed: {1}", zh: "可以写：{1}"))

  static let notBuiltYet = Advice(
    Wording(en: "{0} is not built yet", zh: "{0} 尚未实现"),
    help: Wording(
      en: "take it out; a later version of Tallyman will know it", zh: "请先删去；以后的版本才支持"))

  static let languageVersion = Advice(
    Wording(en: "language {0} is not known to this version", zh: "本版本不认识语言版本 {0}"),
    help: Wording(
      en: "write \"language: 1\", or install a newer Tallyman", zh: "写成“language: 1”，或安装更新的 Tallyman"))

  static let doubledName = Advice(
    Wording(en: "{0} \"{1}\" is already defined at {2}", zh: "{0}“{1}”已在 {2} 定义"),
    help: Wording(en: "give one of the two another {0}", zh: "两处之一须换一个{0}"))

  static let unknownReference = Advice(
    Wording(en: "there is no {0} \"{1}\"", zh: "没有名为“{1}”的{0}"),
    help: Wording(en: "define it, or name one that exists", zh: "先定义它，或改写成已有的名称"))

  static let expressionSyntax = Advice(
    Wording(en: "the expression breaks off here: expected {0}", zh: "表达式在此处有误：应为{0}"),
    help: Wording(en: "mend the expression at the mark", zh: "改正标记处的表达式"))

  static let unknownName = Advice(
    Wording(en: "unknown name \"{0}\"", zh: "没有名为“{0}”的列、字段或编码表"),
    help: Wording(
      en:
        "name an earlier field, a column or a table; an odd header goes in back-ticks, a text of your own in quotes",
      zh: "应是前面的字段、列或编码表；特殊的列名放在反引号里，自己写的文字放在引号里"))

  static let unknownFunction = Advice(
    Wording(en: "unknown function \"{0}\"", zh: "没有名为“{0}”的函数或编码表"),
    help: Wording(en: "name a function of the language or a table of this interface", zh: "应是语言的函数，或本接口的编码表"))

  static let wrongArguments = Advice(
    Wording(en: "{0} is called with the wrong arguments", zh: "{0} 的参数不对"),
    help: Wording(en: "it takes {1}", zh: "用法：{1}"))

  static let typeMismatch = Advice(
    Wording(en: "this is {0}, but {1} is needed", zh: "类型是 {0}，这里需要 {1}"),
    help: Wording(
      en: "change the expression or the declared type so that it gives {1}", zh: "改写表达式或所声明的类型，使之为 {1}"))

  static let optionalUnguarded = Advice(
    Wording(en: "\"{0}\" may be empty here", zh: "“{0}”在这里可能为空"),
    help: Wording(
      en: "guard it with `present({0}) and …`, or give a value for that case with `{0} ?? …`",
      zh: "用 present({0}) and … 先行判断，或用 {0} ?? … 给出空时的值"))

  static let levelMismatch = Advice(
    Wording(
      en: "\"{0}\" belongs to a record, and a document has many of them", zh: "“{0}”属于单行，而一张单据有多行"),
    help: Wording(
      en: "use what all records of the voucher share: fields of document.key or document.same, or of per:",
      zh: "请使用整张凭证共有的字段：document.key、document.same 或 per: 中的字段"))

  static let postingUnbalanced = Advice(
    Wording(
      en: "the posting \"{0}\" can't balance: its debits exceed its credits by {1}",
      zh: "凭证“{0}”不可能平衡：借方比贷方多 {1}"),
    help: Wording(
      en: "add the entry that is missing, or correct the amounts", zh: "请补上缺少的分录，或改正 amount"))

  static let ruleNeverApplies = Advice(
    Wording(
      en: "this is {1} whatever the values are, so that {0} can never apply",
      zh: "无论取什么值，此条件恒为 {1}，{0} 永远不会起作用"),
    help: Wording(
      en:
        "compare with what the export can hold: `in [a, b]` for one of several, `present(x)` for what is not empty",
      zh: "请与导出数据可能的值比较：多个值之一用 in [a, b]，非空用 present(x)"))

  static let dimensionNotGiven = Advice(
    Wording(
      en: "account {1} requires the dimension \"{0}\", which the rule does not give",
      zh: "科目 {1} 必须有辅助核算“{0}”，但规则没有给出"),
    help: Wording(en: "add it to the rule's `by:`", zh: "请在规则的 by 中加上"))

  static let absorbNotHere = Advice(
    Wording(
      en: "account {0} can't absorb a tail difference: its chart does not say that it is income or expense",
      zh: "科目 {0} 不能吸收尾差：科目表未注明它是收入或费用类"),
    help: Wording(
      en:
        "write `absorb: yes` at a rule for an income or expense account (class in the chart), never at tax, receivable, payable or stock",
      zh: "absorb: yes 应写在收入或费用科目（科目表的 class 列）的规则上，不能写在税金、应收、应付或存货上"))

  static let measureNotCarried = Advice(
    Wording(en: "no entry carries the measure \"{0}\"", zh: "没有分录使用度量“{0}”"),
    help: Wording(
      en: "name it as the amount of an entry rule, or take it out of measures",
      zh: "在分录规则的 amount 中使用它，或从 measures 中删去"))

  static let fileNameAmbiguous = Advice(
    Wording(
      en: "\"{0}\" could give one name for two files", zh: "文件名“{0}”可能使两个文件同名"),
    help: Wording(en: "add {1} to the pattern", zh: "在文件名中加上 {1}"))
}
