package import Expressions
import Findings
import Ledger
package import Mapping

/// What the amounts of an interface's entry rules say of its measures, and of their own balance.
extension PostingCompiler {
  /// For each measure the entry rules that carry it, at most one a posting: what was posted of a document's measure is
  /// what the first of them carries whose posting applies to the document.
  /// - Parameter books: how many the interface has: its postings come once for each.
  package func carriers(of measures: [Measure], books: Int = 1) -> [[Carrier]] {
    measures.map { measure in
      let all = (0..<books).flatMap { book in
        definition.postings.indices.compactMap { posting in
          carrier(of: measure, in: posting).map {
            Carrier(posting: book * definition.postings.count + posting, rule: $0.rule)
          }
        }
      }
      return all.isEmpty ? [Carrier(posting: 0, rule: nil)] : all
    }
  }

  private func carrier(of measure: Measure, in posting: Int) -> Carrier? {
    let rules = definition.postings[posting].entries
    if measure.scale == Entry.amountScale,
      let rule = rules.firstIndex(where: { $0.amount.text == measure.name })
    {
      return Carrier(posting: posting, rule: rule)
    }
    return rules.contains { namesCarried(by: $0).contains(measure.name) }
      ? Carrier(posting: posting, rule: nil) : nil
  }

  /// A measure that no entry carries could not be proven by what is written.
  package func reportUncarried(_ builder: inout ProgramBuilder) {
    let carried = Set(definition.postings.flatMap(\.entries).flatMap { namesCarried(by: $0) })
    for measure in definition.measures
    where !carried.contains(measure.text) && builder.field(measure.text) != nil {
      builder.report(measure.finding(.measureNotCarried, [measure.text]))
    }
  }

  private func namesCarried(by rule: EntryRuleDefinition) -> Set<String> {
    [rule.amount, rule.quantity, rule.foreign?.amount].compactMap(\.self).reduce(into: []) { all, text in
      if case .success(let syntax) = Parser.expression(text) { all.formUnion(names(in: syntax)) }
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
}
