public import Expressions
import Findings
public import Ledger
public import Mapping
public import Readers

/// Makes entries of documents by an interface's postings: evaluated by record, added up by document.
public struct EntryMaker {
  private let postings: [PostingRule]
  private let books: [Book]
  /// For each book the largest tail difference (尾差) that a document may have, at `Entry.amountScale`.
  private let tailLimits: [Int64]
  /// For each book, for each account the dimensions that an entry there must have.
  private let required: [[[Int32]]]
  /// For each book whether any account has such.
  private let requires: [Bool]
  /// For each posting the rule that takes tail differences.
  private let absorbing: [Int?]
  private var lines: [[RuleLines]]
  private var codes: DimensionCodes
  private var merging = Merging()
  private var badRate = false
  private var badCurrency: String?
  private var badAccount: String?
  private var text: [UInt8] = []
  /// What the postings would be that are made when the month is over: they may break a format's contract as any.
  public private(set) var rehearsed = EntryDrafts()

  /// - Parameter books: each with what an `absorb:` rule may take there, in units of `Entry.amountScale`.
  public init(
    _ postings: [PostingRule], books: [(book: Book, tailLimit: Int64)], dimensions: inout Dimensions
  ) {
    self.postings = postings
    self.books = books.map(\.book)
    tailLimits = books.map(\.tailLimit)
    absorbing = postings.map { $0.entries.firstIndex(where: \.absorbs) }
    codes = DimensionCodes(postings)
    lines = []
    var required: [[[Int32]]] = []
    for (book, _) in books {
      var ofBook: [[Int32]] = []
      for account in book.chart.accounts {
        var indices: [Int32] = []
        for name in account.required { indices.append(dimensions.dimension(named: name)) }
        ofBook.append(indices)
      }
      required.append(ofBook)
    }
    self.required = required
    requires = required.map { $0.contains { !$0.isEmpty } }
    for posting in postings {
      var rules: [RuleLines] = []
      for (index, rule) in posting.entries.enumerated() {
        rules.append(
          RuleLines(
            rule, index: index, book: self.books[posting.book], codes: codes, dimensions: &dimensions))
      }
      lines.append(rules)
    }
  }

  /// Posts those documents of a batch that nothing speaks against. A document whose entries don't balance is rejected,
  /// one that lacks a dimension which the chart requires is held: then none of its postings is kept.
  /// - Parameters:
  ///   - ranges: for each of the store's last documents its records in the batch.
  ///   - groups: for each posting the keys of its groups of documents.
  public mutating func post(
    _ ranges: [Range<Int>], of gatherer: inout DocumentGatherer, _ evaluation: Evaluation,
    _ batch: RecordBatch,
    _ dimensions: inout Dimensions, groups: inout [Codes], into drafts: inout EntryDrafts
  ) {
    codes.forget()
    for posting in lines.indices {
      for rule in lines[posting].indices { lines[posting][rule].run(evaluation, batch, &codes, &dimensions) }
    }
    let first = gatherer.store.documents.count - ranges.count
    for (offset, records) in ranges.enumerated() {
      let index = first + offset
      guard gatherer.store.documents[index].verdict == .posted else { continue }
      let (mark, rehearsedMark) = (drafts.mark, rehearsed.mark)
      var worst = Severity.note
      for posting in postings.indices {
        let document = gatherer.store.documents[index]
        let bit = UInt32(1) << UInt32(posting)
        guard document.pending & bit == 0 else { continue }
        guard document.done & bit == 0 else {
          if let when = postings[posting].inputs.when,
            !records.contains(where: { evaluation.isTrue(when, $0) })
          {
            gatherer.store.documents[index].skipped |= bit
          }
          continue
        }
        // What is made when the month is over is proven now, while there is time to mend it.
        let severity =
          document.deferred & bit == 0
          ? post(index, posting, records, &gatherer, evaluation, batch, dimensions, &groups, &drafts)
          : rehearse(index, posting, records, &gatherer, evaluation, batch, dimensions, &groups)
        worst = max(worst, severity)
      }
      if worst >= .hold {
        drafts.drop(since: mark)
        rehearsed.drop(since: rehearsedMark)
        gatherer.store.documents[index].verdict = worst >= .reject ? .rejected : .held
      }
    }
  }

