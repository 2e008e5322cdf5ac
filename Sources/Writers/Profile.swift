internal import Ledger

/// A finance import format (导入格式), read from `mappings/profiles/*.yaml` and compiled.
package struct Profile: Sendable {
  package enum Format: String, Sendable, Hashable, CaseIterable {
    case csv
    case text
    case xml
  }

  package enum LineEnds: String, Sendable, Hashable, CaseIterable {
    case lf
    case crlf

    var bytes: [UInt8] { self == .lf ? [0x0A] : [0x0D, 0x0A] }
  }

  package var name: String
  /// For people; the name where none is given.
  package var title: String
  /// How far the format is proven: `program hledger 1.25`, `schema …`, `document …`.
  package var provenBy: String
  package var format: Format
  package var encoding: OutputEncoding
  package var byteOrderMark: Bool
  package var lineEnds: LineEnds
  /// Captions in order; empty for text formats.
  package var columns: [String]
  /// Between the dimensions of `entry.dimensions`.
  var dimensionSeparator: String
  var dimensionFormat: DimensionFormat
  var delimited: DelimitedText
  var safety: TextSafety
  /// The same for codes and names of accounts.
  var accountSafety: TextSafety
  /// What stands for a character that the encoding lacks; `nil` where it rejects the document.
  var missingCharacter: [UInt8]?
  var layout: Layout
  /// Of an XML format.
  var tree: OutputElement?
  var rules: [ContractRule]

  /// Whether it changes texts that it can't write as they are.
  package var mends: Bool { missingCharacter != nil || rules.contains(where: \.cuts) }

  /// Whether it has a row for each source document of each voucher, not for each entry.
  package var listsDocuments: Bool { !layout.document.isEmpty }

  /// Whether it has a row for each code that the finance system does not know yet, and nothing of vouchers.
  package var listsCodes: Bool { !layout.code.isEmpty }

  /// What it asks of a new code beside the code itself, by name.
  package var codeFields: [String] { layout.codeFields }

  /// How many entries a voucher may have, by the contract.
  package var entriesMax: Int? { most(.voucherEntries) }

  /// How many papers may be behind one.
  package var attachmentsMax: Int? { most(.voucherAttachments) }

  private func most(_ path: ProfilePath) -> Int? {
    rules.filter { $0.number == path }.compactMap(\.highest).min().map { highest in
      Int(clamping: highest.units / powerOfTen(highest.scale))
    }
  }

  /// Dimensions that the profile asks for by name.
  package var dimensionNames: [String] { layout.dimensionNames }
}
