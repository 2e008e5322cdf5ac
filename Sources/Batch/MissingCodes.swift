import Expressions
import Glibc
import Ledger
import Mapping
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
  }

  package private(set) var tables: [Table] = []

  package init(_ workspace: Workspace, now: RunClock) throws(WorldError) {
    let list = try WaitingList.held(workspace, now: now)
    let definitions = try CompiledDefinitions(folder: workspace.mappings)
    for interface in definitions.interfaces {
      let groups = list.groups.filter { $0.interface == interface.interface.name && $0.missing != nil }
      for group in groups {
        guard let missing = group.missing, let file = interface.tableFiles[missing.table],
          let columns = interface.program.tables.first(where: { $0.name == missing.table })?.keys
        else { continue }
        let code = Code(key: missing.key, documents: group.documents, amount: group.amountText)
        if let known = tables.firstIndex(where: { $0.file == file }) {
          guard !tables[known].codes.contains(where: { $0.key == code.key }) else { continue }
          tables[known].codes.append(code)
        } else {
          let bytes = definitions.files.first { $0.path == file }?.bytes ?? []
          tables.append(Table(name: missing.table, file: file, codes: [code], csv: Self.header(of: bytes)))
        }
        let index = tables.firstIndex { $0.file == file }!
        tables[index].csv += Self.row(missing.key, keys: columns, header: Self.header(of: tables[index].csv))
      }
    }
  }

  /// The header row with its line end.
  private static func header(of bytes: [UInt8]) -> [UInt8] {
    Array(bytes.prefix { $0 != 0x0A && $0 != 0x0D }) + [0x0D, 0x0A]
  }

  private static func row(_ key: String, keys: [String], header: [UInt8]) -> [UInt8] {
    let mark = "\u{FEFF}"
    var text = String(decoding: header.dropLast(2), as: UTF8.self)
    if text.hasPrefix(mark) { text.removeFirst() }
    let captions = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmed.trimming("\"")
    }
    // Of a table with several keys the key is all of them, in their order.
    let values = keys.count == 1 ? [key] : key.components(", ")
    let cells = captions.map { caption in
      keys.firstIndex(of: caption).flatMap { values.indices.contains($0) ? quoted(values[$0]) : nil } ?? ""
    }
    return Array(cells.joined(separator: ",").utf8) + [0x0D, 0x0A]
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { "\",\r\n".contains($0) }) else { return text }
    return "\"" + text.components("\"").joined(separator: "\"\"") + "\""
  }

  /// Writes each table's rows as `missing_TABLE.csv`, over what an earlier call left.
  /// - Returns: the paths, in the order of `tables`.
  package func write(into folder: Path) throws(WorldError) -> [String] {
    do throws(SystemFailure) {
      var paths: [String] = []
      for table in tables {
        let name = Path(table.file).lastName
        let path = folder / (Array("missing_".utf8) + name)
        let descriptor = try System.open(path, O_WRONLY | O_CREAT | O_TRUNC)
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

extension StringProtocol {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }

  fileprivate func trimming(_ mark: Character) -> String {
    String(drop { $0 == mark }.reversed().drop { $0 == mark }.reversed())
  }

  /// The parts between a separator of several characters.
  fileprivate func components(_ separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
  }
}
