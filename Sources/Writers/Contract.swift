import Findings
import Ledger

/// What a finance system enforces of one column or path.
struct ContractRule: Sendable, Hashable {
  /// The column or path, where the contract (or, for encodings, the profile) names it.
  var label: SourceText
  /// Index into the layout's cells.
  var cell: Int
  /// In bytes of the profile's encoding.
  var bytesMax: Int?
  /// A longer text is cut off, and that is told; else it is refused.
  var cuts = false
  var forbidden: [String] = []
  var required = false
  var lowest: Decimal?
  var highest: Decimal?
  /// Where the cell is a number with a range: what it is, and with how many digits it is written.
  var number: ProfilePath?
  var decimals: Int8 = -1
}

/// A voucher that a profile's contract, or its encoding, doesn't allow.
///
/// Small and without text, so that a million of them cost little; `ContractCheck.finding` gives the words.
package struct Breach: Sendable, Hashable {
  package enum Kind: UInt8, Sendable, Hashable {
    case missing
    case tooLong
    case forbidden
    case outOfRange
    case unwritable
    case cut
    case replaced
  }

  /// What was too long or not writable is written all the same, changed as the profile says.
  package var isMended: Bool { kind == .cut || kind == .replaced }

  /// Index into the batch's vouchers.
  package var voucher: Int
  /// Index into the batch's entries; `nil` where the voucher's head is wrong.
  package var entry: Int?
  /// Index into the batch's documents, where what is wrong stands in the list of them.
  package var document: Int?
  /// Which of the profile's rules.
  package var rule: Int
  package var kind: Kind
}
