import Foundation
import Testing

@testable import Batch

/// Random histories of a few documents against a model that knows nothing of runs, registers and vouchers.
@Suite struct CorrectionHistoryTests {
  /// What should be posted, after each version in the order in which they came.
  private struct Model {
    var posted: [String: Sale] = [:]
    /// What each was, the last of it last; and whether it may come again as it was: it was only not approved.
    private var former: [String: [(sale: Sale?, mayReturn: Bool)]] = [:]
    /// All that was posted of each at a time.
    private var states: [String: [Sale]] = [:]

    mutating func take(_ sale: Sale) {
      let now = posted[sale.no]
      defer { if let now, posted[sale.no] != now { states[sale.no, default: []].append(now) } }
      switch sale.state {
      case "void":
        former[sale.no, default: []].append((now, false))
        posted[sale.no] = nil
      case "draft":
        if let now { former[sale.no, default: []].append((now, true)) }
        posted[sale.no] = nil
      default:
        guard let now else {
          let all = former[sale.no, default: []]
          let place = all.lastIndex { $0.sale.map { isAs($0, sale) } == true }
          if place.map({ all[$0].mayReturn && $0 == all.count - 1 }) ?? true { posted[sale.no] = sale }
          return
        }
        let revenue = now.gross != sale.gross
        let cost = now.hasCost && (now.hasCost, now.cost) != (sale.hasCost, sale.cost)
        guard revenue || cost else {
          posted[sale.no] = sale
          return
        }
        // A cost that is gone may be that of an export which had none yet.
        let hasLost = cost && !sale.hasCost
        let all =
          former[sale.no, default: []].compactMap(\.sale) + (hasLost ? states[sale.no, default: []] : [])
        let isOld = all.contains { old in
          (!(revenue || hasLost) || old.gross == sale.gross)
            && (!cost || (old.hasCost, old.cost) == (sale.hasCost, sale.cost))
        }
        if isOld { return }
        former[sale.no, default: []].append((now, false))
        posted[sale.no] = sale
      }
    }

    private func isAs(_ old: Sale, _ sale: Sale) -> Bool {
      (old.gross, old.hasCost, old.cost) == (sale.gross, sale.hasCost, sale.cost)
    }
  }

  @Test(arguments: UInt64(1)...20) func historiesEndWhereTheyShould(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let bench = try CorrectionTests.bench()
    var model = Model()
    for night in 1...6 {
      for file in 1...Int.random(in: 1...2, using: &random) {
        let sales = ["S1", "S2", "S3", "S4"].shuffled(using: &random).prefix(
          Int.random(in: 1...3, using: &random)
        ).map {
          CorrectionTests.sale(
            $0, [10000, 20000, 30000].randomElement(using: &random) ?? 0,
            cost: [nil, 5000, 6000].randomElement(using: &random) ?? nil,
            state: ["approved", "approved", "approved", "void", "draft"].randomElement(using: &random) ?? "")
        }
        for sale in sales { model.take(sale) }
        try bench.drop("sales-\(night)-\(file).csv", Sale.file(sales))
      }
      // Of two versions in one run the second is judged by the next.
      for hour in 1...2 { _ = try bench.run(clock: "2026-03-2\(night)T0\(hour):00:00+08:00") }
      let lines = try bench.vouchers()
      func balance(_ account: String) -> Int {
        lines.filter { $0.account == account }.reduce(0) { $0 + $1.debit - $1.credit }
      }
      let posted = model.posted.values
      #expect(balance("1122") == posted.reduce(0) { $0 + $1.gross }, "seed \(seed), night \(night)")
      #expect(balance("5401") == posted.reduce(0) { $0 + $1.cost }, "seed \(seed), night \(night)")
      for ids in Dictionary(grouping: Set(lines.map(\.id)), by: { $0.dropLast(8) }).values {
        #expect(ids.compactMap { Int($0.suffix(8)) }.sorted() == Array(1...ids.count), "seed \(seed)")
      }
    }
    #expect(try bench.verify().findings.isEmpty, "seed \(seed)")
  }
}
