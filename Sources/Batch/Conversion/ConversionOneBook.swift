import Findings
import Ledger
import Mapping
import Posting
import State

/// A document's vouchers are all in one book. Where definitions have changed since it was posted, so that what is made of it
/// now would go to another one than what stands, it is held.
struct OneBook {
  let compiled: CompiledInterface
  let past: Past
  let entries: ArchivedEntries

  /// A voucher that a document's posted part may be in, and the book that this was called by then.
  private struct Standing: Hashable {
    var document: Int
    var voucher: String
    var run: Int
    var book: String
    /// The run by whose definitions it was called so.
    var since: Int
  }

  func keep(in file: inout ConvertedFile) throws {
    let candidates = try file.posted.store.documents.indices.flatMap { try standing($0, file.posted.store) }
    guard !candidates.isEmpty else { return }
    var books = try BookCodes(entries.workspace, past.state)
    for (run, own) in Dictionary(grouping: candidates, by: \.run).sorted(by: { $0.key < $1.key }) {
      let vouchers = Set(own.map(\.voucher))
      let kept = try entries.read(run, vouchers, compiled.interface.name, past.state) ?? []
      let parts = Set(kept.map { $0.voucher + String(decoding: $0.key, as: UTF8.self) })
      for one in own
      where parts.contains(one.voucher + String(decoding: file.posted.store.key(one.document), as: UTF8.self))
      {
        let document = file.posted.store.documents[one.document]
        guard document.verdict == .posted, let now = compiled.bookIndex(of: document) else { continue }
        let book = compiled.books[now].book
        if try books.names(of: one.book, since: one.since).contains(book.name) { continue }
        file.posted.store.documents[one.document].verdict = .held
        file.findings.add(
          .bookChanged, .hold, document: one.document, row: document.firstRow, line: document.firstLine,
          column: nil,
          [file.posted.store.keyText(one.document), "\(book.name) (\(book.code))", one.book, one.voucher])
      }
    }
  }

  /// - Returns: nothing where all that is posted of the document is taken back, or was posted by today's definitions.
  private func standing(_ index: Int, _ store: DocumentStore) throws -> [Standing] {
    let document = store.documents[index]
    guard document.verdict == .posted, document.done != 0, let before = try past.find(store.key(index)),
      try past.mappings.otherFingerprint(of: before.run) != nil,
      let then = try past.mappings.definitions(of: before.run)?.interface(named: compiled.interface.name)
    else { return [] }
    let done = compiled.postings.indices.filter { document.done >> UInt32($0) & 1 != 0 }
    var found: Set<Standing> = []
    for slot in Set(done.map(past.slot)) {
      guard let number = before.voucher(posting: slot), number != PostedDocument.elsewhere else { continue }
      for posting in then.postings.indices where then.postings[posting].code == past.slotCodes[slot] {
        let prefix = then.idPrefix(posting: posting)
        guard let run = try past.state.run(ofCounter: prefix, number: number) else { continue }
        found.insert(
          Standing(
            document: index, voucher: voucherID(prefix: prefix, number: number), run: run,
            book: then.books[then.postings[posting].book].book.name, since: before.run))
      }
    }
    guard then.books.count > 1, !found.isEmpty else { return Array(found) }
    let reversed = try past.state.vouchersReversed(compiled.interface.name, key: Array(store.key(index)))
    return found.filter { !reversed.contains($0.voucher) }
  }
}
