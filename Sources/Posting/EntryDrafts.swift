public import Ledger

/// What a posting makes of one document: entries that balance on their own, before they are put into vouchers.
public struct Draft: Sendable {
  /// Index of the document in its file's store.
  public var document: Int32
  public var posting: Int32
  public var day: Day
  private let entryCount: Int32
  private let firstEntry: Int
  private let firstByte: Int
  private let memoBytes: Int32
  /// Number of its group's key among the posting's groups; -1 where each document has a voucher of its own.
  public var group: Int32
  /// Papers (附件数) behind the document.
  public var attachments: Int32
  /// First of the posting's rule totals.
  public var totals: Int
  /// The tail difference (尾差) that an entry of the posting's `absorb:` rule took, on that rule's side; `totals` are
  /// the sums before it.
  public var absorbed: Int64
  /// Where the draft takes back what is posted: the counter part of that voucher's ID; else 0.
  public var reverses: Int64

  init(
    document: Int32, posting: Int32, day: Day, entries: Range<Int>, memo: Range<Int>, group: Int32,
    totals: Int,
    absorbed: Int64 = 0, attachments: Int32 = 1, reverses: Int64 = 0
  ) {
    self.document = document
    self.posting = posting
    self.day = day
    (firstEntry, entryCount) = (entries.lowerBound, Int32(entries.count))
    (firstByte, memoBytes) = (memo.lowerBound, Int32(memo.count))
    self.group = group
    self.totals = totals
    self.absorbed = absorbed
    self.attachments = attachments
    self.reverses = reverses
  }

  public var entries: Range<Int> { firstEntry..<firstEntry + Int(entryCount) }
  public var memo: Range<Int> { firstByte..<firstByte + Int(memoBytes) }
}

/// The drafts of one file, with their entries.
public struct EntryDrafts: Sendable {
  public internal(set) var drafts: [Draft] = []
  public internal(set) var entries = EntryList()
  public internal(set) var memos: [UInt8] = []
  /// For each draft one sum an entry rule of its posting, at `Entry.amountScale`.
  public internal(set) var totals = NumberList<Int32, Int64>()

  public init() {}

  /// Makes room for so many times the drafts that there are by now: nothing need be copied as it grows.
  public mutating func reserve(times: Int) {
    drafts.reserve(times: times)
    entries.reserve(times: times)
    memos.reserve(times: times)
    totals.reserve(times: times)
  }

  /// Gives a draft's voucher another date.
  public mutating func move(_ draft: Int, to day: Day) { drafts[draft].day = day }

  /// Forgets drafts, by their indices; what they had of entries and memos stays unused.
  public mutating func forget(_ indices: Set<Int>) {
    drafts = drafts.indices.filter { !indices.contains($0) }.map { drafts[$0] }
  }

  /// Whether a draft that takes back has, negated, the date and the entries of a new one, whatever their rules.
  /// - Parameter isRaised: whether numbering may have given what is taken back a later date of its month (制单序时).
  public func isUndone(_ new: Draft, by red: Draft, isRaised: Bool) -> Bool {
    func plain(_ draft: Draft, _ sign: Int64) -> [Entry: Int] {
      entries[draft.entries].reduce(into: [:]) { counts, entry in
        var entry = entry
        entry.rule = 0
        entry.amount *= sign
        entry.foreign *= sign
        if entry.quantity != Entry.noQuantity { entry.quantity *= sign }
        counts[entry, default: 0] += 1
      }
    }
    let isOfThatDay =
      new.day == red.day || (isRaised && new.day < red.day && new.day.period == red.day.period)
    return isOfThatDay && plain(new, 1) == plain(red, -1)
  }

  /// Whether all its entries are zero, so that no voucher is made of it.
  public func isNothing(_ draft: Draft) -> Bool { draft.entries.allSatisfy { entries[$0].amount == 0 } }

  struct Mark {
    var drafts: Int
    var entries: Int
    var memos: Int
    var totals: Int
  }

  var mark: Mark {
    Mark(drafts: drafts.count, entries: entries.count, memos: memos.count, totals: totals.count)
  }

  /// Forgets what was added since the mark: its document turned out to be no good.
  mutating func drop(since mark: Mark) {
    drafts.removeSubrange(mark.drafts...)
    entries.truncate(to: mark.entries)
    memos.removeSubrange(mark.memos...)
    totals.truncate(to: mark.totals)
  }
}

/// Adds entries together that have the same account, side, dimensions, unit and detail (§7.6 of the design).
struct Merging {
  private struct Key: Hashable {
    var account: Int32
    var dimensions: Int32
    var unit: Int32
    var detail: Int32
    var side: Side
    var red: Bool
  }

