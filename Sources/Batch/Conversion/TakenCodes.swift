package import Findings
import Ledger
import Mapping
import State

/// Codes by which what was posted is known for ever.
extension CompiledDefinitions {
  /// Codes that stand for something else than when earlier runs posted by them: postings would be taken for each other, and own
  /// numbers begin again. By such definitions no run is begun.
  package func takenCodes(in workspace: Workspace) throws(WorldError) -> [Finding] {
    try Pipeline.typed(workspace) {
      guard let state = try workspace.readState() else { return [] }
      defer { try? state.close() }
      return try takenCodes(since: state, workspace)
    }
  }

  func takenCodes(since state: StateStore, _ workspace: Workspace) throws -> [Finding] {
    let last = try state.run(try state.lastCommitted())?.definitions
    guard let last, last != fingerprint else { return [] }
    var histories: [String: CodeHistory] = [:]
    var books = CodeHistory()
    for earlier in try state.definitions() where earlier != fingerprint {
      let folder = workspace.archive / "definitions" / earlier
      guard try System.status(folder) != nil else { continue }
      let set = try DefinitionSet(at: folder)
      for interface in set.interfaces {
        for posting in interface.postings {
          histories[interface.name.text, default: CodeHistory()].add(posting.code.text, of: posting.name.text)
        }
      }
      for book in set.books { books.add(book.book.code, of: book.book.name) }
    }
    let today = try DefinitionSet(at: workspace.mappings)
    var findings = try today.interfaces.flatMap { interface in
      // A code by which nothing is known yet may go to whatever posting.
      let used = try state.register(of: interface.name.text).postings
      return histories[interface.name.text]?.taken(by: interface.postings, of: Set(used)) ?? []
    }
    let counters = try state.counters()
    for book in today.books where book.number == .own {
      for code in books.codes(of: book.book.name) where !today.books.contains(where: { $0.book.code == code })
      {
        guard counters.keys.contains(where: { $0.hasPrefix(code + "/") }) else { continue }
        findings.append(book.name.finding(.bookCodeChanged, [book.book.name, code, book.book.code]))
      }
    }
    return findings
  }
}

/// What codes stood for, and by which codes things went.
private struct CodeHistory {
  private var names: [String: Set<String>] = [:]
  private var codes: [String: Set<String>] = [:]

  mutating func add(_ code: String, of name: String) {
    names[code, default: []].insert(name)
    codes[name, default: []].insert(code)
  }

  func codes(of name: String) -> [String] { codes[name, default: []].sorted() }

  /// A posting may have another name than it had. A code goes to another posting where the one that had it has another by now, or
  /// had one later, or where the new one had another before.
  /// - Parameter used: codes by which something is known.
  func taken(by postings: [PostingDefinition], of used: Set<String>) -> [Finding] {
    postings.filter { used.contains($0.code.text) }.flatMap { posting -> [Finding] in
      let (name, code) = (posting.name.text, posting.code.text)
      return names[code, default: []].subtracting([name]).sorted().compactMap { old in
        let isRenamed =
          !postings.contains { $0.name.text == old } && codes[old] == [code]
          && codes[name, default: []].isSubset(of: [code])
        return isRenamed ? nil : posting.code.finding(.codeTaken, [code, name, old])
      }
    }
  }
}
