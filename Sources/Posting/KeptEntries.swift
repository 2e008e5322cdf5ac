public import Ledger
import Mapping

/// The entries of a committed run, document by document, as they are kept for ever: a correction negates what was
/// posted, not what today's rules would post.
///
/// A file is a magic line, then one block an interface. Numbers are LEB128, signed ones in zigzag; texts are a length
/// and UTF-8. Texts that repeat (accounts, dimension values, units) stand once, in a list at the head of the block.
public enum KeptEntries {
  static let magic = Array("tallyman entries 3\n".utf8)
  /// Without voucher types and own numbers.
  static let earlierMagic = Array("tallyman entries 2\n".utf8)

  /// One document's part in one voucher.
  public struct DocumentEntries: Sendable, Hashable {
    /// `A-XS-R-00000017`; empty where all entries were zero.
    public var voucher: String
    /// 凭证字; empty where it was not kept.
    public var type: String
    /// 凭证号, where the book gives its numbers itself; else 0.
    public var ownNumber: Int64
    /// The voucher's.
    public var date: Day
    public var key: [UInt8]
    public var entries: [KeptEntry]
  }

  public struct KeptEntry: Sendable, Hashable {
    public var account: String
    public var side: Side
    public var rule: Int
    /// At `Entry.amountScale`.
    public var amount: Int64
    /// At `Entry.quantityScale`.
    public var quantity: Int64?
    public var unit: String
    public var split: String
    /// The entry's own, where it has one.
    public var memo: String
    public var cashFlow: String
    public var foreign: Foreign?
    public var dimensions: [String: String]

    /// The amount in another currency.
    public struct Foreign: Sendable, Hashable {
      public var currency: String
      /// At `Entry.rateScale`.
      public var rate: Int64
      /// At `Entry.amountScale`.
      public var amount: Int64
    }
  }

  public static func head() -> [UInt8] { magic }

  /// What stands before the block of one interface and book.
  public static func length(_ bytes: Int) -> [UInt8] {
    var length: [UInt8] = []
    length.append(number: UInt64(bytes))
    return length
  }

  /// Gives the block of one interface and book, a piece at a time.
  /// - Parameters:
  ///   - prefixes: of the voucher IDs, for each posting of the interface.
  ///   - types: 凭证字, likewise.
  ///   - postings: those whose vouchers go to the book.
  public static func write(
    _ set: VoucherSet, files: [PostedFile], interface: String, prefixes: [String], types: [String],
    postings: Range<Int>, chart: Chart, dimensions: Dimensions, to sink: (ArraySlice<UInt8>) throws -> Void
  ) rethrows {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 * pieceSize)
    bytes.append(text: interface)
    bytes.append(texts: prefixes)
    bytes.append(texts: types)
    bytes.append(texts: chart.accounts.map(\.code))
    bytes.append(texts: dimensions.names)
    bytes.append(texts: (0..<Int32(dimensions.codes.count)).map { dimensions.codes.text($0) })
    bytes.append(number: UInt64(dimensions.setCount))
    for number in 0..<Int32(dimensions.setCount) {
      let values = dimensions.values(ofSet: number)
      bytes.append(number: UInt64(values.count))
      for value in values {
        bytes.append(number: UInt64(value.dimension))
        bytes.append(number: UInt64(value.code))
      }
    }
    bytes.append(number: UInt64(dimensions.detailCount))
    for number in 0..<Int32(dimensions.detailCount) {
      let detail = dimensions.detail(number)
      for code in [detail.split, detail.memo, detail.cashFlow, detail.currency] {
        bytes.append(number: UInt64(code + 1))
      }
      bytes.append(signed: detail.rate)
    }
    for (index, voucher) in set.batch.vouchers.enumerated() where postings.contains(Int(voucher.posting)) {
      let drafts = set.drafts(ofVoucher: index)
      bytes.append(number: UInt64(drafts.count))
      bytes.append(number: UInt64(voucher.posting))
      bytes.append(number: UInt64(voucher.number))
      bytes.append(number: UInt64(voucher.ownNumber))
      if voucher.ownNumber != 0 { bytes.append(signed: Int64(voucher.date.number)) }
      for reference in drafts { bytes.append(files, reference) }
      if bytes.count >= pieceSize {
        try sink(bytes[...])
        bytes.removeAll(keepingCapacity: true)
      }
    }
    for reference in set.withoutVoucher where postings.contains(Int(files[reference].posting)) {
      bytes.append(number: 1)
      bytes.append(number: UInt64(files[reference].posting))
      bytes.append(number: 0)
      bytes.append(number: 0)
      bytes.append(files, reference)
    }
    bytes.append(number: 0)
    try sink(bytes[...])
  }

  private static let pieceSize = 1 << 18
}

