import Definitions
import Findings
import State

/// What books are called, and were when earlier runs read the definitions; also those that no interface posts to.
struct BookCodes {
  private let workspace: Workspace
  private let today: [String: String]
  /// The runs since which definitions were others, oldest first.
  private let changes: [(run: Int, definitions: String)]
  /// By fingerprint, each book's code by its name; empty where the archive has them no more.
  private var known: [String: [String: String]] = [:]

  init(_ workspace: Workspace, _ state: StateStore) throws {
    self.workspace = workspace
    today = try Self.read(workspace.mappings / "books")
    changes = try state.definitionChanges()
  }

  /// The names that today's definitions have for a book of earlier ones: what became of it from one run's definitions to the next
  /// one's. Where the archive can't tell it, its name; and where no book has that, each may be the one.
  mutating func names(of book: String, since run: Int) throws -> [String] {
    let own = changes.lastIndex { $0.run <= run }
    let then = try own.map { try codes(in: changes[$0].definitions) } ?? [:]
    guard let own, let code = then[book] else { return today[book] != nil ? [book] : Array(today.keys) }
    var traces: Set = [BookTrace(name: book, code: code)]
    var before = then
    func follow(to next: [String: String]) {
      traces = Set(traces.flatMap { $0.followed(from: before, to: next) })
      before = next
    }
    for change in changes[(own + 1)...] {
      let next = try codes(in: change.definitions)
      if !next.isEmpty { follow(to: next) }
    }
    follow(to: today)
    return Set(traces.filter { today[$0.name] == $0.code }.map(\.name)).sorted()
  }

  private mutating func codes(in fingerprint: String) throws(SystemFailure) -> [String: String] {
    if let known = known[fingerprint] { return known }
    let read = try Self.read(workspace.archive / "definitions" / fingerprint / "books")
    known[fingerprint] = read
    return read
  }

  private static func read(_ folder: Path) throws(SystemFailure) -> [String: String] {
    guard try System.status(folder) != nil else { return [:] }
    var codes: [String: String] = [:]
    for name in try System.names(in: folder) where name.ends(with: ".yaml") {
      let tree = parseDefinition(try System.read(folder / name), file: "", faults: Faults())
      if let book = tree?.text(of: "book"), let code = tree?.text(of: "code") { codes[book] = code }
    }
    return codes
  }
}

/// A book on its way through definitions.
private struct BookTrace: Hashable {
  var name: String
  /// Voucher IDs begin with it.
  var code: String
  /// Another may be this book by now: it is this one only where its code comes again.
  var isReplaced = false

  /// A book is known by its code, whatever it is called; where that is gone, the one with its name and each that is new may be the one.
  /// One that is gone is remembered, and may come again.
  func followed(from before: [String: String], to next: [String: String]) -> [BookTrace] {
    let same = next.filter { $0.value == code }.map { BookTrace(name: $0.key, code: code) }
    if isReplaced { return same.isEmpty ? [self] : same }
    let new = next.filter { $0.value != code && !before.values.contains($0.value) }
    let others = new.filter { $0.key == name || (same.isEmpty && before[$0.key] == nil) }
    var found = same + others.map { BookTrace(name: $0.key, code: $0.value) }
    if same.isEmpty { found.append(BookTrace(name: name, code: code, isReplaced: !others.isEmpty)) }
    return found
  }
}

extension Node {
  fileprivate func text(of key: String) -> String? {
    guard case .map(let entries) = content,
      case .scalar(let text)? = entries.first(where: { $0.key.text == key })?.value.content
    else { return nil }
    return text.text
  }
}

extension [UInt8] {
  fileprivate func ends(with ending: String) -> Bool { suffix(ending.utf8.count).elementsEqual(ending.utf8) }
}
