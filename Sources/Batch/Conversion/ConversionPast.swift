import Findings
import Ledger
import Mapping
import Posting
import State

/// What is known of an interface's documents from before: posted by earlier runs, held by them, or posted a moment ago
/// by an earlier file of this run.
final class Past {
  let compiled: CompiledInterface
  let register: DocumentRegister
  /// For each posting of the mapping its slot in the register; `nil` where the register has not seen it.
  private let slots: [Int?]
  /// Codes of postings that the register has not seen, and for each of the mapping's postings its place among them.
  private let newCodes: [String]
  private let newSlots: [Int]
  let run: Int
  let state: StateStore
  /// By which a month is over.
  let today: Day
  /// By which the month is over of documents that are due.
  let dueDay: Day
  var held: [[UInt8]: HeldDocument] = [:]
  /// Posted documents with a posting that is made now that their month is over.
  var due: [[UInt8]: HeldDocument] = [:]
  /// Posted documents that came again with other content for a posting that is still to be made.
  var revised: Set<[UInt8]> = []
  /// What was kept of them: the new content takes its place.
  var overtakenDeferred: [HeldDocument] = []
  var overtakenKeys: Set<[UInt8]> = []
  /// The same, of documents that an earlier file of this run brought.
  var overtakenNow: Set<Piece> = []
  /// Documents of the file that was added last of which what waited is not made.
  var withdrawn: [Int] = []
  /// Whether earlier runs left documents for the end of a month, once somebody has asked.
  var deferredBefore: Bool?
  /// Documents that wait for a value of a posting that the mapping has no more, with its code; once somebody has asked.
  private var lostPending: [[UInt8]: String]?
  /// Documents of which this run takes back what was posted.
  private var correctedNow: Set<[UInt8]> = []
  /// Documents that have come void in this run.
  private(set) var voidNow: Set<[UInt8]> = []
  /// Those of which an earlier run did, once somebody has asked.
  private var corrected: Set<[UInt8]>?
  /// What this run has posted of the interface so far.
  var posted: DocumentColumns
  /// Whether any of it can be found: to ask is to take hold of all columns, for each document that is read.
  private var hasPosted = false
  /// For each part, for each of its documents, where it is in `posted`; -1 where it isn't.
  var indices: [[Int32]] = []
  /// Documents that files of this run hold: their content, and where they are.
  var heldNow: [[UInt8]: HeldNow] = [:]
  /// Documents of this run's files that are to be put together with what is held of them already: by key, in the order
  /// in which they came.
  var pieces: [[UInt8]: [Piece]] = [:]
  /// Where a later file of this run posts what was pending of a document of an earlier one: by the earlier's index.
  var successors: [Int: Int] = [:]
  /// Documents of earlier files of this run whose place a later one takes.
  var overtaken: [Piece] = []
  /// Held documents whose place the file that is being read takes, unless the whole file turns out to be rejected.
  var replaced: [HeldDocument] = []
  var replacedNow: [[UInt8]: HeldNow] = [:]
  /// Held documents that came again in the file that is being read, as they are held (`false`) or in an older version (`true`):
  /// they stay, unless the document turns out to count for nothing now.
  var metAgain: [[UInt8]: Bool] = [:]
  /// Held documents that came in an older version since, with the run that brought it: what is right, a person must say.
  var doubted: [[UInt8]: String] = [:]
  /// Those of them that earlier files of this run brought, since the last question.
  var doubtedNow: [Piece] = []
  /// Held documents that came again with other content: the new one takes their place.
  var superseded: [HeldDocument] = []
  /// Those of them that nothing takes the place of.
  var dismissed: Set<[UInt8]> = []
  /// Documents that wait under a key that the mapping does not make any more: they go on waiting.
  var underOtherKey: [[UInt8]: HeldDocument] = [:]
  /// Keys of held documents that somebody has said are right as they are.
  var accepted: Set<[UInt8]> = []
  /// Documents that a person has posted anew.
  var reposted: Set<[UInt8]> = []
  /// Documents of a voucher that this run voids.
  var voided: [[UInt8]] = []
  /// What the files of this run say of vouchers; and what those of other interfaces said.
  var answered: [VoucherName: VoucherStanding] = [:]
  var answeredBefore: [VoucherName: VoucherStanding] = [:]
  /// What the mapping was when documents were posted.
  var mappings: EarlierMappings
  /// The register or the archive could not be read: whoever called must not go on.
  var failure: (any Error)?
  /// Whether the file at hand has documents that were posted elsewhere.
  var isAdopting = false
  /// Where the documents come from that are asked for.
  var source = Source.file

