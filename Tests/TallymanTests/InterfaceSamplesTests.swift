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
