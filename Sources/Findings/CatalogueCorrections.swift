/// Documents that come again and are not what they were.
extension Advice {
  static let documentChanged = Advice(
    Wording(
      en: "document {0} was posted in run {1} with other content", zh: "单据 {0} 已在批次 {1} 入账，但内容有变"),
    help: Wording(
      en:
        "with document.changed: reverse it is taken back in red and posted anew, and so is a held one by `tallyman holds --accept`; "
        + "else correct the difference by hand in the finance system and dismiss the document (`tallyman holds --dismiss`, or "
        + "`rejects --dismiss`)",
      zh:
        "设 document.changed: reverse，或对挂起的单据用 tallyman holds --accept 确认，即红冲并重新入账；否则请在财务系统中手工更正，再用 "
        + "tallyman holds --dismiss 或 rejects --dismiss 取消"))

  static let documentCorrected = Advice(
    Wording(
      en: "document {0} was posted in run {1} with other content: that is taken back, and it is posted anew",
      zh: "单据 {0} 已在批次 {1} 入账，现内容有变：原凭证已红冲，并按新内容入账"),
    help: Wording(en: "nothing to do: import the red voucher and the new one", zh: "无需处理：请导入红字凭证和新凭证"))

  static let codeTaken = Advice(
    Wording(
      en: "code {0}, of {1} now, was the code of {2}, by which what was posted there is known",
      zh: "{1} 的代码 {0} 曾是 {2} 的代码，其已入账的内容以此代码识别"),
    help: Wording(
      en:
        "give {2} its code back, and {1} one that nothing has had; a name may change, a code may not; where {2} is but called {1} now, "
        + "add what is new beside it after a run has posted under the new name",
      zh: "请把该代码还给 {2}，并给 {1} 一个从未用过的代码；可以改名，不可以改代码。若 {2} 只是改名为 {1}，请等改名后的批次入账后再新增其他项"))

  static let bookCodeChanged = Advice(
    Wording(
      en:
        "book {0} had code {1} when it gave numbers itself, and has {2} now: in each period its numbers would begin again at 1",
      zh: "账套 {0} 自编凭证号时的代码是 {1}，现在是 {2}：各期间的凭证号会重新从 1 开始"),
    help: Wording(
      en: "put `code: {1}` back: a book's name may change, its code may not",
      zh: "请恢复 code: {1}；账套可以改名，代码不可以改"))

  static let keyChanged = Advice(
    Wording(
      en:
        "documents of {0} go by another key than they did up to run {1}: one that was posted and comes again is not known any "
        + "more, and is posted a second time",
      zh: "接口 {0} 的单据主键与截至批次 {1} 所用的不同：已入账的单据再次到达时无法识别，会重复入账"),
    help: Wording(
      en:
        "put document.key back as it was; where the new key is right, adopt what was posted under it first (tallyman adopt), or "
        + "export no such document again",
      zh: "请恢复原来的 document.key；若确需新主键，请先用 tallyman adopt 按新主键接管已入账单据，或不再导出这些单据"))

  static let waitingOtherKey = Advice(
    Wording(
      en: "document {0} waits since run {1} under a key that the mapping does not make any more",
      zh: "单据 {0} 自批次 {1} 起等待，其单据主键已不是现行映射的主键"),
    help: Wording(
      en:
        "put document.key back as it was, and the next run tries again; where the new key is right, dismiss a held one with "
        + "`tallyman holds --dismiss` and export it again",
      zh: "请恢复原来的 document.key，下个批次会再试；若确需新主键，请用 tallyman holds --dismiss 取消挂起并重新导出"))

  static let documentReposted = Advice(
    Wording(
      en:
        "document {0}, which run {1} posted, is posted anew by today's mapping: what was posted is taken back",
      zh: "批次 {1} 入账的单据 {0} 按现行映射重新入账：原凭证已红冲"),
    help: Wording(en: "nothing to do: import the red voucher and the new one", zh: "无需处理：请导入红字凭证和新凭证"))

  static let repostKept = Advice(
    Wording(
      en: "document {0} stays as it was posted, for it would not be posted today: {1}",
      zh: "单据 {0} 保持原凭证，因为现在无法入账：{1}"),
    help: Wording(
      en: "mend the cause (a table, the mapping, a closed period) and repost the document again",
      zh: "请消除原因（编码表、映射或已结账期间），再重新入账该单据"))

  static let repostOrdered = Advice(
    Wording(
      en: "{1 document|documents} of {0} to be posted anew by today's mapping, says {2}: {3}",
      zh: "{2} 要求按现行映射重新入账 {0} 的单据 {1} 张：{3}"),
    help: Wording(en: "nothing to do", zh: "无需处理"))

  static let documentLaterVersion = Advice(
    Wording(
      en:
        "document {0} is here in another version than the one by which run {1} has just changed what is posted",
      zh: "单据 {0} 与批次 {1} 刚刚据以改动凭证的版本不同"),
    help: Wording(
      en: "nothing to do: the next run judges it, by what this one has posted", zh: "无需处理：下个批次按本批次的结果再作判断"))

  static let documentReverted = Advice(
    Wording(
      en: "document {0} is as it was posted before run {1}", zh: "单据 {0} 与批次 {1} 之前入账的内容相同"),
    help: Wording(
      en:
        "if an old export was dropped by mistake, dismiss it with `tallyman holds --dismiss`; if it is right, `tallyman holds "
        + "--accept`",
      zh: "如果误放了旧的导出文件，请用 tallyman holds --dismiss 取消挂起；如果内容正确，请用 tallyman holds --accept 确认"))

