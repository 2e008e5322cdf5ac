public import Ledger
public import Readers

/// Whether a record has a value in a slot.
public enum Presence {
  public static let present: UInt8 = 0
  public static let missing: UInt8 = 1
  /// There was something, but it is wrong; the failure says what.
  public static let failed: UInt8 = 2
}

/// One column of values: of the arrays only the one of its kind is used.
public struct ColumnOfValues: Sendable {
  /// One a record, `Presence`.
  public internal(set) var states: [UInt8] = []
  /// Whether every record is present, so that nobody need look at `states`.
  public internal(set) var complete = true
  /// A constant has one element, which stands for every record.
  public internal(set) var stride = 1
  public internal(set) var numbers: [Int128] = []
  public internal(set) var texts: [TextRange] = []
  /// Dates as `Day.number`; rows of a code table.
  public internal(set) var days: [Int32] = []
  public internal(set) var flags: [Bool] = []

  @inlinable public func state(_ record: Int) -> UInt8 {
    complete ? Presence.present : states[record &* stride]
  }
  @inlinable public func number(_ record: Int) -> Int128 { numbers[record &* stride] }
  @inlinable public func text(_ record: Int) -> TextRange { texts[record &* stride] }
  @inlinable public func day(_ record: Int) -> Int32 { days[record &* stride] }
  @inlinable public func flag(_ record: Int) -> Bool { flags[record &* stride] }

  /// Whether two records that both have a text have the same.
  @inlinable @inline(__always)
  public func sameText(_ a: Int, _ b: Int, _ batch: RecordBatch) -> Bool {
    guard state(a) == Presence.present, state(b) == Presence.present else { return false }
    let (x, y) = (text(a), text(b))
    guard x.length == y.length else { return false }
    return batch.bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return true }
      return sameBytes(base + Int(x.start), base + Int(y.start), count: Int(x.length))
    }
  }
}
