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
    var postings: [String: CodeHistory] = [:]
    var (books, interfaces) = (CodeHistory(), CodeHistory())
    for earlier in try state.definitions() where earlier != fingerprint {
      let folder = workspace.archive / "definitions" / earlier
      guard try System.status(folder) != nil else { continue }
      let set = try DefinitionSet(at: folder)
      for interface in set.interfaces {
        postings[interface.name.text, default: CodeHistory()].add(
          interface.postings.map(CodeHistory.Owner.init))
      }
      books.add(set.books.map(CodeHistory.Owner.init))
      interfaces.add(set.interfaces.map(CodeHistory.Owner.init))
    }
    let today = try DefinitionSet(at: workspace.mappings)
    var findings = try today.interfaces.flatMap { interface in
      // A code by which nothing is known yet may go to whatever posting.
      let used = try state.register(of: interface.name.text).postings
      return postings[interface.name.text]?.taken(
        by: interface.postings.map(CodeHistory.Owner.init), of: Set(used)) ?? []
    }
    let counters = try state.counters().keys
    func isUsed(_ code: String) -> Bool {
      counters.contains { $0.hasPrefix(code + "-") || $0.hasPrefix(code + "/") }
    }
    findings += books.taken(
      by: today.books.map(CodeHistory.Owner.init), of: Set(today.books.map(\.book.code).filter(isUsed)))
    // Voucher IDs have it behind the book's: `A-XS-R-`.
    let usedInterfaces = Set(
      counters.compactMap { $0.split(separator: "-").dropFirst().first.map(String.init) })
    findings += interfaces.taken(by: today.interfaces.map(CodeHistory.Owner.init), of: usedInterfaces)
    for book in today.books where book.number == .own {
      for code in books.codes(of: book.book.name) where !today.books.contains(where: { $0.book.code == code })
      {
        guard counters.contains(where: { $0.hasPrefix(code + "/") }) else { continue }
        findings.append(book.name.finding(.bookCodeChanged, [book.book.name, code, book.book.code]))
      }
    }
    return findings
  }
}

/// What codes stood for, and by which codes things went.
private struct CodeHistory {
  /// What a code stands for, and what a finding points to.
  struct Owner {
    var name: String
    var code: String
    var place: SourceText

    init(_ posting: PostingDefinition) {
      (name, code, place) = (posting.name.text, posting.code.text, posting.code)
    }

    init(_ interface: InterfaceDefinition) {
      (name, code, place) = (interface.name.text, interface.code.text, interface.code)
    }

    init(_ book: BookDefinition) { (name, code, place) = (book.book.name, book.book.code, book.name) }
  }

  /// The name that each code had last, and the code that each name had last.
  private var names: [String: String] = [:]
  private var last: [String: String] = [:]
  private var codes: [String: Set<String>] = [:]
  /// Those of the definitions that were added last.
  private var latest: Set<String> = []

  /// - Parameter owners: those of later definitions than all that were added before.
  mutating func add(_ owners: [Owner]) {
    for owner in owners {
      names[owner.code] = owner.name
      last[owner.name] = owner.code
      codes[owner.name, default: []].insert(owner.code)
    }
    latest = Set(owners.map(\.code))
  }

  func codes(of name: String) -> [String] { codes[name, default: []].sorted() }

  /// What has a code may be called otherwise from now on: where nothing is called as it was, the new name was nobody's, had this code
  /// already, or went to this one when its own was renamed, and nothing else is new that may be the one that was renamed. A code that the last definitions did not have was not
  /// renamed but given away.
  /// - Parameter used: codes by which something is known.
  func taken(by owners: [Owner], of used: Set<String>) -> [Finding] {
    owners.filter { used.contains($0.code) }.compactMap { owner in
      guard let old = names[owner.code], old != owner.name else { return nil }
      let isFree = last[owner.name].map { $0 == owner.code || names[$0] != owner.name } ?? true
      let isRenamed =
        latest.contains(owner.code) && last[old] == owner.code && isFree
        && !owners.contains { other in
          other.name == old
            || (other.name != owner.name && last[other.name] == nil && names[other.code] == nil)
        }
      return isRenamed ? nil : owner.place.finding(.codeTaken, [owner.code, owner.name, old])
    }
  }
}
