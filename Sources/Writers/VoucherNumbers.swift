import Ledger

/// 凭证号: the voucher's own, or as `number: finance` has it: counted from 1 by file and voucher type, in order of voucher ID.
struct VoucherNumbers {
  private let types: [Int]
  private var last: [Int64]

  init(_ context: VoucherContext) {
    var known: [String] = []
    types = context.postings.map { posting in
      let type = posting.voucherType ?? context.book.voucherType
      if let index = known.firstIndex(of: type) { return index }
      known.append(type)
      return known.count - 1
    }
    last = Array(repeating: 0, count: known.count)
  }

  mutating func next(_ voucher: Voucher) -> Int64 {
    guard voucher.ownNumber == 0 else { return voucher.ownNumber }
    let type = types[Int(voucher.posting)]
    last[type] += 1
    return last[type]
  }
}
