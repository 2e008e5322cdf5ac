import Mapping
import Reconciliation
import State
import Testing

@testable import Batch
@testable import Ledger
@testable import Posting
@testable import Readers

/// Whoever loses a document on the way from the reader to the writer makes a line of the books that does not tie, and
/// then nothing is published.
@Suite struct DoorTests {
  private static let sales = (1...5).map { number in
    Sale(no: "S\(number)", rows: [Sale.Row(amount: 11300 * number, tax: 1300 * number, cost: 6000)])
  }

  /// Runs the batch with somebody in a door, and gives what does not tie.
  private func untied(_ doors: Doors) throws -> [Untied] {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Sale.file(Self.sales))
    let error = #expect(throws: WorldError.self) { try bench.run(doors: doors) }
    guard case .lawBroken(let untied)? = error else {
      Issue.record("the run ended with \(String(describing: error))")
      return []
    }
    #expect(error?.exitCode == 70)
    #expect(bench.files(in: "outbox").isEmpty)
    #expect(bench.files(in: "archive/entries").isEmpty)
    #expect(try bench.state { try $0.unfinishedRuns().map(\.phase) } == [.planned])
    // Once nobody stands there, the same run comes to its end.
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().debits("1122") == 11300 * 15)
    return untied
  }

  @Test func betweenReaderAndFields() throws {
    var doors = Doors()
    doors.records = { $0.loseLast() }
    #expect(try untied(doors).contains { $0.isLine(.rows) })
  }

  @Test func betweenFieldsAndDocuments() throws {
    var doors = Doors()
    doors.fields = { $0.loseLast() }
    let lines = try untied(doors)
    #expect(lines.contains { $0.isLine(.rows) })
    #expect(lines.contains { $0.isLine(.measure(name: "gross", scale: 2)) })
  }

  @Test func betweenDocumentsAndPostings() throws {
    var doors = Doors()
    doors.documents = { $0.removeFirst() }
    let lines = try untied(doors)
    for measure in ["gross", "net", "tax", "cost"] {
      #expect(lines.contains { $0.isLine(.measure(name: measure, scale: 2)) }, "\(measure)")
    }
  }

  @Test func betweenPostingsAndVouchers() throws {
    var doors = Doors()
    doors.drafts = { $0[0].drafts.drafts.removeLast() }
    #expect(try untied(doors).contains { $0.isWhole(.measure(name: "cost", scale: 2)) })
  }

  @Test func betweenVouchersAndWriter() throws {
    var doors = Doors()
    doors.vouchers = { $0.vouchers.removeLast() }
    #expect(try untied(doors).contains { $0.isWhole(.measure(name: "cost", scale: 2)) })
  }

  /// Also a record that comes twice through a door.
  @Test func twiceThroughADoor() throws {
    var doors = Doors()
    doors.records = { $0.doubleLast() }
    #expect(try untied(doors).contains { $0.isLine(.rows) })
  }
}

extension RecordBatch {
  fileprivate mutating func loseLast() {
    count -= 1
    for column in columns.indices { columns[column].removeLast() }
    rows.removeLast()
    lines.removeLast()
    starts.removeLast()
    ends.removeLast()
  }

  fileprivate mutating func doubleLast() {
    count += 1
    for column in columns.indices { columns[column].append(columns[column][count - 2]) }
    rows.append(rows[count - 2])
    lines.append(lines[count - 2])
    starts.append(starts[count - 2])
    ends.append(ends[count - 2])
  }
}

extension Untied {
  fileprivate func isLine(_ subject: Subject) -> Bool {
    if case .line(_, _, let line) = self { line.subject == subject } else { false }
  }

  fileprivate func isWhole(_ subject: Subject) -> Bool {
    if case .whole(_, subject, .posted, _, _) = self { true } else { false }
  }
}
