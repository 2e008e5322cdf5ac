import Foundation
import Readers
import State
import Testing

@testable import Batch

/// Rows of a document anywhere in a file give what the file gives in which they are together, whether they are put in
/// order in memory or on disk.
@Suite struct ScatteredTests {
  /// A file's rows, each with the number of its document by first occurrence.
  private typealias Row = (document: Int, text: String)

  /// Each document's first row stays where it is, all others go anywhere behind it.
  private static func scattered(_ documents: [[String]], _ generator: inout SalesGenerator) -> [Row] {
    var rows: [Row] = []
    for (number, lines) in documents.enumerated() { rows += lines.map { (number, $0) } }
    for index in rows.indices where generator.below(3) > 0 {
      rows.swapAt(index, index + generator.below(rows.count - index))
    }
    return rows
  }

  /// The rows with those of a document together, documents by first occurrence; and for each row where it came from.
  private static func contiguous(_ rows: [Row]) -> [(row: Int, text: String)] {
    var first: [Int: Int] = [:]
    for (index, row) in rows.enumerated() where first[row.document] == nil { first[row.document] = index }
    return rows.enumerated().map { (first[$0.element.document]!, $0.offset, $0.element.text) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { ($0.1, $0.2) }
  }

  /// What a run wrote: file by file, but for what names the dropped file's own bytes.
  private struct Outcome {
    var files: [String: [String]] = [:]
    var held: [[UInt8]] = []
    var places: [[Int]] = []
    var left: [String] = []

    init(_ text: [UInt8], budget: Int = 64 << 20, trailer: Bool = false) throws {
      let bench = try Bench()
      if trailer {
        try bench.write(
          "mappings/sales.yaml",
          try bench.read("mappings/sales.yaml").replacing(
            "  format: csv",
            with: "  format: csv\n  trailer: { column: no, mark: total, totals: { amount: sum } }"))
      }
      try bench.drop(Array("sales.csv".utf8), text)
      try bench.run(spillBudget: budget)
      for name in bench.files(in: "outbox") where !name.hasPrefix("manifest") {
        files[name] = try bench.read("outbox/" + name).split(whereSeparator: \.isNewline).map(String.init)
          // Size and digest of the dropped file and of what was written.
          .filter { !$0.contains("sha256") && !$0.contains("SHA-256") }
      }
      let documents = try bench.state { try $0.heldDocuments(of: "sales") }
      held = documents.map(\.rows)
      places = documents.map { $0.places.map(\.row) }
      left = bench.files(in: ".tallyman").filter { !$0.hasPrefix("state.sqlite") && $0 != "lock" }
      let differences = try bench.log(run: 1).differences
      #expect(differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
    }
  }

  private static func file(_ lines: [String], end: String = "\n", trailer: String? = nil) -> [UInt8] {
    Array(([Sale.header] + lines + [trailer].compactMap { $0 }).map { $0 + end }.joined().utf8)
  }

  /// Numbers of rows and lines are those of the scattered file; all else is the same.
  private static func compare(
    _ rows: [Row], end: String = "\n", trailer: String? = nil, budgets: [Int] = [64 << 20, 3000, 0]
  ) throws {
    let ordered = contiguous(rows)
    let whole = try Outcome(
      file(ordered.map(\.text), end: end, trailer: trailer), trailer: trailer != nil)
    #expect(!whole.files.isEmpty)
    var first: Outcome?
    for budget in budgets {
      let outcome = try Outcome(
        file(rows.map(\.text), end: end, trailer: trailer), budget: budget, trailer: trailer != nil)
      #expect(outcome.left == [])
      #expect(outcome.files.keys.sorted() == whole.files.keys.sorted())
      for (name, lines) in whole.files where !name.hasPrefix("reconciliation") && !name.contains("rejects") {
        #expect(outcome.files[name] == lines, "\(name), budget \(budget)")
      }
      #expect(outcome.held == whole.held)
      let backwards = ordered.map { $0.row + 1 }
      #expect(outcome.places == whole.places.map { $0.map { backwards[$0 - 1] } })
      for (name, lines) in whole.files where name.contains("reconciliation") && name.hasSuffix(".csv") {
        #expect(outcome.files[name] == lines)
      }
      for (name, lines) in whole.files where name.hasSuffix("_1.csv") && name.contains("rejects") {
        // The rows as they came, and the place of each in the scattered file.
        let mapped = lines.map { Rejected($0, lines: [1] + backwards.map { $0 + 1 }) }
        let isSame = outcome.files[name]?.map { Rejected($0, lines: nil) } == mapped
        #expect(isSame, "\(name), budget \(budget)")
      }
      // What the budget is changes not one byte.
      let isSame = first.map { $0.files == outcome.files } ?? true
      #expect(isSame, "budget \(budget)")
      first = first ?? outcome
    }
  }

  /// A line of a reject file; numbers of lines, in the columns that have some, are brought to the scattered file's.
  private struct Rejected: Equatable {
    var cells: [String]

    init(_ line: String, lines: [Int]?) {
      cells = line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
        guard let lines else { return String(cell) }
        return String(cell).replacing(/(^|line )(\d+)(?= |;|$)/) { match in
          guard let number = Int(match.output.2), lines.indices.contains(number - 1) else {
            return String(match.output.0)
          }
          return "\(match.output.1)\(lines[number - 1])"
        }
      }
      // Columns of the export itself name no lines.
      if lines != nil {
        cells.replaceSubrange(
          0..<min(10, cells.count),
          with: line.split(separator: ",", omittingEmptySubsequences: false)
            .prefix(10).map(String.init))
      }
    }
  }

