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
  mutating func reserve(_ vouchers: Int) {
    ends.reserveCapacity(vouchers)
    drafts.reserveCapacity(vouchers)
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
public struct VoucherMaker {
  private let rules: [PostingRule]
  private let dimensions: Dimensions
  private let groups: [Codes]
  private let entriesMax: Int?
  private let attachmentsMax: Int?
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
    var set = VoucherSet()
    set.batch = VoucherBatch(
      drafts: files.map {
        VoucherDrafts(entries: $0.drafts.entries, memos: $0.drafts.memos, keys: $0.store.keys)
      })
    let drafts = files.reduce(0) { $0 + $1.drafts.drafts.count }
    set.batch.reserve(drafts)
    set.reserve(drafts)
    var merging = Merging()
    for posting in rules.indices {
      let references = references(to: posting, in: files)
      let reds = reds(of: posting, in: files)
      if !reds.isEmpty {
        let blacks =
          rules[posting].grouping == .document
          ? references.indices.map { references[$0...$0] }
          : grouped(references, posting, files).flatMap { split($0, files, &merging) }
        // Of one day, what is taken back comes before what is posted anew.
        for group in (reds + blacks).map({ (day: files[$0[$0.startIndex]].day, drafts: $0) }).enumerated()
          .sorted(by: { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) })
        {
          try add(
            group.element.drafts, firstPosting + posting, firstPosting: firstPosting, files, &merging,
            to: &set)
        }
      } else if rules[posting].grouping == .document {
        for index in references.indices {
          try add(
            references[index...index], firstPosting + posting, firstPosting: firstPosting, files, &merging,
            to: &set)
        }
      } else {
        for group in grouped(references, posting, files) {
          for part in split(group, files, &merging) {
            try add(part, firstPosting + posting, firstPosting: firstPosting, files, &merging, to: &set)
          }
        }
      }
    }
    return set
  }

  /// The posting's drafts in order of date; of one date, in order of files and rows.
  private func references(to posting: Int, in files: [PostedFile]) -> [DraftReference] {
    var keyed: [(day: Int32, reference: DraftReference)] = []
    for (file, content) in files.enumerated() {
      for (index, draft) in content.drafts.drafts.enumerated()
      where draft.posting == posting && draft.reverses == 0
        && content.store.documents[Int(draft.document)].verdict == .posted
      {
        keyed.append((draft.day.number, DraftReference(file: Int32(file), draft: Int32(index))))
      }
    }
    let ascending = zip(keyed, keyed.dropFirst()).allSatisfy { $0.day <= $1.day }
    if !ascending {
      keyed.sort {
        ($0.day, $0.reference.file, $0.reference.draft) < ($1.day, $1.reference.file, $1.reference.draft)
      }
    }
    return keyed.map(\.reference)
  }

  /// The drafts that take back what is posted, those of one voucher together, in order of date, then voucher.
  private func reds(of posting: Int, in files: [PostedFile]) -> [ArraySlice<DraftReference>] {
    var groups: [Int64: [DraftReference]] = [:]
    for (file, content) in files.enumerated() {
      for (index, draft) in content.drafts.drafts.enumerated() where draft.reverses != 0 {
        guard draft.posting == posting, content.store.documents[Int(draft.document)].takesBack else {
          continue
        }
        groups[draft.reverses, default: []].append(
          DraftReference(file: Int32(file), draft: Int32(index)))
      }
    }
    return groups.sorted { (files[$0.value[0]].day, $0.key) < (files[$1.value[0]].day, $1.key) }
      .map { $0.value[...] }
  }

  private func grouped(
    _ references: [DraftReference], _ posting: Int, _ files: [PostedFile]
  ) -> [[DraftReference]] {
    let codes = groups[posting]
    var members = Array(repeating: [DraftReference](), count: codes.count)
    for reference in references {
      members[Int(files[Int(reference.file)].drafts.drafts[Int(reference.draft)].group)].append(reference)
    }
    // A group's key begins with its date, so the order of keys is the order of dates.
    let groups = (0..<Int32(codes.count)).filter { !members[Int($0)].isEmpty }.sorted {
      codes.precedes($0, $1)
    }
    .map { members[Int($0)] }
    guard rules[posting].grouping == .file else { return groups }
    // Drafts are in order of their files.
    return groups.flatMap { group in
      group.indices.filter { $0 == 0 || group[$0].file != group[$0 - 1].file }.map { start in
        Array(group[start...].prefix { $0.file == group[start].file })
      }
    }
  }

  /// A group's parts that each fit into a voucher, unless a document alone is too long.
  private func split(
    _ group: [DraftReference], _ files: [PostedFile], _ merging: inout Merging
  ) -> [ArraySlice<DraftReference>] {
    guard entriesMax != nil || attachmentsMax != nil else { return [group[...]] }
    var parts: [ArraySlice<DraftReference>] = []
    var start = 0
    var papers = 0
    merging.removeAll()
    for index in group.indices {
      papers += Int(files[group[index]].attachments)
      add(group[index...index], files, to: &merging)
      let isTooLong =
        entriesMax.map { most in
          merging.entries.count > most && merging.entries.count(where: { $0.amount != 0 }) > most
        } ?? false
      guard index > start, isTooLong || papers > attachmentsMax ?? .max else { continue }
      parts.append(group[start..<index])
      start = index
      papers = Int(files[group[index]].attachments)
      merging.removeAll()
      add(group[index...index], files, to: &merging)
    }
    return parts + [group[start...]]
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
    let whole = files[file].store.key(Int(draft.document))
    let key = whole.contains(DocumentGatherer.keySeparator) ? nil : whole
    if group.count == 1, swapped.isEmpty, let order = order(of: draft, in: files[file].drafts.entries) {
      try set.batch.append(
        posting: Int32(posting), date: draft.day, memo: files[file].drafts.memos[draft.memo],
        source: key ?? source(of: group, files), attachments: draft.attachments, drafted: draft.entries,
        order: order,
        list: file, hasTexts: key != nil, documents: listsDocuments ? group.map { document($0, files) } : [],
        reverses: draft.reverses)
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
  private func order(of draft: Draft, in all: EntryList) -> UInt64? {
    let entries = draft.entries
    guard entries.count <= VoucherBatch.mostOrdered else { return nil }
    var order: UInt64 = 0
    var isInOrder = true
    for index in entries {
      let entry = all[index]
      if entry.amount == 0 { return nil }
      // Insertion, as `Merging.sort` does it: most are in order already.
      let place = UInt64(index - entries.lowerBound)
      var at = place
      while at > 0,
        dimensions.entryPrecedes(
          entry, all[entries.lowerBound + Int(order >> (4 * (at - 1)) & 15)])
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
  private func add(_ group: ArraySlice<DraftReference>, _ files: [PostedFile], to merging: inout Merging) {
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
    var keys = group.map(key)
    keys.sort { $0.lexicographicallyPrecedes($1) }
    let shown = Array(keys.prefix(3).joined(separator: Array(", ".utf8)))
    return (keys.count > 3 ? shown + Array(" … (\(keys.count))".utf8) : shown)[...]
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
