import Definitions
import Expressions
import Findings
import Ledger

/// The folder with what integrators edit (`mappings/`).
package enum DefinitionsFolder {
  /// Reads all definitions, and finds everything that is wrong with any of them.
  ///
  /// - Parameters:
  ///   - list: every file of the folder, relative to it, with `/`.
  ///   - name: how the folder is called in the places of findings.
  ///   - reader: gives a listed file's bytes.
  package static func load<Failure: Error>(
    list: [String], name: String = "mappings", reader: (String) throws(Failure) -> [UInt8]
  ) throws(Failure) -> DefinitionSet {
    var loader = FolderLoader(folder: name, list: list)
    while let path = loader.nextFile() { loader.take(path, bytes: try reader(path)) }
    loader.parseTrees()
    while let path = loader.nextTable() { loader.takeTable(path, bytes: try reader(path)) }
    return loader.finished()
  }
}

/// What the folder's files have given so far. It is told which bytes are where, and never reads a file itself.
private struct FolderLoader {
  private let folder: String
  private let listed: Set<String>
  private var toRead: [String]
  private var tablesToRead: [String] = []
  private var files: [(path: String, bytes: [UInt8])] = []
  private var trees: [(path: String, tree: Node)] = []
  private var tables: [String: TableText] = [:]
  private var interfaces: [InterfaceDefinition] = []
  private var drafts: [BookDraft] = []
  private var workspace = WorkspaceDefinition()
  private let faults = Faults()

  init(folder: String, list: [String]) {
    self.folder = folder
    listed = Set(list)
    let sorted = list.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    toRead = sorted.filter { definitionKind($0) != nil }.reversed()
    for path in sorted where path.hasSuffix(".yml") {
      faults.report(Finding(.badValue, .error, at: Place(file: "\(folder)/\(path)"), [path, ".yaml"]))
    }
    for (missing, wanted) in [
      (!listed.contains("workspace.yaml"), "workspace.yaml"),
      (!sorted.contains { definitionKind($0) == .interface }, "*.yaml"),
    ] where missing {
      faults.report(Finding(.definitionMissing, .error, at: Place(file: folder), ["\(folder)/\(wanted)"]))
    }
  }

  mutating func nextFile() -> String? { toRead.popLast() }

  mutating func nextTable() -> String? { tablesToRead.popLast() }

  mutating func take(_ path: String, bytes: [UInt8]) {
    files.append((path, bytes))
    if let tree = parseDefinition(bytes, file: "\(folder)/\(path)", faults: faults) {
      trees.append((path, tree))
    }
  }

  mutating func parseTrees() {
    for (path, tree) in trees {
      switch definitionKind(path) {
      case .workspace: workspace = WorkspaceDefinition(tree: tree, faults: faults)
      case .book:
        if let draft = BookDraft(tree: tree, faults: faults) { drafts.append(draft) }
      case .interface:
        if let interface = InterfaceDefinition(tree: tree, faults: faults) { interfaces.append(interface) }
      case .profile, nil: break
      }
    }
    let wanted =
      interfaces.flatMap { $0.tables.map(\.file) }
      + drafts.flatMap { [$0.chart] + $0.dimensionNames.map(\.file) }
    for file in wanted where !listed.contains(file.text) {
      faults.report(.tableMissing, at: file, [file.text])
    }
    tablesToRead = Set(wanted.map(\.text)).intersection(listed)
      .sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }
  }

  mutating func takeTable(_ path: String, bytes: [UInt8]) {
    files.append((path, bytes))
    var findings: [Finding] = []
    tables[path] = TableText(bytes, file: "\(folder)/\(path)", findings: &findings)
    faults.report(findings)
  }

  mutating func finished() -> DefinitionSet {
    let names = DefinitionNames(trees, faults: faults)
    names.reportDoubled(interfaces: interfaces, books: drafts)
    names.reportUnknown(in: interfaces)
    var findings: [Finding] = []
    for index in interfaces.indices {
      for place in interfaces[index].tables.indices {
        let definition = interfaces[index].tables[place]
        interfaces[index].tables[place].loaded = tables[definition.file.text].flatMap {
          CodeTable(definition, from: $0, findings: &findings)
        }
      }
    }
    var charts: [String: Chart] = [:]
    for path in Set(drafts.map(\.chart.text)).sorted() {
      charts[path] = tables[path].flatMap { Chart($0, findings: &findings) }
    }
    let books = drafts.compactMap { draft in
      let names = draft.dimensionNames.map { definition in
        (definition.name.text, tables[definition.file.text]?.names(definition, &findings) ?? [:])
      }
      return charts[draft.chart.text].map { chart in
        // Which accounts may be swapped is a matter of their class.
        if let key = draft.swapsSides, chart.accounts.contains(where: { $0.leaf && $0.kind == nil }) {
          faults.report(
            .badValue, at: key, ["swap_sides: yes", "a chart that has the class of each account"])
        }
        return BookDefinition(
          draft, chart: chart, dimensionNames: Dictionary(names, uniquingKeysWith: { first, _ in first }))
      }
    }
    faults.report(findings)
    return DefinitionSet(
      workspace: workspace, books: books, interfaces: interfaces,
      profiles: trees.filter { definitionKind($0.path) == .profile },
      findings: inReadingOrder(faults.findings),
      files: files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
  }
}

/// What a file of the folder defines, by where it lies.
enum DefinitionKind {
  case workspace, interface, book, profile
}

/// `nil` for what is no definition: tables, tests, notes.
func definitionKind(_ path: String) -> DefinitionKind? {
  guard path.hasSuffix(".yaml") else { return nil }
  let parts = path.split(separator: "/")
  switch (parts.count, parts.first) {
  case (1, _): return path == "workspace.yaml" ? .workspace : .interface
  case (2, "books"): return .book
  case (2, "profiles"): return .profile
  default: return nil
  }
}
