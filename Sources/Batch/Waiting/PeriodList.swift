import Ledger
import Mapping
import State

/// A book's periods as `tallyman period list` shows them.
package struct PeriodList: Codable, Sendable {
  /// What waits in one period.
  package struct Waiting: Codable, Sendable {
    /// `nil`: of no known date.
    package var period: String?
    /// By kind.
    package var documents: [String: Int]
  }

  package var book: String
  package var closedThrough: String?
  /// The run that closed or opened one last, and who did it.
  package var changedIn: Int?
  package var changedBy: String?
  package var waiting: [Waiting]

  /// One for each book to which an interface posts, or of which a period was closed, in order of names.
  package static func read(_ workspace: Workspace) throws(WorldError) -> [PeriodList] {
    try Pipeline.typed(workspace) {
      let definitions = try CompiledDefinitions(of: workspace)
      let state = try workspace.readState()
      defer { try? state?.close() }
      let closed = try state.map { try ClosedPeriods($0, workspace) }
      let waiting =
        try state.map {
          try PeriodWaiting.all(
            $0, definitions, in: definitions.language, ArchivedEntries(workspace: workspace))
        } ?? []
      let used = Set(definitions.books.map(\.book.name))
      let books = definitions.allBooks.filter {
        used.contains($0.book.name) || closed?.lastChange(of: $0.book.name) != nil
      }
      return books.map { book in
        var periods: [String?: [String: Int]] = [:]
        for document in waiting where document.mayBelong(to: book, by: .last) {
          let period = document.date.flatMap { Day($0) }.map(\.period.description)
          periods[period, default: [:]][document.kind.rawValue, default: 0] += 1
        }
        let last = closed?.lastChange(of: book.book.name)
        return PeriodList(
          book: book.book.name, closedThrough: closed?[book.book.name]?.description,
          changedIn: last?.run, changedBy: last?.by,
          waiting: periods.sorted { ($0.key ?? "") < ($1.key ?? "") }
            .map { Waiting(period: $0.key, documents: $0.value) })
      }
    }
  }
}

extension Period {
  fileprivate static let last = Period(year: 9999, month: 12)
}