  enum Source {
    case file
    /// The held ones themselves.
    case held
    /// Posted ones that wait for the end of their month.
    case deferred
    /// Posted ones that a person has posted anew.
    case reposted
  }

  init(
    _ compiled: CompiledInterface, state: StateStore, run: Int, today: Day, gathered: Period?,
    mappings: EarlierMappings
  ) throws(StateError) {
    self.compiled = compiled
    self.mappings = mappings
    self.state = state
    self.today = today
    let days = compiled.gatherDays
    let asked = gathered.map { Int($0.lastDay.number) }
    dueDay = asked.map { max(today, Day(number: Int32($0 + (days?.upperBound ?? 0)))) } ?? today
    self.run = run
    register = try state.register(of: compiled.interface.name)
    let known = register.postings
    slots = compiled.postings.map { known.firstIndex(of: $0.code) }
    var codes: [String] = []
    newSlots = compiled.postings.map { posting in
      if known.contains(posting.code) { return 0 }
      if let place = codes.firstIndex(of: posting.code) { return place }
      codes.append(posting.code)
      return codes.count - 1
    }
    newCodes = codes
    for document in try state.heldDocuments(of: compiled.interface.name) {
      held[document.key] = document
      if document.acceptance != nil { accepted.insert(document.key) }
      doubted[document.key] = document.runThatBroughtOlder
    }
    for document in try state.deferredDocuments(
      of: compiled.interface.name, endedBy: max(Int(today.number) - (days?.lowerBound ?? 0), asked ?? .min))
    where document.causes.allSatisfy({ cause in compiled.postings.contains { $0.code == cause.code } }) {
      due[document.key] = document
    }
    posted = DocumentColumns(postings: register.postings.count + newCodes.count)
    // What a document waits for beside must be known still when it is posted on.
    for key in due.keys where try lostPendingPosting(of: key) != nil { due[key] = nil }
  }

  /// Codes of the register's slots: those it has, then what this mapping adds.
  var slotCodes: [String] {
    register.postings + newCodes
  }

  /// A posting has one slot whatever the book: a document goes to one of them.
  func slot(of posting: Int) -> Int { slots[posting] ?? register.postings.count + newSlots[posting] }

  var heldDocuments: [HeldDocument] {
    held.values.sorted { $0.key.lexicographicallyPrecedes($1.key) }
  }

  /// Those for which the month is over, by the shortest of the books' `gather_days`.
  var dueDocuments: [HeldDocument] { due.values.sorted { $0.key.lexicographicallyPrecedes($1.key) } }

  // MARK: - Questions

  func prior(
    _ key: ArraySlice<UInt8>, _ hashes: ArraySlice<ContentHash>, _ pending: UInt32, _ day: Day
  ) -> Prior {
    // A voucher is no document: what is known of it is asked for elsewhere.
    if compiled.interface.acknowledge != nil { return .unknown }
    if source == .deferred { return duePrior(key) }
    if source == .reposted { return repostedPrior(key, pending, day) }
    let earlier = postedPrior(key, hashes, pending, day)
    if source == .held || (held.isEmpty && heldNow.isEmpty) { return earlier }
    return heldPrior(Array(key), Self.bytes(of: hashes), earlier)
  }

  private func postedPrior(
    _ key: ArraySlice<UInt8>, _ hashes: ArraySlice<ContentHash>, _ pending: UInt32, _ day: Day
  ) -> Prior {
    do throws(StateError) {
      if hasPosted, let index = key.withSpan({ posted.find($0) }) {
        let now = compare(key, hashes, pending, day, run: run, year: posted.origin(of: index).year) {
          // What this run posts has no number yet; what it leaves as it was has.
          let isInVoucher = posted.voucher(posting: slot(of: $0), of: index) != 0
          return posted.hash(posting: slot(of: $0), of: index).map { ($0, isInVoucher) }
        }
        switch now {
        case .repeated: return .laterVersion(run: run, isEqual: true)
        case .changed: return .laterVersion(run: run, isEqual: false)
        case .partly where correctedNow.contains(Array(key)): return .laterVersion(run: run, isEqual: false)
        case .partly(let run, let done, _):
          return try reverted(key, hashes, pending, now) ?? .partly(run: run, done: done, isOfThisRun: true)
        default: return try reverted(key, hashes, pending, now) ?? now
        }
      }
      guard let document = try find(key) else { return .unknown }
      // One of which nothing is posted is posted as a new one.
      let asBefore = document.isPosted ? AsBefore(self, key, hashes, document) : nil
      let now = compare(
        key, hashes, pending, day, run: document.run, year: document.year, asBefore: asBefore
      ) { posting in
        slots[posting].flatMap { slot in
          document.hash(posting: slot).map { ($0, document.voucher(posting: slot) != nil) }
        }
      }
      return try reverted(key, hashes, pending, now) ?? now
    } catch {
      failure = failure ?? error
      return .unknown
    }
  }

