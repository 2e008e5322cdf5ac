import Findings
import Ledger
import Mapping
import Posting
import State

/// A document of which something is in no voucher yet: what keeps a period from being closed.
package struct PeriodWaiting: Codable, Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case held
    /// A posting waits for a value.
    case pending
    /// A posting is made when the month is over.
    case deferred
    /// `document.ignore` leaves it out: not approved, say.
    case ignored
    /// A voucher that the finance system did not take.
    case refused
  }

  package var kind: Kind
  package var interface: String
  /// Its key; of a refused voucher the ID.
  package var document: String
  /// `2026-10-31`; `nil` where it isn't known: then it may be of any period.
  package var date: String?
  /// Empty where it may be of any of the interface's books.
  package var book: String
  package var cause: String
  /// Of each measure what waits: JSON.
  package var amounts: String
  package var sinceRun: Int
  package var file: String

  /// Names of the books that it may be of.
  private var books: Set<String> = []

  private enum CodingKeys: CodingKey {
    case kind, interface, document, date, book, cause, amounts, sinceRun, file
  }

  /// Everything that waits in the state.
  static func all(
    _ state: StateStore, _ definitions: CompiledDefinitions, in language: Language, _ entries: ArchivedEntries
  ) throws -> [PeriodWaiting] {
    var all: [PeriodWaiting] = []
    var books = BooksOfInterfaces(definitions, state, entries.workspace)
    for summary in try state.heldSummary() {
      let register = try state.register(of: summary.interface)
      for held in try state.heldDocuments(of: summary.interface) {
        let causes = held.causes.map { $0.message(in: language) }
        var waiting = PeriodWaiting(
          .held, held, day: held.day, cause: causes.joined(separator: "; "), definitions)
        waiting.books = try books.names(waiting.interface, run: held.sinceRun, book: waiting.book)
        // What is posted of it may be in another book than it goes to now.
        if let posted = try register.find(held.key.span), posted.isPosted {
          waiting.book = ""
          waiting.books.formUnion(try books.names(waiting.interface, run: posted.run, book: ""))
        }
        all.append(waiting)
      }
    }
    for unposted in try state.unposted() {
      let causes = unposted.causes.map { cause in
        let name = definitions.posting(cause.code, of: unposted.interface)
        let fields = cause.arguments.joined(separator: ", ")
        return fields.isEmpty ? PendingWording.voided.text(in: language, [name]) : "\(name): \(fields)"
      }
      var waiting =
        PeriodWaiting(
          kind: unposted.kind == .pending ? .pending : .ignored, interface: unposted.interface,
          document: DocumentStore.text(ofKey: unposted.key),
          date: Day(number: Int32(unposted.day)).description, book: unposted.book,
          cause: causes.joined(separator: "; "), amounts: unposted.amounts, sinceRun: unposted.sinceRun,
          file: String(decoding: unposted.fileName, as: UTF8.self))
      waiting.books = try books.names(waiting.interface, run: waiting.sinceRun, book: waiting.book)
      all.append(waiting)
    }
    for deferred in try state.deferredDocuments() {
      let causes = deferred.document.causes.map {
        definitions.posting($0.code, of: deferred.document.interface)
      }
      var waiting =
        PeriodWaiting(
          .deferred, deferred.document, day: deferred.monthEnd, cause: causes.joined(separator: "; "),
          definitions)
      waiting.books = try books.names(waiting.interface, run: waiting.sinceRun, book: waiting.book)
      all.append(waiting)
    }
    for refused in try RefusedVoucher.open(state, entries) {
      all.append(
        PeriodWaiting(
          kind: .refused, interface: refused.interface, document: refused.id,
          date: refused.date?.description,
          book: definitions.book(ofVouchers: refused.standing.prefix)?.book.name ?? "",
          cause: refused.standing.reason, amounts: "", sinceRun: refused.standing.run,
          file: "archive/entries"))
    }
    return all
  }

  private init(
    _ kind: Kind, _ held: HeldDocument, day: Int?, cause: String, _ definitions: CompiledDefinitions
  ) {
    let books = definitions.interfaces.first { $0.interface.name == held.interface }?.books ?? []
    self.init(
      kind: kind, interface: held.interface, document: DocumentStore.text(ofKey: held.key),
      date: day.map { Day(number: Int32($0)).description },
      book: held.book ?? (books.count == 1 ? books[0].book.name : ""), cause: cause, amounts: held.amounts,
      sinceRun: held.sinceRun, file: String(decoding: held.fileName, as: UTF8.self))
  }

  private init(
    kind: Kind, interface: String, document: String, date: String?, book: String, cause: String,
    amounts: String, sinceRun: Int, file: String
  ) {
    (self.kind, self.interface, self.document, self.date) = (kind, interface, document, date)
    (self.book, self.cause, self.amounts, self.sinceRun, self.file) = (book, cause, amounts, sinceRun, file)
  }

  /// Whether it may belong to the book, and to the period or an earlier one.
  func mayBelong(to book: BookDefinition, by period: Period) -> Bool {
    let name = book.book.name
    guard kind == .refused ? [name, ""].contains(self.book) : books.contains(name) else { return false }
    return date.flatMap { Day($0) }.map { $0 <= period.lastDay } ?? true
  }
}