  private(set) var entries: [Entry] = []
  private var reds: [Bool] = []
  private var index: [Key: Int] = [:]
  /// Where the last entry was added: a rule's lines of one document mostly go to the same.
  private var last = 0
  /// Whether entries of one key stand apart: then the first of them counts.
  private var hasDoubles = false
  /// Up to so many entries looking at each is quicker than hashing.
  private static let indexed = 16

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    reds.removeAll(keepingCapacity: true)
    index.removeAll(keepingCapacity: true)
    hasDoubles = false
  }

  /// - Parameter red: whether the document's total for the rule is red, so that a return never nets a sale.
  /// - Returns: false when a sum would leave 64 bits; then nothing was added.
  mutating func add(_ entry: Entry, red: Bool = false) -> Bool {
    guard let known = isLast(entry, red) ? last : find(entry, red) else {
      put(entry, red: red)
      return true
    }
    last = known
    let (sum, overflow) = entries[known].amount.addingReportingOverflow(entry.amount)
    var quantity = entries[known].quantity
    if quantity == Entry.noQuantity {
      quantity = entry.quantity
    } else if entry.quantity != Entry.noQuantity {
      let (total, tooMuch) = quantity.addingReportingOverflow(entry.quantity)
      guard !tooMuch else { return false }
      quantity = total
    }
    let (foreign, foreignOverflow) = entries[known].foreign.addingReportingOverflow(entry.foreign)
    guard !overflow, !foreignOverflow else { return false }
    entries[known].amount = sum
    entries[known].foreign = foreign
    entries[known].quantity = quantity
    entries[known].rule = min(entries[known].rule, entry.rule)
    return true
  }

  /// Gives what is missing for the balance to the largest of the entries that hold one of `lines`.
  /// - Returns: false where the amount would leave 64 bits.
  mutating func absorb(_ missing: Int64, _ lines: some Sequence<Entry>) -> Bool {
    var largest: Int?
    for line in lines {
      guard let at = find(line, false) else { continue }
      if let known = largest, entries[known].amount.magnitude >= entries[at].amount.magnitude { continue }
      largest = at
    }
    guard let largest else { return false }
    let (sum, overflow) = entries[largest].amount.addingReportingOverflow(missing)
    entries[largest].amount = sum
    return !overflow
  }

  /// Takes entries that are added up already.
  mutating func take(_ added: Range<Int>, of list: borrowing EntryList) {
    for index in added { entries.append(list[index]) }
  }

  /// Zero amounts make no entry. Nothing can be added afterwards.
  mutating func dropZeros() {
    if entries.contains(where: { $0.amount == 0 }) { entries.removeAll { $0.amount == 0 } }
  }

  /// Puts red entries of such accounts on the other side, in black. Nothing can be added afterwards.
  mutating func swapReds(_ accounts: [Bool]) {
    for i in entries.indices where entries[i].amount < 0 && accounts[Int(entries[i].account)] {
      entries[i].side = entries[i].side == .debit ? .credit : .debit
      entries[i].amount = -entries[i].amount
      entries[i].foreign = -entries[i].foreign
      if entries[i].quantity != Entry.noQuantity { entries[i].quantity = -entries[i].quantity }
    }
  }

  /// Insertion sort: a voucher's entries are few, and mostly in order already.
  mutating func sort(_ dimensions: Dimensions) {
    guard entries.count <= 64 else {
      entries.sort { dimensions.entryPrecedes($0, $1) }
      return
    }
    for i in entries.indices.dropFirst() {
      var at = i
      while at > 0, dimensions.entryPrecedes(entries[at], entries[at - 1]) {
        entries.swapAt(at, at - 1)
        at -= 1
      }
    }
  }

  /// Adds an entry of its own beside those that have its key.
  mutating func append(_ entry: Entry, red: Bool) {
    hasDoubles = true
    put(entry, red: red)
  }

  private mutating func put(_ entry: Entry, red: Bool) {
    last = entries.count
    if entries.count >= Self.indexed {
      if index.isEmpty { for i in entries.indices { index[key(entries[i], reds[i])] = i } }
      index[key(entry, red)] = entries.count
    }
    entries.append(entry)
    reds.append(red)
  }

  private func key(_ entry: Entry, _ red: Bool) -> Key {
    Key(
      account: entry.account, dimensions: entry.dimensions, unit: entry.unit, detail: entry.detail,
      side: entry.side,
      red: red)
  }

  func find(_ entry: Entry, _ red: Bool) -> Int? {
    if entries.count > Self.indexed { return index[key(entry, red)] }
    return entries.indices.first { has(entry, red, at: $0) }
  }

  private func isLast(_ entry: Entry, _ red: Bool) -> Bool {
    !hasDoubles && last < entries.count && has(entry, red, at: last)
  }

  @inline(__always)
  private func has(_ entry: Entry, _ red: Bool, at i: Int) -> Bool {
    entries[i].account == entry.account && entries[i].dimensions == entry.dimensions
      && entries[i].unit == entry.unit && entries[i].detail == entry.detail && entries[i].side == entry.side
      && reds[i] == red
  }
}
