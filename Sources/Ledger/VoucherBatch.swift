/// One line of a voucher (分录). Amounts are units of the book's smallest coin (10^-2); a red amount is negative.
public struct Entry: Sendable, Hashable {
  /// Quantities are units of 10^-6; this one says that there is none.
  public static let noQuantity = Int64.min
  public static let quantityScale = 6
  public static let amountScale = 2
  /// Exchange rates are units of 10^-8 of the book's currency for one of the foreign.
  public static let rateScale = 8

  /// Index into the chart's accounts.
  public var account: Int32
  /// Number of the entry's dimension set.
  public var dimensions: Int32
  public var amount: Int64
  public var quantity: Int64
  /// Number of the unit among the batch's units (`Dimensions.codes`), or -1.
  public var unit: Int32
  /// Number of what else keeps it apart from others (`Dimensions.detail`); 0 where nothing does.
  public var detail: Int32
  /// The amount in the detail's currency, in units of 10^-2; 0 where the entry is in the book's own.
  public var foreign: Int64
  /// Index of the entry rule in its posting; of the first one where several were added together.
  public var rule: Int16
  public var side: Side

  @inlinable
  public init(
    account: Int32, side: Side, amount: Int64, quantity: Int64 = Entry.noQuantity, unit: Int32 = -1,
    detail: Int32 = 0, foreign: Int64 = 0, dimensions: Int32 = 0, rule: Int16 = 0
  ) {
    self.account = account
    self.dimensions = dimensions
    self.amount = amount
    self.quantity = quantity
    self.unit = unit
    self.detail = detail
    self.foreign = foreign
    self.rule = rule
    self.side = side
  }
}

/// What keeps two entries of one account, side and dimension set apart. Texts are numbers of `Dimensions.codes`, -1: none.
public struct EntryDetail: Sendable, Hashable {
  /// What the rule splits by.
  public var split: Int32 = -1
  /// ISO 4217; none where the entry is in the book's own currency.
  public var currency: Int32 = -1
  /// At `Entry.rateScale`.
  public var rate: Int64 = 0
  /// The entry's own memo (摘要); none where it has its voucher's.
  public var memo: Int32 = -1
  /// Cash-flow item (现金流量项目).
  public var cashFlow: Int32 = -1

  public init() {}
}

/// A voucher's head (凭证). Its entries, memo and source stand in the batch.
public struct Voucher: Sendable, Hashable {
  /// Index of the posting that made it, among the run's postings.
  public var posting: Int32
  public var date: Day
  /// The counter part of the permanent voucher ID; 0 until it is given, inside the commit.
  public var number: Int64
  /// 凭证号, where the book gives its numbers itself (`number: own`): without gaps in its period and voucher type, in order
  /// of date; else 0.
  public var ownNumber: Int64 = 0
  /// Distinct source documents (附件数).
  public var attachments: Int32
  @usableFromInline let entryCount: Int32
  @usableFromInline let firstEntry: Int
  /// Which of the batch's lists has its entries.
  @usableFromInline private(set) var list: Int32
  /// Four bits each: which of them is the first, the second and so on; 0 where they stand in their order.
  @usableFromInline let order: UInt64
  /// Which of them has its memo and source.
  fileprivate private(set) var texts: Int32
  private let firstMemoByte: Int
  private let firstSourceByte: Int
  private let memoBytes: Int32
  private let sourceBytes: Int32
  private var firstDocument: Int
  private let documentCount: Int32
  /// Of a red voucher (红字凭证) the counter part of the ID of the one that it reverses, which has the same prefix; else 0.
  public var reverses: Int64

