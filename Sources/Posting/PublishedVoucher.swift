import Ledger

/// A voucher as it was published, made again from what was kept of its documents.
///
/// What is kept of a document has each rule's entries added up, so where two rules of a summary have the same account and
/// only one of them is red, the sign of their sum stands for both.
public struct PublishedVoucher: Sendable {
  /// In the voucher's order, each with the first of the rules that it came from.
  public private(set) var entries: [KeptEntries.KeptEntry] = []
  /// For each document, for each entry that was kept of it, the voucher's entry that holds it; `nil` where what documents
  /// gave comes to zero, which makes no entry.
  public private(set) var places: [[Int?]] = []

  /// - Parameters:
  ///   - dimensions: their names, in the run's order.
  ///   - mayBeSwapped: of an account's code, whether its red entries stand on the other side in black.
  public init(
    _ documents: [KeptEntries.DocumentEntries], dimensions names: [String], mayBeSwapped: (String) -> Bool
  ) {
    var dimensions = Dimensions()
    for name in names { _ = dimensions.dimension(named: name) }
    let codes = Set(documents.flatMap(\.entries).map(\.account)).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    let accounts = Dictionary(uniqueKeysWithValues: zip(codes, Int32(0)...))
    var merging = Merging()
    var kept: [KeptEntries.KeptEntry] = []
    var added: [[(entry: Entry, red: Bool)]] = []
    for document in documents {
      let totals = document.entries.reduce(into: [:]) { $0[$1.rule, default: Int64(0)] &+= $1.amount }
      added.append([])
      for old in document.entries {
        let entry = Entry(
          account: accounts[old.account] ?? 0, side: old.side, amount: old.amount,
          quantity: old.quantity ?? Entry.noQuantity, unit: dimensions.codes.number(of: old.unit),
          detail: dimensions.detail(of: old), foreign: old.foreign?.amount ?? 0,
          dimensions: dimensions.set(of: old.dimensions), rule: Int16(old.rule))
        let red = totals[old.rule, default: 0] < 0
        if !merging.add(entry, red: red) { merging.append(entry, red: red) }
        if merging.entries.count > kept.count { kept.append(old) }
        added[added.count - 1].append((entry, red))
      }
    }
    let order = merging.entries.indices.filter { merging.entries[$0].amount != 0 }
      .sorted { dimensions.entryPrecedes(merging.entries[$0], merging.entries[$1]) }
    entries = order.map { index in
      let (sum, isSwapped) = (merging.entries[index], mayBeSwapped(kept[index].account))
      let sign: Int64 = isSwapped && sum.amount < 0 ? -1 : 1
      var entry = kept[index]
      if sign < 0 { entry.side = entry.side == .debit ? .credit : .debit }
      entry.rule = Int(sum.rule)
      entry.amount = sign * sum.amount
      entry.quantity = sum.quantity == Entry.noQuantity ? nil : sign * sum.quantity
      entry.foreign?.amount = sign * sum.foreign
      return entry
    }
    let numbers = Dictionary(uniqueKeysWithValues: zip(order, 0...))
    places = added.map { $0.map { merging.find($0.entry, $0.red).flatMap { numbers[$0] } } }
  }
}
