import Findings
import Ledger
import Readers
import Testing

@Suite struct TrailerTests {
  let rule = layout(trailer: TrailerRule(column: 0, mark: "合计", sums: [2]))

  @Test(arguments: ["合计", " 合计 ", "合计:", "合计：", "\"合计 :\"", "\u{3000}合计"])
  func totalsThatTie(mark: String) throws {
    let reading = try read("no,item,amount\nA1,x,\"1,234.50\"\nA2,y,(34.5)\nA3,z,\n\(mark),,1200\n", rule)
    #expect(reading.codes == [])
    #expect(reading.cells.count == 3)
    #expect(reading.outcome.trailerRows == 1)
    #expect(
      reading.outcome.controlTotals == [
        ControlTotal(
          column: "amount", declared: Decimal(units: 1200, scale: 0), summed: Decimal(units: 12000, scale: 1),
          unparsed: 0)
      ])
  }

  @Test func mismatchStopsTheFile() throws {
    let reading = try read("no,item,amount\nA1,x,1.10\nA2,y,2\n合计,,3.11\n", rule)
    #expect(reading.codes == [.trailerMismatch])
    let finding = reading.outcome.findings[0]
    #expect(finding.severity == .stopFile)
    #expect(finding.arguments == ["amount", "3.11", "3.10"])
    #expect(finding.place == Place(file: "f.csv", line: 4, column: 3, field: "amount"))
  }

  @Test func declaredTextThatIsNoNumber() throws {
    let reading = try read("no,item,amount\nA1,x,1\n合计,,abc\n", rule)
    #expect(reading.outcome.findings.map(\.arguments) == [["amount", "abc", "1"]])
    #expect(reading.outcome.controlTotals[0].declared == nil)
  }

  @Test func cellsThatAreNoNumberAreCounted() throws {
    let reading = try read("no,item,amount\nA1,x,12x\nA2,y,2\nA3\n合计,,2\n", rule)
    #expect(reading.codes == [])
    #expect(reading.outcome.controlTotals[0].unparsed == 2)
    #expect(reading.unreadable.count == 1)
  }

  @Test func shortTrailerRow() throws {
    #expect(try read("no,item,amount\nA1,x,1\n合计\n", rule).codes == [.trailerMismatch])
    let noSums = layout(trailer: TrailerRule(column: 0, mark: "合计", sums: []))
    #expect(try read("no,item,amount\nA1,x,1\n合计\n", noSums).codes == [])
  }

  @Test func missingTrailer() throws {
    let reading = try read("no,item,amount\nA1,x,1\n合计科技,x,1\n", rule)
    #expect(reading.codes == [.trailerMissing])
    #expect(reading.outcome.findings[0].arguments == ["合计"])
    #expect(reading.outcome.findings[0].severity == .stopFile)
  }

  @Test func rowsAfterTheTrailer() throws {
    let text = "no,item,amount\nA1,x,1\n合计,,1\n\nA2,y,2\nA3,y,2\n"
    for block in 1...text.utf8.count {
      let reading = try read(text, rule, block: block, batchRows: 1)
      #expect(reading.codes == [.rowAfterTrailer, .trailerMismatch])
      #expect(reading.outcome.findings[0].place.line == 5)
    }
    #expect(try read("no,item,amount\nA1,x,1\n合计,,1\n合计,,1\n", rule).codes == [.rowAfterTrailer])
  }

  @Test func rejectFilesNeedNoTrailer() throws {
    let text = "no,item,amount,退回编号\nA1,x,1,R1\n"
    #expect(try read(text, rule).codes == [])
    #expect(try read(text + "合计,,99,\n", rule).codes == [])
  }

  @Test func otherScalesAddUpExactly() throws {
    let rows = (1...3000).map { "A\($0),x,0.1\nA\($0),x,0.02\nA\($0),x,-0.003" }.joined(separator: "\n")
    let reading = try read("no,item,amount\n\(rows)\n合计,,351\n", rule, block: 512)
    #expect(reading.codes == [])
  }

  @Test func gb18030Trailer() throws {
    let rule = layout(
      ["单号", "金额"], encoding: .gb18030, trailer: TrailerRule(column: 0, mark: "合计", sums: [1]))
    let reading = try read("单号,金额\nA1,￥１２.50\n\u{3000}合计：\u{3000},12.5\n", rule)
    #expect(reading.codes == [])
    #expect(reading.cells == [["A1", "￥１２.50"]])
  }
}
