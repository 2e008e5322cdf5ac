/// Bytes that grow at their end: what every cell is appended to.
///
/// An array would check for uniqueness and call into the runtime at each append; with some twenty appends a row that
/// costs more than the bytes themselves (measured: half of the writer's time).
struct ByteBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int = 256) {
    base = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { base.deallocate() }

  var isEmpty: Bool { count == 0 }

  /// The bytes from `start` on, for as long as nothing is appended.
  @inline(__always)
  func bytes(from start: Int = 0) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + start, count: count - start)
  }

  @inline(__always)
  func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if count &+ more > capacity { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let larger = max(capacity * 2, count + more)
    let new = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    new.update(from: base, count: count)
    base.deallocate()
    base = new
    capacity = larger
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count &+= 1
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    reserve(bytes.count)
    (base + count).update(from: start, count: bytes.count)
    count &+= bytes.count
  }

  @inline(__always)
  mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { append($0) }
  }

  @inline(__always)
  mutating func append(_ bytes: [UInt8], _ range: Range<Int>) {
    bytes.withUnsafeBufferPointer { append(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  /// Appends `number` with `scale` digits behind the point.
  @inline(__always)
  mutating func append(_ number: Int64, scale: Int) {
    if number < 0 { append(0x2D) }
    append(digits: number.magnitude, atLeast: scale &+ 1, point: scale)
  }

  /// Appends the digits of a number, with zeros in front where there are fewer than `atLeast`, and a point before the
  /// last `point` of them.
  @inline(__always)
  mutating func append(digits number: UInt64, atLeast: Int, point: Int = 0) {
    var digits = 1
    var limit: UInt64 = 10
    while digits < 20, number >= limit {
      digits &+= 1
      limit = digits < 20 ? limit &* 10 : .max
    }
    digits = max(digits, atLeast)
    let length = digits &+ (point > 0 ? 1 : 0)
    reserve(length)
    count &+= length
    var at = count
    var rest = number
    for written in 0..<digits {
      if written == point, point > 0 {
        at &-= 1
        base[at] = 0x2E
      }
      at &-= 1
      base[at] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
      rest /= 10
    }
  }

  @inline(__always)
  mutating func truncate(to length: Int) { count = length }

  mutating func removeAll() { count = 0 }
}
