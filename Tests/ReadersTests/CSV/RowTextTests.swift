import Readers
import Testing

@Suite struct RowTextTests {
  @Test func rowsAreTakenApartAgain() {
    let bytes = Array("A1,\"two\nlines\",1\r\nA2,y,2\nA3,z,3".utf8)
    let rows = RowText(layout: layout()).rows(in: bytes)
    #expect(
      rows.map { String(decoding: bytes[$0], as: UTF8.self) } == ["A1,\"two\nlines\",1", "A2,y,2", "A3,z,3"])
  }

  @Test func cellsOfARow() {
    let gb = layout(encoding: .gb18030, delimiter: "|")
    #expect(
      RowText(layout: gb).cells(of: TextEncoding.gb18030.bytes(of: "倈|\"a|\"\"b\"|")) == ["倈", "a|\"b", ""])
  }

  @Test(arguments: TextEncoding.allCases)
  func appendedCellsAreReadBack(encoding: TextEncoding) {
    let layout = layout(encoding: encoding, delimiter: ";")
    let text = RowText(layout: layout)
    var row = encoding.bytes(of: "A1;\"甲;乙\"")
    text.append(["编号", "a;b", "say \"hi\"", "two\nlines", ""], to: &row, cells: 2, width: 4)
    #expect(text.cells(of: row) == ["A1", "甲;乙", "", "", "编号", "a;b", "say \"hi\"", "two\nlines", ""])
    #expect(text.rows(in: row).count == 1)
  }
}