  /// What a posting's rules make of a document's records in the batch that was posted last, before anything is added up.
  public func lines(
    ofPosting posting: Int, _ records: Range<Int>, _ evaluation: Evaluation
  ) -> [(rule: Int, record: Int, line: Entry)] {
    let rules = postings[posting]
    let counted = records.filter { record in
      rules.inputs.when.map { evaluation.isTrue($0, record) } ?? true
    }
    return rules.entries.indices.flatMap { rule in
      (rules.entries[rule].ofDocument ? Array(counted.prefix(1)) : counted).map {
        (rule, $0, lines[posting][rule].lines[$0])
      }
    }
  }

  private mutating func rehearse(
    _ document: Int, _ posting: Int, _ records: Range<Int>, _ gatherer: inout DocumentGatherer,
    _ evaluation: Evaluation, _ batch: RecordBatch, _ dimensions: Dimensions, _ groups: inout [Codes]
  ) -> Severity {
    var drafts = EntryDrafts()
    swap(&drafts, &rehearsed)
    defer { swap(&drafts, &rehearsed) }
    return post(document, posting, records, &gatherer, evaluation, batch, dimensions, &groups, &drafts)
  }

  private mutating func post(
    _ document: Int, _ posting: Int, _ records: Range<Int>, _ gatherer: inout DocumentGatherer,
    _ evaluation: Evaluation, _ batch: RecordBatch, _ dimensions: Dimensions, _ groups: inout [Codes],
    _ drafts: inout EntryDrafts
  ) -> Severity {
    merging.removeAll()
    let totals = drafts.totals.count
    var first: Int?
    badRate = false
    (badCurrency, badAccount) = (nil, nil)
    for index in lines[posting].indices {
      guard let sum = add(posting, index, records, evaluation, first: &first) else {
        gatherer.report(.numberOutOfRange, .reject, document, [postings[posting].name])
        return .reject
      }
      drafts.totals.append(sum)
    }
    guard let first else {
      drafts.totals.truncate(to: totals)
      gatherer.store.documents[document].skipped |= 1 << UInt32(posting)
      return .note
    }
    if badRate {
      drafts.totals.truncate(to: totals)
      gatherer.report(.rateNotPositive, .reject, document, [postings[posting].name])
      return .reject
    }
    if let badCurrency {
      drafts.totals.truncate(to: totals)
      gatherer.report(.currencyUnknown, .reject, document, [badCurrency])
      return .reject
    }
    if let badAccount {
      drafts.totals.truncate(to: totals)
      gatherer.report(
        .accountUnknownInTable, .reject, document, [badAccount, books[postings[posting].book].name])
      return .reject
    }
    let absorbed = absorb(posting, records, evaluation)
    let severity = proof(document, posting, &gatherer, dimensions)
    guard severity < .hold else { return severity }
    let start = drafts.entries.count
    drafts.entries.append(contentsOf: merging.entries)
    let memoStart = drafts.memos.count
    evaluation.append(postings[posting].memo, first, batch, to: &drafts.memos)
    let day = Day(number: evaluation.slots[postings[posting].date].day(first))
    drafts.drafts.append(
      Draft(
        document: Int32(document), posting: Int32(posting), day: day, entries: start..<drafts.entries.count,
        memo: memoStart..<drafts.memos.count, group: group(posting, day, first, evaluation, batch, &groups),
        totals: totals, absorbed: absorbed,
        attachments: postings[posting].attachments.map {
          Int32(clamping: evaluation.slots[$0].number(first))
        } ?? 1))
    return .note
  }

