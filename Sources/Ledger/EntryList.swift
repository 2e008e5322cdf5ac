/// Many entries in a third of the room that as many values take: nearly all have small numbers, and those that don't
/// stand in a list of their own.
public struct EntryList: RandomAccessCollection, Sendable {
  @usableFromInline
  struct Small: Sendable {
    @usableFromInline var amount: Int32
    @usableFromInline var dimensions: Int32
    @usableFromInline var account: UInt16
    @usableFromInline var detail: UInt16
    @usableFromInline var unit: Int16
    @usableFromInline var rule: UInt8
    /// That of the side, or `large`.
    @usableFromInline var kind: UInt8

    @inlinable
    init(
      amount: Int32, dimensions: Int32, account: UInt16, detail: UInt16, unit: Int16, rule: UInt8, kind: UInt8
    ) {
      self.amount = amount
      self.dimensions = dimensions
      self.account = account
      self.detail = detail
      self.unit = unit
      self.rule = rule
      self.kind = kind
    }
  }

  /// Its entry stands among the large ones; amount and dimensions are halves of its place there.
  @usableFromInline static let large: UInt8 = .max

  @usableFromInline var small: [Small] = []
  @usableFromInline var large: [Entry] = []
  /// For each entry, from the first on that has one; before that it is empty.
  @usableFromInline var quantities: [Int64] = []
  /// Likewise.
  @usableFromInline var foreigns: [Int64] = []

  public init() {}

  public init(_ entries: some Sequence<Entry>) {
    for entry in entries { append(entry) }
  }

  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { small.count }

  @inlinable
  public subscript(index: Int) -> Entry {
    let it = small[index]
    if it.kind == Self.large { return large[Self.place(it)] }
    return Entry(
      account: Int32(it.account), side: it.kind == Side.debit.rawValue ? .debit : .credit,
      amount: Int64(it.amount),
      quantity: quantities.isEmpty ? Entry.noQuantity : quantities[index], unit: Int32(it.unit),
      detail: Int32(it.detail), foreign: foreigns.isEmpty ? 0 : foreigns[index], dimensions: it.dimensions,
      rule: Int16(it.rule))
  }

  @inlinable
  public mutating func append(_ entry: Entry) {
    if entry.quantity != Entry.noQuantity || !quantities.isEmpty { note(quantity: entry.quantity) }
    if entry.foreign != 0 || !foreigns.isEmpty { note(foreign: entry.foreign) }
    guard let amount = Int32(exactly: entry.amount), let account = UInt16(exactly: entry.account),
      let detail = UInt16(exactly: entry.detail), let unit = Int16(exactly: entry.unit),
      let rule = UInt8(exactly: entry.rule)
    else { return append(large: entry) }
    small.append(
      Small(
        amount: amount, dimensions: entry.dimensions, account: account, detail: detail, unit: unit,
        rule: rule,
        kind: entry.side.rawValue))
  }

  @inlinable
  public mutating func append(contentsOf entries: some Sequence<Entry>) {
    for entry in entries { append(entry) }
  }

  /// Forgets all but the first ones.
  public mutating func truncate(to count: Int) {
    for it in small[count...] where it.kind == Self.large { large.removeLast() }
    small.removeSubrange(count...)
    if !quantities.isEmpty { quantities.removeSubrange(count...) }
    if !foreigns.isEmpty { foreigns.removeSubrange(count...) }
  }

  public mutating func reserve(times: Int) { small.reserve(times: times) }

  @usableFromInline
  static func place(_ it: Small) -> Int {
    Int(it.dimensions) << 32 | Int(UInt32(bitPattern: it.amount))
  }

  @usableFromInline
  mutating func append(large entry: Entry) {
    let place = large.count
    large.append(entry)
    small.append(
      Small(
        amount: Int32(truncatingIfNeeded: place), dimensions: Int32(place >> 32), account: 0, detail: 0,
        unit: 0,
        rule: 0, kind: Self.large))
  }

  @usableFromInline
  mutating func note(quantity: Int64) {
    if quantities.count < small.count {
      quantities = Array(repeating: Entry.noQuantity, count: small.count)
      quantities.reserveCapacity(small.capacity)
    }
    quantities.append(quantity)
  }

  @usableFromInline
  mutating func note(foreign: Int64) {
    if foreigns.count < small.count {
      foreigns = Array(repeating: 0, count: small.count)
      foreigns.reserveCapacity(small.capacity)
    }
    foreigns.append(foreign)
  }
}
