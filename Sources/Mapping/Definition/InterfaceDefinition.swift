package import Expressions
package import Findings
package import Ledger
package import Readers

/// One mapping file as it is written: names, patterns and expressions are still texts that know their place.
package struct InterfaceDefinition: Sendable {
  package var name: SourceText
  /// Part of every voucher ID; up to 6 of A–Z and 0–9.
  package var code: SourceText
  package var title: SourceText
  /// Name of the book that takes the vouchers, or an expression that gives it.
  package var book: SourceText
  /// Whether the book is chosen document by document.
  package var choosesBook: Bool { !book.text.isEmpty && !isPlainName(book.text) }
  package var read: ReadDefinition
  package var tables: [TableDefinition]
  package var fields: [FieldDefinition]
  package var document: DocumentDefinition
  /// Names of fields.
  package var measures: [SourceText]
  package var checks: [CheckDefinition]
  package var postings: [PostingDefinition]
  /// Where the files are answers of the finance system: then there are no postings, and documents are vouchers.
  package var acknowledge: AcknowledgeDefinition?
  package var write: [WriteDefinition]
  /// Pattern of the name of the file that tells the inventory system what became of its documents.
  package var writeBack: SourceText?
  /// What finance is told of codes that it does not know yet.
  package var newCodes: [NewCodesDefinition] = []
  /// Names of fields and tables that are written and wrong, so left out above: whoever names one of them isn't
  /// wrong as well.
  package var broken: Set<String>
}

/// A file with the codes that one table lacks, for the finance system to import.
package struct NewCodesDefinition: Sendable {
  package var table: SourceText
  package var profile: SourceText
  /// Pattern of the file's name.
  package var file: SourceText
  /// What the document says of the code: names that the profile uses, and the mapping's fields.
  package var fields: [(name: SourceText, field: SourceText)]
}

/// Which files an interface takes, and how they are laid out.
package struct ReadDefinition: Sendable {
  package var files: [SourceText]
  package var encoding: TextEncoding
  /// `,` `;` tab or `|`.
  package var delimiter: UInt8
  /// The companion without which a file is not taken.
  package var sidecar: Sidecar?
  /// Of which dates a file has all documents; `nil`: of none.
  package var snapshot: DocumentRule.MissingRule.Span?
  package var skips: [SkipDefinition]
  package var trailer: TrailerDefinition?
  package var header: TableShape.HeaderRows
  /// Captions of columns that are filled on a document's first row only.
  package var fillDown: [SourceText]
  package var decimalMark: DecimalMark
  package var heads: HeadsDefinition?
  package var xml: XMLDefinition?
  /// Of an XML spreadsheet (SpreadsheetML 2003) the worksheet.
  package var sheet: SheetShape?
}

/// How an XML file holds documents and records: paths, and namespaces by prefix.
package struct XMLDefinition: Sendable {
  package var document: SourceText
  package var records: [SourceText]
  package var namespaces: [(prefix: SourceText, uri: SourceText)]
}

/// A second file with the documents' heads, taken together with the lines.
package struct HeadsDefinition: Sendable {
  /// One pattern for each of the interface's own; what stands for `*` is the same in both.
  package var files: [SourceText]
  /// Captions of the columns, in both files, by which rows belong together.
  package var key: [SourceText]
  package var header: TableShape.HeaderRows
}

/// Rows that are layout: the whole cell of `column` is one of `marks`.
package struct SkipDefinition: Sendable {
  package var column: SourceText
  package var marks: [SourceText]
}

/// The row with the export's own control totals.
package struct TrailerDefinition: Sendable {
  package var column: SourceText
  package var mark: SourceText
  /// Captions of the columns whose trailer cell states a sum.
  package var sums: [SourceText]
}

