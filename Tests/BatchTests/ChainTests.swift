import Findings
import Foundation
import Readers
import State
import Testing

@testable import Batch

/// Each commit's record has the digest of the one before it: what was written down of the last proves all of them.
@Suite struct ChainTests {
  private func night(_ bench: Bench, _ day: Int, _ sales: [Sale]) throws -> String {
    try bench.drop("sales-\(day).csv", Sale.file(sales))
    return try #require(try bench.run(clock: "2026-03-\(day)T06:00:00+08:00").head)
  }

  /// Posted, held, rejected, pending, ignored; corrected; a period closed by force.
  private func history() throws -> (bench: Bench, heads: [String]) {
    let bench = try CorrectionTests.bench()
    let sale = { CorrectionTests.sale($0, $1, cost: $2, state: $3) }
    var heads = [
      try night(
        bench, 21,
        [
          sale("S1", 11000, 6000, "approved"), sale("P1", 5000, nil, "approved"), sale("D1", 1, 1, "draft"),
          Sale(no: "H1", buyer: "C9", rows: [Sale.Row(amount: 5650, tax: 650, cost: 3000)]),
          Sale(no: "R1", rows: [Sale.Row(amount: nil)]),
        ])
    ]
    heads.append(try night(bench, 22, [sale("S1", 22000, 6000, "approved")]))
    let change = try #require(PeriodChange(.close(force: "year's end"), "2026-03", book: nil, by: "anna"))
    let clock = try #require(RunClock(fixed: "2026-04-01T06:00:00+08:00"))
    guard
      case .done(let outcome) = try bench.unlocked({
        try Pipeline(bench.workspace, clock: clock).change(change)
      })
    else { throw WorldError.nothingToRebuild }
    heads.append(try #require(outcome.head))
    return (bench, heads)
  }

  private func verify(_ bench: Bench, _ head: String? = nil) throws -> [FindingCode] {
    let clock = try #require(RunClock(fixed: Bench.clock))
    return try bench.unlocked { try Verification(bench.workspace, clock: clock, head: head) }.findings
      .map(\.code)
  }

  @Test func everyHeadThatWasPrintedHolds() throws {
    let (bench, heads) = try history()
    #expect(Set(heads).count == 3)
    for head in heads { #expect(try verify(bench, head).isEmpty) }
    #expect(try verify(bench, heads[0].uppercased()).isEmpty)
    #expect(try verify(bench, String(heads[0].dropLast())) == [.headUnknown])
  }

  /// A byte of any file that a commit speaks of is changed, one file at a time.
  @Test func everyChangedFileIsFound() throws {
    let (bench, _) = try history()
    var random = SplitMix(seed: 8)
    let manager = FileManager.default
    var tried = 0
    for folder in ["archive", "outbox"] {
      for name in manager.subpaths(atPath: "\(bench.folder)/\(folder)") ?? [] {
        let path = "\(bench.folder)/\(folder)/\(name)"
        guard let data = manager.contents(atPath: path), !data.isEmpty else { continue }
        tried += 1
        var bytes = [UInt8](data)
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<7, using: &random)
        try Data(bytes).write(to: URL(filePath: path))
        #expect(try !verify(bench).isEmpty, "\(folder)/\(name)")
        try data.write(to: URL(filePath: path))
      }
    }
    #expect(tried > 20)
    #expect(try verify(bench).isEmpty)
  }

  /// Each value of each record is changed by itself, and the record's own digest made to fit.
  @Test func everyRecordedValueThatIsChangedIsFound() throws {
    let (bench, _) = try history()
    var tried = 0
    for run in 1...3 {
      let name = "archive/records/" + CommitRecord.name(run: run)
      let text = try bench.read(name)
      let values = text.ranges(of: /"[^"\\]*":(?:"[^"\\]+"|\d+)/)
      for range in values where !text[range].hasPrefix("\"sha256\"") || text[range].count < 12 {
        var changed = text
        let at = text.index(before: range.upperBound)
        let last = text[at] == "\"" ? text.index(before: at) : at
        changed.replaceSubrange(last...last, with: text[last] == "1" ? "2" : "1")
        try bench.write(name, try Self.withDigest(changed))
        #expect(try !verify(bench).isEmpty, "run \(run): \(text[range])")
        tried += 1
      }
      try bench.write(name, text)
    }
    #expect(tried > 100)
    #expect(try verify(bench).isEmpty)
  }

  /// The record's lines with the digest that they have.
  private static func withDigest(_ text: String) throws -> String {
    let lines = text.split(separator: "\n").dropLast().map { $0 + "\n" }.joined()
    return lines + "{\"end\":{\"sha256\":\"hex:\(hex(try StatedDigest.of(.bytes(Array(lines.utf8)))))\"}}\n"
  }

  /// Somebody with all rights makes a whole new history: state and archive fit each other, and not what was written down.
  @Test func aHistoryThatWasMadeAnewDoesNotHoldAgainstAHead() throws {
    let (bench, heads) = try history()
    let other = try CorrectionTests.bench()
    _ = try night(other, 21, [CorrectionTests.sale("S1", 99000)])
    let theirs = try night(other, 22, [CorrectionTests.sale("S2", 1000)])
    #expect(try verify(other).isEmpty)
    #expect(try verify(other, heads[1]) == [.headUnknown])
    #expect(try verify(bench, theirs) == [.headUnknown])
  }
}
