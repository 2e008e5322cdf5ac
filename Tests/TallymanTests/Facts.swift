import Foundation

/// `facts.json`: what must come of a sample, computed by `samples/facts.py` apart from Tallyman.
struct Facts: Decodable {
  var steps: [Step]

  struct Step: Decodable {
    var exit: Int32
    var files: [File]
    var interfaces: [String: InterfaceFacts]
  }

  struct File: Decodable {
    var file: String
    var interface: String?
    /// A file that stays in the inbox has these and no counts.
    var outcome: String?
    var finding: String?
    var layoutRows: [String: Int]?
    var rows: [String: Int]?
    var documents: [String: Int]?
    var measures: [String: Measure]?
    var controlTotals: [String: Control]?
    var warningsOnPostedRows: Int?
    var reasons: [String: [String: [String]]]?
  }

  struct Measure: Decodable {
    var read: String
    var posted: String
    var repeated: String
    var ignored: String
    var rejected: String
    var held: String
    var pending: String
    var unreadable: Int
  }

  struct Control: Decodable, Equatable {
    var declared: String
    var summed: String
    var ties: Bool
  }

  struct InterfaceFacts: Decodable {
    var postings: [String: Posting]
    var superseded: Superseded?
    var heldAfter: [String]?
  }

  struct Superseded: Decodable {
    var rows: Int
    var documents: Int
    var measures: [String: String]
  }

  struct Posting: Decodable, Equatable {
    var vouchers: Int
    var entries: Int
    var vouchersByPeriod: [String: Int]
    var debit: String
    var credit: String
    var accounts: [String: Account]
  }

  struct Account: Decodable, Equatable {
    var debit = "0.00"
    var credit = "0.00"
    var entries = 0
    var quantities: [String: String]?
  }

  init(of sample: Sample) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(
      Facts.self, from: Data(contentsOf: URL(filePath: sample.folder + "/facts.json")))
  }
}

/// A line of `reconciliation_RUN.jsonl`; each kind has its own of these.
struct LogLine: Decodable {
  var kind: String
  var interface: String?
  var file: String?
  var subject: String?
  var read: String?
  var released: String?
  var posted: String?
  var rejected: String?
  var held: String?
  var repeated: String?
  var ignored: String?
  var pending: String?
  var unreadable: Int?
  var difference: String?
  var ties: Bool?
  var layoutRows: Int?
  var field: String?
  var declared: String?
  var summed: String?
  var posting: String?
  var vouchers: Int?
  var entries: Int?
  var debits: String?
  var credits: String?
  var account: String?
  var document: String?
  var verdict: String?
  var code: String?
  var severity: String?
  var times: Int?

  static func read(_ text: String) throws -> [LogLine] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try text.split(separator: "\n").map { try decoder.decode(LogLine.self, from: Data($0.utf8)) }
  }
}

/// What the voucher files that a run wrote say, added up in hundredths (quantities in thousandths), as an accountant
/// would with a spreadsheet.
struct WrittenVouchers {
  private(set) var postings: [String: Facts.Posting] = [:]

  /// - Parameter name: the posting to which a voucher ID belongs.
  init(_ csvFiles: [String], posting name: (String) -> String) {
    var sums: [String: [String: (debit: Int, credit: Int, entries: Int, units: [String: Int])]] = [:]
    var vouchers: [String: [String: String]] = [:]
    for csv in csvFiles {
      let rows = cells(of: csv)
      guard let header = rows.first else { continue }
      for row in rows.dropFirst() {
        let cell = Dictionary(uniqueKeysWithValues: zip(header, row))
        let id = cell["业务号"] ?? ""
        let posting = name(id)
        vouchers[posting, default: [:]][id] = cell["会计期间"]
        var sum = sums[posting]?[cell["科目编码"] ?? ""] ?? (0, 0, 0, [:])
        sum.debit += Self.units(cell["借方金额"], places: 2)
        sum.credit += Self.units(cell["贷方金额"], places: 2)
        sum.entries += 1
        if let unit = cell["单位"], !unit.isEmpty {
          sum.units[unit, default: 0] += Self.units(cell["数量"], places: 3)
        }
        sums[posting, default: [:]][cell["科目编码"] ?? ""] = sum
      }
    }
    for (posting, accounts) in sums {
      let ids = vouchers[posting] ?? [:]
      postings[posting] = Facts.Posting(
        vouchers: ids.count, entries: accounts.values.reduce(0) { $0 + $1.entries },
        vouchersByPeriod: Dictionary(grouping: ids.values) { $0 }.mapValues(\.count),
        debit: Self.text(accounts.values.reduce(0) { $0 + $1.debit }, places: 2),
        credit: Self.text(accounts.values.reduce(0) { $0 + $1.credit }, places: 2),
        accounts: accounts.mapValues { account in
          Facts.Account(
            debit: Self.text(account.debit, places: 2), credit: Self.text(account.credit, places: 2),
            entries: account.entries,
            quantities: account.units.isEmpty ? nil : account.units.mapValues { Self.text($0, places: 3) })
        })
    }
  }

  static func units(_ text: String?, places: Int) -> Int {
    guard let text, !text.isEmpty else { return 0 }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let padded = fraction + String(repeating: "0", count: max(0, places - fraction.count))
    return Int(parts[0] + padded) ?? 0
  }

  static func text(_ units: Int, places: Int) -> String {
    let digits = String(units.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return (units < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
  }
}

/// The cells of a comma-separated file in UTF-8, by the book: RFC 4180.
func cells(of csv: String) -> [[String]] {
  var rows: [[String]] = [[]]
  var cell = ""
  var isQuoted = false
  var afterQuote = false
  for scalar in csv.unicodeScalars where scalar != "\u{FEFF}" {
    if isQuoted, scalar != "\"" {
      cell.unicodeScalars.append(scalar)
      continue
    }
    switch scalar {
    case "\"":
      // A second quote behind a closing one is a quote of the text.
      if !isQuoted, afterQuote { cell.append("\"") }
      isQuoted.toggle()
      afterQuote = !isQuoted
      continue
    case ",", "\n":
      rows[rows.count - 1].append(cell)
      cell = ""
      if scalar == "\n" { rows.append([]) }
    case "\r": break
    default: cell.unicodeScalars.append(scalar)
    }
    afterQuote = false
  }
  if rows.last == [], cell.isEmpty { rows.removeLast() } else { rows[rows.count - 1].append(cell) }
  return rows
}
