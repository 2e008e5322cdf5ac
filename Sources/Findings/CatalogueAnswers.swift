/// What the finance system answers to vouchers (回执).
extension Advice {
  static let voucherUnknown = Advice(
    Wording(en: "no run gave a voucher {0}", zh: "没有批次生成过凭证 {0}"),
    help: Wording(
      en:
        "look whether the answer is of another workspace, and whether the field of the voucher holds its whole ID and no more",
      zh: "请检查回执是否属于别的工作目录，以及凭证字段是否正好是完整的凭证业务号"))

  static let voucherIsVoid = Advice(
    Wording(
      en: "voucher {0} was voided here, and the finance system speaks of it", zh: "凭证 {0} 已在本系统作废，但财务系统的回执提到它"
    ),
    help: Wording(
      en: "delete it in the finance system: its documents are posted by another voucher, or will be",
      zh: "请在财务系统中删除该凭证：其单据已由或将由另一张凭证入账"))

  static let answerContradicts = Advice(
    Wording(
      en: "voucher {0} is refused ({2}) and has number {1} in the finance system",
      zh: "凭证 {0} 被财务系统拒绝（{2}），却有凭证号 {1}"),
    help: Wording(
      en:
        "look there: if it is in the books, take the refusal out of the answer; if not, the number; then drop it again",
      zh: "请在财务系统中查看：已入账的，去掉回执中的拒绝；未入账的，去掉凭证号；再重新放入"))

  static let voucherTwice = Advice(
    Wording(
      en: "voucher {0} has number {1} in the finance system, and now number {2} too: it was imported twice",
      zh: "凭证 {0} 在财务系统中的凭证号是 {1}，现在又有 {2}：重复导入"),
    help: Wording(
      en:
        "delete the later one in the finance system, and dismiss this row with `tallyman rejects --dismiss`",
      zh: "请在财务系统中删除后一张，再用 tallyman rejects --dismiss 取消此行"))

  static let numberDiffers = Advice(
    Wording(
      en: "voucher {0} has number {1} here and {2} in the finance system",
      zh: "凭证 {0} 在本系统的凭证号为 {1}，在财务系统中为 {2}"),
    help: Wording(
      en:
        "have the finance system keep imported numbers, and renumber the voucher there; or set the book to `number: finance`",
      zh: "请让财务系统在导入时保留凭证号，并在其中改正该凭证的编号；或在账套中设 number: finance"))

  static let voucherAnswered = Advice(
    Wording(en: "voucher {0} was acknowledged before, as number {1}", zh: "凭证 {0} 此前已确认，凭证号 {1}"),
    help: Wording(en: "nothing to do", zh: "无需处理"))

  static let voucherRefused = Advice(
    Wording(en: "the finance system did not take voucher {0}: {1}", zh: "财务系统没有接受凭证 {0}：{1}"),
    help: Wording(
      en:
        "mend the cause there and import the file again, or void it with `tallyman vouchers --void` so that its documents can be "
        + "posted anew",
      zh: "请在财务系统中排除原因后重新导入；或用 tallyman vouchers --void 作废，使其单据可以重新入账"))

  static let refusedToCorrect = Advice(
    Wording(
      en:
        "document {0} is in voucher {1}, which the finance system did not take: there is nothing to reverse",
      zh: "单据 {0} 所在的凭证 {1} 没有被财务系统接受，无从冲销"),
    help: Wording(
      en: "void the voucher with `tallyman vouchers --void`, or import it; the next run tries again",
      zh: "请用 tallyman vouchers --void 作废该凭证，或重新导入；下个批次会再试"))

  static let vouchersSilent = Advice(
    Wording(
      en:
        "of the vouchers {0}… of more than {2} days ago, the oldest of run {3}, {1} have no answer of the finance system",
      zh: "凭证 {0}… 中有 {1} 张超过 {2} 天没有财务系统的回执，最早属于批次 {3}"),
    help: Wording(
      en: "`tallyman vouchers --list` shows them: import what was forgotten, or drop the answer",
      zh: "用 tallyman vouchers --list 查看：请补导入，或把回执放入收件箱"))

  static let voucherVoided = Advice(
    Wording(en: "voucher {0} is voided by {1}: {2}", zh: "凭证 {0} 已作废，操作人 {1}：{2}"),
    help: Wording(
      en: "its documents are posted anew when an export brings them again", zh: "其单据再次导出时会重新入账"))
}
