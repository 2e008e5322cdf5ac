public import Findings

/// What a file held besides its records: its layout, its control totals, and what is wrong with it as a whole.
public struct ReadingOutcome: Sendable, Hashable {
  /// Length of the file.
  public var bytes: Int64 = 0
  /// Records, unreadable ones included.
  public var dataRows = 0
  /// Rows above the header.
  public var titleRows = 0
  public var blankRows = 0
  public var skippedRows = 0
  public var trailerRows = 0
  /// For each column whose sum the trailer states, in the order of the layout's rule.
  public var controlTotals: [ControlTotal] = []
  /// About the file as a whole; what has severity stop-file means that no row of the file may be posted.
  public var findings: [Finding] = []

  public init() {}

  /// All rows that are no records, the header included.
  public var layoutRows: Int { titleRows + 1 + blankRows + skippedRows + trailerRows }
}
