import Expressions
import Findings
import Ledger
import Mapping

/// The books that an interface's vouchers can go to, and what must hold for a document to go to each.
struct BookChoice {
  private(set) var books: [BookDefinition] = []
  /// `nil` where there is one book, which takes all.
  private(set) var conditions: [Compiled?] = []

  /// - Parameters:
  ///   - all: the workspace's books.
  ///   - builder: gets the conditions, and the findings where the choice makes no sense.
  init(_ definition: InterfaceDefinition, _ all: [BookDefinition], _ builder: inout ProgramBuilder) {
    let text = definition.book
    guard definition.choosesBook else {
      // One that is unknown has been told.
      books = all.filter { $0.book.name == text.text }
      conditions = books.map { _ in nil }
      return
    }
    guard let syntax = builder.parse(text) else { return }
    guard let names = builder.possibleTexts(of: syntax) else {
      builder.report(
        text.finding(
          .typeMismatch,
          ["an expression", "names of books in quotes with if … then … else, or a call of a code table"]))
      return
    }
    guard let value = builder.value(syntax, of: text, .text, site: "book") else { return }
    if let record = value.recordName { builder.report(text.finding(.levelMismatch, [record])) }
    let known = all.map(\.book.name)
    for name in Set(names).sorted() {
      guard let book = all.first(where: { $0.book.name == name }) else {
        builder.report(text.finding(.unknownReference, ["book", name, nearest(to: name, among: known)]))
        continue
      }
      books.append(book)
      conditions.append(builder.equals(value, name))
    }
    if let odd = books.first(where: { $0.fiscalYearStart != books[0].fiscalYearStart }) {
      builder.report(
        text.finding(.badValue, [odd.book.name, "books with fiscal_year_start: \(books[0].fiscalYearStart)"]))
    }
  }
}
