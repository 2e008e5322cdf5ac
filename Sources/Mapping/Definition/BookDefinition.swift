package import Findings
package import Ledger

/// One set of books as `books/*.yaml` and its chart give it.
package struct BookDefinition: Sendable {
  package var book: Book
  /// The book's name where its file states it.
  package var name: SourceText
  package var standard: AccountingStandard
  /// The first day that the book takes vouchers for.
  package var start: Day?
  package var number: NumberPolicy
  package var closedPeriod: ClosedPeriodPolicy
  /// The largest tail difference (尾差) that an entry may absorb.
  package var tailLimit: Decimal
  /// `tailLimit` in units of `Entry.amountScale`, what is below one of them left out.
  package var tailUnits: Int64 {
    let limit = tailLimit.trimmed
    let shift = Entry.amountScale - limit.scale
    return Int64(clamping: shift >= 0 ? limit.units * powerOfTen(shift) : limit.units / powerOfTen(-shift))
  }
  /// The month, 1 to 12, that begins a fiscal year.
  package var fiscalYearStart: Int
  /// How many days after the end of a month a posting with `gather: month` is made; 1: on the first of the next.
  package var gatherDays: Int
  /// After how many days a voucher without an answer of the finance system is told; `nil`: never.
  package var acknowledgeDays: Int?
  /// The chart's file, relative to the definitions' folder.
  package var chart: SourceText
}

package enum AccountingStandard: String, Sendable, Hashable, CaseIterable {
  /// 小企业会计准则
  case smallEnterprise = "small-enterprise"
  /// 企业会计准则
  case enterprise
}

/// Who gives the voucher numbers (凭证号).
package enum NumberPolicy: String, Sendable, Hashable, CaseIterable {
  case finance
  case own
}

/// What becomes of a voucher whose period is closed.
package enum ClosedPeriodPolicy: String, Sendable, Hashable, CaseIterable {
  case hold
  case nextOpen = "next_open"
  case reject
}
