import Definitions
import Findings
import Ledger

/// A book as its file gives it, before its chart is read.
struct BookDraft {
  var name: SourceText
  var code: SourceText
  var title: SourceText
  var standard: AccountingStandard
  var currency: SourceText
  var chart: SourceText
  /// By dimension: the table that has the names of its codes.
  var dimensionNames: [TableDefinition]
  var currencies: [String: Book.CurrencyWords]
  var preparedBy: SourceText
  var voucherType: SourceText
  var start: Day?
  var number: NumberPolicy
  var closedPeriod: ClosedPeriodPolicy
  var tailLimit: Decimal
  var fiscalYearStart: Int
  var gatherDays: Int
  var acknowledgeDays: Int?
  /// `swap_sides: yes`, where it is written.
  var swapsSides: SourceText?

  init?(tree: Node, faults: Faults) {
    let keys = Keys(of: tree, faults: faults)
    guard hasKnownLanguage(keys) else { return nil }
    let missing = keys.missing
    name = keys.text("book") ?? missing
    checkPlainName(name, faults)
    code = keys.text("code") ?? missing
    checkVoucherCode(code, faults)
    title = keys.text("title") ?? missing
    standard = keys.choice("standard", of: AccountingStandard.self) ?? .smallEnterprise
    currency = keys.text("currency") ?? missing
    checkCurrency(currency, faults)
    let chart = keys.text("chart")
    dimensionNames = keys.entries("dimensions").compactMap { TableDefinition(entry: $0, faults: faults) }
    currencies = [:]
    for currency in keys.entries("currencies") {
      checkCurrency(currency.key, faults)
      let words = Keys(of: currency.value, owner: currency.key, faults: faults)
      let iso = currency.key.text
      currencies[iso] = Book.CurrencyWords(
        code: words.optionalText("code")?.text ?? iso, name: words.optionalText("name")?.text ?? iso)
      words.finish()
    }
    preparedBy = keys.text("prepared_by") ?? missing
    let types = keys.map("voucher_types")
    voucherType = types?.text("default") ?? missing
    for type in keys.entries("voucher_types") where type.key.text != "default" {
      types?.notBuilt(type.key.text)
    }
    start = keys.optionalText("start").flatMap { day($0, faults) }
    number = keys.choice("number", default: .finance)
    closedPeriod = keys.choice("closed_period", default: .hold)
    tailLimit = keys.optionalText("tail_limit").flatMap { limit($0, faults) } ?? .zero
    fiscalYearStart = keys.optionalText("fiscal_year_start").flatMap { integer($0, in: 1...12, faults) } ?? 1
    gatherDays = keys.optionalText("gather_days").flatMap { integer($0, in: 1...31, faults) } ?? 1
    acknowledgeDays = keys.optionalText("acknowledge_days").flatMap { integer($0, in: 1...366, faults) }
    swapsSides = keys.choice("swap_sides", default: Answer.no) == .yes ? keys.keyText("swap_sides") : nil
    keys.notBuilt("period_days")
    keys.finish()
    guard let chart else { return nil }
    self.chart = chart
  }
}

/// ISO 4217: three capital letters.
private func checkCurrency(_ text: SourceText, _ faults: Faults) {
  let capitals = text.text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
  guard !text.text.isEmpty, !capitals || text.text.utf8.count != 3 else { return }
  faults.report(.badValue, at: text, [text.text, "CNY, EUR, USD …"])
}

extension BookDefinition {
  init(_ draft: BookDraft, chart: Chart, dimensionNames: [String: [String: String]]) {
    self.init(
      book: Book(
        name: draft.name.text, code: draft.code.text, title: draft.title.text, currency: draft.currency.text,
        preparedBy: draft.preparedBy.text, voucherType: draft.voucherType.text, chart: chart,
        swapsSides: draft.swapsSides != nil, dimensionNames: dimensionNames, currencies: draft.currencies),
      name: draft.name, standard: draft.standard, start: draft.start, number: draft.number,
      closedPeriod: draft.closedPeriod, tailLimit: draft.tailLimit, fiscalYearStart: draft.fiscalYearStart,
      gatherDays: draft.gatherDays, acknowledgeDays: draft.acknowledgeDays, chart: draft.chart)
  }
}
