import Findings
import Readers
import Testing

@Suite struct HeaderTests {
  @Test func titlesPaddingByteOrderMarkAndColumnOrder() throws {
    let text = "\u{FEFF}销售出库单\n\"期间:\n2026-03\",,,\n\n 备 注 ,\u{3000}金\u{A0}额,\"单 据\n编号\",客户\nx,1,A1,C1\n"
    let header = try find(text, layout(["单据编号", "金额"]))
    #expect(header.findings == [])
    #expect(header.cells == [2, 1])
    #expect(header.matched == 2)
    #expect(header.captions == ["备 注", "金\u{A0}额", "单 据\n编号", "客户"])
    #expect(header.titleRows == 3)
    #expect(header.line == 5)
    #expect(header.bodyLine == 7)
    let bytes = Array(text.utf8)
    #expect(String(decoding: bytes[Int(header.bodyStart)...], as: UTF8.self) == "x,1,A1,C1\n")
    #expect(
      String(decoding: bytes[Int(header.bytes.lowerBound)..<Int(header.bytes.upperBound)], as: UTF8.self)
        == " 备 注 ,\u{3000}金\u{A0}额,\"单 据\n编号\",客户")
    let reading = try read(text, layout(["单据编号", "金额"]))
    #expect(reading.cells == [["A1", "1"]])
    #expect(reading.lines == [7])
    #expect(reading.outcome.titleRows == 3)
  }

  @Test func headerBytesAreWithoutByteOrderMark() throws {
    let header = try find("\u{FEFF}no,item,amount\r\nA1,x,1\r\n")
    #expect(header.bytes == 3..<17)
    #expect(header.findings == [])
  }

  @Test func missingColumnNamesTheNearest() throws {
    let header = try find("no,item,ammount,price\nA1,x,1,2\n")
    #expect(header.findings.map(\.code) == [.columnMissing])
    #expect(header.findings[0].arguments == ["amount", "ammount"])
    #expect(header.findings[0].place == Place(file: "f.csv", line: 1, field: "amount"))
    #expect(header.matched == 2)
  }

  @Test func theRowWithMostColumnsIsTheOneThatLacksSome() throws {
    let header = try find("no,,\nno,item,x\nno,y,z\n")
    #expect(header.findings.map(\.arguments) == [["amount", ""]])
    #expect(header.titleRows == 1)
  }

  @Test func noHeaderAtAll() throws {
    let header = try find("1,2,3\n4,5,6\n")
    #expect(header.findings.map(\.code) == [.headerMissing])
    #expect(header.findings[0].arguments == ["no, item, amount", "50", "1048576"])
  }

  @Test func headerMustStandInTheFirstRows() throws {
    let text = String(repeating: "title\n", count: 5) + "no,item,amount\nA1,x,1\n"
    #expect(try find(text, layout(limits: ReadingLimits(headerRows: 6))).fits)
    #expect(
      try find(text, layout(limits: ReadingLimits(headerRows: 5))).findings.map(\.code) == [.headerMissing])
  }

  @Test func headerHasSoManyColumnsAndNoMore() throws {
    let wide = { (count: Int) in "title\nno,item,amount" + String(repeating: ",x", count: count - 3) }
    let layout = layout(limits: ReadingLimits(columns: 10))
    #expect(try find(wide(10), layout).fits)
    let found = try find(wide(11), layout).findings
    #expect(found.map(\.code) == [.tooManyColumns])
    #expect(found.map(\.arguments) == [["11", "10"]])
  }

  @Test func headerWithoutEndIsTooWideOrNotFound() throws {
    let columns = try find(String(repeating: "no,", count: 1_000_000)).findings
    #expect(columns.map(\.code) == [.tooManyColumns])
    #expect(Int(columns[0].arguments[0])! > 300_000)
    let one = try find(String(repeating: "x", count: 2_000_000) + "\nno,item,amount\n").findings
    #expect(one.map(\.code) == [.headerMissing])
  }

  @Test func doubledColumnThatIsNamedIsAFinding() throws {
    let header = try find("no,item,amount,no,note,note\n")
    #expect(header.findings.map(\.code) == [.columnDoubled])
    #expect(header.findings[0].arguments == ["no", "1, 4"])
    #expect(header.findings[0].place.column == 4)
  }

  @Test func rejectFilesAreKnownByTheirColumn() throws {
    #expect(try find("no,item,amount,退回编号,原因\n").isRejectFile)
    #expect(try find("no,item,amount,Reject  Number\n").isRejectFile)
    #expect(try !find("no,item,amount\n").isRejectFile)
  }

  @Test func filesThatAreNoTables() throws {
    #expect(try find([]).findings.map(\.code) == [.fileEmpty])
    #expect(try find([0x50, 0x4B, 3, 4, 0, 0]).findings.map(\.arguments) == [["XLSX (zip)"]])
    #expect(try find([0xFF, 0xFE, 0x6E, 0]).findings.map(\.code) == [.fileWrongKind])
    let marked = Array("\u{FEFF}no,item,amount\n".utf8)
    #expect(try find(marked, layout(encoding: .gb18030)).findings.map(\.arguments) == [["UTF-8"]])
  }

  @Test func wrongEncodingIsSaid() throws {
    let bytes = TextEncoding.gb18030.bytes(of: "单号,品名\nA1,x\n")
    let header = try find(bytes, layout(["单号"]))
    #expect(header.findings.map(\.code) == [.headerMissing, .badByte])
    #expect(header.findings[1].arguments == ["B5", "utf-8"])
    #expect(try find(bytes, layout(["单号"], encoding: .gb18030)).captions == ["单号", "品名"])
  }

  @Test func headerOnlyFileHasNoRecords() throws {
    for text in ["no,item,amount", "no,item,amount\n"] {
      let reading = try read(text)
      #expect(reading.cells.isEmpty)
      #expect(reading.outcome.layoutRows == 1)
    }
  }
}
