package import Ledger

/// Where rows, documents and amounts come from (`read`, `released`), and where they go.
package enum Bucket: Int, Sendable, Hashable, CaseIterable {
  /// Counted where rows leave the reader.
  case read
  /// Left hold in this run; for measures also what left pending.
  case released
  /// For measures summed from the entries as they were written.
  case posted
  case rejected
  case held
  case repeated
  case ignored
  /// Measures only: waits for a value.
  case pending

  var isSource: Bool { self == .read || self == .released }
}

/// What is counted or summed on one line of a tally.
package enum Subject: Sendable, Hashable {
  case rows
  case documents
  /// A measure, in units of 10^-`scale`.
  case measure(name: String, scale: Int)

  var scale: Int {
    if case .measure(_, let scale) = self { scale } else { 0 }
  }
}

/// One line of a tally: a subject, and how much of it is in each bucket.
package struct TallyLine: Sendable, Hashable {
  package let subject: Subject
  private var units: [Int128]
  /// Records whose value could not be read: they have no amount, so they stand beside.
  package var unreadable = 0
  /// Tail differences (尾差) taken by an entry rule; `posted` is before them.
  package var absorbed: Int128 = 0

  package init(_ subject: Subject) {
    self.subject = subject
    units = Array(repeating: 0, count: Bucket.allCases.count)
  }

  package subscript(bucket: Bucket) -> Int128 {
    get { units[bucket.rawValue] }
    set { units[bucket.rawValue] = newValue }
  }

  /// What came in and is nowhere (or, negative, is somewhere and never came in). The law says: 0.
  package var difference: Int128 {
    Bucket.allCases.reduce(0) { $0 + ($1.isSource ? self[$1] : -self[$1]) }
  }

  package var ties: Bool { difference == 0 }

  package func amount(_ bucket: Bucket) -> Decimal { Decimal(units: self[bucket], scale: subject.scale) }

  static func += (left: inout TallyLine, right: TallyLine) {
    precondition(left.subject == right.subject, "lines that are added are of one subject")
    for bucket in Bucket.allCases { left[bucket] += right[bucket] }
    left.unreadable += right.unreadable
    left.absorbed += right.absorbed
  }
}

/// A total that the export states of itself, beside the sum of what was read.
package struct ControlTotal: Sendable, Hashable {
  package var column: String
  package var declared: Decimal
  package var summed: Decimal

  package init(column: String, declared: Decimal, summed: Decimal) {
    self.column = column
    self.declared = declared
    self.summed = summed
  }

  package var ties: Bool { declared == summed }
}

/// The books of one file, or of an interface's whole run: rows, documents and each measure by bucket.
package struct Tally: Sendable, Hashable {
  package let interface: String
  /// `nil` for the whole run of the interface.
  package let file: String?
  /// Rows, documents, then the measures in the mapping's order.
  package private(set) var lines: [TallyLine]
  /// Title, header, skipped and trailer rows; outside `read`.
  package var layoutRows = 0
  package var controls: [ControlTotal] = []

  package init(interface: String, file: String?, measures: [(name: String, scale: Int)]) {
    self.interface = interface
    self.file = file
    lines =
      [TallyLine(.rows), TallyLine(.documents)]
      + measures.map { TallyLine(.measure(name: $0.name, scale: $0.scale)) }
  }

  package var rows: TallyLine {
    get { lines[0] }
    set { lines[0] = newValue }
  }

  package var documents: TallyLine {
    get { lines[1] }
    set { lines[1] = newValue }
  }

  /// The line of the measure at `index` in the mapping's order.
  package subscript(measure index: Int) -> TallyLine {
    get { lines[index + 2] }
    set { lines[index + 2] = newValue }
  }

  package var measureCount: Int { lines.count - 2 }

  /// Puts documents with their rows and the sums of their measures into a bucket.
  package mutating func add(_ bucket: Bucket, documents: Int, rows: Int, sums: [Int128]) {
    precondition(sums.count == measureCount, "there is one sum a measure")
    // In place: through the properties each would be a copy of its line.
    lines[0][bucket] += Int128(rows)
    lines[1][bucket] += Int128(documents)
    for (index, sum) in sums.enumerated() { lines[index + 2][bucket] += sum }
  }

  /// Adds another file's books, for the whole of a run. Control totals are a file's own and stay there.
  package mutating func add(_ other: Tally) {
    precondition(lines.count == other.lines.count, "tallies that are added are of one interface")
    for index in lines.indices { lines[index] += other.lines[index] }
    layoutRows += other.layoutRows
  }

  /// The lines that break the law.
  package var untied: [TallyLine] { lines.filter { !$0.ties } }

  /// Whether everything that came in is somewhere, exactly once.
  package var ties: Bool { lines.allSatisfy(\.ties) }
}
