/// What an expression of a profile can name; the raw value is the path as it is written there.
///
/// `entry.dimension("客户")` is the one path with an argument and stands beside these, in `ProfileExpression`.
package enum ProfilePath: String, Sendable, Hashable, CaseIterable {
  case voucherID = "voucher.id"
  case voucherDate = "voucher.date"
  case voucherPeriod = "voucher.period"
  /// Year and month of the period, as numbers.
  case voucherYear = "voucher.year"
  case voucherMonth = "voucher.month"
  /// Which voucher of the file it is, from 1.
  case voucherSequence = "voucher.sequence"
  case voucherType = "voucher.type"
  case voucherNumber = "voucher.number"
  case voucherAttachments = "voucher.attachments"
  case voucherEntries = "voucher.entries"
  case voucherMemo = "voucher.memo"
  /// The ID of the voucher that it takes back; only of a red one.
  case voucherReverses = "voucher.reverses"
  case voucherSource = "voucher.source"
  case voucherPreparedBy = "voucher.prepared_by"
  case voucherBook = "voucher.book"
  case voucherTitle = "voucher.title"
  case voucherCurrency = "voucher.currency"
  case entryLine = "entry.line"
  /// Like `entry.line`, but from 0.
  case entryIndex = "entry.index"
  case entryMemo = "entry.memo"
  /// Only where it is another than the voucher's.
  case entryOwnMemo = "entry.own_memo"
  case entryAccount = "entry.account"
  case entryAccountName = "entry.account_name"
  case entryAccountRoot = "entry.account_root"
  case entryDebit = "entry.debit"
  case entryCredit = "entry.credit"
  case entryAmount = "entry.amount"
  /// The amount on whichever side it stands: negative where it is red.
  case entrySideAmount = "entry.side_amount"
  case entrySide = "entry.side"
  case entryQuantity = "entry.quantity"
  case entryUnit = "entry.unit"
  case entryPrice = "entry.price"
  case entrySplit = "entry.split"
  /// ISO 4217: the entry's own currency, or the book's.
  case entryCurrency = "entry.currency"
  /// As the book's `currencies:` has it.
  case entryCurrencyCode = "entry.currency_code"
  case entryCurrencyName = "entry.currency_name"
  /// Only where the entry is not in the book's currency; so too rate and amount.
  case entryForeignCurrency = "entry.foreign_currency"
  case entryRate = "entry.rate"
  /// On whichever side it stands, as `entry.side_amount`.
  case entryForeignAmount = "entry.foreign_amount"
  /// The same and the quantity on the side where the entry stands; 0 on the other.
  case entryForeignDebit = "entry.foreign_debit"
  case entryForeignCredit = "entry.foreign_credit"
  case entryDebitQuantity = "entry.debit_quantity"
  case entryCreditQuantity = "entry.credit_quantity"
  case entryCashFlow = "entry.cash_flow"
  case entryDimensions = "entry.dimensions"
  /// Of a list of source documents.
  case documentKey = "document.key"
  case documentDate = "document.date"
  case documentFile = "document.file"
  case documentLine = "document.line"
  case documentRows = "document.rows"
  /// Its debits in the voucher.
  case documentAmount = "document.amount"
  case accountCode = "account.code"
  case accountName = "account.name"
  /// Where plain-text accounting programs file the account: `Assets`, `Liabilities` …
  case accountRoot = "account.root"
  /// Of a list of new codes: the code itself, as the code table would have it.
  case codeKey = "code.key"
}

/// What a rendered value changes with; it decides how often a cell is rendered, and what a cache of it is keyed by.
enum Dependence: Sendable, Hashable {
  case file
  case voucher
  case account
  case dimensions
  case unit
  case detail
  /// The voucher, and where an entry has a memo of its own, the entry.
  case memo
  /// More than one of the above, or a number of the entry: rendered for each entry.
  case entry

  func joined(_ other: Dependence) -> Dependence {
    if self == other || other == .file { return self }
    if self == .file { return other }
    return Set([self, other]) == [.voucher, .memo] ? .memo : .entry
  }
}

