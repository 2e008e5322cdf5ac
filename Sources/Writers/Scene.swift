import Ledger

/// Everything that expressions can see, with the names of the context turned to bytes once.
struct Scene {
  let batch: VoucherBatch
  let dimensions: Dimensions
  private let safety: TextSafety
  private let separator: [UInt8]
  private let sides = (debit: Array("debit".utf8), credit: Array("credit".utf8))
  private let book: [UInt8]
  private let title: [UInt8]
  private let currency: [UInt8]
  private let bookCurrency: String
  private let currencies: [String: Book.CurrencyWords]
  private let preparedBy: [UInt8]
  private let accountCodes: [[UInt8]]
  private let accountNames: [[UInt8]]
  private let accountRoots: [[UInt8]]
  private let prefixes: [[UInt8]]
  private let types: [[UInt8]]
  private let dimensionNames: [[UInt8]]
  /// By dimension of the batch: what its codes are called, where the book says.
  private let codeNames: [[String: String]?]
  private let dimensionFormat: [DimensionFormat.Part]
  /// By the layout's dimension names: index among the batch's, or -1.
  private let dimensionIndices: [Int32]
  private let codeFields: [String]

  // Where the rendering stands.
  var voucher = Voucher.none
  var voucherNumber: Int64 = 0
  var voucherSequence = 0
  var entry = Entry(account: 0, side: .debit, amount: 0)
  var line = 0
  var document: SourceDocument?
  var code: NewCode?
  var period: [UInt8] = []

  init(profile: Profile, batch: VoucherBatch, context: VoucherContext) {
    let safe = profile.safety.safe
    self.batch = batch
    dimensions = context.dimensions
    safety = profile.safety
    separator = Array(profile.dimensionSeparator.utf8)
    book = safe(context.book.name)
    title = safe(context.book.title)
    currency = safe(context.book.currency)
    bookCurrency = context.book.currency
    currencies = context.book.currencies
    preparedBy = safe(context.book.preparedBy)
    let label = profile.accountSafety.safe
    accountCodes = context.book.chart.accounts.map { label($0.code) }
    accountNames = context.book.chart.accounts.map { label($0.name) }
    accountRoots = context.book.chart.accounts.map { Array(($0.kind?.root ?? "").utf8) }
    prefixes = context.postings.map { safe($0.idPrefix) }
    types = context.postings.map { safe($0.voucherType ?? context.book.voucherType) }
    dimensionNames = context.dimensions.names.map { safe($0) }
    codeNames = context.dimensions.names.map { context.book.dimensionNames[$0] }
    dimensionFormat = profile.dimensionFormat.parts
    codeFields = profile.layout.codeFields
    dimensionIndices = profile.layout.dimensionNames.map { name in
      Int32(context.dimensions.names.firstIndex(of: name) ?? -1)
    }
  }

  func append(_ path: ProfilePath, to text: inout ByteBuffer) {
    switch path {
    case .voucherID:
      text.append(prefixes[Int(voucher.posting)])
      text.append(digits: voucher.number.magnitude, atLeast: 8)
    case .voucherDate: append(voucher.date, to: &text)
    case .voucherPeriod: text.append(period)
    case .voucherType: text.append(types[Int(voucher.posting)])
    case .voucherMemo: append(batch.memo(of: voucher), to: &text)
    case .entryMemo:
      if detail.memo >= 0 {
        append(code: detail.memo, to: &text)
      } else {
        append(batch.memo(of: voucher), to: &text)
      }
    case .voucherSource: append(batch.source(of: voucher), to: &text)
    case .voucherPreparedBy: text.append(preparedBy)
    case .voucherBook: text.append(book)
    case .voucherReverses:
      guard voucher.reverses != 0 else { break }
      text.append(prefixes[Int(voucher.posting)])
      text.append(digits: voucher.reverses.magnitude, atLeast: 8)
    case .voucherTitle: text.append(title)
    case .voucherCurrency: text.append(currency)
    case .entryAccount, .accountCode: text.append(accountCodes[Int(entry.account)])
    case .entryAccountName, .accountName: text.append(accountNames[Int(entry.account)])
    case .entryAccountRoot, .accountRoot: text.append(accountRoots[Int(entry.account)])
    case .entrySide: text.append(entry.side == .debit ? sides.debit : sides.credit)
    case .documentKey: append(document?.key ?? [], to: &text)
    case .documentFile: append(Array((document?.file ?? "").utf8), to: &text)
    case .documentDate: if let document { append(document.date, to: &text) }
    case .codeKey: append(Array((code?.key ?? "").utf8), to: &text)
    case .entryUnit: if entry.unit >= 0 { append(code: entry.unit, to: &text) }
    case .entryOwnMemo: if detail.memo >= 0 { append(code: detail.memo, to: &text) }
    case .entrySplit: if detail.split >= 0 { append(code: detail.split, to: &text) }
    case .entryCurrency:
      if detail.currency >= 0 { append(code: detail.currency, to: &text) } else { text.append(currency) }
    case .entryForeignCurrency: if detail.currency >= 0 { append(code: detail.currency, to: &text) }
    case .entryCurrencyCode: appendCurrency(\.code, to: &text)
    case .entryCurrencyName: appendCurrency(\.name, to: &text)
    case .entryCashFlow: if detail.cashFlow >= 0 { append(code: detail.cashFlow, to: &text) }
    case .entryDimensions:
      for (index, value) in dimensions.values(ofSet: entry.dimensions).enumerated() {
        if index > 0 { text.append(separator) }
        for part in dimensionFormat {
          switch part {
          case .literal(let bytes): text.append(bytes)
          case .dimension: text.append(dimensionNames[Int(value.dimension)])
          case .code: append(code: value.code, to: &text)
          case .name: append(nameOf: value.code, dimension: value.dimension, to: &text)
          }
        }
      }
    case .voucherYear, .voucherMonth, .voucherSequence, .voucherNumber, .voucherAttachments, .voucherEntries,
      .entryLine, .entryIndex, .entryDebit, .entryCredit, .entryAmount, .entrySideAmount, .entryQuantity,
      .entryPrice, .entryRate, .entryForeignAmount, .entryForeignDebit, .entryForeignCredit,
      .entryDebitQuantity, .entryCreditQuantity, .documentLine, .documentRows, .documentAmount:
      preconditionFailure("numbers are appended as numbers")
    }
  }

