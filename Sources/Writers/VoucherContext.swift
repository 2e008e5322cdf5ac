package import Ledger

/// What the writers must know of one posting of the run.
package struct PostingContext: Sendable, Hashable {
  package var name: String
  /// What the voucher IDs of this posting begin with: `A-XS-R-`.
  package var idPrefix: String
  /// 凭证字; the book's own where a posting declares none.
  package var voucherType: String?

  package init(name: String, idPrefix: String, voucherType: String? = nil) {
    self.name = name
    self.idPrefix = idPrefix
    self.voucherType = voucherType
  }
}

/// What a batch's vouchers mean beyond their numbers: everything that the writers are told and don't look up.
package struct VoucherContext: Sendable {
  /// The vouchers of a batch go to one book.
  package var book: Book
  /// Name of the interface.
  package var interface: String
  package var run: Int64
  /// By `Voucher.posting`.
  package var postings: [PostingContext]
  /// Dimension sets, their values and the units of the batch's entries.
  package var dimensions: Dimensions

  package init(book: Book, interface: String, run: Int64, postings: [PostingContext], dimensions: Dimensions)
  {
    self.book = book
    self.interface = interface
    self.run = run
    self.postings = postings
    self.dimensions = dimensions
  }
}
