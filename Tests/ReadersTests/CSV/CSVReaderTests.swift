import Findings
import Readers
import Testing

@Suite struct CSVReaderTests {
  @Test func quotedDelimitersQuotesAndLineBreaks() throws {
    let reading = try read(
      "no,item,amount\nA1,\"a,b\",1\nA2,\"say \"\"hi\"\"\",2\nA3,\"two\r\nlines\",3\nA4,\"\",4\n")
    #expect(
      reading.cells == [
        ["A1", "a,b", "1"], ["A2", "say \"hi\"", "2"], ["A3", "two\r\nlines", "3"], ["A4", "", "4"],
      ])
    #expect(reading.lines == [2, 3, 4, 6])
    #expect(reading.rows == [1, 2, 3, 4])
    #expect(reading.unreadable.isEmpty)
  }

  @Test(arguments: ["\n", "\r\n", "\r\r\n"])
  func lineEndsAndLastLineWithout(lineEnd: String) throws {
    for tail in ["", lineEnd] {
      let text = ["no,item,amount", "A1,x,1", "A2,\"y\",\"2\""].joined(separator: lineEnd) + tail
      let reading = try read(text)
      #expect(reading.cells == [["A1", "x", "1"], ["A2", "y", "2"]])
      #expect(reading.texts.last == Array("A2,\"y\",\"2\"".utf8))
      #expect(reading.lines == [2, 3])
      #expect(reading.unreadable.isEmpty)
    }
  }

  @Test(arguments: [",", ";", "\t", "|"] as [Character], TextEncoding.allCases)
  func delimitersInBothEncodings(delimiter: Character, encoding: TextEncoding) throws {
    let d = String(delimiter)
    // 倈 is 82 7C in GB18030, 臈 is C5 7C: their second byte is the code of `|`.
    let lines = [["单号", "品名", "金额"], ["A1", "倈臈", "1"], ["A2", "\"甲" + d + "乙\"", "2"], ["倈", "", "倈"]]
    let text = lines.map { $0.joined(separator: d) }.joined(separator: "\n")
    let layout = layout(["金额", "品名", "单号"], keys: [2], encoding: encoding, delimiter: delimiter)
    let reading = try read(text, layout)
    #expect(reading.cells == [["1", "倈臈", "A1"], ["2", "甲" + d + "乙", "A2"], ["倈", "", "倈"]])
    #expect(reading.unreadable.isEmpty)
    for block in 1...40 {
      #expect(try read(text, layout, block: block).withoutBatches == reading.withoutBatches)
    }
  }

  @Test func quoteInsideAnUnquotedCellIsText() throws {
    let reading = try read("no,item,amount\nA1,5\" pipe,1\nA2,a\"b\"\"c,2\nA3, \"x\",3\n")
    #expect(reading.cells.map { $0[1] } == ["5\" pipe", "a\"b\"\"c", " \"x\""])
    #expect(reading.unreadable.isEmpty)
  }

  @Test func textBehindAClosingQuoteIsStray() throws {
    let reading = try read("no,item,amount\nA1,\"a\"版,1\nA2,b,2\n")
    #expect(
      reading.unreadable == [
        0: UnreadableRecord(index: 0, code: .quoteStray, line: 2, column: 2, arguments: ["版"])
      ])
    #expect(reading.cells == [["A1", "", ""], ["A2", "b", "2"]])
  }

  @Test func quoteThatNeverClosesEndsWithItsLine() throws {
    let text = "no,item,amount\nA1,x,1\nA2,\"open,2\nA3,y,3\nA4,z,4"
    let reading = try read(text)
    #expect(
      reading.unreadable == [
        1: UnreadableRecord(index: 1, code: .quoteUnclosed, line: 3, column: 2, arguments: [])
      ])
    #expect(reading.cells == [["A1", "x", "1"], ["A2", "", ""], ["A3", "y", "3"], ["A4", "z", "4"]])
    #expect(reading.texts[1] == Array("A2,\"open,2".utf8))
    #expect(reading.lines == [2, 3, 4, 5])
  }

  @Test func openQuoteThatMeetsAQuotedCellFurtherDownIsReportedWhereItOpened() throws {
    let reading = try read("no,item,amount\nA1,\"open,1\nA2,y,2\nA3,\"q\",3\n")
    #expect(reading.unreadable.mapValues(\.code) == [0: .quoteUnclosed])
    #expect(reading.unreadable[0]?.line == 2)
    #expect(reading.cells.map { $0[0] } == ["A1", "A2", "A3"])
  }

  @Test func unclosedQuoteInALaterLineOfItsRowHasThatLine() throws {
    let reading = try read("no,item,amount\nA1,\"two\nlines\",\"open\nA2,y,2\n")
    #expect(reading.unreadable[0]?.line == 3)
    #expect(reading.unreadable[0]?.column == 3)
    #expect(reading.lines == [2, 4])
  }

  @Test func unclosedQuoteDoesNotHoldMemoryPastTheRowLimit() throws {
    let filler = (0..<5000).map { "B\($0),y,2\n" }.joined()
    let reading = try read(
      "no,item,amount\nA1,\"open,1\n" + filler, layout(limits: ReadingLimits(rowBytes: 100)), block: 64)
    #expect(reading.unreadable.mapValues(\.code) == [0: .quoteUnclosed])
    #expect(reading.cells.count == 5001)
  }

  @Test func cellCount() throws {
    let reading = try read("no,item,amount\nA1,x\nA2,x,1,,\nA3,x,1,,y\nA4\nA5,x,\n")
    #expect(
      reading.unreadable == [
        0: UnreadableRecord(index: 0, code: .cellCount, line: 2, column: 2, arguments: ["2", "3"]),
        2: UnreadableRecord(index: 2, code: .cellCount, line: 4, column: 5, arguments: ["5", "3"]),
        3: UnreadableRecord(index: 3, code: .cellCount, line: 5, column: 1, arguments: ["1", "3"]),
      ])
    #expect(reading.cells[3] == ["A4", "", ""])
  }

  @Test func captionsThatAreEmptyAtTheEndNeedNoCells() throws {
    let reading = try read("no,item,amount,,\nA1,x,1\nA2,x,1,\nA3,x,1,,\n")
    #expect(reading.unreadable.isEmpty)
    #expect(reading.cells.count == 3)
  }

  @Test func blankRowsAreLayout() throws {
    let reading = try read("no,item,amount\n\nA1,x,1\n,,\n \t, ,\"\"\n\u{3000},,\r\nA2,x,1\n\n")
    #expect(reading.cells.map { $0[0] } == ["A1", "A2"])
    #expect(reading.outcome.blankRows == 5)
    #expect(reading.lines == [3, 7])
    #expect(reading.rows == [1, 2])
    #expect(reading.outcome.layoutRows == 6)
  }

  @Test func skippedRowsAreWholeCells() throws {
    let layout = layout(skip: SkipRule(column: 0, marks: ["小计", "本页小计"]))
    let reading = try read("no,item,amount\nA1,x,1\n小计,,1\n \"小计\" ,,\n 小计\u{3000},9\n小计公司,x,1\n", layout)
    #expect(reading.cells.map { $0[0] } == ["A1", " \"小计\" ", "小计公司"])
    #expect(reading.outcome.skippedRows == 2)
  }

  @Test func runsAreNeverCut() throws {
    var text = "no,item,amount\n"
    for document in 0..<200 {
      for line in 0...(document * 7 % 5) { text += "D\(document),x\(line),1\n" }
    }
    for block in [1, 7, 64, 500, 1 << 20] {
      let reading = try read(text, block: block, batchRows: 10)
      #expect(reading.batchStarts.count > 10)
      for start in reading.batchStarts.dropFirst() {
        #expect(reading.cells[start][0] != reading.cells[start - 1][0])
      }
    }
  }

  @Test func quotedAndPlainKeysAreOneRun() throws {
    let reading = try read("no,item,amount\nA1,x,1\n\"A1\",y,2\nA2,x,1\n", block: 1, batchRows: 1)
    #expect(reading.batchStarts == [0, 2])
  }

  @Test func unreadableRowWithoutKeyStaysWithTheRunAbove() throws {
    let text = "no,item,amount\nA1,x,1\n\"A1\"?,y,2\nA1,z,3\nA2,x,1\n"
    let reading = try read(text, block: 1, batchRows: 1)
    #expect(reading.batchStarts == [0, 3])
    #expect(reading.unreadable.keys.sorted() == [1])
  }

  @Test func runLongerThanItsLimitStopsTheFile() throws {
    let text = "no,item,amount\n" + String(repeating: "A1,x,1\n", count: 500)
    for block in [1, 64, 1000, 1 << 20] {
      let reading = try read(text, layout(limits: ReadingLimits(documentBytes: 3499)), block: block)
      #expect(reading.cells.count == 500)
      #expect(reading.codes == [.documentTooLong])
      #expect(reading.outcome.findings[0].arguments == ["3499"])
      #expect(reading.outcome.findings[0].severity == .stopFile)
      #expect(reading.outcome.findings[0].place.line == 2)
      #expect(try read(text, layout(limits: ReadingLimits(documentBytes: 3500)), block: block).codes == [])
    }
  }

  @Test func rowLongerThanItsLimitIsUnreadableWhateverTheBlock() throws {
    let text = "no,item,amount\nA1,x,1\nA2," + String(repeating: "y", count: 300) + ",\"q\",1\r\nA3,x,1\n"
    let layout = layout(limits: ReadingLimits(rowBytes: 50))
    let whole = try read(text, layout)
    #expect(
      whole.unreadable == [
        1: UnreadableRecord(index: 1, code: .rowTooLong, line: 3, column: 1, arguments: ["50"])
      ])
    #expect(whole.cells == [["A1", "x", "1"], ["A2", "", ""], ["A3", "x", "1"]])
    #expect(whole.texts[1].count == 309)
    #expect(whole.codes == [.rowTooLong])
    for block in 1...text.utf8.count {
      #expect(try read(text, layout, block: block).withoutBatches == whole.withoutBatches, "block \(block)")
    }
  }
}
