import Ledger

/// What was counted and summed from the entries as they were written, apart from whoever made them.
package struct WrittenTotals: Sendable, Hashable {
  package struct Sums: Sendable, Hashable {
    package var entries = 0
    /// Units of the book's smallest coin.
    package var debits: Int128 = 0
    package var credits: Int128 = 0

    package init() {}

    package init(entries: Int, debits: Int128, credits: Int128) {
      self.entries = entries
      self.debits = debits
      self.credits = credits
    }

    @inline(__always)
    mutating func add(_ entry: Entry) {
      entries += 1
      if entry.side == .debit { debits += Int128(entry.amount) } else { credits += Int128(entry.amount) }
    }

    package static func += (left: inout Sums, right: Sums) {
      left.entries += right.entries
      left.debits += right.debits
      left.credits += right.credits
    }
  }

  package let postingCount: Int
  package let accountCount: Int
  /// Vouchers by posting.
  package var vouchers: [Int]
  /// The lowest and the highest voucher number by posting; `nil` where the posting wrote none.
  package var numbers: [ClosedRange<Int64>?]
  /// By posting, then account.
  private var sums: [Sums]
  /// Red vouchers (红字凭证) by posting, which are among `vouchers`, and the sums of their entries.
  package var reversals: [Int]
  package private(set) var reversed: [Sums]
  /// By posting, then entry rule: what a measure's `posted` is read from. What reverses is not among it.
  private var ruleSums: [[Sums]]

  package init(postings: Int, accounts: Int) {
    postingCount = postings
    accountCount = accounts
    vouchers = Array(repeating: 0, count: postings)
    reversals = vouchers
    reversed = Array(repeating: Sums(), count: postings)
    numbers = Array(repeating: nil, count: postings)
    sums = Array(repeating: Sums(), count: postings * accounts)
    ruleSums = Array(repeating: [], count: postings)
  }

  package func sums(posting: Int, account: Int) -> Sums { sums[posting * accountCount + account] }

  package func sums(posting: Int) -> Sums {
    (0..<accountCount).reduce(into: Sums()) { $0 += sums(posting: posting, account: $1) }
  }

  package func sums(account: Int) -> Sums {
    (0..<postingCount).reduce(into: Sums()) { $0 += sums(posting: $1, account: account) }
  }

  /// The sums of the entries that one entry rule of a posting made.
  package func sums(posting: Int, rule: Int) -> Sums {
    rule < ruleSums[posting].count ? ruleSums[posting][rule] : Sums()
  }

  package var voucherCount: Int { vouchers.reduce(0, +) }
  package var all: Sums { sums.reduce(into: Sums()) { $0 += $1 } }

  @inline(__always)
  mutating func count(_ voucher: Voucher) {
    let posting = Int(voucher.posting)
    vouchers[posting] += 1
    if voucher.reverses != 0 { reversals[posting] += 1 }
    if let range = numbers[posting] {
      numbers[posting] = min(range.lowerBound, voucher.number)...max(range.upperBound, voucher.number)
    } else {
      numbers[posting] = voucher.number...voucher.number
    }
  }

  @inline(__always)
  mutating func count(_ entry: Entry, of voucher: Voucher) {
    let posting = Int(voucher.posting)
    sums[posting * accountCount + Int(entry.account)].add(entry)
    if voucher.reverses != 0 { return reversed[posting].add(entry) }
    let rule = Int(entry.rule)
    while ruleSums[posting].count <= rule { ruleSums[posting].append(Sums()) }
    ruleSums[posting][rule].add(entry)
  }

  /// Adds what another file wrote of the same postings and accounts.
  package static func += (left: inout WrittenTotals, right: WrittenTotals) {
    precondition(
      left.postingCount == right.postingCount && left.accountCount == right.accountCount,
      "totals that are added are of one run and one chart")
    for posting in 0..<left.postingCount {
      left.vouchers[posting] += right.vouchers[posting]
      left.reversals[posting] += right.reversals[posting]
      left.reversed[posting] += right.reversed[posting]
      if let more = right.numbers[posting] {
        let mine = left.numbers[posting] ?? more
        left.numbers[posting] =
          min(mine.lowerBound, more.lowerBound)...max(mine.upperBound, more.upperBound)
      }
      for (rule, sum) in right.ruleSums[posting].enumerated() {
        while left.ruleSums[posting].count <= rule { left.ruleSums[posting].append(Sums()) }
        left.ruleSums[posting][rule] += sum
      }
    }
    for index in left.sums.indices { left.sums[index] += right.sums[index] }
  }
}
