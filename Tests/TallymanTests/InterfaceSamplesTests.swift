import Foundation
import Testing

/// The interfaces' vouchers are those that were worked out by hand from the documents: `vouchers.csv` of each sample has
/// date, account and amount of every entry; red ones apart from black ones.
@Suite struct InterfaceSamplesTests {
  @Test(arguments: try Sample.all().filter(\.isWorkedByHand))
  func postAsWorkedOutByHand(_ sample: Sample) throws {
    let workspace = try sample.workspace()
    for result in try sample.play(in: workspace) {
      #expect([0, 10].contains(result.exitCode), "\(result.errors)")
    }
    let files = try workspace.outbox().filter { $0.contains("_凭证_") || $0.contains("_vouchers_") }
    #expect(!files.isEmpty)
    var posted: [Key: Int] = [:]
    for name in files {
      let rows = Table(try String(contentsOfFile: "\(workspace.root)/outbox/\(name)", encoding: .utf8))
      for row in rows.rows {
        Key.add(
          date: row["日期"], account: row["科目编码"], debit: row["借方金额"], credit: row["贷方金额"], to: &posted)
      }
    }
    var worked: [Key: Int] = [:]
    for row in Table(try String(contentsOfFile: sample.folder + "/vouchers.csv", encoding: .utf8)).rows {
      Key.add(
        date: row["date"], account: row["account"], debit: row["debit"], credit: row["credit"], to: &worked)
    }
    #expect(posted == worked)
    let balance = posted.reduce(0) { $0 + ($1.key.isDebit ? $1.value : -$1.value) }
    #expect(balance == 0)
  }

  /// A rule that claims input tax, in a book of a taxpayer who has none, is no matter of finding out at the month's end.
  @Test func aSmallScaleTaxpayerClaimsNoInputTax() throws {
    let workspace = try ScratchWorkspace(mappings: Repository.mappings)
    try workspace.edit("mappings/purchase.yaml") { $0.replacing("book: main", with: "book: small-scale") }
    let check = try workspace.tallyman("check", "--lang=en")
    #expect(check.exitCode == 78)
    #expect(check.errors.contains("purchase.yaml:52"))
    #expect(check.errors.contains("the chart has no account or role \"进项税额\""))
  }

  /// Three programs of other people read the journals and come to the balances that were worked out by hand.
  @Test(arguments: ["k3-issue", "shopify-orders", "export-sales"]) func otherProgramsComeToTheSameBalances(
    _ name: String
  )
    throws
  {
    let sample = try Sample(name: name)
    let workspace = try sample.workspace()
    _ = try sample.play(in: workspace)
    var wanted: [String: Int] = [:]
    for row in Table(try String(contentsOfFile: sample.folder + "/vouchers.csv", encoding: .utf8)).rows {
      let cents = { (text: String?) in Int((text ?? "").replacing(".", with: "")) ?? 0 }
      wanted[row["account"] ?? "", default: 0] += cents(row["debit"]) - cents(row["credit"])
    }
    wanted = wanted.filter { $0.value != 0 }
    var programs: Set<String> = []
    for file in try workspace.outbox() {
      let path = "\(workspace.root)/outbox/\(file)"
      guard let reader = Bookkeeper(ending: file.split(separator: ".").last.map(String.init) ?? "") else {
        continue
      }
      programs.insert(reader.name)
      #expect(try reader.balances(path, in: workspace.root) == wanted, "\(reader.name)")
    }
    #expect(programs.count >= 2)
  }

  private struct Key: Hashable {
    var date: String
    var account: String
    var isDebit: Bool
    var isRed: Bool

    static func add(
      date: String?, account: String?, debit: String?, credit: String?, to sums: inout [Key: Int]
    ) {
      let isDebit = debit?.isEmpty == false
      let amount = Int((isDebit ? debit : credit)?.replacing(".", with: "") ?? "") ?? 0
      sums[
        Key(date: date ?? "", account: account ?? "", isDebit: isDebit, isRed: amount < 0), default: 0] +=
        amount
    }
  }
}

/// A CSV of ours as rows by caption.
private struct Table {
  private(set) var rows: [[String: String]] = []

  init(_ text: String) {
    var captions: [String] = []
    for line in text.replacing("\u{FEFF}", with: "").split(whereSeparator: \.isNewline) {
      let cells = Self.cells(of: line)
      if captions.isEmpty {
        captions = cells
      } else {
        rows.append(Dictionary(zip(captions, cells), uniquingKeysWith: { first, _ in first }))
      }
    }
  }

  private static func cells(of line: Substring) -> [String] {
    var (cells, isQuoted) = ([""], false)
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}

/// A program that keeps books in plain text.
private struct Bookkeeper {
  var name: String
  private var check: [String]?
  private var balance: [String]

  init?(ending: String) {
    let beancount = Repository.root + "/.build/beancount/bin/"
    switch ending {
    case "journal":
      name = "hledger"
      check = ["hledger", "-f", "FILE", "check", "-s"]
      balance = ["hledger", "-f", "FILE", "bal", "--flat", "-N", "-O", "csv"]
    case "ledger":
      name = "ledger"
      balance = [
        "ledger", "-f", "FILE", "--pedantic", "bal", "--flat", "--no-total", "--format",
        "%(account),%(quantity(scrub(total)))\\n",
      ]
    case "beancount":
      name = "beancount"
      check = [beancount + "bean-check", "FILE"]
      balance = [
        beancount + "bean-query", "-f", "csv", "FILE",
        "SELECT account, sum(number) AS n GROUP BY account ORDER BY account",
      ]
    default: return nil
    }
  }

  /// Hundredths by account code; accounts that are even are left out.
  func balances(_ file: String, in folder: String) throws -> [String: Int] {
    for command in [check, balance].compactMap(\.self) {
      let result = try run(command, file, folder)
      try #require(result.exitCode == 0, "\(name): \(result.errors)")
      guard command == balance else { continue }
      var balances: [String: Int] = [:]
      for line in result.output.split(whereSeparator: \.isNewline) {
        guard let match = line.firstMatch(of: #/(\d[\d.-]*)[ -][^,]*,\D*?(-?\d+)(?:\.(\d+))?/#) else {
          continue
        }
        let decimals = ((match.3.map(String.init) ?? "") + "00").prefix(2)
        balances[String(match.1).replacing("-", with: ".")] = Int("\(match.2)\(decimals)")
      }
      return balances.filter { $0.value != 0 }
    }
    return [:]
  }

  private func run(_ command: [String], _ file: String, _ folder: String) throws -> Program.Result {
    try Program(path: "/usr/bin/env").run(
      command.map { $0 == "FILE" ? file : $0 }, in: folder, environment: ["LC_ALL": "C.UTF-8"])
  }
}