  @Test(arguments: 601...606) func anyScatterGivesTheSame(seed: Int) throws {
    var generator = SalesGenerator(seed: UInt64(seed))
    let sales = generator.files(1, of: 60, changes: false)[0]
    let rows = Self.scattered(sales.map(\.lines), &generator)
    try Self.compare(rows, end: seed % 2 == 0 ? "\n" : "\r\n")
  }

  @Test(arguments: [0, 1]) func trailersAreCheckedOnce(off: Int) throws {
    var generator = SalesGenerator(seed: 610)
    var sales: [Sale] = []
    while sales.count < 40 {
      let sale = generator.new()
      if sale.rows.allSatisfy({ $0.amount != nil }) { sales.append(sale) }
    }
    let rows = Self.scattered(sales.map(\.lines), &generator)
    let total = sales.reduce(off) { $0 + $1.gross }
    try Self.compare(rows, trailer: "total,,,,,,,\(money(total)),,")
  }

  /// Rows that went back as they came, up to the number: what is said of them has lines, which are others here.
  private static func withoutReasons(_ lines: [String]) -> [String] {
    lines.map { $0.replacing(/(T-SA-RJ-[0-9]{8}),.*/) { $0.output.1 } }
  }

  /// Rows that break quoting or encoding, or have no key: each stays what it was, and takes no other row with it.
  @Test(arguments: 621...626) func brokenRowsStayThemselves(seed: Int) throws {
    var generator = SalesGenerator(seed: UInt64(seed))
    var documents = generator.files(1, of: 40, changes: false)[0].map(\.lines)
    for index in documents.indices {
      switch generator.below(6) {
      case 3: documents[index].append(documents[index][0].replacing("box", with: "b§x"))
      case 0: documents[index].append(documents[index][0].replacing("box", with: "\"box"))
      case 1: documents[index].append(documents[index][0].replacing("box", with: "bo\"x"))
      case 2: documents[index].append(documents[index][0].replacing("box", with: "\"bo\nx\""))
      default: break
      }
    }
    // A row without a key is a document of its own.
    documents += [["\"S,2026-03-01"], [",2026-03-02"], ["\u{1}\"!,,,,,,,,,"]]
    let rows = Self.scattered(documents, &generator)
    func file(_ lines: [String]) -> [UInt8] {
      // Half of a character, which is no UTF-8.
      Self.file(lines, end: seed % 2 == 0 ? "\n" : "\r\n").filter { $0 != 0xA7 }
    }
    let outcomes = try [64 << 20, 2000, 0].map { try Outcome(file(rows.map(\.text)), budget: $0) }
    let whole = try Outcome(file(Self.contiguous(rows).map(\.text)))
    for outcome in outcomes {
      let isSame = outcome.files == outcomes[0].files
      #expect(isSame)
      for (name, lines) in whole.files
      where name.hasSuffix(".raw") || name.hasPrefix("main_sales_2") || name.hasSuffix(".journal") {
        #expect(outcome.files[name].map(Self.withoutReasons) == Self.withoutReasons(lines), "\(name)")
      }
      #expect(outcome.held == whole.held)
    }
  }

