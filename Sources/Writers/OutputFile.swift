package import Ledger

/// One file to be written: its name, and which vouchers of the batch go into it, in order of their IDs, or own numbers.
package struct OutputFile: Sendable, Hashable {
  package var name: String
  package var period: Period
  package var vouchers: [Int]

  /// Splits vouchers into files by period, and by posting where the pattern names it. No voucher, no file.
  ///
  /// - Parameters:
  ///   - selection: indices into the batch; their order doesn't matter, that of the voucher IDs and own numbers does.
  ///   - profile: the profile's name.
  /// - Returns: the files in order of period, then posting.
  package static func plan(
    _ selection: [Int], of batch: VoucherBatch, in context: VoucherContext,
    pattern: FileNamePattern, profile: String
  ) -> [OutputFile] {
    let byPosting = pattern.holes.contains(.posting)
    var groups: [FileKey: [Int]] = [:]
    // Neighbours nearly always share a month, and a calendar division for each voucher would cost more than all else.
    var known: (days: Range<Int32>, month: Int32) = (0..<0, 0)
    for index in selection {
      let voucher = batch.vouchers[index]
      if !known.days.contains(voucher.date.number) {
        let (year, month, _) = voucher.date.civil
        let first = Day(year: year, month: month, day: 1)!.number
        known = (first..<voucher.date.monthEnd.number + 1, Int32(year * 12 + month - 1))
      }
      groups[FileKey(month: known.month, posting: byPosting ? voucher.posting : 0), default: []].append(index)
    }
    let ranks = postingRanks(context.postings)
    return groups.sorted { ($0.key.month, $0.key.posting) < ($1.key.month, $1.key.posting) }.map {
      key, vouchers in
      let period = Period(year: Int(key.month) / 12, month: Int(key.month) % 12 + 1)
      let run = String(context.run)
      let name = pattern.name([
        .book: context.book.name, .interface: context.interface, .period: period.description,
        .profile: profile,
        .run: String(repeating: "0", count: max(0, 6 - run.count)) + run,
        .posting: byPosting ? context.postings[Int(key.posting)].name : "",
      ])
      return OutputFile(name: name, period: period, vouchers: sorted(vouchers, batch.vouchers, ranks))
    }
  }

  /// The place of each posting's prefix in the order of bytes.
  private static func postingRanks(_ postings: [PostingContext]) -> [Int] {
    let order = postings.indices.sorted {
      let (a, b) = (postings[$0].idPrefix, postings[$1].idPrefix)
      return a == b ? $0 < $1 : Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8))
    }
    var ranks = [Int](repeating: 0, count: postings.count)
    for (rank, posting) in order.enumerated() { ranks[posting] = rank }
    return ranks
  }

  /// In order of ID; vouchers with numbers of their own in the order of these, which is that of dates first.
  private static func sorted(_ indices: [Int], _ vouchers: [Voucher], _ ranks: [Int]) -> [Int] {
    func key(_ index: Int) -> (Int32, Int64, Int64) {
      let (voucher, rank) = (vouchers[index], Int64(ranks[Int(vouchers[index].posting)]))
      return voucher.ownNumber == 0
        ? (0, rank, voucher.number) : (voucher.date.number, voucher.ownNumber, rank)
    }
    let inOrder = zip(indices, indices.dropFirst()).allSatisfy { key($0) <= key($1) }
    return inOrder ? indices : indices.sorted { key($0) < key($1) }
  }
}

/// What vouchers of one file share.
private struct FileKey: Hashable {
  var month: Int32
  var posting: Int32
}
