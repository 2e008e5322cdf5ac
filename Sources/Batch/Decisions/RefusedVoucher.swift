import Ledger
import Posting
import State

/// A voucher that the finance system did not take, and that somebody has to do something about.
struct RefusedVoucher {
  var standing: VoucherStanding
  var id: String
  /// Empty, and without a date, where its entries are not in the archive.
  var interface: String
  var date: Day?

  /// Without those where nothing is missing: a voucher and the red ones that take all of it back, of which the finance system
  /// took none.
  static func open(_ state: StateStore, _ entries: ArchivedEntries) throws -> [RefusedVoucher] {
    let refused = try state.refusedVouchers()
    guard !refused.isEmpty else { return [] }
    let ids = Set(refused.map(\.voucher))
    let pairs = try state.reversals()
    var open: [RefusedVoucher] = []
    for standing in refused {
      let id = standing.voucher
      let run = try state.run(ofVoucher: id) ?? 0
      let block = try entries.blocks(run, [id], state)?.first { !$0.documents.isEmpty }
      let reds = pairs.filter { $0.voucher == id }.map(\.red)
      let isUndone = !reds.isEmpty && reds.count == block?.documents.count && ids.isSuperset(of: reds)
      let originals = pairs.filter { $0.red == id }.map(\.voucher)
      if isUndone || (!originals.isEmpty && ids.isSuperset(of: originals)) { continue }
      open.append(
        RefusedVoucher(
          standing: standing, id: id, interface: block?.interface ?? "", date: block?.documents.first?.date))
    }
    return open
  }
}
