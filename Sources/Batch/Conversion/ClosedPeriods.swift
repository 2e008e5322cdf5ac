import Definitions
import Findings
import Ledger
import Mapping
import State

/// Up to which period each book is closed (结账). No voucher goes there.
struct ClosedPeriods {
  private var through: [String: Period] = [:]
  /// What each book's periods were closed or opened by last.
  private var last: [String: PeriodEvent] = [:]

  /// A book is known by the code that it had when it was closed, with which its voucher IDs begin, whatever it is called by now;
  /// where that can't be told any more, or no book had its code of today, by its name; and where no book has that, each new one
  /// may be the one.
  /// - Parameter change: what the run itself closes or opens.
  init(
    _ state: StateStore, _ workspace: Workspace, after change: PeriodEvent? = nil
  ) throws {
    var codes = try BookCodes(workspace)
    for event in try [change].compactMap(\.self) + state.periodEvents() {
      // What the run itself does is of today's definitions.
      let fingerprint = change == event ? nil : try state.run(event.run)?.definitions
      guard let period = Period(event.period) else { throw StateError.damaged(reason: "period_event.period") }
      let names = try fingerprint.map { try codes.names(of: event.book, in: $0) } ?? [event.book]
      for book in names where last[book] == nil {
        last[book] = event
        through[book] = event.action == .closed ? period : period.previous
      }
    }
  }

  /// The last period of the book that is closed, as are all before it; `nil` where none was ever closed.
  subscript(_ book: String) -> Period? { through[book] }

  func lastChange(of book: String) -> PeriodEvent? { last[book] }

  /// The last day of the book that no voucher may have; `nil` where none was ever closed.
  func lastDay(of book: String) -> Day? { through[book]?.lastDay }
}

/// What books are called, and were when earlier runs read the definitions; also those that no interface posts to.
struct BookCodes {
  private let workspace: Workspace
  private let today: [String: String]
  /// By fingerprint, each book's code by its name.
  private var known: [String: [String: String]] = [:]

  init(_ workspace: Workspace) throws(SystemFailure) {
    self.workspace = workspace
    today = try Self.read(workspace.mappings / "books")
  }

  /// The names that today's definitions have for a book of earlier ones.
  mutating func names(of book: String, in fingerprint: String) throws(SystemFailure) -> [String] {
    if known[fingerprint] == nil {
      known[fingerprint] = try Self.read(workspace.archive / "definitions" / fingerprint / "books")
    }
    let then = known[fingerprint] ?? [:]
    guard let code = then[book] else { return today[book] != nil ? [book] : Array(today.keys) }
    var names = today.keys.filter { today[$0] == code }
    // One that has the name, and a code that no book had, may be the one, too; and where nothing else is left of it, each that is new.
    let new = today.keys.filter { name in !then.values.contains(today[name] ?? "") }
    names += new.filter { $0 == book }
    return names.isEmpty ? new.filter { then[$0] == nil } : names
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
