package import Expressions
import Findings
package import Ledger
package import Mapping

/// Compiles an interface's entry rules into the program of its fields, and checks them against the book's chart.
package struct PostingCompiler {
  /// Postings of an interface, and dimensions of an entry rule, are kept as bits of a word.
  private static let limit = 32
  private let definition: InterfaceDefinition
  private let chart: Chart

  package init(_ definition: InterfaceDefinition, chart: Chart) {
    self.definition = definition
    self.chart = chart
  }

  /// The rules that could be compiled; what is wrong with the others is in the builder's findings.
  package func rules(_ builder: inout ProgramBuilder, document: DocumentRule) -> [PostingRule] {
    for posting in definition.postings.dropFirst(Self.limit) {
      builder.report(posting.name.finding(.wrongShape, ["at most \(Self.limit) postings"]))
    }
    for rule in definition.postings.flatMap(\.entries) where rule.by.count > Self.limit {
      builder.report(rule.account.finding(.wrongShape, ["at most \(Self.limit) dimensions"]))
    }
    return definition.postings.compactMap { rule($0, &builder, document) }
  }

  /// For each measure the posting that it follows: the first entry rule that names it.
  package func carriers(of measures: [Measure]) -> [Carrier] {
    measures.map { measure in
      var mentioned: Carrier?
      for (posting, rules) in definition.postings.enumerated() {
        for (index, rule) in rules.entries.enumerated() {
          if rule.amount.text == measure.name, measure.scale == Entry.amountScale {
            return Carrier(posting: posting, rule: index)
          }
          guard mentioned == nil, case .success(let syntax) = Parser.expression(rule.amount),
            names(in: syntax).contains(measure.name)
          else { continue }
          mentioned = Carrier(posting: posting, rule: nil)
        }
      }
      return mentioned ?? Carrier(posting: 0, rule: nil)
    }
  }

  /// A measure that no entry carries could not be proven by what is written.
  package func reportUncarried(_ builder: inout ProgramBuilder) {
    var carried: Set<String> = []
    for rule in definition.postings.flatMap(\.entries) {
      for text in [rule.amount, rule.quantity].compactMap(\.self) {
        if case .success(let syntax) = Parser.expression(text) { carried.formUnion(names(in: syntax)) }
      }
    }
    for measure in definition.measures
    where !carried.contains(measure.text) && builder.field(measure.text) != nil {
      builder.report(measure.finding(.measureNotCarried, [measure.text]))
    }
  }

  private func rule(
    _ posting: PostingDefinition, _ builder: inout ProgramBuilder, _ document: DocumentRule
  ) -> PostingRule? {
    var condition: (slot: Slot, syntax: Syntax)?
    var sources = document.sources
    if let when = posting.when {
      guard let syntax = builder.parse(when),
        let value = builder.value(syntax, of: when, .flag, site: posting.name.text)
      else { return nil }
      // A condition that holds for some of a document's records only would post half a document.
      for name in names(in: syntax.withoutPresent).sorted() where builder.field(name)?.recordName != nil {
        builder.report(when.finding(.levelMismatch, [name]))
      }
      if syntax.isNeverTrue {
        builder.report(when.finding(.ruleNeverApplies, [posting.name.text, "false"]))
      }
      condition = (value.slot, syntax)
      sources.formUnion(value.sources)
    }
    // All parts are looked at before any of them can end it: every fault is told at once.
    let grouping = grouping(posting, &builder, &sources)
    let date = builder.value(posting.date, .date, site: posting.name.text)
    let memo = memo(posting, &builder)
    if let name = date?.recordName { builder.report(posting.date.finding(.levelMismatch, [name])) }
    sources.formUnion(date?.sources ?? [])
    let entries = builder.guarding(condition) { builder in
      posting.entries.compactMap { entry($0, posting, &builder, &sources) }
    }
    guard let grouping, let date, let memo, entries.count == posting.entries.count else { return nil }
    return PostingRule(
      name: posting.name.text, code: posting.code.text, type: posting.type?.text,
      inputs: PostingInputs(
        name: posting.name.text, when: condition?.slot,
        waitsFor: condition.map { waitsFor($0.syntax, builder) } ?? [],
        sources: sources.map { (builder.sourceName($0), $0) }),
      grouping: grouping, date: date.slot, memo: memo, entries: entries)
  }

  /// The fields without which the posting is pending: those that its condition wants to be present.
  private func waitsFor(_ condition: Syntax, _ builder: ProgramBuilder) -> [Slot] {
    presentNames(condition, when: true).sorted().compactMap { builder.field($0)?.slot }
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
    guard let (memo, recordName) = builder.deferredTemplate(posting.memo, site: posting.name.text) else {
      return nil
    }
    guard case .success(let parts) = Parser.template(posting.memo) else { return nil }
    let mentioned = names(in: parts).sorted()
    switch posting.per {
    case .document:
      if let name = recordName { builder.report(posting.memo.finding(.levelMismatch, [name])) }
    case .file, .fields:
      var shared: Set<String> = [posting.date.text]
      if case .fields(let fields) = posting.per { shared.formUnion(fields.map(\.text)) }
      for name in mentioned where !shared.contains(name) {
        builder.report(posting.memo.finding(.levelMismatch, [name]))
      }
    }
    return memo
  }

  // MARK: - Entry rules

  private func entry(
    _ rule: EntryRuleDefinition, _ posting: PostingDefinition, _ builder: inout ProgramBuilder,
    _ sources: inout Set<Slot>
  ) -> EntryRule? {
    let site = posting.name.text
    let account = account(rule, site, &builder, &sources)
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
    guard complete, let account, let amount, (rule.quantity == nil) == (quantity == nil) else { return nil }
    for value in [amount, quantity, unit] { sources.formUnion(value?.sources ?? []) }
    return EntryRule(
      side: rule.side, account: account, amount: amount.slot,
      ofDocument: amount.recordName == nil && !amount.sources.isEmpty, dimensions: dimensions, split: split,
      quantity: quantity?.slot, quantityScale: Entry.quantityScale, unit: unit?.slot)
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

  /// Postings of which the amounts themselves say that debits and credits differ.
  package func reportUnbalanced(_ builder: inout ProgramBuilder) {
    for posting in definition.postings {
      var difference = AmountTerms()
      for rule in posting.entries {
        guard let terms = AmountTerms(rule.amount, definition.fields) else { continue }
        difference.add(terms, times: rule.side == .debit ? 1 : -1)
      }
      // Two terms may be equal for a reason that the mapping does not know; one alone is not zero.
      guard let only = difference.single, !posting.entries.isEmpty else { continue }
      builder.report(posting.name.finding(.postingUnbalanced, [posting.name.text, only]))
    }
  }

  private func accounts(of source: EntryRule.AccountSource) -> [Int] {
    switch source {
    case .fixed(let index): [Int(index)]
    case .table(_, let accounts): Set(accounts).map(Int.init).sorted()
    }
  }

  private func account(
    _ rule: EntryRuleDefinition, _ site: String, _ builder: inout ProgramBuilder, _ sources: inout Set<Slot>
  ) -> EntryRule.AccountSource? {
    let text = rule.account
    if let index = chart.index(of: text.text) {
      guard chart.accounts[index].leaf else {
        builder.report(text.finding(.accountNotLeaf, [text.text]))
        return nil
      }
      return .fixed(Int32(index))
    }
    guard text.text.contains("(") else {
      let known = chart.roles + chart.accounts.map(\.code)
      builder.report(text.finding(.unknownAccount, [text.text, nearest(to: text.text, among: known)]))
      return nil
    }
    guard let (row, table, column) = builder.tableRow(text, site: site) else { return nil }
    sources.formUnion(row.sources)
    var accounts: [Int32] = []
    for value in builder.program.tables[table].texts(of: column) {
      guard let index = chart.index(of: value), chart.accounts[index].leaf else {
        if chart.index(of: value) != nil {
          builder.report(text.finding(.accountNotLeaf, [value]))
          continue
        }
        builder.report(text.finding(.accountUnknownInTable, [value, builder.program.tables[table].name]))
        continue
      }
      accounts.append(Int32(index))
    }
    return accounts.count == builder.program.tables[table].count
      ? .table(row: row.slot, accounts: accounts) : nil
  }
}
