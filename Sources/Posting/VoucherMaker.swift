public import Ledger
public import Mapping

/// Everything of one file that can become vouchers.
public struct PostedFile: Sendable {
  /// The file's place in the run, which orders documents of one day.
  public var sequence: Int
  /// As people know it.
  public var name: String
  public var store: DocumentStore
  public var drafts: EntryDrafts
  /// What is made when the month is over, as it would be today.
  public var rehearsed: EntryDrafts

  public init(
    sequence: Int, name: String, store: DocumentStore, drafts: EntryDrafts,
    rehearsed: EntryDrafts = EntryDrafts()
  ) {
    self.rehearsed = rehearsed
    self.sequence = sequence
    self.name = name
    self.store = store
    self.drafts = drafts
  }
}

/// The vouchers of one interface in a run, and which documents they come from.
public struct VoucherSet: Sendable {
  public var batch = VoucherBatch()
  /// For each voucher where its drafts end, which begin where those of the one before do.
  private var ends: [Int32] = []
  public internal(set) var drafts: [DraftReference] = []
  /// Drafts whose entries are all zero: posted without a voucher.
  public internal(set) var withoutVoucher: [DraftReference] = []

  public init() {}
}

extension VoucherSet {
  /// Indices of a posting's vouchers, in order: postings come one after another.
  public func vouchers(ofPosting posting: Int) -> [Int] {
    batch.vouchers.indices.filter { batch.vouchers[$0].posting == posting }
  }

  public func drafts(ofVoucher voucher: Int) -> ArraySlice<DraftReference> {
    drafts[(voucher == 0 ? 0 : Int(ends[voucher - 1]))..<Int(ends[voucher])]
  }

  /// Notes the drafts of the voucher that was added to the batch.
  mutating func append(_ origins: ArraySlice<DraftReference>) {
    drafts.append(contentsOf: origins)
    ends.append(Int32(drafts.count))
  }

  /// Makes room for vouchers that are going to come, of so many drafts.
  mutating func reserve(_ vouchers: Int, drafts count: Int) {
    ends.reserveCapacity(vouchers)
    drafts.reserveCapacity(count)
  }

  /// Takes in the vouchers of the same files that come behind these.
  public mutating func append(_ next: VoucherSet) {
    batch.append(next.batch)
    let before = Int32(drafts.count)
    drafts += next.drafts
    ends += next.ends.map { before + $0 }
    withoutVoucher += next.withoutVoucher
  }
}

/// A draft of one of the run's files.
public struct DraftReference: Sendable, Hashable {
  /// Index into the files, and into the file's drafts.
  public var file: Int32
  public var draft: Int32
}

/// Puts the drafts of posted documents into vouchers: one a document, or one a group of documents over all files of the
/// run, in order of date, then group key or first record.
public struct VoucherMaker: Sendable {
  let rules: [PostingRule]
  private let dimensions: Dimensions
  let groups: [Codes]
  let entriesMax: Int?
  let attachmentsMax: Int?
  /// For each book, for each account whether its red entries go to the other side; empty where none do.
  private let swapped: [[Bool]]
  private let listsDocuments: Bool

  /// - Parameters:
  ///   - entriesMax: a voucher of several documents that is longer is cut between two of them.
  ///   - attachmentsMax: the same of one with more papers.
  ///   - books: which swap sides or not.
  ///   - listsDocuments: whether somebody wants to know each voucher's source documents.
  public init(
    _ rules: [PostingRule], dimensions: Dimensions, groups: [Codes], books: [Book] = [],
    entriesMax: Int? = nil, attachmentsMax: Int? = nil, listsDocuments: Bool = false
  ) {
    swapped =
      books.contains(where: \.swapsSides)
      ? books.map { book in book.chart.accounts.map { book.swapsSides && $0.mayBeSwapped } } : []
    self.entriesMax = entriesMax
    self.attachmentsMax = attachmentsMax
    self.listsDocuments = listsDocuments
    self.rules = rules
    self.dimensions = dimensions
    self.groups = groups
  }