  func append(fieldOfCode index: Int32, to text: inout ByteBuffer) {
    append(Array((code?.fields[codeFields[Int(index)]] ?? "").utf8), to: &text)
  }

  private var detail: EntryDetail { dimensions.detail(entry.detail) }

  private func appendCurrency(_ word: (Book.CurrencyWords) -> String, to text: inout ByteBuffer) {
    let iso = detail.currency < 0 ? bookCurrency : dimensions.codes.text(detail.currency)
    text.append(safety.safe(currencies[iso].map(word) ?? iso))
  }

  func append(dimension index: Int32, to text: inout ByteBuffer) {
    let dimension = dimensionIndices[Int(index)]
    let code = dimension < 0 ? -1 : dimensions.code(ofSet: entry.dimensions, dimension: dimension)
    if code >= 0 { append(code: code, to: &text) }
  }

  func append(nameOfDimension index: Int32, to text: inout ByteBuffer) {
    let dimension = dimensionIndices[Int(index)]
    let code = dimension < 0 ? -1 : dimensions.code(ofSet: entry.dimensions, dimension: dimension)
    if code >= 0 { append(nameOf: code, dimension: dimension, to: &text) }
  }

  /// What the book's table calls a code; nothing where it has no such code.
  private func append(nameOf code: Int32, dimension: Int32, to text: inout ByteBuffer) {
    guard let names = codeNames[Int(dimension)],
      let name = dimensions.codes.withText(code, { names[String(decoding: $0, as: UTF8.self)] })
    else { return }
    text.append(safety.safe(name))
  }

  private func append(code: Int32, to text: inout ByteBuffer) {
    dimensions.codes.withText(code) { safety.append($0, to: &text) }
  }

  private func append(_ day: Day, to text: inout ByteBuffer) {
    let (year, month, day) = day.civil
    text.append(digits: UInt64(year), atLeast: 4)
    text.append(0x2D)
    text.append(digits: UInt64(month), atLeast: 2)
    text.append(0x2D)
    text.append(digits: UInt64(day), atLeast: 2)
  }

  private func append(_ bytes: [UInt8], to text: inout ByteBuffer) {
    bytes.withUnsafeBufferPointer { safety.append($0, to: &text) }
  }

  private func append(_ bytes: ArraySlice<UInt8>, to text: inout ByteBuffer) {
    bytes.withUnsafeBufferPointer { safety.append($0, to: &text) }
  }

  private func onSide(
    _ side: Side, _ number: (units: Int128, scale: Int)?
  ) -> (units: Int128, scale: Int)? {
    number.map { entry.side == side ? $0 : (0, $0.scale) }
  }

