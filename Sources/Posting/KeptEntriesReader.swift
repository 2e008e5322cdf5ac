import Ledger

extension KeptEntries {
  /// The file is not what a run wrote.
  public struct Damaged: Error {}

  /// What was kept of one interface and book.
  public struct Block: Sendable {
    public var interface: String
    /// Names of the run's dimensions, in the order in which its entries were put.
    public var dimensions: [String]
    public var documents: [DocumentEntries]
  }

  /// Reads a run's entries back, by interface.
  /// - Parameter wanted: IDs of the vouchers that are asked for; `nil`: of all.
  public static func read(_ bytes: [UInt8], wanted: Set<String>? = nil) throws(Damaged) -> [Block] {
    let isEarlier = bytes.starts(with: earlierMagic)
    guard isEarlier || bytes.starts(with: magic) else { throw Damaged() }
    var cursor = Cursor(bytes: bytes, at: magic.count, end: bytes.count)
    var blocks: [Block] = []
    while cursor.at < bytes.count {
      let length = try cursor.count()
      guard length <= bytes.count - cursor.at else { throw Damaged() }
      var block = Cursor(bytes: bytes, at: cursor.at, end: cursor.at + length)
      blocks.append(try block.interface(wanted, isEarlier: isEarlier))
      cursor.at += length
    }
    return blocks
  }

  private struct Cursor {
    let bytes: [UInt8]
    var at: Int
    let end: Int

    mutating func interface(_ wanted: Set<String>?, isEarlier: Bool) throws(Damaged) -> Block {
      let name = try text()
      let prefixes = try texts()
      let names = Names(
        prefixes: prefixes, types: isEarlier ? prefixes.map { _ in "" } : try texts(), accounts: try texts(),
        dimensions: try texts(), codes: try texts(),
        sets: try sets(), details: try details())
      var documents: [DocumentEntries] = []
      while true {
        let count = try count()
        guard count > 0 else {
          guard at == end else { throw Damaged() }
          return Block(interface: name, dimensions: names.dimensions, documents: documents)
        }
        let posting = try self.count()
        let prefix = try names.element(names.prefixes, posting)
        let number = Int64(try self.count())
        let ownNumber = isEarlier ? 0 : Int64(try self.count())
        let day = ownNumber == 0 ? nil : Int32(exactly: try signed())
        let voucher = number == 0 ? "" : voucherID(prefix: prefix, number: number)
        if let wanted, !wanted.contains(voucher) {
          for _ in 0..<count { try skipDocument() }
          continue
        }
        for _ in 0..<count {
          var document = try document(voucher, names)
          document.type = try names.element(names.types, posting)
          document.ownNumber = ownNumber
          if let day { document.date = Day(number: day) }
          documents.append(document)
        }
      }
    }

    private mutating func document(_ voucher: String, _ names: Names) throws(Damaged) -> DocumentEntries {
      let key = try raw()
      guard let day = Int32(exactly: try signed()) else { throw Damaged() }
      var entries: [KeptEntry] = []
      for _ in 0..<(try count()) { entries.append(try entry(names)) }
      return DocumentEntries(
        voucher: voucher, type: "", ownNumber: 0, date: Day(number: day), key: key, entries: entries)
    }

    private mutating func skipDocument() throws(Damaged) {
      _ = try raw()
      _ = try number()
      for _ in 0..<(try count()) {
        for _ in 0..<3 { _ = try number() }
        if try number() != 0 { _ = try number() }
        _ = try number()
        if try number() != 0 { _ = try number() }
        _ = try number()
      }
    }

    private mutating func entry(_ names: Names) throws(Damaged) -> KeptEntry {
      let account = try names.element(names.accounts, try count())
      let ruleAndSide = try count()
      let amount = try signed()
      let quantity = try count() == 0 ? nil : try signed()
      let unit = try count()
      let detailNumber = try count()
      let detail = try names.element(names.details, detailNumber)
      let foreign = detailNumber == 0 ? 0 : try signed()
      var dimensions: [String: String] = [:]
      for (dimension, code) in try names.element(names.sets, try count()) {
        dimensions[try names.element(names.dimensions, dimension)] = try names.element(names.codes, code)
      }
      return KeptEntry(
        account: account, side: ruleAndSide & 1 == 0 ? .debit : .credit, rule: ruleAndSide >> 1,
        amount: amount,
        quantity: quantity, unit: try names.code(unit), split: try names.code(detail.split),
        memo: try names.code(detail.memo), cashFlow: try names.code(detail.cashFlow),
        foreign: detail.currency == 0
          ? nil
          : KeptEntry.Foreign(currency: try names.code(detail.currency), rate: detail.rate, amount: foreign),
        dimensions: dimensions)
    }

    private mutating func details() throws(Damaged) -> [Detail] {
      var details: [Detail] = []
      for _ in 0..<(try count()) {
        details.append(
          Detail(
            split: try count(), memo: try count(), cashFlow: try count(), currency: try count(),
            rate: try signed()))
      }
      return details
    }

    private mutating func sets() throws(Damaged) -> [[(Int, Int)]] {
      var sets: [[(Int, Int)]] = []
      for _ in 0..<(try count()) {
        var values: [(Int, Int)] = []
        for _ in 0..<(try count()) { values.append((try count(), try count())) }
        sets.append(values)
      }
      return sets
    }

    private mutating func texts() throws(Damaged) -> [String] {
      var texts: [String] = []
      for _ in 0..<(try count()) { texts.append(try text()) }
      return texts
    }

    private mutating func text() throws(Damaged) -> String { String(decoding: try raw(), as: UTF8.self) }

    private mutating func raw() throws(Damaged) -> [UInt8] {
      let length = try count()
      guard length <= end - at else { throw Damaged() }
      defer { at += length }
      return Array(bytes[at..<at + length])
    }

    private mutating func signed() throws(Damaged) -> Int64 {
      let number = try number()
      return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }

    mutating func count() throws(Damaged) -> Int {
      guard let count = Int(exactly: try number()) else { throw Damaged() }
      return count
    }

    private mutating func number() throws(Damaged) -> UInt64 {
      var number: UInt64 = 0
      var shift: UInt64 = 0
      while at < end, shift < 64 {
        let byte = bytes[at]
        at += 1
        number |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return number }
        shift += 7
      }
      throw Damaged()
    }
  }

  /// Codes count from 1; 0 is none.
  private struct Detail {
    var split: Int
    var memo: Int
    var cashFlow: Int
    var currency: Int
    var rate: Int64
  }

  private struct Names {
    var prefixes: [String]
    var types: [String]
    var accounts: [String]
    var dimensions: [String]
    var codes: [String]
    var sets: [[(Int, Int)]]
    var details: [Detail]

    /// The text of a code that counts from 1; 0 is none.
    func code(_ number: Int) throws(Damaged) -> String { number == 0 ? "" : try element(codes, number - 1) }

    func element<T>(_ list: [T], _ index: Int) throws(Damaged) -> T {
      guard list.indices.contains(index) else { throw Damaged() }
      return list[index]
    }
  }
}
