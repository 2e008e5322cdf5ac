/// Many numbers that nearly all fit into `Small`; those that don't stand apart.
public struct NumberList<Small: FixedWidthInteger & Sendable, Value: FixedWidthInteger & Sendable>: Sendable {
  /// `Small.min` for what stands apart.
  @usableFromInline var small: [Small] = []
  /// By index.
  @usableFromInline var large: [Int: Value] = [:]

  public init() {}

  @inlinable public var count: Int { small.count }

  @inlinable
  public subscript(index: Int) -> Value {
    get { small[index] == .min ? large[index]! : Value(small[index]) }
    set {
      if small[index] == .min { large[index] = nil }
      small[index] = taken(newValue, at: index)
    }
  }

  @inlinable
  public mutating func append(_ value: Value) { small.append(taken(value, at: small.count)) }

  /// Forgets all but the first ones.
  public mutating func truncate(to count: Int) {
    for index in count..<small.count where small[index] == .min { large[index] = nil }
    small.removeSubrange(count...)
  }

  public mutating func reserve(times: Int) { small.reserve(times: times) }

  @inlinable
  mutating func taken(_ value: Value, at index: Int) -> Small {
    if let fits = Small(exactly: value), fits != .min { return fits }
    large[index] = value
    return .min
  }
}

extension NumberList: Equatable {}