  /// The code of a posting for whose value the document waits, where the mapping has it no more.
  func lostPendingPosting(of key: [UInt8]) throws(StateError) -> String? {
    if let known = lostPending { return known[key] }
    var found: [[UInt8]: String] = [:]
    for document in try state.unposted(of: compiled.interface.name) where document.kind == .pending {
      found[document.key] =
        document.causes.first { cause in !compiled.postings.contains { $0.code == cause.code } }?.code
    }
    lostPending = found
    return found[key]
  }

  /// Keys of the documents of which something was taken back before.
  func correctedBefore() throws(StateError) -> Set<[UInt8]> {
    if let corrected { return corrected }
    let keys = try state.correctedKeys(of: compiled.interface.name)
    corrected = keys
    return keys
  }

  func find(_ key: ArraySlice<UInt8>) throws(StateError) -> PostedDocument? {
    let outcome: Result<PostedDocument?, StateError> = key.withSpan { span in
      do throws(StateError) { return .success(try register.find(span)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// Judged posting by posting: equal where both are posted, waiting where the earlier one was pending, and where it was
  /// to be made at the end of a month and has not been.
  /// - Parameter old: what was posted, and whether it is in a voucher.
  private func compare(
    _ key: ArraySlice<UInt8>, _ hashes: ArraySlice<ContentHash>, _ pending: UInt32, _ day: Day, run: Int,
    year: Int, asBefore: AsBefore? = nil, old: (Int) -> (hash: UInt128, isInVoucher: Bool)?
  ) -> Prior {
    let now = compiled.fiscalYear(of: day)
    var (done, back): (UInt32, UInt32) = (0, 0)
    var waiting = false
    // Equal, and still to be made: where the document is kept anew, so are these.
    var kept: UInt32 = 0
    for posting in compiled.postings.indices {
      let bit = UInt32(1) << UInt32(posting)
      let isPending = pending & bit != 0
      guard let old = old(posting) else {
        if !isPending, let asBefore, asBefore.isNew(posting) {
          if asBefore.mayBeChanged(posting) { back |= bit } else { done |= bit }
        } else {
          waiting = waiting || !isPending
        }
        continue
      }
      if year != now { return .otherYear(posted: year, now: now) }
      let isToBeMade = !old.isInVoucher && isStillToBeMade(posting, key, day)
      let isEqual = old.hash == hashes[hashes.startIndex + posting].number
      let isAsItWas = isEqual || (!isToBeMade && asBefore?.isUnchanged(posting) == true)
      if isAdopting, isToBeMade, !isPending {
        // What was to be made is made elsewhere, and is not made here.
        revised.insert(Array(key))
        waiting = true
      } else if isAsItWas, !isPending || !isToBeMade {
        done |= bit
        if isToBeMade { kept |= bit }
      } else if isToBeMade, !isPending {
        revised.insert(Array(key))
        waiting = true
      } else {
        back |= bit
        if isToBeMade { revised.insert(Array(key)) }
      }
    }
    if year != now { return .otherYear(posted: year, now: now) }
    if waiting || back != 0, kept != 0 { revised.insert(Array(key)) }
    if back != 0 { return .changed(run: run, done: done & ~kept, back: back) }
    return waiting ? .partly(run: run, done: done & ~kept) : .repeated(run: run)
  }

  // MARK: - What this run adds

  /// Takes note of a file's documents, once all verdicts of the file are final.
  func add(_ file: ConvertedFile, part: Int) {
    let store = file.posted.store
    addAnswers(of: file)
    precondition(part == indices.count, "Parts are added in their order")
    let incomplete = compiled.interface.document.complete == nil ? [] : file.incompleteDocuments
    settleMet(store, stopped: file.stop != nil)
    let mayStay = !(replaced.isEmpty && replacedNow.isEmpty)
    settleReplaced(stopped: file.stop != nil, pieces: mayStay ? Self.pieces(of: store, incomplete) : [])
    let reverted = file.documents(with: .documentReverted)
    indices.append(Array(repeating: -1, count: store.documents.count))
    posted.reserve(store.documents.count, keys: store.keys.count)
    var firstRecord = 0
    withdrawn = []
    for (index, document) in store.documents.enumerated() {
      let records = firstRecord..<firstRecord + Int(document.records)
      firstRecord = records.upperBound
      if document.nameless { continue }
      if document.takesBack { correctedNow.insert(Array(store.key(index))) }
      if document.isVoid, document.verdict == .ignored { voidNow.insert(Array(store.key(index))) }
      if document.isWithdrawn, document.takenBack == 0, file.stop == nil,
        counts(document, Array(store.key(index))),
        withdraw(Array(store.key(index)))
      {
        withdrawn.append(index)
      }
      // What left hold is no longer there to be superseded.
      if source == .held, document.verdict != .held { held[Array(store.key(index))] = nil }
      switch document.verdict {
      case .posted where compiled.interface.acknowledge != nil: break
      case .posted:
        if !revised.isEmpty, source != .deferred, revised.contains(Array(store.key(index))) {
          overtakeDeferred(Array(store.key(index)))
        }
        indices[part][index] = Int32(addPosted(document, index, store, sequence: file.posted.sequence))
        if compiled.interface.document.complete != nil {
          addRecords(
            of: document, store.key(index), store.recordHashes[records], sequence: file.posted.sequence)
        }
      case .held where source == .file:
        let now = HeldNow(
          content: Self.bytes(of: store.hashes(index)), day: document.day,
          piece: Piece(part: part, document: index),
          isIncomplete: incomplete.contains(index), isReverted: reverted.contains(index),
          isWithdrawn: document.isWithdrawn, isNotApproved: document.isNotApproved)
        hold(now, Array(store.key(index)))
      case .ignored where document.isAdopted:
        if revised.contains(Array(store.key(index))) { overtakeDeferred(Array(store.key(index))) }
        indices[part][index] = Int32(addPosted(document, index, store, sequence: file.posted.sequence))
      case .ignored where document.takenBack != 0:
        addTakenBack(document, index, store, part: part, sequence: file.posted.sequence)
      case .repeated, .ignored, .rejected, .held: break
      }
    }
    settlePosted()
  }

  /// Whether a document's version counts: what is held of it, or sent back, changes nothing.
  private func counts(_ document: Document, _ key: [UInt8]) -> Bool {
    guard document.verdict != .held, document.verdict != .rejected else { return false }
    return source == .held || (source == .file && held[key] == nil && heldNow[key] == nil)
  }

  /// What was posted so far can be found from now on.
  func settlePosted() {
    posted.settle()
    hasPosted = posted.count > 0
  }

  /// What this run has posted is sealed, and nobody asks for it any more.
  func forgetPosted() { posted = DocumentColumns(postings: posted.postings) }

  /// - Returns: where it is in `posted`.
  private func addPosted(_ document: Document, _ index: Int, _ store: DocumentStore, sequence: Int) -> Int {
    let key = store.key(index)
    let earlier = document.done == 0 ? nil : key.withSpan { posted.find($0) }
    let new = key.withSpan {
      posted.append(
        key: $0, run: run, file: sequence, row: Int(document.firstRow),
        year: compiled.fiscalYear(of: document.day), day: Int(document.day.number))
    }
    if let earlier { successors[earlier] = new }
    let before = document.done == 0 ? nil : known(key)
    for posting in compiled.postings.indices {
      let bit = UInt32(1) << UInt32(posting)
      guard document.pending & bit == 0 || document.done & bit != 0 else { continue }
      let slot = slot(of: posting)
      var voucher = slots[posting].flatMap { before?.voucher(posting: $0) }
      // What this run leaves alone may wait as it did: for a value, or for an export after its voucher was voided, by this run, too.
      if source == .deferred, document.done & bit != 0 {
        if let earlier { voucher = posted.voucher(posting: slot, of: earlier) }
        let hash = earlier.map { posted.hash(posting: slot, of: $0) } ?? before?.hash(posting: slot)
        if hash == nil { continue }
      }
      posted.set(
        hash: store.hashes(index)[index * store.postings + posting].number, posting: slot, of: new)
      if document.done & bit != 0, let voucher, voucher != 0 {
        posted.set(voucher: voucher, posting: slot, of: new)
      } else if document.isAdopted {
        posted.set(voucher: PostedDocument.elsewhere, posting: slot, of: new)
      }
    }
    return new
  }
}