extension KeptEntries.KeptEntry {
  /// An entry as it would be kept.
  public init(_ entry: Entry, chart: Chart, dimensions: Dimensions) {
    func text(_ code: Int32) -> String { code < 0 ? "" : dimensions.codes.text(code) }
    let detail = dimensions.detail(entry.detail)
    self.init(
      account: chart.accounts[Int(entry.account)].code, side: entry.side, rule: Int(entry.rule),
      amount: entry.amount, quantity: entry.quantity == Entry.noQuantity ? nil : entry.quantity,
      unit: text(entry.unit), split: text(detail.split), memo: text(detail.memo),
      cashFlow: text(detail.cashFlow),
      foreign: detail.currency < 0
        ? nil
        : Foreign(currency: text(detail.currency), rate: detail.rate, amount: entry.foreign),
      dimensions: Dictionary(
        uniqueKeysWithValues: dimensions.values(ofSet: entry.dimensions).map {
          (dimensions.names[Int($0.dimension)], text($0.code))
        }))
  }

  /// Whether the two would be added together in a document.
  public func isMerged(with other: Self) -> Bool {
    account == other.account && side == other.side && unit == other.unit && split == other.split
      && memo == other.memo && cashFlow == other.cashFlow && dimensions == other.dimensions
      && foreign?.currency == other.foreign?.currency && foreign?.rate == other.foreign?.rate
  }
}

extension [UInt8] {
  mutating func append(number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  mutating func append(signed: Int64) { append(number: UInt64(bitPattern: signed << 1 ^ signed >> 63)) }

  fileprivate mutating func append(text: String) {
    append(number: UInt64(text.utf8.count))
    append(contentsOf: text.utf8)
  }

  fileprivate mutating func append(texts: [String]) {
    append(number: UInt64(texts.count))
    for text in texts { append(text: text) }
  }

  fileprivate mutating func append(_ files: [PostedFile], _ reference: DraftReference) {
    let file = Int(reference.file)
    let draft = files[reference]
    let key = files[file].store.key(Int(draft.document))
    append(number: UInt64(key.count))
    append(contentsOf: key)
    append(signed: Int64(draft.day.number))
    append(number: UInt64(draft.entries.count))
    append(numbers: 9 * draft.entries.count) { numbers in
      for index in draft.entries {
        let entry = files[file].drafts.entries[index]
        numbers.put(UInt64(entry.account))
        numbers.put(UInt64(entry.rule) << 1 | UInt64(entry.side.rawValue))
        numbers.put(signed: entry.amount)
        numbers.put(entry.quantity == Entry.noQuantity ? 0 : 1)
        if entry.quantity != Entry.noQuantity { numbers.put(signed: entry.quantity) }
        numbers.put(UInt64(entry.unit + 1))
        numbers.put(UInt64(entry.detail))
        if entry.detail != 0 { numbers.put(signed: entry.foreign) }
        numbers.put(UInt64(entry.dimensions))
      }
    }
  }

  /// Appends up to so many numbers at once: each alone would ask the array whether it is its own and has room.
  private mutating func append(numbers most: Int, _ body: (inout Numbers) -> Void) {
    let start = count
    append(contentsOf: repeatElement(0, count: most * Numbers.mostBytes))
    let written = withUnsafeMutableBufferPointer { bytes in
      var numbers = Numbers(bytes: bytes, at: start)
      body(&numbers)
      return numbers.at
    }
    removeLast(count - written)
  }
}

/// Numbers that are written into room which is there.
private struct Numbers {
  /// Of one number.
  static let mostBytes = 10

  let bytes: UnsafeMutableBufferPointer<UInt8>
  var at: Int

  @inline(__always)
  mutating func put(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes[at] = UInt8(truncatingIfNeeded: rest) | 0x80
      at += 1
      rest >>= 7
    }
    bytes[at] = UInt8(rest)
    at += 1
  }

  @inline(__always)
  mutating func put(signed: Int64) { put(UInt64(bitPattern: signed << 1 ^ signed >> 63)) }
}
