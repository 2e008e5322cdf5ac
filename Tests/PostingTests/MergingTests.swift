import Ledger
import Testing

@testable import Posting

struct MergingTests {
  private func entry(_ account: Int32, _ amount: Int64) -> Entry {
    Entry(account: account, side: .debit, amount: amount)
  }

  @Test(arguments: [1, 15, 16, 17, 18, 40])
  func `a sum that is too large becomes a second entry, and adding goes on`(_ accounts: Int32) {
    var merging = Merging()
    for account in 0..<accounts {
      let added = merging.add(entry(account, .max - 10))
      #expect(added)
    }
    for account in 0..<accounts where !merging.add(entry(account, 100), red: false) {
      merging.append(entry(account, 100), red: false)
    }
    for account in 0..<accounts {
      // A small amount still fits beside the first, or with the second: nothing is lost either way.
      if !merging.add(entry(account, 3)) { merging.append(entry(account, 3), red: false) }
      let added = merging.add(entry(account, 50), red: true)
      #expect(added)
    }
    let sums = Dictionary(grouping: merging.entries, by: \.account).mapValues {
      $0.reduce(Int128(0)) { $0 + Int128($1.amount) }
    }
    #expect(sums.count == Int(accounts))
    #expect(sums.values.allSatisfy { $0 == Int128(Int64.max) - 10 + 100 + 3 + 50 })
    #expect(merging.entries.count == Int(accounts) * 3)
  }

  @Test func `any sequence adds up as a dictionary would`() {
    var random = SplitMix(seed: 41)
    for _ in 0..<200 {
      var merging = Merging()
      var expected: [String: Int64] = [:]
      for _ in 0..<Int.random(in: 1...120, using: &random) {
        let account = Int32.random(in: 0..<Int32.random(in: 1...30, using: &random), using: &random)
        let side: Side = Bool.random(using: &random) ? .debit : .credit
        let red = Bool.random(using: &random)
        let amount = Int64.random(in: -1000...1000, using: &random)
        let added = merging.add(Entry(account: account, side: side, amount: amount), red: red)
        #expect(added)
        expected["\(account) \(side) \(red)", default: 0] += amount
      }
      #expect(merging.entries.map(\.amount).sorted() == expected.values.sorted())
    }
  }
}
