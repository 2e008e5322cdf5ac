import Ledger
import Mapping
import Posting
import State

extension ConversionOutput {
  /// Which documents wait for an export to bring them again: with the value that a posting lacks, or approved.
  mutating func decideUnposted(_ interface: Conversion.InterfaceResult) throws {
    let name = interface.compiled.interface.name
    let before = Dictionary(
      uniqueKeysWithValues: try interface.past.state.unposted(of: name).map { ($0.key, $0) })
    var now: [[UInt8]: Unposted] = [:]
    var settled: Set<[UInt8]> = []
    for part in interface.parts where !part.isDeferred || part.isReposted {
      let store = part.file.posted.store
      for (index, document) in store.documents.enumerated() where !document.nameless {
        if let unposted = interface.unposted(index, of: part, run: run) {
          now[unposted.key] = unposted
          settled.remove(unposted.key)
        } else if !(before.isEmpty && now.isEmpty) {
          let key = Array(store.key(index))
          guard let kind = (now[key] ?? before[key])?.kind, document.settles(kind) else { continue }
          now[key] = nil
          if before[key] != nil { settled.insert(key) }
        }
      }
    }
    for key in interface.parts.flatMap(\.file.lacks.unposted) where before[key] != nil && now[key] == nil {
      settled.insert(key)
    }
    decision.unpostedRemoved += settled.sorted { $0.lexicographicallyPrecedes($1) }
      .map { HeldKey(interface: name, key: $0) }
    for (key, var document) in now.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      if let earlier = before[key], earlier.kind == document.kind { document.sinceRun = earlier.sinceRun }
      if before[key] != document { decision.unpostedPut.append(document) }
    }
  }
}

extension Document {
  /// Whether what was not posted of the document before is posted now, will never be, or waits elsewhere.
  fileprivate func settles(_ kind: Unposted.Kind) -> Bool {
    switch (kind, verdict) {
    case (.pending, .posted): true
    case (.pending, .ignored): takenBack != 0 || isAdopted || isVoid
    case (.ignored, .posted), (.ignored, .held), (.ignored, .rejected), (.ignored, .ignored): true
    case (_, .repeated), (.pending, _): false
    }
  }
}

extension Conversion.InterfaceResult {
  fileprivate func unposted(_ index: Int, of part: Conversion.Part, run: Int) -> Unposted? {
    let store = part.file.posted.store
    let document = store.documents[index]
    // Nearly all documents, and so looked at first.
    guard document.waits & document.pending != 0 || document.isLeftOut else { return nil }
    // What goes to another book waits for nothing.
    let own = compiled.bookIndex(of: document).map(compiled.postings(ofBook:))
    let waits = compiled.postings.indices.reduce(document.waits & document.pending) { bits, posting in
      own?.contains(posting) == false ? bits & ~(1 << UInt32(posting)) : bits
    }
    let kind: Unposted.Kind
    if document.verdict == .posted || document.isAdopted, waits != 0 {
      kind = .pending
    } else if document.verdict == .ignored, document.isLeftOut {
      kind = .ignored
    } else {
      return nil
    }
    return Unposted(
      interface: compiled.interface.name, key: Array(store.key(index)), kind: kind,
      book: compiled.book(of: document), sinceRun: run, day: Int(document.day.number), fileName: part.name,
      line: Int(document.firstLine),
      causes: kind == .ignored
        ? [] : compiled.postings.indices.filter { waits >> UInt32($0) & 1 != 0 }.map(compiled.cause),
      amounts: compiled.interface.measures.amounts(store.sums(index)))
  }
}

extension CompiledInterface {
  /// The name of the book that a document's vouchers go to; empty where that can't be told.
  func book(of document: Document) -> String {
    bookIndex(of: document).map { books[$0].book.name } ?? ""
  }

  func bookIndex(of document: Document) -> Int? {
    books.count == 1 ? 0 : document.book < 0 ? nil : Int(document.book)
  }

  /// The posting that waits, and the fields for whose values it waits.
  fileprivate func cause(_ posting: Int) -> HeldCause {
    HeldCause(code: postings[posting].code, arguments: postings[posting].inputs.waitsFor.map(\.name))
  }
}
