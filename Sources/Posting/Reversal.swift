public import Ledger

extension EntryDrafts {
  /// An entry that was posted is on an account which is not in the book's chart any more.
  public struct AccountGone: Error, Sendable, Hashable {
    public var code: String
  }

  /// Adds a draft that negates what was posted of a document: on their own side, in red (红字).
  ///
  /// - Parameters:
  ///   - document: its index in the file's store.
  ///   - posting: whose vouchers go to the same book, and how many entry rules it has today.
  ///   - kept: the document's part of the voucher.
  ///   - reverses: the counter part of that voucher's ID.
  ///   - day: of the red voucher.
  ///   - memo: UTF-8.
  public mutating func reverse(
    _ document: Int, posting: (index: Int, rules: Int), _ kept: KeptEntries.DocumentEntries, reverses: Int64,
    day: Day, memo: [UInt8], chart: Chart, dimensions: inout Dimensions
  ) throws(AccountGone) {
    let mark = mark
    for _ in 0..<posting.rules { totals.append(0) }
    for old in kept.entries {
      guard let account = chart.index(ofCode: old.account) else {
        drop(since: mark)
        throw AccountGone(code: old.account)
      }
      // Of a rule that the posting has no more only the place in the order of entries is lost.
      let rule = min(old.rule, posting.rules - 1)
      entries.append(
        Entry(
          account: Int32(account), side: old.side, amount: -old.amount,
          quantity: old.quantity.map { -$0 } ?? Entry.noQuantity, unit: dimensions.codes.number(of: old.unit),
          detail: dimensions.detail(of: old), foreign: -(old.foreign?.amount ?? 0),
          dimensions: dimensions.set(of: old.dimensions), rule: Int16(rule)))
      totals[mark.totals + rule] &-= old.amount
    }
    memos += memo
    drafts.append(
      Draft(
        document: Int32(document), posting: Int32(posting.index), day: day,
        entries: mark.entries..<entries.count, memo: mark.memos..<memos.count, group: -1, totals: mark.totals,
        reverses: reverses))
  }
}

extension Codes {
  /// The number of a text, given now where it is new; -1 of an empty one.
  mutating func number(of text: String) -> Int32 {
    text.isEmpty ? -1 : intern(text)
  }
}

extension Dimensions {
  mutating func detail(of entry: KeptEntries.KeptEntry) -> Int32 {
    var detail = EntryDetail()
    detail.split = codes.number(of: entry.split)
    detail.memo = codes.number(of: entry.memo)
    detail.cashFlow = codes.number(of: entry.cashFlow)
    if let foreign = entry.foreign {
      detail.currency = codes.number(of: foreign.currency)
      detail.rate = foreign.rate
    }
    return intern(detail)
  }

  mutating func set(of values: [String: String]) -> Int32 {
    var set: [Value] = []
    for (name, code) in values.sorted(by: { $0.key < $1.key }) {
      set.append(Value(dimension: dimension(named: name), code: codes.number(of: code)))
    }
    return intern(set.sorted { $0.dimension < $1.dimension })
  }
}
