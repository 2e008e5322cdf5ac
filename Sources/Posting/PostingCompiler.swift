package import Expressions
import Findings
package import Ledger
package import Mapping

/// Compiles an interface's entry rules into the program of its fields, and checks them against the book's chart.
package struct PostingCompiler {
  /// Postings of an interface, and dimensions of an entry rule, are kept as bits of a word.
  private static let limit = 32
  let definition: InterfaceDefinition
  private let chart: Chart
  private let bookName: String
  private let tailLimit: Decimal
  private let gatherDays: Int
  /// The book's place among the interface's, and what must hold for a document to go there; `nil`: all do.
  private let place: Int
  private let goesThere: Compiled?
  /// Charts of the interface's other books, whose accounts may stand in the same tables.
  private let others: [Chart]

  package init(
    _ definition: InterfaceDefinition, book: BookDefinition, place: Int = 0, goesThere: Compiled? = nil,
    others: [Chart] = []
  ) {
    self.others = others
    self.definition = definition
    self.place = place
    self.goesThere = goesThere
    chart = book.book.chart
    bookName = book.book.name
    tailLimit = book.tailLimit
    gatherDays = book.gatherDays
  }

  /// The rules that could be compiled; what is wrong with the others is in the builder's findings.
  package func rules(_ builder: inout ProgramBuilder, document: DocumentRule) -> [PostingRule] {
    builder.namesFieldsOnly = true
    for posting in definition.postings.dropFirst(Self.limit / (place + 1)) {
      builder.report(
        posting.name.finding(.wrongShape, ["at most \(Self.limit) postings, counted for each book"]))
    }
    for rule in definition.postings.flatMap(\.entries) where rule.by.count > Self.limit {
      builder.report(rule.account.finding(.wrongShape, ["at most \(Self.limit) dimensions"]))
    }
    return definition.postings.compactMap { rule($0, &builder, document) }
  }

  private func rule(
    _ posting: PostingDefinition, _ builder: inout ProgramBuilder, _ document: DocumentRule
  ) -> PostingRule? {
    var condition: (slot: Slot, syntax: Syntax)?
    var sources = document.sources
    if let when = posting.when {
      guard let syntax = builder.parse(when),
        var value = builder.value(syntax, of: when, .flag, site: posting.name.text)
      else { return nil }
      if let goesThere { value = builder.both(goesThere, value) }
      // A condition that holds for some of a document's records only would post half a document.
      for name in names(in: syntax.withoutPresent).sorted() where builder.field(name)?.recordName != nil {
        builder.report(when.finding(.levelMismatch, [name]))
      }
      if syntax.isNeverTrue {
        builder.report(when.finding(.ruleNeverApplies, [posting.name.text, "false"]))
      }
      condition = (value.slot, syntax)
      sources.formUnion(value.sources)
    } else if let goesThere {
      sources.formUnion(goesThere.sources)
    }
    // All parts are looked at before any of them can end it: every fault is told at once.
    let grouping = grouping(posting, &builder, &sources)
    let date = builder.value(posting.date, .date, site: posting.name.text)
    let memo = memo(posting, &builder)
    if let name = date?.recordName { builder.report(posting.date.finding(.levelMismatch, [name])) }
    sources.formUnion(date?.sources ?? [])
    let attachments = posting.attachments.flatMap { builder.amount($0, site: posting.name.text, scale: 0) }
    if let text = posting.attachments, let name = attachments?.recordName {
      builder.report(text.finding(.levelMismatch, [name]))
    }
    let entries = builder.guarding(condition ?? goesThere.map { ($0.slot, Self.nothing) }) { builder in
      posting.entries.compactMap { entry($0, posting, &builder, &sources) }
    }
    reportAbsorbing(posting, entries, &builder)
    guard let grouping, let date, let memo, entries.count == posting.entries.count,
      (posting.attachments == nil) == (attachments == nil)
    else { return nil }
    return PostingRule(
      name: posting.name.text, code: posting.code.text, book: place, type: posting.type?.text,
      inputs: PostingInputs(
        name: posting.name.text, when: condition?.slot ?? goesThere?.slot,
        waitsFor: condition.map { waitsFor($0.syntax, builder) } ?? [],
        sources: sources.map { (builder.sourceName($0), $0) },
        gatherDays: posting.gathersMonth ? gatherDays : nil),
      grouping: grouping, date: date.slot, memo: memo, attachments: attachments?.slot, entries: entries)
  }

  /// A condition that proves nothing to be present.
  private static let nothing = Syntax.list([], 0..<0)

  /// The fields without which the posting is pending: those that its condition wants to be present.
  private func waitsFor(_ condition: Syntax, _ builder: ProgramBuilder) -> [(name: String, slot: Slot)] {
    presentNames(condition, when: true).sorted().compactMap { name in
      builder.field(name).map { (name, $0.slot) }
    }
  }

  // MARK: - Grouping and memo

  private func grouping(
    _ posting: PostingDefinition, _ builder: inout ProgramBuilder, _ sources: inout Set<Slot>
  ) -> PostingRule.Grouping? {
    switch posting.per {
    case .document: return .document
    case .file: return .file
    case .fields(let names):
      var fields: [PostingRule.Grouping.Field] = []
      for name in names {
        guard let field = builder.value(name, site: posting.name.text, optional: true) else { return nil }
        // Records of one document may differ in such a field; then each value has a group of its own only if all of
        // a document's entries can follow it, which documents as units forbid.
        if let recordName = field.recordName { builder.report(name.finding(.levelMismatch, [recordName])) }
        sources.formUnion(field.sources)
        fields.append(PostingRule.Grouping.Field(slot: field.slot, kind: field.type.kind))
      }
      return .fields(fields)
    }
  }

  private func memo(_ posting: PostingDefinition, _ builder: inout ProgramBuilder) -> TextTemplate? {
    memo(posting.memo, posting, &builder, keptApart: [])
  }

  /// A memo's text, which may name only what all records behind it share.
  /// - Parameter keptApart: names of which each value has entries of its own.
  private func memo(
    _ text: SourceText, _ posting: PostingDefinition, _ builder: inout ProgramBuilder, keptApart: Set<String>
  ) -> TextTemplate? {
    guard let (memo, recordName) = builder.deferredTemplate(text, site: posting.name.text),
      case .success(let parts) = Parser.template(text)
    else { return nil }
    // What is summed up over the document is the document's.
    if case .document = posting.per, recordName == nil { return memo }
    var shared = keptApart.union([posting.date.text])
    if case .fields(let fields) = posting.per { shared.formUnion(fields.map(\.text)) }
    for name in names(in: parts).sorted() where !shared.contains(name) {
      if case .document = posting.per, builder.field(name)?.recordName == nil { continue }
      builder.report(text.finding(.levelMismatch, [name]))
    }
    return memo
  }

  // MARK: - Entry rules

  private func entry(
    _ rule: EntryRuleDefinition, _ posting: PostingDefinition, _ builder: inout ProgramBuilder,
    _ sources: inout Set<Slot>
  ) -> EntryRule? {
    let site = posting.name.text
    var strangers: [Int32: String] = [:]
    let account = account(rule, site, &builder, &sources, &strangers)
    if let account { reportNotGiven(rule, accounts(of: account), &builder) }
    let amount = builder.amount(rule.amount, site: site, scale: Entry.amountScale)
    var complete = account != nil && amount != nil
    var dimensions: [EntryRule.DimensionSource] = []
    for (name, value) in rule.by {
      if let account,
        !accounts(of: account).contains(where: { chart.accounts[$0].dimensions.contains(name.text) })
      {
        let first = accounts(of: account).first.map { chart.accounts[$0].code } ?? ""
        builder.report(name.finding(.dimensionNotAllowed, [name.text, first]))
      }
      guard let value = builder.value(value, .text, site: site, optional: true) else {
        complete = false
        continue
      }
      sources.formUnion(value.sources)
      dimensions.append(EntryRule.DimensionSource(name: name.text, slot: value.slot))
    }
    var split: [PostingRule.Grouping.Field] = []
    for text in rule.split {
      guard let value = builder.value(text, site: site, optional: true) else {
        complete = false
        continue
      }
      sources.formUnion(value.sources)
      split.append(PostingRule.Grouping.Field(slot: value.slot, kind: value.type.kind))
    }
    let quantity = rule.quantity.flatMap { builder.amount($0, site: site, scale: Entry.quantityScale) }
    let unit = rule.unit.flatMap { builder.value($0, .text, site: site, optional: true) }
    let foreign = rule.foreign.flatMap { self.foreign($0, amount, site, &builder, &sources) }
    let memo = rule.memo.flatMap { self.memo($0, posting, &builder, keptApart: Set(rule.split.map(\.text))) }
    let cashFlow = rule.cashFlow.flatMap { builder.value($0, .text, site: site, optional: true) }
    if let text = rule.cashFlow, let account,
      !accounts(of: account).contains(where: { chart.accounts[$0].cash })
    {
      let first = accounts(of: account).first.map { chart.accounts[$0].code } ?? ""
      builder.report(text.finding(.badValue, ["cash_flow", "\(first): cash: yes"]))
    }
    guard complete, let account, let amount, (rule.quantity == nil) == (quantity == nil),
      (rule.foreign == nil) == (foreign == nil), (rule.memo == nil) == (memo == nil)
    else { return nil }
    for value in [amount, quantity, unit, cashFlow] { sources.formUnion(value?.sources ?? []) }
    return EntryRule(
      side: rule.side, account: account, strangers: strangers, amount: amount.slot,
      ofDocument: amount.recordName == nil && !amount.sources.isEmpty, dimensions: dimensions, split: split,
      quantity: quantity?.slot, quantityScale: Entry.quantityScale, unit: unit?.slot, foreign: foreign,
      memo: memo, cashFlow: cashFlow?.slot, absorbs: rule.absorb != nil)
  }

  private func foreign(
    _ foreign: EntryRuleDefinition.Foreign, _ own: Compiled?, _ site: String, _ builder: inout ProgramBuilder,
    _ sources: inout Set<Slot>
  ) -> EntryRule.Foreign? {
    let currency = builder.value(foreign.currency, .text, site: site)
    let rate = builder.amount(foreign.rate, site: site, scale: Entry.rateScale)
    let amount = builder.amount(foreign.amount, site: site, scale: Entry.amountScale)
    guard let currency, let rate, let amount else { return nil }
    for value in [currency, rate, amount] { sources.formUnion(value.sources) }
    // The two are added up together, so both are the record's or both the document's.
    if let own, (own.recordName == nil) != (amount.recordName == nil),
      let name = own.recordName ?? amount.recordName
    {
      builder.report(foreign.amount.finding(.levelMismatch, [name]))
    }
    return EntryRule.Foreign(currency: currency.slot, rate: rate.slot, amount: amount.slot)
  }

  /// A tail difference is gain or loss: it never goes to tax, receivable, payable or stock (§7.4 of the design).
  private func reportAbsorbing(
    _ posting: PostingDefinition, _ entries: [EntryRule], _ builder: inout ProgramBuilder
  ) {
    let absorbing = posting.entries.compactMap(\.absorb)
    for more in absorbing.dropFirst() {
      builder.report(more.finding(.badValue, ["absorb: yes", "one rule of a posting"]))
    }
    if tailLimit == .zero, let first = absorbing.first {
      builder.report(first.finding(.badValue, ["absorb: yes", "book: tail_limit > 0"]))
    }
    guard entries.count == posting.entries.count else { return }
    for (rule, entry) in zip(posting.entries, entries) where entry.absorbs {
      for account in accounts(of: entry.account).map({ chart.accounts[$0] })
      where account.kind != .income && account.kind != .expense {
        builder.report((rule.absorb ?? rule.account).finding(.absorbNotHere, [account.code]))
        break
      }
    }
  }

  /// A dimension that all of the rule's accounts require, and that the rule does not give: each document would be held.
  private func reportNotGiven(
    _ rule: EntryRuleDefinition, _ accounts: [Int], _ builder: inout ProgramBuilder
  ) {
    guard let first = accounts.first else { return }
    let given = Set(rule.by.map(\.dimension.text))
    for dimension in chart.accounts[first].required
    where !given.contains(dimension)
      && accounts.allSatisfy({ chart.accounts[$0].required.contains(dimension) })
    {
      builder.report(rule.account.finding(.dimensionNotGiven, [dimension, chart.accounts[first].code]))
    }
  }

  /// An account in words; of several books it matters whose chart is meant.
  private func named(_ account: String) -> String {
    goesThere == nil ? account : "\(account) (\(bookName))"
  }

  private func accounts(of source: EntryRule.AccountSource) -> [Int] {
    switch source {
    case .fixed(let index): [Int(index)]
    case .table(_, let accounts): Set(accounts).map(Int.init).filter { $0 >= 0 }.sorted()
    }
  }

  private func account(
    _ rule: EntryRuleDefinition, _ site: String, _ builder: inout ProgramBuilder, _ sources: inout Set<Slot>,
    _ strangers: inout [Int32: String]
  ) -> EntryRule.AccountSource? {
    let text = rule.account
    if let index = chart.index(of: text.text) {
      guard chart.accounts[index].leaf else {
        builder.report(text.finding(.accountNotLeaf, [named(text.text)]))
        return nil
      }
      return .fixed(Int32(index))
    }
    guard text.text.contains("(") else {
      let known = chart.roles + chart.accounts.map(\.code)
      builder.report(text.finding(.unknownAccount, [named(text.text), nearest(to: text.text, among: known)]))
      return nil
    }
    guard let (row, table, column) = builder.tableRow(text, site: site) else { return nil }
    sources.formUnion(row.sources)
    var accounts: [Int32] = []
    for value in builder.program.tables[table].texts(of: column) {
      guard let index = chart.index(of: value), chart.accounts[index].leaf else {
        if others.contains(where: { other in other.index(of: value).map { other.accounts[$0].leaf } ?? false }
        ) {
          strangers[Int32(accounts.count)] = value
          accounts.append(-1)
          continue
        }
        if chart.index(of: value) != nil {
          builder.report(text.finding(.accountNotLeaf, [named(value)]))
          continue
        }
        builder.report(
          text.finding(.accountUnknownInTable, [named(value), builder.program.tables[table].name]))
        continue
      }
      accounts.append(Int32(index))
    }
    return accounts.count == builder.program.tables[table].count
      ? .table(row: row.slot, accounts: accounts) : nil
  }
}
