/// A side of the ledger.
public enum Side: UInt8, Sendable, Hashable {
  case debit = 0
  case credit = 1
}

/// What kind of account it is (科目类别).
public enum AccountClass: String, Sendable, Hashable, CaseIterable {
  case asset
  case liability
  case equity
  /// 成本类 of a Chinese chart: what is being made, an asset until it is sold.
  case cost
  case income
  case expense

  /// The root that plain-text accounting programs file it under.
  public var root: String {
    switch self {
    case .asset, .cost: "Assets"
    case .liability: "Liabilities"
    case .equity: "Equity"
    case .income: "Income"
    case .expense: "Expenses"
    }
  }
}

/// One account of a book's chart (会计科目).
public struct Account: Sendable, Hashable {
  public var code: String
  public var name: String
  /// `nil` where the chart does not say.
  public var kind: AccountClass?
  /// Whether a red entry may stand on the other side in black: in income and expense it would swell the turnover of both
  /// sides, which statements are made of.
  public var mayBeSwapped: Bool { kind.map { $0 != .income && $0 != .expense } ?? false }
  /// What the account is for (应收账款, 销项税额 …); `nil` where rules never ask for it.
  public var role: String?
  /// Only leaves take entries.
  public var leaf: Bool
  public var naturalSide: Side
  /// Dimensions (辅助核算) that an entry may carry here, in the chart's order.
  public var dimensions: [String]
  /// Those of `dimensions` without which an entry is refused.
  public var required: [String]
  /// Whether quantity is kept beside the amount (数量核算).
  public var keepsQuantity: Bool
  public var cash: Bool
  public var controlled: Bool

  public init(
    code: String, name: String, kind: AccountClass? = nil, role: String? = nil, leaf: Bool = true,
    naturalSide: Side = .debit,
    dimensions: [String] = [], required: [String] = [], keepsQuantity: Bool = false, cash: Bool = false,
    controlled: Bool = false
  ) {
    self.code = code
    self.name = name
    self.kind = kind
    self.role = role
    self.leaf = leaf
    self.naturalSide = naturalSide
    self.dimensions = dimensions
    self.required = required
    self.keepsQuantity = keepsQuantity
    self.cash = cash
    self.controlled = controlled
  }
}

/// A book's accounts, in order of their codes.
public struct Chart: Sendable, Hashable {
  public let accounts: [Account]
  private let byCode: [String: Int]
  private let byRole: [String: Int]

  /// - Parameter accounts: no two with one code, no two leaves with one role.
  public init(accounts: [Account]) {
    self.accounts = accounts.sorted { Array($0.code.utf8).lexicographicallyPrecedes(Array($1.code.utf8)) }
    byCode = Dictionary(uniqueKeysWithValues: self.accounts.enumerated().map { ($1.code, $0) })
    byRole = Dictionary(
      self.accounts.enumerated().compactMap { index, account in
        account.leaf ? account.role.map { ($0, index) } : nil
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The index in `accounts` of the leaf with that role, else of the account with that code.
  public func index(of roleOrCode: String) -> Int? { byRole[roleOrCode] ?? byCode[roleOrCode] }

  /// The index of the account with that code.
  public func index(ofCode code: String) -> Int? { byCode[code] }

  public var roles: [String] { accounts.compactMap { $0.leaf ? $0.role : nil } }
}