extension PeriodWaiting {
  private static let words: [Kind: Wording] = [
    .held: Wording(en: "held", zh: "挂起"), .pending: Wording(en: "waits for a value", zh: "待入账"),
    .deferred: Wording(en: "made at the month's end", zh: "待月末汇总"),
    .ignored: Wording(en: "left out by document.ignore", zh: "符合 document.ignore"),
    .refused: Wording(en: "refused by the finance system", zh: "被财务系统拒绝"),
  ]

  /// Why it waits, with the amounts.
  func reason(in language: Language) -> String {
    [Self.words[kind]?.text(in: language) ?? "", cause, amounts].filter { !$0.isEmpty && $0 != "{}" }
      .joined(separator: "; ")
  }
}

/// The books that interfaces post to, and posted to when earlier runs read the definitions: by the names that they have now.
private struct BooksOfInterfaces {
  private let definitions: CompiledDefinitions
  private let workspace: Workspace
  private let state: StateStore
  private var mappings: EarlierMappings
  private var codes: BookCodes?

  init(_ definitions: CompiledDefinitions, _ state: StateStore, _ workspace: Workspace) {
    (self.definitions, self.state, self.workspace) = (definitions, state, workspace)
    mappings = EarlierMappings(state, workspace, fingerprint: definitions.fingerprint)
  }

  /// - Parameter book: the one that a document waits for since the run; empty where it may be each of the interface's.
  /// - Returns: where today's mapping does not have that book any more, those that it has, too.
  mutating func names(_ interface: String, run: Int, book: String) throws -> Set<String> {
    let today = Set(
      definitions.interfaces.first { $0.interface.name == interface }?.books.map(\.book.name)
        ?? definitions.books.map(\.book.name))
    guard try mappings.otherFingerprint(of: run) != nil else {
      return book.isEmpty || !today.contains(book) ? today : [book]
    }
    var then = book.isEmpty ? [] : [book]
    if book.isEmpty {
      then = try mappings.definitions(of: run)?.interface(named: interface)?.books.map(\.book.name) ?? []
    }
    var codes = try self.codes ?? BookCodes(workspace, state)
    let names = Set(try then.flatMap { try codes.names(of: $0, since: run) })
    self.codes = codes
    return book.isEmpty || names.isDisjoint(with: today) ? names.union(today) : names
  }
}

extension CompiledDefinitions {
  /// A posting's name by its code; the code where the mapping has it no more.
  func posting(_ code: String, of interface: String) -> String {
    interfaces.first { $0.interface.name == interface }?.postings.first { $0.code == code }?.name ?? code
  }

  /// Every book that an interface posts to, in order of names.
  var books: [BookDefinition] {
    var found: [String: BookDefinition] = [:]
    for book in interfaces.flatMap(\.books) { found[book.book.name] = book }
    return found.values.sorted { $0.book.name < $1.book.name }
  }
}