  /// - Parameters:
  ///   - files: in order of the run; only documents whose verdict is `posted` count.
  ///   - firstPosting: the number of the interface's first posting among the run's.
  /// - Throws: `Imbalance`, which means that a draft that did not balance got past its own proof.
  public func vouchers(of files: [PostedFile], firstPosting: Int) throws(Imbalance) -> VoucherSet {
    let plan = plan(files)
    return try vouchers(of: files, plan, 0..<plan.count, firstPosting: firstPosting)
  }

  /// Some of a plan's vouchers. Of sets that are made beside one another one takes in the others, in the plan's order.
  public func vouchers(
    of files: [PostedFile], _ plan: VoucherPlan, _ planned: Range<Int>, firstPosting: Int
  ) throws(Imbalance) -> VoucherSet {
    var set = VoucherSet()
    set.batch = VoucherBatch(
      drafts: files.map {
        VoucherDrafts(entries: $0.drafts.entries, memos: $0.drafts.memos, keys: $0.store.keys)
      })
    // For those that it takes in as well: to move what is there would take as much room again.
    set.batch.reserve(plan.count)
    set.reserve(plan.count, drafts: plan.draftCount)
    var merging = Merging()
    for voucher in planned {
      try add(
        plan.drafts(ofVoucher: voucher), firstPosting + plan.posting(ofVoucher: voucher),
        firstPosting: firstPosting, files, &merging, to: &set)
    }
    return set
  }

  private func add(
    _ drafts: ArraySlice<DraftReference>, _ posting: Int, firstPosting: Int, _ files: [PostedFile],
    _ merging: inout Merging, to set: inout VoucherSet
  ) throws(Imbalance) {
    // A document of zeros stands behind no voucher, so its papers are not counted there either.
    var group = drafts
    if drafts.contains(where: { files.isZero($0) }) {
      set.withoutVoucher.append(contentsOf: drafts.filter { files.isZero($0) })
      group = drafts.filter { !files.isZero($0) }[...]
    }
    guard let first = group.first else { return }
    // A file is many arrays: to take hold of it for each of its vouchers is to count references to them all.
    let file = Int(first.file)
    let draft = files[first]
    if group.count == 1, swapped.isEmpty, let order = order(of: draft, of: file, files) {
      let key = files[file].store.documents[Int(draft.document)].key
      let isPlain = !key.contains { files[file].store.keys[$0] == DocumentGatherer.keySeparator }
      try set.batch.append(
        posting: Int32(posting), date: draft.day,
        texts: isPlain
          ? .drafted(memo: draft.memo, key: key)
          : .given(memo: files[file].drafts.memos[draft.memo], source: source(of: group, files)),
        attachments: draft.attachments, drafted: draft.entries, order: order, list: file,
        documents: listsDocuments ? group.map { document($0, files) } : [], reverses: draft.reverses)
      return set.append(group)
    }
    merging.removeAll()
    if group.count == 1 {
      merging.take(draft.entries, of: files[file].drafts.entries)
    } else {
      add(group, files, to: &merging)
    }
    merging.dropZeros()
    guard !merging.entries.isEmpty else {
      set.withoutVoucher.append(contentsOf: group)
      return
    }
    merging.sort(dimensions)
    if !swapped.isEmpty { merging.swapReds(swapped[rules[posting - firstPosting].book]) }
    try set.batch.append(
      posting: Int32(posting), date: draft.day, memo: files[file].drafts.memos[draft.memo],
      source: source(of: group, files), attachments: group.reduce(0) { $0 &+ files[$1].attachments },
      entries: merging.entries,
      documents: listsDocuments ? group.map { document($0, files) } : [], reverses: draft.reverses)
    set.append(group)
  }

