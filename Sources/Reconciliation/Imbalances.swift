/// Something of a run that does not tie: nothing of it may be published.
package enum Untied: Sendable, Hashable {
  /// A line of a file's or an interface's books breaks the law of conservation.
  case line(interface: String, file: String?, TallyLine)
  /// A bucket of an interface's files adds up to something else than the whole run's, which for `posted` is the sum
  /// of the entries as they were written.
  case whole(interface: String, Subject, Bucket, files: Int128, run: Int128)
  /// Debits and credits of a posting differ.
  case posting(interface: String, posting: String, debits: Int128, credits: Int128)
  /// The accounts of a book add up to something else than its postings.
  case book(
    String, accountDebits: Int128, accountCredits: Int128, postingDebits: Int128, postingCredits: Int128)
}

extension ReconciliationReport {
  /// Whether every line ties and every total agrees with its parts.
  package var ties: Bool { untied.isEmpty }

  /// Everything that does not tie.
  package var untied: [Untied] {
    let all = files.compactMap(\.tally) + interfaces
    return all.flatMap { tally in
      tally.untied.map { .line(interface: tally.interface, file: tally.file, $0) }
    } + interfaces.flatMap(wholeAgainstFiles) + unbalancedPostings + unequalBooks
  }

  private func wholeAgainstFiles(_ whole: Tally) -> [Untied] {
    let parts = files.compactMap(\.tally).filter { $0.interface == whole.interface }
    return whole.lines.indices.flatMap { line in
      Bucket.allCases.compactMap { bucket -> Untied? in
        let run = whole.lines[line][bucket]
        let sum = parts.reduce(0) { $0 + $1.lines[line][bucket] }
        guard sum != run else { return nil }
        return .whole(
          interface: whole.interface, whole.lines[line].subject, bucket, files: sum, run: run)
      }
    }
  }

  private var unbalancedPostings: [Untied] {
    postings.filter { $0.debits != $0.credits }.map {
      .posting(interface: $0.interface, posting: $0.posting, debits: $0.debits, credits: $0.credits)
    }
  }

  private var unequalBooks: [Untied] {
    let names = Set(postings.map(\.book) + accounts.map(\.book)).sorted()
    return names.compactMap { book in
      let posted = postings.filter { $0.book == book }
      let onAccounts = accounts.filter { $0.book == book }
      let debits = (onAccounts.reduce(0) { $0 + $1.debits }, posted.reduce(0) { $0 + $1.debits })
      let credits = (onAccounts.reduce(0) { $0 + $1.credits }, posted.reduce(0) { $0 + $1.credits })
      guard debits.0 != debits.1 || credits.0 != credits.1 else { return nil }
      return .book(
        book, accountDebits: debits.0, accountCredits: credits.0, postingDebits: debits.1,
        postingCredits: credits.1)
    }
  }
}
