import Ledger
import Posting
import State

/// Vouchers that were refused and voided, with those that came in their place.
extension CorrectionLink {
  /// - Parameter corrections: of a document, the last one first.
  /// - Returns: what they say of the voucher: that it is void and another one has what the document posts, or that it came in the
  ///   place of such a one.
  static func voided(
    _ id: String, _ corrections: [Correction], _ key: [UInt8], _ interface: String, _ state: StateStore
  ) throws -> [CorrectionLink] {
    var links: [CorrectionLink] = []
    for (place, correction) in corrections.enumerated() where correction.cause == .refused {
      for posting in correction.postings {
        guard try state.isVoid(posting.voucher, upTo: correction.run) else { continue }
        let next = corrections[..<place].reversed().lazy.flatMap(\.postings)
          .first { $0.code == posting.code && !$0.voucher.isEmpty && $0.voucher != posting.voucher }?.voucher
        let black = try next ?? state.voucher(of: key, interface, posting: posting)
        guard let black, [posting.voucher, black].contains(id) else { continue }
        links.append(
          CorrectionLink(
            part: posting.voucher == id ? .voided : .replaces, cause: correction.cause.rawValue,
            run: correction.run, voucher: posting.voucher, red: "", black: black))
      }
    }
    return links
  }
}

extension StateStore {
  /// The voucher that has a document's posting now, of those of the same book.
  fileprivate func voucher(
    of key: [UInt8], _ interface: String, posting: Correction.Posting
  ) throws(StateError) -> String? {
    let register = try register(of: interface)
    guard let slot = register.postings.firstIndex(of: posting.code), let name = VoucherName(posting.voucher),
      let number = try register.find(key.span)?.voucher(posting: slot),
      number != 0, number != PostedDocument.elsewhere
    else { return nil }
    return voucherID(prefix: name.prefix, number: number)
  }
}
