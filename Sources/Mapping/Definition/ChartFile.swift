import Findings
import Ledger

extension Chart {
  private enum Column: String, CaseIterable {
    case code, name, role, leaf, side, dimensions, required, unit, cash, controlled
    case kind = "class"

    /// A chart may go without classes: only some formats ask for them.
    var isOptional: Bool { self == .kind }
  }

  /// Reads a chart of accounts; `nil` where columns are missing. An account with a wrong cell stays in it.
  init?(_ table: TableText, findings: inout [Finding]) {
    var columns: [Column: Int] = [:]
    for column in Column.allCases {
      columns[column] = table.header.firstIndex(of: column.rawValue)
      guard columns[column] == nil, !column.isOptional else { continue }
      findings.append(
        Finding(
          .tableColumn, .error, at: Place(file: table.file, line: 1),
          [column.rawValue, nearest(to: column.rawValue, among: table.header)]))
    }
    guard Column.allCases.allSatisfy({ $0.isOptional || columns[$0] != nil }) else { return nil }
    var accounts: [Account] = []
    var seen = SeenAccounts()
    for row in table.rows {
      var reader = ChartRow(table: table, row: row, columns: columns)
      let account = reader.account()
      findings += reader.findings
      guard let account, seen.isNew(account, at: table.place(row, columns[.code]!), &findings) else {
        continue
      }
      accounts.append(account)
    }
    findings += seen.leavesWithChildren(accounts)
    self.init(accounts: accounts)
  }

  /// Reads one row, cell by cell.
  private struct ChartRow {
    let table: TableText
    let row: TableText.Row
    let columns: [Column: Int]
    var findings: [Finding] = []

    mutating func account() -> Account? {
      let code = text(.code)
      if code.isEmpty { refuse(.code, "an account code") }
      if text(.name).isEmpty { refuse(.name, "a name") }
      let role = text(.role)
      let leaf = flag(.leaf, blank: nil)
      let dimensions = list(.dimensions)
      let required = list(.required)
      for dimension in required where !dimensions.contains(dimension) {
        report(.dimensionNotAllowed, .required, [dimension, code])
      }
      if leaf == false, !role.isEmpty { report(.accountNotLeaf, .role, [code]) }
      let side = side()
      let kind = kind()
      let unit = flag(.unit, blank: false)
      let cash = flag(.cash, blank: false)
      let controlled = flag(.controlled, blank: false)
      guard !code.isEmpty else { return nil }
      // An account with a wrong cell stays, so that what names it isn't called wrong as well.
      return Account(
        code: code, name: text(.name), kind: kind, role: role.isEmpty ? nil : role, leaf: leaf ?? true,
        naturalSide: side ?? .debit, dimensions: dimensions, required: required.filter(dimensions.contains),
        keepsQuantity: unit ?? false, cash: cash ?? false, controlled: controlled ?? false)
    }

    private func text(_ column: Column) -> String { row.cells[columns[column]!] }

    private func list(_ column: Column) -> [String] {
      text(column).split(separator: ";").map(\.trimmed).filter { !$0.isEmpty }
    }

    private mutating func kind() -> AccountClass? {
      guard let column = columns[.kind], !row.cells[column].isEmpty else { return nil }
      if let kind = AccountClass(rawValue: row.cells[column]) { return kind }
      refuse(.kind, AccountClass.allCases.map(\.rawValue).joined(separator: " | "))
      return nil
    }

    private mutating func side() -> Side? {
      switch text(.side) {
      case "debit": return .debit
      case "credit": return .credit
      default:
        refuse(.side, "debit | credit")
        return nil
      }
    }

    private mutating func flag(_ column: Column, blank: Bool?) -> Bool? {
      switch text(column) {
      case "yes": return true
      case "no": return false
      case "" where blank != nil: return blank
      default:
        refuse(column, "yes | no")
        return nil
      }
    }

    private mutating func refuse(_ column: Column, _ expected: String) {
      report(.tableValue, column, [text(column), expected])
    }

    private mutating func report(_ code: FindingCode, _ column: Column, _ arguments: [String]) {
      findings.append(
        Finding(code, .error, at: table.place(row, columns[column]!), arguments, excerpt: text(column)))
    }
  }

  /// Holds what the chart's rows have said, to find what is said twice.
  private struct SeenAccounts {
    private var places: [String: Place] = [:]

    /// Leaves that have accounts below them: `1122.01`, or `112201`, below `1122`. No finance system posts to such a one.
    func leavesWithChildren(_ accounts: [Account]) -> [Finding] {
      let parents = Set(
        accounts.flatMap { account -> [String] in
          let dotted = account.code.lastIndex(of: ".").map { [String(account.code[..<$0])] } ?? []
          let isPlain = account.code.count >= 6 && account.code.utf8.allSatisfy { (0x30...0x39).contains($0) }
          return dotted + (isPlain ? [String(account.code.dropLast(2))] : [])
        })
      return accounts.compactMap { account in
        guard account.leaf, parents.contains(account.code), let place = places[account.code] else {
          return nil
        }
        return Finding(.accountNotLeaf, .error, at: place, [account.code], excerpt: account.code)
      }
    }
    private var roles: [String: String] = [:]

    mutating func isNew(_ account: Account, at place: Place, _ findings: inout [Finding]) -> Bool {
      if let first = places[account.code] {
        findings.append(
          Finding(
            .doubledName, .error, at: place, ["account", account.code, first.short], excerpt: account.code))
        return false
      }
      places[account.code] = place
      guard account.leaf, let role = account.role else { return true }
      if let first = roles[role] {
        findings.append(
          Finding(
            .roleDoubled, .error, at: place, [role, "\(first), \(account.code)"], excerpt: account.code))
        return true
      }
      roles[role] = account.code
      return true
    }
  }
}