/// A code table of an interface.
package struct TableDefinition: Sendable {
  package var name: SourceText
  /// Relative to the definitions' folder.
  package var file: SourceText
  /// `nil`: the file's first column.
  package var keys: [SourceText]?
  /// `nil`: the file's second column.
  package var values: [SourceText]?
  /// Captions of the columns with the first and the last day of a row.
  package var valid: (from: SourceText, to: SourceText)?
  /// The file's content, once `DefinitionsFolder` has read it; `nil` where it is missing or has no such columns.
  package var loaded: CodeTable?
}

/// `name: type = expression`.
package struct FieldDefinition: Sendable {
  package var name: SourceText
  package var type: FieldType
  /// The type as it is written.
  package var typeText: SourceText
  package var expression: SourceText
}

/// Which records are one document, and which documents count.
package struct DocumentDefinition: Sendable {
  package var key: [SourceText]
  package var date: SourceText
  package var same: [SourceText]
  package var start: Day?
  package var ignore: SourceText?
  package var complete: SourceText?
  /// A condition for documents that are taken back.
  package var void: SourceText?
  package var changed: DocumentRule.ChangedPolicy
  package var withdrawn: DocumentRule.WithdrawnPolicy
  /// What becomes of posted documents that a full snapshot does not have.
  package var missing: DocumentRule.MissingRule.Policy?
  /// Of how many in a hundred the latter may be true, in hundredths.
  package var maxMissing: Int?
  /// An expression that is -1 where the document's measures and quantities count backwards.
  package var sign: SourceText?
}

/// How an answer of the finance system says what became of our vouchers (回执).
package struct AcknowledgeDefinition: Sendable {
  /// The field that has the voucher's ID.
  package var voucher: SourceText
  /// The field that has the number (凭证号) which it got there.
  package var number: SourceText?
  /// A condition: the voucher was not taken. Without one, every voucher of the list was.
  package var refused: SourceText?
  /// The field that says why.
  package var reason: SourceText?
}

/// What a check does to its document or file when its condition is not met.
package enum CheckLevel: String, Sendable, Hashable, CaseIterable {
  case warn, hold, reject
  case stopFile = "stop-file"
}

/// `level unless condition: "message"`.
package struct CheckDefinition: Sendable {
  package var level: CheckLevel
  package var condition: SourceText
  package var message: SourceText
}

/// What the records of one voucher have in common.
package enum VoucherGrouping: Sendable {
  case document
  case fields([SourceText])
  case file
}

/// A named set of entry rules: one kind of voucher.
package struct PostingDefinition: Sendable {
  package var name: SourceText
  /// Part of every voucher ID; up to 6 of A–Z and 0–9.
  package var code: SourceText
  package var when: SourceText?
  package var per: VoucherGrouping
  package var date: SourceText
  package var memo: SourceText
  /// 凭证字; the book's own where none is stated.
  package var type: SourceText?
  /// An expression for the number of papers (附件数) behind a document; one where none is stated.
  package var attachments: SourceText?
  /// `gather: month`: posted when the document's month is over.
  package var gathersMonth: Bool
  package var entries: [EntryRuleDefinition]
}

/// What one entry debits or credits.
package struct EntryRuleDefinition: Sendable {
  package var side: Side
  /// A role, an account code, or an expression that begins with a table call.
  package var account: SourceText
  package var amount: SourceText
  package var by: [(dimension: SourceText, value: SourceText)]
  package var split: [SourceText]
  package var quantity: SourceText?
  package var unit: SourceText?
  package var foreign: Foreign?
  /// The entry's own memo; `nil`: its voucher's.
  package var memo: SourceText?
  package var cashFlow: SourceText?
  /// `absorb: yes`, where it is written.
  package var absorb: SourceText?

  /// Expressions of an amount in another currency: its code, the rate, and the amount.
  package struct Foreign: Sendable {
    package var currency: SourceText
    package var rate: SourceText
    package var amount: SourceText
  }
}

/// One finance import file: its format and the pattern of its name.
package struct WriteDefinition: Sendable {
  package var profile: SourceText
  package var file: SourceText
}
