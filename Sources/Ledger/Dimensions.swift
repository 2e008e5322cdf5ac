/// The dimension names and the sets of dimension values (辅助核算) that a run's entries carry.
///
/// A set is known by a small number; 0 is the empty set. Values are numbers of `codes`.
public struct Dimensions: Sendable {
  public struct Value: Sendable, Hashable {
    /// Index into `names`.
    public var dimension: Int32
    /// Number of the value in `codes`.
    public var code: Int32

    @inlinable
    public init(dimension: Int32, code: Int32) {
      self.dimension = dimension
      self.code = code
    }
  }

  public private(set) var names: [String] = []
  public var codes = Codes()
  @usableFromInline var values: [Value] = []
  @usableFromInline var ends: [Int32] = [0]
  private var known: [[Value]: Int32] = [[]: 0]
  @usableFromInline var details: [EntryDetail] = [EntryDetail()]
  private var knownDetails: [EntryDetail: Int32] = [EntryDetail(): 0]

  public init() {}

  /// The index of a dimension's name, given now where it is new.
  public mutating func dimension(named name: String) -> Int32 {
    if let index = names.firstIndex(of: name) { return Int32(index) }
    names.append(name)
    return Int32(names.count - 1)
  }

  public var setCount: Int { ends.count }

  /// The number of a set whose values are in order of their dimension.
  public mutating func intern(_ set: [Value]) -> Int32 {
    if let number = known[set] { return number }
    let number = Int32(ends.count)
    values.append(contentsOf: set)
    ends.append(Int32(values.count))
    known[set] = number
    return number
  }

  /// The values of a set, in order of their dimension.
  @inlinable
  public func values(ofSet number: Int32) -> ArraySlice<Value> { values[range(ofSet: number)] }

  @inlinable
  func range(ofSet number: Int32) -> Range<Int> {
    (number == 0 ? 0 : Int(ends[Int(number) - 1]))..<Int(ends[Int(number)])
  }

  /// The value's number that a set has for a dimension, or -1.
  @inlinable
  public func code(ofSet number: Int32, dimension: Int32) -> Int32 {
    // By index: a slice is counted as one who holds the values.
    for place in range(ofSet: number) where values[place].dimension == dimension { return values[place].code }
    return -1
  }

  public var detailCount: Int { details.count }

  /// What else keeps entries apart, by its number.
  @inlinable
  public func detail(_ number: Int32) -> EntryDetail { details[Int(number)] }

  public mutating func intern(_ detail: EntryDetail) -> Int32 {
    if let number = knownDetails[detail] { return number }
    let number = Int32(details.count)
    details.append(detail)
    knownDetails[detail] = number
    return number
  }

  /// The order of two details by their texts, the same in every run.
  public func detailPrecedes(_ a: Int32, _ b: Int32) -> Bool {
    let (left, right) = (detail(a), detail(b))
    for part in [\EntryDetail.split, \.currency, \.memo, \.cashFlow]
    where left[keyPath: part] != right[keyPath: part] {
      return codes.precedes(left[keyPath: part], right[keyPath: part])
    }
    return left.rate < right.rate
  }

  /// The order of two sets by the texts of their values, the same in every run.
  public func precedes(_ a: Int32, _ b: Int32) -> Bool {
    let (left, right) = (range(ofSet: a), range(ofSet: b))
    for place in 0..<min(left.count, right.count) {
      let (x, y) = (values[left.lowerBound + place], values[right.lowerBound + place])
      if x.dimension != y.dimension { return x.dimension < y.dimension }
      if x.code != y.code { return codes.precedes(x.code, y.code) }
    }
    return left.count < right.count
  }
}