  init(
    posting: Int32, date: Day, attachments: Int32, entries: Range<Int>, list: Int32, order: UInt64,
    texts: Int32, memo: Range<Int>, source: Range<Int>, documents: Range<Int>, reverses: Int64
  ) {
    self.posting = posting
    self.date = date
    number = 0
    self.attachments = attachments
    (firstEntry, entryCount) = (entries.lowerBound, Int32(entries.count))
    (self.list, self.order) = (list, order)
    self.texts = texts
    (firstMemoByte, memoBytes) = (memo.lowerBound, Int32(memo.count))
    (firstSourceByte, sourceBytes) = (source.lowerBound, Int32(source.count))
    (firstDocument, documentCount) = (documents.lowerBound, Int32(documents.count))
    self.reverses = reverses
  }

  /// The same in a batch that has what this one's batch was given as a list of its own.
  fileprivate func moved(to own: Int32, documents: Int) -> Voucher {
    var moved = self
    if list == 0 { moved.list = own }
    if texts == 0 { moved.texts = own }
    moved.firstDocument += documents
    return moved
  }

  /// Indices of its entries, which the batch gives.
  @inlinable public var entries: Range<Int> { firstEntry..<firstEntry + Int(entryCount) }
  fileprivate var memo: Range<Int> { firstMemoByte..<firstMemoByte + Int(memoBytes) }
  fileprivate var source: Range<Int> { firstSourceByte..<firstSourceByte + Int(sourceBytes) }
  /// Its source documents among the batch's; empty where nobody asked for them.
  public var documents: Range<Int> { firstDocument..<firstDocument + Int(documentCount) }
}

/// A document behind a voucher, for lists of them.
public struct SourceDocument: Sendable, Hashable {
  /// UTF-8; parts of a key of several columns stand with `/` between them.
  public var key: [UInt8]
  public var date: Day
  /// The file that brought it, with the line on which it begins.
  public var file: String
  public var line: Int
  public var rows: Int
  /// Its debits in the voucher, at `Entry.amountScale`.
  public var amount: Int64

  public init(key: [UInt8], date: Day, file: String, line: Int, rows: Int, amount: Int64) {
    self.key = key
    self.date = date
    self.file = file
    self.line = line
    self.rows = rows
    self.amount = amount
  }
}

/// What vouchers can refer to: entries, and the UTF-8 of memos and of documents' keys.
public struct VoucherDrafts: Sendable {
  public internal(set) var entries: EntryList
  var memos: [UInt8]
  var keys: [UInt8]

  public init(entries: EntryList, memos: [UInt8], keys: [UInt8]) {
    (self.entries, self.memos, self.keys) = (entries, memos, keys)
  }
}

/// Debits and credits of what should have become a voucher differ.
public struct Imbalance: Error, Hashable {
  public var debits: Int128
  public var credits: Int128
}

/// Vouchers with their entries: what passes the door between `Posting` and `Writers`.
///
/// An unbalanced voucher cannot be built: `append` is the only way in, and it refuses.
public struct VoucherBatch: Sendable {
  public internal(set) var vouchers: [Voucher] = []
  /// What vouchers were given, and behind it the drafts that vouchers refer to.
  @usableFromInline private(set) var lists = [VoucherDrafts(entries: EntryList(), memos: [], keys: [])]
  public internal(set) var documents: [SourceDocument] = []

  public init() {}

  public init(drafts: [VoucherDrafts]) { lists += drafts }

  /// Up to so many entries can be put in order without having them again.
  public static let mostOrdered = 16

  /// One of the voucher's entries.
  @inlinable
  public func entry(_ index: Int, of voucher: Voucher) -> Entry {
    guard voucher.order != 0 else { return lists[Int(voucher.list)].entries[index] }
    let first = voucher.firstEntry
    return lists[Int(voucher.list)].entries[first + Int(voucher.order >> UInt64(4 * (index - first)) & 15)]
  }

  public func entries(of voucher: Voucher) -> [Entry] { voucher.entries.map { entry($0, of: voucher) } }

  /// UTF-8.
  public func memo(of voucher: Voucher) -> ArraySlice<UInt8> { lists[Int(voucher.texts)].memos[voucher.memo] }

