/// A document of the trial sales, as a test thinks of it.
struct Sale: Hashable {
  struct Row: Hashable {
    var kind = "goods"
    var quantity = 1
    /// In hundredths, as all amounts here; `nil` where the cell is no number.
    var amount: Int?
    var tax = 0
    var cost: Int?
  }

  var no: String
  var day = "2026-03-01"
  var state = "approved"
  var buyer = "C1"
  var rows: [Row]

  static let header = "no,day,state,buyer,class,quantity,unit_name,amount,tax_amount,cost_amount"

  var lines: [String] {
    rows.map { row in
      [
        no, day, state, buyer, row.kind, "\(row.quantity)", "box", row.amount.map(money) ?? "12x.00",
        money(row.tax),
        row.cost.map(money) ?? "",
      ].joined(separator: ",")
    }
  }

  static func file(_ sales: [Sale]) -> String { file(lines: sales.flatMap(\.lines)) }

  static func file(lines: [String]) -> String { ([header] + lines).map { $0 + "\n" }.joined() }

  var gross: Int { rows.reduce(0) { $0 + ($1.amount ?? 0) } }
  var cost: Int { rows.reduce(0) { $0 + ($1.cost ?? 0) } }
  var hasCost: Bool { rows.allSatisfy { $0.cost != nil } }

  /// What the revenue entries are made of; the cost entries have their own.
  var revenue: Sale {
    var sale = self
    for index in rows.indices { (sale.rows[index].cost, sale.rows[index].quantity) = (nil, 0) }
    return sale
  }
}

func money(_ hundredths: Int) -> String {
  let digits = String(abs(hundredths))
  let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  return (hundredths < 0 ? "-" : "") + padded.dropLast(2) + "." + padded.suffix(2)
}

/// Makes sales of all kinds from a seed.
struct SalesGenerator {
  private var random: SplitMix
  private var count = 0

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] { elements.shuffled(using: &random) }

  mutating func new() -> Sale {
    count += 1
    let red = below(6) == 0
    var sale = Sale(
      no: "S\(count)", day: "2026-0\(2 + below(2))-1\(below(10))", buyer: "C\(1 + below(3))",
      rows: (0...below(3)).map { _ in
        // Whoever gets a gift pays nothing, but it leaves the stock.
        let amount = below(8) == 0 ? 0 : 100 + below(100_000)
        let sign = red ? -1 : 1
        return Sale.Row(
          kind: below(4) == 0 ? "service" : "goods", quantity: sign * (1 + below(9)), amount: sign * amount,
          tax: sign * (amount * 13 / 113), cost: sign * below(amount + 50))
      })
    let row = below(sale.rows.count)
    switch below(20) {
    case 0: sale.rows[row].amount = nil
    case 1: sale.rows[row].tax = 100 + abs(sale.rows[row].amount ?? 0)
    case 2: sale.buyer = "C9"
    case 3: sale.state = "draft"
    case 4: sale.day = "2025-12-31"
    case 5, 6: sale.rows[row].cost = nil
    default: break
    }
    return sale
  }

  /// Another version of a sale: other amounts, or now with its cost.
  mutating func version(of sale: Sale) -> Sale {
    var sale = sale
    if !sale.hasCost, below(2) == 0 {
      for index in sale.rows.indices where sale.rows[index].cost == nil {
        sale.rows[index].cost = 1 + below(50)
      }
    } else {
      sale.rows[0].amount = (sale.rows[0].amount ?? 0) + 100 + below(100)
      sale.buyer = "C\(1 + below(3))"
    }
    return sale
  }

  /// Some files with new documents, among them earlier ones, unchanged or not.
  mutating func files(_ number: Int, of size: Int, after before: [Sale] = [], changes: Bool) -> [[Sale]] {
    var known = before
    return (0..<number).map { _ in
      var file: [String: Sale] = [:]
      for _ in 0...below(size) {
        var sale = new()
        if !known.isEmpty, below(3) == 0 {
          sale = known[below(known.count)]
          if changes, below(2) == 0 { sale = version(of: sale) }
        }
        file[sale.no] = file[sale.no] ?? sale
        known.append(sale)
      }
      return shuffled(file.values.sorted { $0.no < $1.no })
    }
  }
}
