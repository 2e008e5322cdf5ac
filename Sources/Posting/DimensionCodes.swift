import Expressions
import Ledger
import Mapping
import Readers

/// The numbers of the texts that entry rules take dimensions from, for each record of a batch. Rules of one posting mostly
/// share their fields, and each field is read once, when the first rule asks for it: texts are numbered in that order.
struct DimensionCodes {
  private let slots: [Slot]
  private var isRead: [Bool]
  /// For each field the numbers of its values, one a record; -1 where there is none.
  private(set) var codes: [[Int32]]

  init(_ postings: [PostingRule]) {
    var slots: [Slot] = []
    for dimension in postings.flatMap(\.entries).flatMap(\.dimensions) where !slots.contains(dimension.slot) {
      slots.append(dimension.slot)
    }
    self.slots = slots
    isRead = slots.map { _ in false }
    codes = slots.map { _ in [] }
  }

  /// The number of a field among those that are read.
  func field(_ slot: Slot) -> Int { slots.firstIndex(of: slot)! }

  /// A new batch has come.
  mutating func forget() { for field in isRead.indices { isRead[field] = false } }

  mutating func read(
    _ field: Int, _ evaluation: Evaluation, _ count: Int, _ bytes: UnsafeBufferPointer<UInt8>,
    _ known: inout Codes
  ) {
    if isRead[field] { return }
    isRead[field] = true
    let column = evaluation.slots[slots[field]]
    if codes[field].count < count { codes[field] = Array(repeating: -1, count: count) }
    var last: Int32 = -1
    codes[field].withUnsafeMutableBufferPointer { codes in
      for i in 0..<count {
        guard column.state(i) == Presence.present else {
          codes[i] = -1
          continue
        }
        // Rows of a document repeat its customer, department and so on.
        last = known.intern(column.text(i).text(in: bytes), after: last)
        codes[i] = last
      }
    }
  }
}