/// What a cell holds, as far as writing it is concerned.
enum CellKind: Sendable, Hashable {
  /// May be empty, takes `decimals:` and `zero:`, is never guarded or quoted.
  case number
  /// Dates, periods and the like: made by us, so never guarded or quoted.
  case plain
  case text

  func joined(_ other: CellKind) -> CellKind { self == other ? self : .text }
}

extension ProfilePath {
  /// Whether the path names something of a voucher, an entry or an account.
  enum Level: Sendable, Hashable {
    case file
    case voucher
    case entry
    case document
    case account
    case code
  }

  var level: Level {
    switch self {
    case .voucherPeriod, .voucherYear, .voucherMonth, .voucherPreparedBy, .voucherBook, .voucherTitle,
      .voucherCurrency:
      .file
    case .voucherID, .voucherDate, .voucherSequence, .voucherType, .voucherNumber, .voucherAttachments,
      .voucherEntries,
      .voucherMemo, .voucherReverses, .voucherSource:
      .voucher
    case .entryLine, .entryIndex, .entryMemo, .entryOwnMemo, .entryAccount, .entryAccountName,
      .entryAccountRoot,
      .entryDebit, .entryCredit, .entryAmount, .entrySideAmount,
      .entrySide, .entryQuantity, .entryUnit, .entryPrice, .entrySplit, .entryDimensions, .entryCurrency,
      .entryCurrencyCode, .entryCurrencyName, .entryForeignCurrency, .entryRate, .entryForeignAmount,
      .entryForeignDebit, .entryForeignCredit, .entryDebitQuantity, .entryCreditQuantity, .entryCashFlow:
      .entry
    case .documentKey, .documentDate, .documentFile, .documentLine, .documentRows, .documentAmount: .document
    case .accountCode, .accountName, .accountRoot: .account
    case .codeKey: .code
    }
  }

  var dependence: Dependence {
    switch self {
    case .entryAccount, .entryAccountName, .entryAccountRoot, .accountCode, .accountName, .accountRoot:
      .account
    case .entryUnit: .unit
    case .entryMemo: .memo
    case .entryOwnMemo, .entrySplit, .entryCurrency, .entryCurrencyCode, .entryCurrencyName,
      .entryForeignCurrency, .entryRate,
      .entryCashFlow:
      .detail
    case .entryDimensions: .dimensions
    case .entryLine, .entryIndex, .entryDebit, .entryCredit, .entryAmount, .entrySideAmount, .entrySide,
      .entryQuantity,
      .entryPrice, .entryForeignAmount, .entryForeignDebit, .entryForeignCredit, .entryDebitQuantity,
      .entryCreditQuantity:
      .entry
    case .documentKey, .documentDate, .documentFile, .documentLine, .documentRows, .documentAmount, .codeKey:
      .entry
    default: level == .file ? .file : .voucher
    }
  }

  var kind: CellKind {
    switch self {
    case .voucherYear, .voucherMonth, .voucherSequence, .voucherNumber, .voucherAttachments, .voucherEntries,
      .entryLine, .entryIndex, .entryDebit, .entryCredit,
      .entryAmount, .entrySideAmount, .entryQuantity, .entryPrice, .entryRate, .entryForeignAmount,
      .entryForeignDebit, .entryForeignCredit, .entryDebitQuantity, .entryCreditQuantity, .documentLine,
      .documentRows, .documentAmount:
      .number
    case .voucherDate, .voucherPeriod, .entrySide, .documentDate: .plain
    default: .text
    }
  }

  /// Digits behind the point where a profile declares none: fixed for amounts, `nil` where zeros are trimmed.
  var defaultDecimals: Int? {
    switch self {
    case .entryDebit, .entryCredit, .entryAmount, .entrySideAmount, .entryForeignAmount, .entryForeignDebit,
      .entryForeignCredit, .documentAmount:
      2
    case .entryQuantity, .entryDebitQuantity, .entryCreditQuantity, .entryPrice, .entryRate: nil
    default: 0
    }
  }

  /// The fewest digits that lose nothing.
  var exactDecimals: Int {
    switch self {
    case .entryDebit, .entryCredit, .entryAmount, .entrySideAmount, .entryForeignAmount, .entryForeignDebit,
      .entryForeignCredit, .documentAmount:
      2
    default: 0
    }
  }
}