  static let documentOlder = Advice(
    Wording(
      en: "run {1} brought document {0} in an older version than the one that is held",
      zh: "批次 {1} 收到的单据 {0} 比挂起的版本旧"),
    help: Wording(
      en:
        "if an old export was dropped by mistake, `tallyman holds --accept` the held version; if the change was taken back, "
        + "dismiss it with `tallyman holds --dismiss`",
      zh: "如果误放了旧的导出文件，请用 tallyman holds --accept 确认挂起的版本；如果变更已撤回，请用 tallyman holds --dismiss 取消挂起"))

  static let documentWithdrawn = Advice(
    Wording(
      en: "document {0} was posted in run {1} and is not approved any more", zh: "单据 {0} 已在批次 {1} 入账，现已弃审"),
    help: Wording(
      en: "with document.withdrawn: reverse its vouchers are taken back in red; with warn they stand",
      zh: "document.withdrawn: reverse 时红冲原凭证；warn 时原凭证不变"))

  static let documentAdopted = Advice(
    Wording(en: "document {0} was posted elsewhere: it gets no voucher", zh: "单据 {0} 已在别处入账：不再生成凭证"),
    help: Wording(en: "nothing to do: dropped again it is repeated", zh: "无需处理：再次放入时视为重复"))

  static let adoptedChanged = Advice(
    Wording(
      en: "document {0} was posted elsewhere before it was adopted, and would be posted otherwise now",
      zh: "单据 {0} 在接管之前已在别处入账，现在的分录会与之不同"),
    help: Wording(
      en:
        "correct the difference by hand in the finance system, for nobody here knows the entries that were posted there; then take "
        + "note of the new version with `tallyman adopt`, or dismiss it with `tallyman holds --dismiss`",
      zh: "本系统不知道当时的分录，请在财务系统中手工更正；再用 tallyman adopt 接管新版本，或用 tallyman holds --dismiss 取消挂起"))

  static let postedHere = Advice(
    Wording(
      en: "document {0} was posted here with other content, so that it is not adopted",
      zh: "单据 {0} 已由本系统入账且内容有变，不能接管"),
    help: Wording(
      en:
        "drop it into the inbox to have it corrected; what was posted elsewhere of it is adopted by a file that has it new, and what "
        + "was posted here as it was",
      zh: "请放入 inbox 进行更正；如其中一部分在别处入账，请用只含该部分新值、其余保持原值的文件接管"))

  static let documentAccepted = Advice(
    Wording(
      en: "document {0} is right as it is, says {1}: {2}", zh: "{1} 确认单据 {0} 以现内容为准：{2}"),
    help: Wording(
      en: "nothing to do: what was posted of it is corrected", zh: "无需处理：已按现内容更正"))

  static let entriesLost = Advice(
    Wording(
      en:
        "document {0} can't be taken back: the entries of {1}, which run {2} posted, are not in the archive",
      zh: "无法冲销单据 {0}：批次 {2} 的凭证 {1} 的分录不在归档中"),
    help: Wording(
      en: "put archive/entries back from a backup; the next run tries again",
      zh: "请用备份恢复 archive/entries；下个批次会再试"))

  static let accountGone = Advice(
    Wording(
      en: "document {0} can't be taken back: {1} has account {2}, which is not in the chart any more",
      zh: "无法冲销单据 {0}：凭证 {1} 用到的科目 {2} 已不在科目表中"),
    help: Wording(
      en: "put the account back into the chart; the next run tries again", zh: "请把该科目放回科目表；下个批次会再试"))

  static let postingGone = Advice(
    Wording(
      en:
        "document {0} can't be corrected: by the codes that book, interface and postings have now, what it has of posting {1} (voucher "
        + "number {2}; -: it waits for one) is not to be found",
      zh: "无法更正单据 {0}：按现在的账套、接口和入账代码，找不到其入账 {1} 的内容（凭证号 {2}；- 表示尚待生成）"),
    help: Wording(
      en:
        "put back the codes that the voucher was given by: `code:` of the book, the interface and the posting; a posting that new "
        + "documents don't need any more stays in the mapping, with a `when:`; the next run tries again",
      zh: "请恢复该凭证当时所用的账套、接口和入账的 code:；新单据不再需要的入账可保留在映射中并加 when: 条件；下个批次会再试"))

  static let bookChanged = Advice(
    Wording(
      en:
        "what is to be posted of document {0} would go to book {1} now, and what is posted of it stands in book {2} (voucher {3})",
      zh: "单据 {0} 待入账的内容现在应入账套 {1}，而已入账的内容在账套 {2}（凭证 {3}）"),
    help: Wording(
      en:
        "let `book:` (or its table, with dates of validity) give the document its book again, and the next run posts it there; or, "
        + "while `book:` names the old book for others, move what is posted with `tallyman repost`, and the next run posts the rest",
      zh: "请让 book:（或其编码表，可用有效期）仍给出原账套，下个批次即在原账套入账；或在 book: 仍含原账套时用 tallyman repost 移走已入账的内容，其余由下个批次入账"))

  static let documentVoid = Advice(
    Wording(en: "document {0} is void, and nothing of it is posted", zh: "单据 {0} 已作废，没有入账的内容"),
    help: Wording(en: "nothing to do: it is ignored", zh: "无需处理：已忽略"))

  static let documentVoided = Advice(
    Wording(
      en: "document {0} is void, and what run {1} posted of it is taken back",
      zh: "单据 {0} 已作废，批次 {1} 入账的内容已红冲"),
    help: Wording(en: "nothing to do: import the red voucher", zh: "无需处理：请导入红字凭证"))
}
