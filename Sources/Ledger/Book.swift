/// A set of books (账套): what a voucher needs to know of where it goes.
public struct Book: Sendable, Hashable {
  public var name: String
  /// Begins every voucher ID; up to 6 ASCII characters.
  public var code: String
  public var title: String
  /// ISO 4217.
  public var currency: String
  public var preparedBy: String
  public var voucherType: String
  public var chart: Chart
  /// Whether red entries (红字) stand on the other side in black, but for those of income and expense.
  public var swapsSides: Bool
  /// By dimension, then code: what the finance system calls it.
  public var dimensionNames: [String: [String: String]]
  /// By ISO 4217; what is not here is called by its code.
  public var currencies: [String: CurrencyWords]

  /// What the finance system calls a currency: `RMB`, `人民币`.
  public struct CurrencyWords: Sendable, Hashable {
    public var code: String
    public var name: String

    public init(code: String, name: String) {
      self.code = code
      self.name = name
    }
  }

  public init(
    name: String, code: String, title: String, currency: String, preparedBy: String, voucherType: String,
    chart: Chart, swapsSides: Bool = false, dimensionNames: [String: [String: String]] = [:],
    currencies: [String: CurrencyWords] = [:]
  ) {
    self.name = name
    self.code = code
    self.title = title
    self.currency = currency
    self.preparedBy = preparedBy
    self.voucherType = voucherType
    self.chart = chart
    self.swapsSides = swapsSides
    self.dimensionNames = dimensionNames
    self.currencies = currencies
  }
}

/// The permanent ID of a voucher: codes of book, interface and posting, then a counter of eight digits
/// (`A-XS-R-00000017`, at most 30 bytes).
public func voucherID(prefix: String, number: Int64) -> String {
  let digits = String(number)
  return prefix + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
}
