import Foundation
import State
import Testing

@testable import Batch

/// A rejected document's way back: mended in its reject file, dropped under any name, posted as what it always was.
@Suite struct RejectRoundTripTests {
  private static let header = "no,day,state,buyer,class,quantity,unit_name,amount,tax_amount,cost_amount\n"
  private static let faulty =
    header + """
      0012,2026-03-02,approved,C1,goods,1,box,12x.00,6.50,30.00
      0012,2026-03-02,approved,C1,goods,1,box,11.30,1.30,5.00
      0013,2026-03-02,approved,C1,goods,1,box,56.50,96.50,30.00
      0014,2026-03-02,approved,C1,goods,1,box,22.60,2.60,10.00

      """

  private func rejects(_ bench: Bench) throws -> [Reject] { try bench.state { try $0.openRejects() } }

  private func rejectFile(_ bench: Bench, run: Int, ending: String = "csv") throws -> String {
    let name = try #require(
      bench.files(in: "outbox").first {
        $0.hasPrefix("main_sales_rejects_\(String(format: "%06d", run))") && $0.hasSuffix(ending)
      })
    return try bench.read("outbox/" + name)
  }

  private func firstRun() throws -> Bench {
    let bench = try Bench()
    try bench.drop("sales-1.csv", Self.faulty)
    #expect(try bench.run().exitCode == 10)
    #expect(try rejects(bench).map(\.number) == ["T-SA-RJ-00000001", "T-SA-RJ-00000002"])
    #expect(try bench.vouchers().debits("1122") == 2260)
    return bench
  }

  @Test func whatIsMendedPostsAndWhatIsNotComesBackWithItsNumber() throws {
    let bench = try firstRun()
    let half = try rejectFile(bench, run: 1).replacing("12x.00", with: "12.00")
    try bench.drop("mended by Wang.csv", half)
    #expect(try bench.run().exitCode == 10)
    #expect(try bench.vouchers().debits("1122") == 2260 + 1200 + 1130)
    let open = try rejects(bench)
    #expect(open.map(\.number) == ["T-SA-RJ-00000002"])
    #expect(open.map(\.sinceRun) == [1] && open.map(\.lastRun) == [2])
    #expect(
      try bench.state { try $0.reject("T-SA-RJ-00000001") }?.closed
        == Reject.Closing(run: 2, verdict: .posted))
    let again = try rejectFile(bench, run: 2)
    #expect(again.split(separator: "\r\n").count == 2)
    // The same five columns, not ten.
    #expect(again.split(separator: "\r\n")[0] == half.split(separator: "\r\n")[0])
    #expect(again.contains("T-SA-RJ-00000002"))
    // Mended twice posts once.
    try bench.drop("once more.csv", half)
    try bench.run()
    #expect(try bench.log(run: 3).amount("documents", "repeated") == 1)
    try bench.drop("rest.csv", again.replacing("96.50", with: "6.50"))
    #expect(try bench.run().exitCode == 0)
    #expect(try rejects(bench).isEmpty)
    #expect(try bench.vouchers().debits("1122") == 2260 + 1200 + 1130 + 5650)
  }

  @Test(arguments: [
    ("utf-8", ";", "\""), ("utf-8", "\t", ""), ("utf-8-bom", ",", "\""), ("gb18030", ";", "\""),
  ])
  func aSpreadsheetProgramMaySaveItAsItLikes(_ encoding: String, _ delimiter: String, _ quote: String) throws
  {
    let bench = try firstRun()
    let lines = try rejectFile(bench, run: 1).replacing("\u{FEFF}", with: "").replacing(
      "12x.00", with: "12.00"
    )
    .replacing("C1,goods", with: "C1,货物").split(separator: "\r\n")
    // Captions in Chinese are what tells the encoding.
    let rows = lines.map { $0.replacing("reject number", with: "退回编号") }.map { line in
      // Up to the reject number: what it says of the reasons is of no use on the way back.
      line.split(separator: ",", omittingEmptySubsequences: false).prefix(11).map { quote + $0 + quote }
        .joined(separator: delimiter)
    }
    try bench.write("mappings/tables/income.csv", try bench.read("mappings/tables/income.csv") + "货物,sales\n")
    let text = rows.joined(separator: "\n") + "\n"
    var bytes = Array(text.utf8)
    if encoding == "gb18030" {
      for (text, encoded) in [
        ("货物", [0xBB, 0xF5, 0xCE, 0xEF]), ("退回编号", [0xCD, 0xCB, 0xBB, 0xD8, 0xB1, 0xE0, 0xBA, 0xC5]),
      ] as [(String, [UInt8])] {
        bytes = Array(bytes.split(separator: Array(text.utf8)).joined(separator: encoded))
      }
    } else if encoding.hasSuffix("bom") {
      bytes = [0xEF, 0xBB, 0xBF] + bytes
    }
    try Data(bytes).write(to: URL(filePath: bench.folder + "/inbox/Tabelle1.csv"))
    let outcome = try bench.run()
    #expect(outcome.findings.isEmpty)
    #expect(try rejects(bench).map(\.number) == ["T-SA-RJ-00000002"])
    #expect(try bench.vouchers().debits("1122") == 2260 + 1200 + 1130)
  }

  @Test func leadingZerosThatASpreadsheetProgramTookAwayMakeNoOtherDocument() throws {
    let bench = try firstRun()
    let spoilt = try rejectFile(bench, run: 1).replacing("12x.00", with: "12.00").replacing(
      "\r\n0012", with: "\r\n12")
    try bench.drop("spoilt.csv", spoilt)
    try bench.run()
    #expect(try bench.vouchers().debits("1122") == 2260)
    let again = try rejectFile(bench, run: 2)
    #expect(again.contains("reject-key-changed"))
    #expect(try rejects(bench).map(\.number) == ["T-SA-RJ-00000001", "T-SA-RJ-00000002"])
    try bench.drop("right.csv", again.replacing("\r\n12,", with: "\r\n0012,"))
    try bench.run()
    #expect(try bench.vouchers().debits("1122") == 2260 + 1200 + 1130)
    #expect(try rejects(bench).map(\.number) == ["T-SA-RJ-00000002"])
  }

  /// A document without a key is known by its reject number alone.
  @Test func aKeyThatWasMissingIsMended() throws {
    let bench = try Bench()
    try bench.drop("sales.csv", Self.header + ",2026-03-02,approved,C1,goods,1,box,22.60,2.60,10.00\n")
    try bench.run()
    #expect(try rejects(bench).map(\.key) == [[]])
    try bench.drop("key.csv", try rejectFile(bench, run: 1).replacing("\r\n,2026", with: "\r\n0099,2026"))
    #expect(try bench.run().exitCode == 0)
    #expect(try rejects(bench).isEmpty)
    #expect(try bench.state { try $0.reject("T-SA-RJ-00000001") }?.closed?.verdict == .posted)
    #expect(try bench.vouchers().debits("1122") == 2260)
  }

  /// What breaks quoting or encoding comes back byte for byte in a file of its own, which is mended in an editor.
  @Test func whatBreaksQuotingOrEncodingComesBackRaw() throws {
    let bench = try Bench()
    let bad =
      [UInt8]((Self.header + "0020,2026-03-02,approved,C1,goods,1,b").utf8) + [0xFF]
      + Array("x,22.60,2.60,10.00\n0021,2026-03-02,approved,\"C1\"x,goods,1,box,11.30,1.30,5.00\n".utf8)
    try Data(bad).write(to: URL(filePath: bench.folder + "/inbox/sales.csv"))
    #expect(try bench.run().exitCode == 10)
    let name = try #require(bench.files(in: "outbox").first { $0.hasSuffix(".raw") })
    var raw = [UInt8](try Data(contentsOf: URL(filePath: bench.folder + "/outbox/" + name)))
    #expect(raw.count { $0 == 0xFF } == 1)
    #expect(try rejects(bench).map(\.number) == ["T-SA-RJ-00000001", "T-SA-RJ-00000002"])
    raw.removeAll { $0 == 0xFF }
    let mended = String(decoding: raw, as: UTF8.self).replacing("\"C1\"x,", with: "\"C1\",")
    try bench.drop("any name.txt", mended)
    #expect(try bench.run().exitCode == 0)
    #expect(try rejects(bench).isEmpty)
    #expect(try bench.vouchers().debits("1122") == 2260 + 1130)
  }

  /// The export itself may bring the mended document; then the reject is closed too.
  @Test func theExportBringsItMended() throws {
    let bench = try firstRun()
    try bench.drop("sales-2.csv", Self.faulty.replacing("12x.00", with: "12.00"))
    try bench.run()
    #expect(try rejects(bench).map(\.number) == ["T-SA-RJ-00000002"])
    // The other one was rejected again as it was, under the number that it has.
    #expect(try rejectFile(bench, run: 2).contains("T-SA-RJ-00000002"))
    #expect(try bench.vouchers().debits("1122") == 2260 + 1200 + 1130)
  }

  /// Half of a document, or a row twice, would be half or double the amount.
  @Test(arguments: [0, 2]) func rowsThatAreGoneOrDoubledAreNotPosted(times: Int) throws {
    let bench = try firstRun()
    let lines = try rejectFile(bench, run: 1).replacing("12x.00", with: "12.00").split(separator: "\r\n")
    let other = try #require(lines.first { $0.contains("11.30") })
    let changed = lines.filter { $0 != other } + Array(repeating: other, count: times)
    try bench.drop("changed.csv", changed.joined(separator: "\n") + "\n")
    try bench.run()
    #expect(try bench.vouchers().debits("1122") == 2260)
    #expect(try rejects(bench).map(\.number) == ["T-SA-RJ-00000001", "T-SA-RJ-00000002"])
    try bench.drop("right.csv", lines.joined(separator: "\n") + "\n")
    try bench.run()
    #expect(try bench.vouchers().debits("1122") == 2260 + 1200 + 1130)
  }
}
