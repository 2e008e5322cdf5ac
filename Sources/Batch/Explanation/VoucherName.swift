import Ledger
import Mapping
import State

/// A voucher's ID in its two parts.
struct VoucherName: Hashable {
  /// `A-XS-R-`, which is also the name of the counter.
  var prefix: String
  var number: Int64

  /// `nil` of what is no voucher ID, and of the number of a reject, which no posting's code is like.
  init?(_ id: String) {
    guard let cut = id.lastIndex(of: "-"), let number = Int64(id[id.index(after: cut)...]), number > 0
    else { return nil }
    prefix = String(id[...cut])
    self.number = number
    guard voucherID(prefix: prefix, number: number) == id, !prefix.hasSuffix("-\(rejectCode)-") else {
      return nil
    }
  }
}

extension VoucherStanding {
  /// The voucher's ID.
  var voucher: String { voucherID(prefix: prefix, number: number) }
}

extension CompiledDefinitions {
  /// The book to which vouchers go whose IDs begin so: `A-XS-R-`.
  func book(ofVouchers prefix: String) -> BookDefinition? {
    books.first { prefix.hasPrefix($0.book.code + "-") }
  }
}

extension StateStore {
  /// The run that gave a voucher's ID.
  func run(ofVoucher id: String) throws(StateError) -> Int? {
    guard let name = VoucherName(id) else { return nil }
    return try run(ofCounter: name.prefix, number: name.number)
  }

  /// What became of a voucher outside.
  func standing(ofVoucher id: String) throws(StateError) -> VoucherStanding? {
    try VoucherName(id).flatMap { name throws(StateError) in try standing(name.prefix, name.number) }
  }
}
