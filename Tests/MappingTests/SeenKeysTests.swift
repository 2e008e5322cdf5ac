import Ledger
import Testing

@testable import Mapping

/// Keys that ascend are not looked for, the others are: either way a key that came before is known again.
@Suite struct SeenKeysTests {
  @Test(arguments: UInt64(1)...100)
  func theyAnswerLikeASet(seed: UInt64) {
    var state = seed
    func random(below bound: Int) -> Int {
      state = state &* 0x5851_F42D_4C95_7F2D &+ 0x1405_7B7E_F767_814F
      return Int(state >> 33) % bound
    }
    var seen = SeenKeys()
    var store = DocumentStore(measures: 0, postings: 0)
    var model: Set<[UInt8]> = []
    // Up to here they ascend; then some come again, and some are new.
    let ascending = random(below: 3000)
    for number in 0..<4000 {
      let chosen = number < ascending ? number * 2 : random(below: 8000)
      let key = Array(String(chosen + 10_000).utf8)
      let start = store.keys.count
      store.keys += key
      #expect(seen.insert(start..<store.keys.count, of: store) == model.insert(key).inserted)
      store.documents.append(
        Document(
          key: start..<store.keys.count, verdict: .posted, nameless: false, day: Day(number: 0), firstRow: 1,
          firstLine: 1, records: 1, bytes: 0..<0, pending: 0, done: 0, skipped: 0))
    }
  }
}