  /// The number behind a path; `nil` where there is none, as for the quantity of an entry without one.
  func number(_ path: ProfilePath, decimals: Int8) -> (units: Int128, scale: Int)? {
    switch path {
    case .voucherYear: (Int128(voucher.date.civil.year), 0)
    case .voucherMonth: (Int128(voucher.date.civil.month), 0)
    case .voucherSequence: (Int128(voucherSequence), 0)
    case .voucherNumber: (Int128(voucherNumber), 0)
    case .voucherAttachments: (Int128(voucher.attachments), 0)
    case .voucherEntries: (Int128(voucher.entries.count), 0)
    case .entryLine: (Int128(line), 0)
    case .entryIndex: (Int128(line - 1), 0)
    case .entryDebit: (entry.side == .debit ? Int128(entry.amount) : 0, Entry.amountScale)
    case .entryCredit: (entry.side == .credit ? Int128(entry.amount) : 0, Entry.amountScale)
    case .entryAmount:
      (entry.side == .debit ? Int128(entry.amount) : -Int128(entry.amount), Entry.amountScale)
    case .entrySideAmount: (Int128(entry.amount), Entry.amountScale)
    case .entryQuantity:
      entry.quantity == Entry.noQuantity ? nil : (Int128(entry.quantity), Entry.quantityScale)
    case .entryRate: detail.currency < 0 ? nil : (Int128(detail.rate), Entry.rateScale)
    case .entryForeignAmount: detail.currency < 0 ? nil : (Int128(entry.foreign), Entry.amountScale)
    case .entryForeignDebit: onSide(.debit, number(.entryForeignAmount, decimals: decimals))
    case .entryForeignCredit: onSide(.credit, number(.entryForeignAmount, decimals: decimals))
    case .entryDebitQuantity: onSide(.debit, number(.entryQuantity, decimals: decimals))
    case .entryCreditQuantity: onSide(.credit, number(.entryQuantity, decimals: decimals))
    case .documentLine: document.map { (Int128($0.line), 0) }
    case .documentRows: document.map { (Int128($0.rows), 0) }
    case .documentAmount: document.map { (Int128($0.amount), Entry.amountScale) }
    case .entryPrice: price(decimals: decimals < 0 ? 6 : Int(decimals))
    default: preconditionFailure("only numbers are asked for as numbers")
    }
  }

  /// Amount ÷ quantity of the merged entry, rounded once.
  private func price(decimals: Int) -> (units: Int128, scale: Int)? {
    guard entry.quantity != Entry.noQuantity, entry.quantity != 0 else { return nil }
    let shift = powerOfTen(decimals + Entry.quantityScale - Entry.amountScale)
    let dividend = Int128(entry.amount) * shift
    let negative = entry.quantity < 0
    let quotient = roundedHalfAwayFromZero(
      negative ? -dividend : dividend, dividedBy: Int128(entry.quantity.magnitude))
    return (quotient, decimals)
  }

  func appendNumber(_ path: ProfilePath, decimals: Int8, zeroIsEmpty: Bool, to text: inout ByteBuffer) {
    // Debits and credits make most of a file: they need no arithmetic.
    if decimals == 2, path == .entryDebit || path == .entryCredit {
      let amount = (path == .entryDebit) == (entry.side == .debit) ? entry.amount : 0
      if amount != 0 || !zeroIsEmpty { text.append(amount, scale: 2) }
      return
    }
    guard var (units, scale) = number(path, decimals: decimals) else { return }
    if units == 0, zeroIsEmpty { return }
    if decimals < 0 {
      trim(&units, &scale)
    } else if scale > Int(decimals) {
      units = roundedHalfAwayFromZero(units, dividedBy: powerOfTen(scale - Int(decimals)))
      scale = Int(decimals)
    } else if scale < Int(decimals) {
      units *= powerOfTen(Int(decimals) - scale)
      scale = Int(decimals)
    }
    if let small = Int64(exactly: units) {
      text.append(small, scale: scale)
    } else {
      text.append(Array(Decimal(units: units, scale: scale).description.utf8))
    }
  }
}

/// Takes zeros off the end of a fraction.
private func trim(_ units: inout Int128, _ scale: inout Int) {
  guard var small = Int64(exactly: units) else {
    let trimmed = Decimal(units: units, scale: scale).trimmed
    (units, scale) = (trimmed.units, trimmed.scale)
    return
  }
  if scale == 6, small % 1_000_000 == 0 {
    small /= 1_000_000
    scale = 0
  }
  while scale > 0, small % 10 == 0 {
    small /= 10
    scale -= 1
  }
  units = Int128(small)
}

extension Voucher {
  /// Stands where no voucher has been reached yet; without entries it balances.
  static let none: Voucher = {
    var batch = VoucherBatch()
    try? batch.append(posting: 0, date: Day(number: 0), memo: [], source: [], attachments: 0, entries: [])
    return batch.vouchers[0]
  }()
}
