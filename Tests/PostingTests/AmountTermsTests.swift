import Findings
import Testing

@testable import Posting

/// Amounts as sums of terms, by which `check` sees that debits and credits differ.
struct AmountTermsTests {
  /// What is left of a posting that debits the one amount and credits the other.
  private func difference(_ debit: String, _ credit: String) -> String? {
    let place = Place(file: "m.yaml", line: 1, column: 1)
    var terms = AmountTerms()
    for (amount, factor) in [(debit, 1), (credit, -1)] {
      guard let part = AmountTerms(SourceText(amount, at: place), []) else { return "no amount" }
      terms.add(part, times: factor)
    }
    return terms.single
  }

  @Test(
    arguments: [
      ("a", "a", nil), ("a", "b", nil), ("a - a", "0", nil), ("a + b", "b", "a"),
      ("cost", "cost * 2", "-cost"),
      ("3 * a", "a", "2 × a"), ("2 * (a - b)", "a + a", "-2 × b"), ("2 * a", "a + a", nil),
      ("a * 0.5", "a * 0.5", nil), ("a * b", "b", nil),
    ] as [(String, String, String?)])
  func `what does not cancel is left`(_ debit: String, _ credit: String, _ expected: String?) {
    #expect(difference(debit, credit) == expected)
  }
}
