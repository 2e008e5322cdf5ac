public import Expressions
public import Findings
public import Ledger
public import Readers

/// An interface, checked and compiled as far as documents go; what it posts is compiled by `Posting`.
public struct Interface: Sendable {
  public var name: String
  public var code: String
  public var title: String
  /// Glob patterns (`*`, `?`) for names of files.
  public var filePatterns: [String]
  /// For each of them that of the second file which is taken together with it; empty where there is none.
  public var headsPatterns: [String]
  /// The companion without which a file is not taken.
  public var sidecar: Sidecar?
  public var layout: TableLayout
  public var document: DocumentRule
  public var measures: [Measure]
  public var checks: [Check]
  /// Where it may go to several books: for each a condition of the document.
  public var books: [Slot] = []
  /// The tables whose new codes finance is told of.
  public var newCodes: [NewCodesRule] = []
  /// Where the documents are the finance system's answers to our vouchers.
  public var acknowledge: AcknowledgeRule?
}

/// What an answer of the finance system says of a voucher, whose ID is the document's key.
public struct AcknowledgeRule: Sendable {
  /// The number that it got there: a text.
  public var number: Slot?
  /// True of a record: it was not taken.
  public var refused: Slot?
  /// Why: a text.
  public var reason: Slot?
}

/// Which records are one document, and which documents count.
public struct DocumentRule: Sendable {
  public var key: [Slot]
  public var date: Slot
  /// Fields that must be the same in all records of a document, with the columns they are read from.
  public var same: [SameField]
  /// Documents dated before it are ignored.
  public var start: Day?
  public var ignore: Slot?
  /// Where it is true, the document is ignored, and what was posted of it is taken back.
  public var void: Slot?
  /// What becomes of a posted document that comes again with other content.
  public var changed: ChangedPolicy
  /// What becomes of a posted document for which `ignore` is true now.
  public var withdrawn: WithdrawnPolicy
  /// Where each file is a full snapshot (全量导出): what becomes of posted documents that it does not have.
  public var missing: MissingRule?
  /// While it is false, the document is held: the rest of it is still to come.
  public var complete: Slot?
  /// Source values that the key, the date and whether it is void are made of.
  public var sources: Set<Slot>

  public enum ChangedPolicy: String, Sendable, CaseIterable { case hold, reject, reverse }

  public enum WithdrawnPolicy: String, Sendable, CaseIterable { case warn, reverse }

  /// What a full snapshot says by what it does not have.
  public struct MissingRule: Sendable, Hashable {
    public var policy: Policy
    public var span: Span
    /// With `reverse`: how many of a hundred documents may be missing, in hundredths. More reject the file.
    public var limit: Int

    public enum Policy: String, Sendable, CaseIterable { case warn, reverse }

    /// The dates of which a file has all documents.
    public enum Span: String, Sendable, CaseIterable {
      /// Every month of which it has one.
      case month
      /// From its first document's to its last one's.
      case days
    }

    /// 1 %.
    public static let usualLimit = 100

    public init(policy: Policy, span: Span, limit: Int) {
      (self.policy, self.span, self.limit) = (policy, span, limit)
    }
  }

  public struct SameField: Sendable {
    public var name: String
    public var slot: Slot
    public var kind: ValueType.Kind
    public var column: Int?
  }
}

/// A field whose sum is reconciled.
public struct Measure: Sendable, Hashable {
  public var name: String
  public var slot: Slot
  public var scale: Int
  /// Whether it has one value a document, which counts once however many records have it.
  public var ofDocument = false
}

/// A declared condition on a record, or on a document when everything in it has one value a document.
public struct Check: Sendable {
  public var severity: Severity
  public var condition: Slot
  public var message: Slot
  public var ofDocument: Bool
  /// Of a condition `… in TABLE` that holds documents: what it looks for, and where.
  public var sought: Sought?

  public struct Sought: Sendable {
    public var table: String
    public var keys: [Slot]
  }
  /// Whether it puts values of all records together, so that one that can't be read leaves nothing to be told.
  public var hasAggregate: Bool
}
