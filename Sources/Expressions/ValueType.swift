public import Ledger

/// What an expression's value is.
public struct ValueType: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case text
    /// Exact decimal with so many digits behind the point.
    case number(scale: Int)
    case date
    case flag
  }

  public enum Presence: Sendable, Hashable {
    case always
    /// `T?`: has to be guarded by `present(…)` or `??`.
    case optional
    /// A cell that no field types: may be empty, and then becomes a finding where a value is needed.
    case cell
  }

  public var kind: Kind
  public var presence: Presence

  public init(_ kind: Kind, _ presence: Presence = .always) {
    self.kind = kind
    self.presence = presence
  }

  /// As it is called in a mapping and in findings.
  public var name: String {
    let base =
      switch kind {
      case .text: "text"
      case .number: "number"
      case .date: "date"
      case .flag: "bool"
      }
    return presence == .always ? base : base + "?"
  }
}

/// The type that a mapping declares for a field: what a cell is parsed as, and what an expression is rounded to.
public struct FieldType: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case text
    case int
    case decimal(Int)
    case money
    case quantity
    case price
    case percent(Percent)
    case date
    case bool
  }

  public enum Percent: Sendable, Hashable {
    /// Only cells with a percent sign: `13%`.
    case signed
    /// `13` is 13 %.
    case whole
    /// `0.13` is 13 %.
    case fraction
  }

  public var kind: Kind
  public var optional: Bool
  /// Of a date: in which order its text names the parts.
  public var order: DateOrder

  public init(_ kind: Kind, optional: Bool = false, order: DateOrder = .yearMonthDay) {
    self.kind = kind
    self.optional = optional
    self.order = order
  }

  /// Digits behind the point that a value of this type keeps; `nil` for what is no number.
  public var scale: Int? {
    switch kind {
    case .text, .date, .bool: nil
    case .int: 0
    case .decimal(let digits): digits
    case .money: 2
    case .quantity: 6
    case .price: 8
    case .percent: 6
    }
  }

  public var valueType: ValueType {
    let presence: ValueType.Presence = optional ? .optional : .always
    return switch kind {
    case .text: ValueType(.text, presence)
    case .date: ValueType(.date, presence)
    case .bool: ValueType(.flag, presence)
    default: ValueType(.number(scale: scale ?? 0), presence)
    }
  }
}
