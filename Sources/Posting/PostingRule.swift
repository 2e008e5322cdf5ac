public import Expressions
public import Ledger
public import Mapping

/// A posting, compiled: how the entries of one kind of voucher come from records.
public struct PostingRule: Sendable {
  public var name: String
  public var code: String
  /// Which of the interface's books takes its vouchers.
  public var book: Int
  /// 凭证字; `nil` where it is the book's own.
  public var type: String?
  public var inputs: PostingInputs
  public var grouping: Grouping
  public var date: Slot
  public var memo: TextTemplate
  /// A whole number of the document; `nil`: one.
  public var attachments: Slot?
  public var entries: [EntryRule]

  /// Which documents share a voucher.
  public enum Grouping: Sendable, Hashable {
    case document
    /// Those of one file with the same date.
    case file
    /// Those with the same date and the same values here.
    case fields([Field])

    public struct Field: Sendable, Hashable {
      public var slot: Slot
      public var kind: ValueType.Kind
    }
  }
}

/// What one entry debits or credits (分录规则).
public struct EntryRule: Sendable {
  public var side: Side
  public var account: AccountSource
  /// Of a table: rows whose account is one of another book of the interface, with what they give.
  public var strangers: [Int32: String] = [:]
  /// Slot of an amount at `Entry.amountScale`.
  public var amount: Slot
  /// Whether the amount is the document's, so that it counts once and not for each record.
  public var ofDocument: Bool
  public var dimensions: [DimensionSource]
  public var split: [PostingRule.Grouping.Field]
  public var quantity: Slot?
  public var quantityScale: Int
  public var unit: Slot?
  /// `nil` where the entry is in the book's own currency.
  public var foreign: Foreign?
  /// The entry's own memo; `nil`: its voucher's.
  public var memo: TextTemplate?
  public var cashFlow: Slot?
  /// Whether its largest entry takes a tail difference (尾差) up to the book's limit.
  public var absorbs: Bool

  /// What an amount is in another currency.
  public struct Foreign: Sendable {
    /// Text, ISO 4217.
    public var currency: Slot
    /// At `Entry.rateScale`.
    public var rate: Slot
    /// At `Entry.amountScale`.
    public var amount: Slot
  }

  /// Where the account comes from: indices into the chart.
  public enum AccountSource: Sendable {
    case fixed(Int32)
    /// The account of each row of a code table.
    case table(row: Slot, accounts: [Int32])
  }

  public struct DimensionSource: Sendable, Hashable {
    public var name: String
    public var slot: Slot
  }
}

/// The entry rule whose entries carry a measure, and so say what of it was posted.
public struct Carrier: Sendable, Hashable {
  public var posting: Int
  /// `nil`: no rule's amount is just the measure, so what was posted is summed by document.
  public var rule: Int?
}
