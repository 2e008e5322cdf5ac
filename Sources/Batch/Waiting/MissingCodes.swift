import Expressions
import Findings
import Glibc
import Ledger
import Mapping
import Readers
import Reconciliation

/// The codes that held documents wait for, as tables to fill in: `tallyman codes missing`.
package struct MissingCodes: Sendable {
  /// One code table that lacks codes.
  package struct Table: Sendable {
    package var name: String
    /// The table's file, relative to `mappings/`.
    package var file: String
    package var codes: [Code]
    /// CSV with the table's own header: a row for each missing code, its other cells empty.
    package var csv: [UInt8]
  }

  package struct Code: Sendable {
    package var key: String
    package var documents: Int
    /// The interface's first measure and what the documents add to it.
    package var amount: String
    /// Whether it has a row in the CSV.
    package var isWritten: Bool
  }

  package private(set) var tables: [Table] = []

  package init(_ workspace: Workspace, now: RunClock) throws(WorldError) {
    let list = try WaitingList.held(workspace, now: now)
    let definitions = try CompiledDefinitions(of: workspace)
    for interface in definitions.interfaces {
      for group in list.groups where group.interface == interface.interface.name {
        guard let missing = group.missing, let file = interface.tableFiles[missing.table],
          let keys = interface.program.tables.first(where: { $0.name == missing.table })?.keys
        else { continue }
        if !tables.contains(where: { $0.file == file }) {
          let bytes = definitions.files.first { $0.path == file }?.bytes ?? []
          let header = Array(bytes.prefix { $0 != 0x0A && $0 != 0x0D }) + Self.lineEnd
          tables.append(Table(name: missing.table, file: file, codes: [], csv: header))
        }
        let index = tables.firstIndex { $0.file == file }!
        if let known = tables[index].codes.firstIndex(where: { $0.key == missing.key }) {
          tables[index].codes[known].documents += group.documents
          tables[index].codes[known].amount += "; " + group.amountText
        } else {
          let row = Self.row(missing.key, keys, under: tables[index].csv)
          tables[index].codes.append(
            Code(
              key: missing.key, documents: group.documents, amount: group.amountText, isWritten: !row.isEmpty)
          )
          tables[index].csv += row
        }
      }
    }
  }

  private static let lineEnd: [UInt8] = [0x0D, 0x0A]

  /// The row of a code under a table's header; none where a spreadsheet would run the code instead of showing it, or the
  /// table would take it for any code.
  private static func row(_ key: String, _ keys: [String], under csv: [UInt8]) -> [UInt8] {
    // Of a table with several keys the key is all of them, in their order.
    let values =
      keys.count == 1
      ? [key] : key.split(separator: ", ", omittingEmptySubsequences: false).map(String.init)
    guard values.count == keys.count,
      values.allSatisfy({ $0 == $0.guardedFromSpreadsheets && $0 != "*" })
    else { return [] }
    let text = RowText(
      layout: TableLayout(encoding: .utf8, delimiter: 0x2C, columns: [], keyColumns: []))
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let header = csv.prefix { $0 != 0x0D }
    let captions = text.cells(of: Array(header.starts(with: mark) ? header.dropFirst(3) : header))
    let cells = captions.map { caption in
      keys.firstIndex(of: caption.trimmingSpace).map { text.cell(values[$0]) } ?? []
    }
    return Array(cells.joined(separator: [0x2C])) + lineEnd
  }

  /// Writes each table's rows as `missing_` and the path of its file; what an earlier call left stays.
  /// - Returns: the paths, in the order of `tables`.
  package func write(into folder: Path) throws(WorldError) -> [String] {
    do throws(SystemFailure) {
      var paths: [String] = []
      for table in tables {
        let name = "missing_" + String(table.file.map { $0 == "/" ? "_" : $0 })
        // Somebody may be filling in what an earlier call wrote.
        var path = folder / name
        for number in 2... {
          guard try System.status(path) != nil else { break }
          path = folder / "\(number)_\(name)"
        }
        let descriptor = try System.open(path, O_WRONLY | O_CREAT | O_EXCL)
        defer { close(descriptor) }
        try System.write(table.csv, to: descriptor, path)
        paths.append(path.description)
      }
      return paths
    } catch {
      throw .system(error)
    }
  }
}