  /// Where a quote is never closed, the quote of the row that comes behind it in the new order does not close it.
  @Test(arguments: [64 << 20, 0]) func aRowDoesNotSwallowTheNext(budget: Int) throws {
    let row = Sale.Row(amount: 11300, tax: 1300, cost: 6000)
    func line(_ no: String, _ unit: String) -> String {
      Sale(no: no, rows: [row]).lines[0].replacing("box", with: unit)
    }
    let bench = try Bench()
    let lines = [line("S1", "box"), line("S2", "\"box"), line("S1", "b\"ox"), line("S3", "box\"")]
    try bench.drop("sales.csv", Sale.file(lines: lines))
    try bench.run(spillBudget: budget)
    #expect(try bench.vouchers().debits("1122") == 3 * 11300)
    #expect(try bench.log(run: 1).amount("rows", "read") == 4)
    #expect(try bench.log(run: 1).amount("rows", "rejected") == 1)
    #expect(bench.files(in: "outbox").filter { $0.hasSuffix(".raw") }.count == 1)
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("sales.csv:3: cell 7"))
  }

  /// A held document that comes again unchanged in a scattered file goes on waiting; its first row alone is no change.
  @Test func aHeldDocumentThatComesScatteredIsTheSame() throws {
    let bench = try Bench()
    let row = Sale.Row(amount: 11300, tax: 1300, cost: 6000)
    let held = Sale(no: "S1", buyer: "C9", rows: [row, row])
    // So many that what is found out about the first row is found out in a batch of its own.
    let others = (2..<8300).map { Sale(no: "S\($0)", state: "draft", rows: [row]).lines[0] }
    try bench.drop("sales-1.csv", Sale.file([held]))
    try bench.run()
    try bench.drop("sales-2.csv", Sale.file(lines: [held.lines[0]] + others + [held.lines[1]]))
    try bench.run()
    #expect(try bench.log(run: 2).amount("documents", "repeated") == 1)
    #expect(try bench.log(run: 2).amount("documents", "released") == 0)
    #expect(try bench.state { try $0.heldDocuments(of: "sales") }.map(\.sinceRun) == [1])
  }

  /// However the orders of the runs fall, rows come out in order, byte for byte.
  @Test(arguments: [0, 1, 40, 200, 1 << 20]) func theSorterGivesRowsInOrder(budget: Int) throws {
    var generator = SalesGenerator(seed: UInt64(budget))
    var sorter = RowSorter(Spilling(folder: Path(Bench.root), budget: budget, name: UUID().uuidString))
    var expected: [(document: Int32, row: Int32, text: [UInt8])] = []
    for row in 1...500 as ClosedRange<Int32> {
      let document = Int32(generator.below(60))
      let text = Array("\(row):".utf8) + Array(repeating: 0x78, count: generator.below(30))
      expected.append((document, row, text))
      let content = RowSorter.Row(
        document: document, place: RowPlaceInFile(row: row, line: 2 * row), isOpen: row % 7 == 0)
      if generator.below(20) == 0 {
        try sorter.append(content, 3..<Int64(3 + text.count), of: .bytes([1, 2, 3] + text + [4])) { _ in }
      } else {
        try sorter.append(content, text[...])
      }
    }
    expected.sort { ($0.document, $0.row) < ($1.document, $1.row) }
    var given: [(row: RowSorter.Row, text: [UInt8])] = []
    try sorter.merge {
      given.append(($0, []))
    } bytes: {
      given[given.count - 1].text += $0
    }
    #expect(given.map(\.text) == expected.map(\.text))
    #expect(given.map(\.row.place.row) == expected.map(\.row))
    #expect(given.allSatisfy { $0.row.place.line == 2 * $0.row.place.row })
    #expect(given.allSatisfy { $0.row.isOpen == ($0.row.place.row % 7 == 0) })
  }
}