  /// In which order a voucher has the draft's entries, as the batch takes it; `nil` where it has not just these, or they
  /// are too many.
  private func order(of draft: Draft, of file: Int, _ files: [PostedFile]) -> UInt64? {
    let entries = draft.entries
    guard entries.count <= VoucherBatch.mostOrdered else { return nil }
    var order: UInt64 = 0
    var isInOrder = true
    for index in entries {
      let entry = files[file].drafts.entries[index]
      if entry.amount == 0 { return nil }
      // Insertion, as `Merging.sort` does it: most are in order already.
      let place = UInt64(index - entries.lowerBound)
      var at = place
      while at > 0,
        dimensions.entryPrecedes(
          entry,
          files[file].drafts.entries[entries.lowerBound + Int(order >> (4 * (at - 1)) & 15)])
      {
        at -= 1
      }
      let below = UInt64(1) << (4 * at) - 1
      order = order & below | (order & ~below) << 4 | place << (4 * at)
      isInOrder = isInOrder && at == place
    }
    return isInOrder ? 0 : order
  }

  private func document(_ reference: DraftReference, _ files: [PostedFile]) -> SourceDocument {
    let content = files[Int(reference.file)]
    let draft = files[reference]
    let document = content.store.documents[Int(draft.document)]
    return SourceDocument(
      key: content.store.key(Int(draft.document)).map { $0 == DocumentGatherer.keySeparator ? 0x2F : $0 },
      date: document.day, file: content.name, line: Int(document.firstLine), rows: Int(document.records),
      amount: content.drafts.entries[draft.entries].reduce(0) { $0 + ($1.side == .debit ? $1.amount : 0) })
  }

  /// A group's entries added up: a document whose total for a rule is red never nets one whose total is not.
  func add(_ group: ArraySlice<DraftReference>, _ files: [PostedFile], to merging: inout Merging) {
    for reference in group {
      let file = Int(reference.file)
      let draft = files[reference]
      for index in draft.entries {
        let entry = files[file].drafts.entries[index]
        // A sum too large for an entry is written as two entries rather than wrong.
        let red = files[file].drafts.totals[draft.totals + Int(entry.rule)] < 0
        if !merging.add(entry, red: red) { merging.append(entry, red: red) }
      }
    }
  }

  /// The document's key; of several documents the first three in order of their bytes, and how many there are, so that
  /// it doesn't depend on the order of files: `A, B, C … (12)`.
  private func source(of group: ArraySlice<DraftReference>, _ files: [PostedFile]) -> ArraySlice<UInt8> {
    func key(_ reference: DraftReference) -> ArraySlice<UInt8> {
      let key = files[Int(reference.file)].store.key(Int(files[reference].document))
      return key.contains(DocumentGatherer.keySeparator)
        ? key.map { $0 == DocumentGatherer.keySeparator ? 0x2F : $0 }[...] : key
    }
    guard group.count > 1 else { return group.first.map(key) ?? [] }
    var first: [ArraySlice<UInt8>] = []
    for key in group.lazy.map(key) {
      let place = first.firstIndex { key.lexicographicallyPrecedes($0) } ?? first.count
      guard place < 3 else { continue }
      if first.count == 3 { first.removeLast() }
      first.insert(key, at: place)
    }
    let shown = Array(first.joined(separator: Array(", ".utf8)))
    return (group.count > 3 ? shown + Array(" … (\(group.count))".utf8) : shown)[...]
  }
}

extension Dimensions {
  /// The order of a voucher's entries: by rule, account code, and the texts of dimensions, split and unit, whatever the
  /// order of files. Accounts are numbered in order of their codes.
  func entryPrecedes(_ a: Entry, _ b: Entry) -> Bool {
    if a.rule != b.rule { return a.rule < b.rule }
    if a.account != b.account { return a.account < b.account }
    if a.dimensions != b.dimensions { return precedes(a.dimensions, b.dimensions) }
    if a.detail != b.detail { return detailPrecedes(a.detail, b.detail) }
    if a.unit != b.unit { return codes.precedes(a.unit, b.unit) }
    return a.amount > b.amount
  }
}

extension [PostedFile] {
  /// The draft that a reference means.
  public subscript(_ reference: DraftReference) -> Draft {
    self[Int(reference.file)].drafts.drafts[Int(reference.draft)]
  }

  fileprivate func isZero(_ reference: DraftReference) -> Bool {
    self[Int(reference.file)].drafts.isNothing(self[reference])
  }
}