  /// Lets the posting's `absorb:` rule take a difference of debits and credits within the limit.
  /// - Returns: what it took, on its side.
  private mutating func absorb(_ posting: Int, _ records: Range<Int>, _ evaluation: Evaluation) -> Int64 {
    guard let absorbing = absorbing[posting] else { return 0 }
    let rule = postings[posting]
    let balance = merging.entries.reduce(Int128(0)) {
      $0 + ($1.side == .debit ? Int128($1.amount) : -Int128($1.amount))
    }
    guard balance != 0, balance.magnitude <= tailLimits[rule.book].magnitude else { return 0 }
    let missing = Int64(rule.entries[absorbing].side == .debit ? -balance : balance)
    let lines = lines[posting][absorbing].lines
    let counted = records.filter { record in rule.inputs.when.map { evaluation.isTrue($0, record) } ?? true }
    return merging.absorb(missing, counted.map { lines[$0] }) ? missing : 0
  }

  /// Adds up a rule's lines; `nil` when a sum leaves 64 bits.
  private mutating func add(
    _ posting: Int, _ index: Int, _ records: Range<Int>, _ evaluation: Evaluation, first: inout Int?
  ) -> Int64? {
    let lines = self.lines[posting][index].lines
    let hasBad = self.lines[posting][index].hasBad
    let ofDocument = self.lines[posting][index].ofDocument
    let when = postings[posting].inputs.when
    var sum: Int64 = 0
    for i in records {
      if let when, !evaluation.isTrue(when, i) { continue }
      if first == nil { first = i }
      if hasBad { note(badOf: i, self.lines[posting][index]) }
      let (total, overflow) = sum.addingReportingOverflow(lines[i].amount)
      sum = total
      guard !overflow, merging.add(lines[i]) else { return nil }
      if ofDocument { break }
    }
    return sum
  }

  private mutating func note(badOf record: Int, _ lines: RuleLines) {
    if lines.badRates.contains(record) { badRate = true }
    badCurrency = badCurrency ?? lines.badCurrencies[record]
    badAccount = badAccount ?? lines.badAccounts[record]
  }

  /// Balance and required dimensions, which documents must have on their own, before they share a voucher.
  private func proof(
    _ document: Int, _ posting: Int, _ gatherer: inout DocumentGatherer, _ dimensions: Dimensions
  ) -> Severity {
    let book = postings[posting].book
    let requires = requires[book]
    var (debits, credits): (Int128, Int128) = (0, 0)
    var severity = Severity.note
    for index in merging.entries.indices {
      let entry = merging.entries[index]
      if entry.side == .debit { debits += Int128(entry.amount) } else { credits += Int128(entry.amount) }
      guard requires, entry.amount != 0 else { continue }
      for dimension in required[book][Int(entry.account)]
      where dimensions.code(ofSet: entry.dimensions, dimension: dimension) < 0 {
        gatherer.report(
          .dimensionRequired, .hold, document,
          [dimensions.names[Int(dimension)], books[book].chart.accounts[Int(entry.account)].code])
        severity = .hold
      }
    }
    guard debits != credits else { return severity }
    let scale = Entry.amountScale
    gatherer.report(
      .voucherUnbalanced, .reject, document,
      [
        postings[posting].name, Decimal(units: debits, scale: scale).description,
        Decimal(units: credits, scale: scale).description,
      ])
    return .reject
  }

  private mutating func group(
    _ posting: Int, _ day: Day, _ record: Int, _ evaluation: Evaluation, _ batch: RecordBatch,
    _ groups: inout [Codes]
  ) -> Int32 {
    guard postings[posting].grouping != .document else { return -1 }
    text.removeAll(keepingCapacity: true)
    day.append(to: &text)
    if case .fields(let fields) = postings[posting].grouping {
      for field in fields {
        text.append(DocumentGatherer.keySeparator)
        evaluation.appendValue(of: field.slot, field.kind, record, batch, to: &text)
      }
    }
    return text.withUnsafeBufferPointer { groups[posting].intern($0) }
  }
}