  /// UTF-8 of the key of its document, or of what it says of several.
  public func source(of voucher: Voucher) -> ArraySlice<UInt8> {
    lists[Int(voucher.texts)].keys[voucher.source]
  }

  /// Makes room for vouchers that are going to come.
  public mutating func reserve(_ vouchers: Int) {
    self.vouchers.reserveCapacity(self.vouchers.count + vouchers)
  }

  public mutating func append(
    posting: Int32, date: Day, memo: ArraySlice<UInt8>, source: ArraySlice<UInt8>, attachments: Int32,
    entries new: [Entry], documents: [SourceDocument] = [], reverses: Int64 = 0
  ) throws(Imbalance) {
    let first = lists[0].entries.count
    lists[0].entries.append(contentsOf: new)
    do throws(Imbalance) {
      try append(
        posting: posting, date: date, texts: .given(memo: memo, source: source), attachments: attachments,
        drafted: first..<lists[0].entries.count, list: -1, documents: documents, reverses: reverses)
    } catch {
      lists[0].entries.truncate(to: first)
      throw error
    }
  }

  /// A voucher's memo and source.
  public enum Texts {
    case given(memo: ArraySlice<UInt8>, source: ArraySlice<UInt8>)
    /// Where they stand among the memos and keys of the list of drafts that has the entries.
    case drafted(memo: Range<Int>, key: Range<Int>)
  }

  /// The same with entries that a list of drafts has.
  /// - Parameters:
  ///   - order: the places in the range in the order that they are to have, four bits each; 0 where that is theirs.
  ///   - list: among those that the batch was made with.
  public mutating func append(
    posting: Int32, date: Day, texts: Texts, attachments: Int32, drafted: Range<Int>, order: UInt64 = 0,
    list: Int, documents: [SourceDocument] = [], reverses: Int64 = 0
  ) throws(Imbalance) {
    var debits: Int128 = 0
    var credits: Int128 = 0
    for index in drafted {
      let entry = lists[list + 1].entries[index]
      if entry.side == .debit { debits += Int128(entry.amount) } else { credits += Int128(entry.amount) }
    }
    guard debits == credits else { throw Imbalance(debits: debits, credits: credits) }
    let memoRange: Range<Int>
    let sourceRange: Range<Int>
    var textList = 0
    switch texts {
    case .given(let memo, let source):
      let own = (memos: lists[0].memos.count, keys: lists[0].keys.count)
      lists[0].memos.append(contentsOf: memo)
      lists[0].keys.append(contentsOf: source)
      (memoRange, sourceRange) = (own.memos..<lists[0].memos.count, own.keys..<lists[0].keys.count)
    case .drafted(let memo, let key):
      (memoRange, sourceRange) = (memo, key)
      textList = list + 1
    }
    vouchers.append(
      Voucher(
        posting: posting, date: date, attachments: attachments,
        entries: drafted, list: Int32(list + 1), order: order,
        texts: Int32(textList), memo: memoRange, source: sourceRange,
        documents: self.documents.count..<self.documents.count + documents.count, reverses: reverses))
    self.documents += documents
  }

  /// Takes in the vouchers of a batch that was made with the same drafts.
  public mutating func append(_ next: VoucherBatch) {
    let own = Int32(lists.count)
    lists.append(next.lists[0])
    for voucher in next.vouchers { vouchers.append(voucher.moved(to: own, documents: documents.count)) }
    documents += next.documents
  }

  /// Gives the voucher at `index` its permanent number.
  public mutating func number(_ index: Int, as number: Int64) { vouchers[index].number = number }

  /// Gives the voucher at `index` its own number, and the date that keeps these in order of date.
  public mutating func number(_ index: Int, asOwn number: Int64, of date: Day) {
    (vouchers[index].ownNumber, vouchers[index].date) = (number, date)
  }
}
