import Ledger
import Testing

struct EntryListTests {
  private static func random(_ random: inout SplitMix, _ isPlain: Bool) -> Entry {
    func number<Value: FixedWidthInteger>(_ usual: ClosedRange<Value>) -> Value {
      isPlain || Bool.random(using: &random)
        ? Value.random(in: usual, using: &random)
        : [.min + 1, .max, 0, 1 << 7, 1 << 14].randomElement(using: &random)!
    }
    return Entry(
      account: number(0...9), side: Bool.random(using: &random) ? .debit : .credit,
      amount: number(-500...500),
      quantity: isPlain || Bool.random(using: &random) ? Entry.noQuantity : number(0...9),
      unit: number(-1...3),
      detail: number(0...3), foreign: isPlain ? 0 : number(0...3), dimensions: number(0...99),
      rule: number(0...5))
  }

  @Test(arguments: 0..<50)
  func `a list gives back what was put into it`(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    var (list, entries) = (EntryList(), [Entry]())
    for _ in 0..<200 {
      let entry = Self.random(&random, seed % 3 == 0)
      list.append(entry)
      entries.append(entry)
      if Int.random(in: 0..<20, using: &random) == 0 {
        let count = Int.random(in: 0...entries.count, using: &random)
        list.truncate(to: count)
        entries.removeSubrange(count...)
      }
    }
    #expect(Array(list) == entries)
    #expect(list.count == entries.count)
  }

  @Test func `numbers of any size come back, also where one takes the place of another`() {
    var list = NumberList<Int32, Int64>()
    let numbers: [Int64] = [0, -1, Int64(Int32.min), Int64(Int32.max), .min, .max, Int64(Int32.max) + 1, 7]
    for number in numbers { list.append(number) }
    #expect((0..<list.count).map { list[$0] } == numbers)
    list[5] = 5
    list[7] = .min
    list.truncate(to: 6)
    list.append(-7)
    list.append(8)
    #expect((0..<list.count).map { list[$0] } == [0, -1, Int64(Int32.min), Int64(Int32.max), .min, 5, -7, 8])
  }
}
