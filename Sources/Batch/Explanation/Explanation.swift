/// A voucher as its run published it: its entries with what each document gave to them, where the documents come from,
/// and what was taken back of them. Read from archive and state; nothing is changed.
package struct Explanation: Codable, Sendable {
  /// One of the voucher's entries, as numbered there.
  package struct Entry: Codable, Sendable {
    package var number: Int
    package var account: String
    package var side: String
    package var amount: String
    package var quantity: String?
    package var unit: String
    /// What the rule splits by, where it does.
    package var split: String
    /// The entry's own, where it has one.
    package var memo: String
    package var cashFlow: String
    package var foreign: Foreign?
    package var dimensions: [String: String]
    /// The first of the entry rules that it came from, and where the mapping has it; `nil` in a red voucher,
    /// and where the definitions are gone.
    package var rule: Rule?
    package var shares: [Share]
  }

  package struct Rule: Codable, Sendable {
    package var place: String
    /// A role, an account, or an expression.
    package var account: String
    package var amount: String
  }

  /// An entry's amount in another currency.
  package struct Foreign: Codable, Sendable {
    package var currency: String
    package var rate: String
    package var amount: String
  }

  /// What one document gave to an entry.
  package struct Share: Codable, Sendable {
    package var document: String
    package var amount: String
    package var quantity: String?
    /// What the rules made of each source row, which adds up to the amount; empty where that is not shown.
    package var terms: [ExplainedTerm]
    /// The tail difference (尾差) in the amount, where it took one.
    package var absorbed: String?
  }

  /// A file of the run in the outbox in which the voucher stands.
  package struct Output: Codable, Sendable {
    package var name: String
    package var lines: [Int]
  }

  /// A document behind the voucher.
  package struct Source: Codable, Sendable {
    package var document: String
    /// `nil` where that can't be told.
    package var file: SourceFile?
    /// Corrections that made this voucher, or took the document out of it again.
    package var corrections: [CorrectionLink]
    package var arithmetic: Shown
    /// The source rows; empty where they are not shown.
    package var records: [ExplainedRecord]
  }

  /// Whether a document's rows and their arithmetic are shown, and why not.
  package enum Shown: String, Codable, Sendable {
    case shown
    /// Only where one entry is asked for.
    case notAsked
    /// Only of the first hundred documents.
    case tooMany
    /// The voucher takes back what another one has.
    case red
    /// The file or the definitions are not in the archive as they were, or several files gave the document.
    case gone
    /// What the file gives now is not what was posted.
    case unlike
  }

  /// What the finance system said of the voucher, and what somebody decided of it then.
  package struct Answer: Codable, Sendable {
    /// `acknowledged`, `refused` or `void`.
    package var state: String
    /// The run that took note of it.
    package var run: Int
    /// 凭证号 as it stands there; empty where the answer has none.
    package var financeNumber: String
    package var reason: String
  }

  /// What can't be shown, and why.
  package enum Gap: String, Codable, Sendable {
    /// The definitions of the run are not in the archive as they were, or this program can't read them.
    case definitions
    /// The record of the run's commit is not in the archive as it was.
    case record
  }

  package var voucher: String
  package var interface: String
  package var posting: String
  package var date: String
  /// 凭证字; empty where it was not kept.
  package var type: String
  /// 凭证号, where the book gives its numbers itself.
  package var number: Int64?
  package var run: Int
  package var clock: String
  /// Fingerprint, by which the archive keeps them.
  package var definitions: String
  package var isPublished: Bool
  package var outputs: [Output]
  /// Voucher files of the run that are not in the outbox, so that nobody can look whether the voucher stands in them.
  package var absent: [String]
  /// `nil` where nothing was heard of it.
  package var answer: Answer?
  /// How many the voucher has, whichever are asked for.
  package var entryCount: Int
  package var entries: [Entry]
  package var documents: [Source]
  package var gaps: [Gap]
}
