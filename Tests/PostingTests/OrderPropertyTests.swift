import Ledger
import Mapping
import Testing

@testable import Posting

/// Promises about entries that hold for any input: balance, conservation, and that order and batches don't matter.
struct OrderPropertyTests {
  private let bench = Workbench(replacing: ["  key: [no]": "  key: [no]\n  same: [customer]"])

  private func files(_ random: inout SplitMix) -> [[[String: String]]] {
    var number = 0
    return (0..<Int.random(in: 1...4, using: &random)).map { _ in
      var rows: [[String: String]] = []
      for _ in 0..<Int.random(in: 0...8, using: &random) {
        number += 1
        let sign = Int.random(in: 0..<4, using: &random) == 0 ? -1 : 1
        let head = [
          "日期": "2026-03-0\(Int.random(in: 1...3, using: &random))",
          "客户": ["C1", "C2", ""].randomElement(using: &random)!,
        ]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          rows.append(Workbench.row("D\(number)", head.merging(cells(sign, &random)) { $1 }))
        }
      }
      return rows
    }
  }

  private func cells(_ sign: Int, _ random: inout SplitMix) -> [String: String] {
    [
      "部门": ["D1", "D2", ""].randomElement(using: &random)!, "类": ["食", "饮"].randomElement(using: &random)!,
      "仓库": ["W1", "W2", "W1", ""].randomElement(using: &random)!,
      "金额": "\(sign * Int.random(in: -5...500, using: &random)).\(Int.random(in: 0...9, using: &random))",
      "税额": "\(sign * Int.random(in: 0...9, using: &random))",
      "税率": ["13%", "免税", ""].randomElement(using: &random)!,
      "数量": ["0", "1", "2.5", "\(sign * 3)"].randomElement(using: &random)!,
      "单位": ["箱", "瓶", ""].randomElement(using: &random)!,
      "成本": ["", "0", "\(sign * Int.random(in: 1...400, using: &random))", "\(sign * 7).25"].randomElement(
        using: &random)!,
    ]
  }

  /// Everything of the vouchers but the order in which they stand.
  private func comparable(_ outcome: RunOutcome) -> [[String]] {
    outcome.vouchers.sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test(arguments: 1...40)
  func `any order of files and any batches give the same vouchers`(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let files = files(&random)
    let whole = try bench.run(files)
    for _ in 0..<3 {
      let order = files.indices.shuffled(using: &random)
      let shuffled = order.map { files[$0] }
      let cuts = shuffled.map { rows in
        rows.indices.dropFirst().filter {
          rows[$0]["单号"] != rows[$0 - 1]["单号"] && Bool.random(using: &random)
        }
      }
      let other = try bench.run(shuffled, cuts: cuts)
      #expect(comparable(other) == comparable(whole))
      #expect(other.told.sorted() == whole.told.sorted())
      #expect(other.set.withoutVoucher.count == whole.set.withoutVoucher.count)
    }
  }

  @Test(arguments: 1...40)
  func `every voucher balances, and what was posted is what the documents add up to`(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed &+ 500)
    let outcome = try bench.run(files(&random))
    var posted = [Int128](repeating: 0, count: bench.carriers.count)
    for voucher in outcome.set.batch.vouchers {
      var balance: Int128 = 0
      for entry in outcome.set.batch.entries(of: voucher) {
        #expect(entry.amount != 0)
        balance += entry.side == .debit ? Int128(entry.amount) : -Int128(entry.amount)
        for (measure, carrier) in bench.carriers.map({ $0[0] }).enumerated()
        where carrier.posting == Int(voucher.posting) && carrier.rule == Int(entry.rule) {
          posted[measure] += Int128(entry.amount)
        }
      }
      #expect(balance == 0)
    }
    var expected = [Int128](repeating: 0, count: bench.carriers.count)
    for file in outcome.files {
      for (index, document) in file.store.documents.enumerated() where document.verdict == .posted {
        for (measure, sum) in file.store.sums(index).enumerated()
        where document.pending >> UInt32(bench.carriers[measure][0].posting) & 1 == 0 {
          expected[measure] += sum
        }
      }
    }
    #expect(posted == expected)
  }

  @Test(arguments: 1...10)
  func `each document is in exactly one voucher of each posting that made something of it`(_ seed: UInt64)
    throws
  {
    var random = SplitMix(seed: seed &+ 900)
    let outcome = try bench.run(files(&random))
    let used = outcome.set.drafts + outcome.set.withoutVoucher
    #expect(Set(used).count == used.count)
    let made = outcome.files.map { $0.drafts.drafts.count }.reduce(0, +)
    #expect(used.count == made)
    for index in outcome.set.batch.vouchers.indices {
      #expect(
        outcome.set.drafts(ofVoucher: index).count == Int(outcome.set.batch.vouchers[index].attachments))
    }
  }
}
