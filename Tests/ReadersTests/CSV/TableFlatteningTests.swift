import Findings
import Foundation
import Testing

@testable import Readers

/// Tables whose rows don't stand alone, as the plain ones that they become.
@Suite struct TableFlatteningTests {
  private func plain(
    _ text: [UInt8], _ layout: TableLayout
  ) throws -> (text: [UInt8], observed: [UInt8], header: Header) {
    let source = ByteSource.bytes(text)
    let header = try Header.find(in: source, layout: layout, file: "f.csv")
    try #require(header.fits, "\(header.findings)")
    var flattening = TableFlattening(source, layout: layout, header: header, file: "f.csv")
    var (written, observed) = ([UInt8](), [UInt8]())
    try flattening.write(observer: { observed += $0 }, to: { written += $0 })
    return (written, observed, header)
  }

  private func layout(
    _ columns: [String], keys: [Int] = [0], _ shape: TableShape, encoding: TextEncoding = .utf8,
    skips: [SkipRule] = [], trailer: TrailerRule? = nil
  ) -> TableLayout {
    TableLayout(
      encoding: encoding, delimiter: 0x2C, columns: columns, keyColumns: keys, skips: skips, trailer: trailer,
      shape: shape)
  }

  private func check(_ text: String, _ layout: TableLayout, gives wanted: String) throws {
    let (written, observed, _) = try plain(layout.encoding.bytes(of: text), layout)
    #expect(layout.encoding.text(of: written) == wanted)
    #expect(observed == layout.encoding.bytes(of: text))
    // On the same lines, so that every place that is told is right.
    let isHeaderless = if case .none? = layout.shape?.header { true } else { false }
    #expect(
      written.count { $0 == 0x0A } == layout.encoding.bytes(of: text).count { $0 == 0x0A }
        + (isHeaderless ? 1 : 0))
  }

  @Test(arguments: [TextEncoding.utf8, .gb18030]) func cellsAreFilledDown(_ encoding: TextEncoding) throws {
    let layout = layout(
      ["单号", "客户", "金额"], TableShape(filledDown: ["单号", "客户"]), encoding: encoding,
      skips: [SkipRule(column: 0, marks: ["小计"])], trailer: TrailerRule(column: 0, mark: "合计", sums: [2]))
    try check(
      "标题\n单号,客户,金额\nA1,\"甲,乙\",1\n,,2\r\n小计,,3\n,,3\n\nA2,,4\n,丙,5\n,,6\nA2,,7\nA3,丁,8\n合计,,36\n", layout,
      gives:
        "标题\n单号,客户,金额\nA1,\"甲,乙\",1\nA1,\"甲,乙\",2\r\n小计,,3\nA1,\"甲,乙\",3\n\nA2,,4\nA2,丙,5\nA2,,6\nA2,,7\n"
        + "A3,丁,8\n合计,,36\n")
  }

  /// The key may stand on every row, and only the rest be left out.
  @Test func theKeyMayRepeat() throws {
    let layout = layout(["Name", "Total", "Lineitem"], TableShape(filledDown: ["Total"]))
    try check(
      "Name,Total,Lineitem\n#1,9.00,a\n#1,,b\n#2,,c\n#2,,d\n#3,\"5\n\",e\n#3,,f", layout,
      gives: "Name,Total,Lineitem\n#1,9.00,a\n#1,9.00,b\n#2,,c\n#2,,d\n#3,\"5\n\",e\n#3,\"5 \",f")
  }

  @Test func columnsWithoutHeaderHaveNames() throws {
    let layout = layout(["no", "amount"], TableShape(header: .none(["no", "-", "amount"])))
    try check("A1,x,1\nA2,y,2\n", layout, gives: "no,-,amount\nA1,x,1\nA2,y,2\n")
    try check("\u{FEFF}A1,x,1\n", layout, gives: "\u{FEFF}no,-,amount\nA1,x,1\n")
    let header = try Header.find(in: .bytes(Array("A1,x\n".utf8)), layout: layout, file: "f.csv")
    #expect(header.findings.map(\.code) == [.cellCount])
    #expect(header.findings.first?.arguments == ["2", "3"])
  }

  /// A first line that only says what the file is has as many cells as it likes.
  @Test func whatIsSkippedIsNoMeasureOfColumns() throws {
    var layout = layout(["no", "amount"], TableShape(header: .none(["no", "-", "amount"])))
    layout.skips = [SkipRule(column: 0, marks: ["vouchers"])]
    for (text, line) in [("vouchers,V800\nA1,x,1\n", nil), ("vouchers,V800\nA1,x\n", 2), ("A1,x\n", 1)] {
      let header = try Header.find(in: .bytes(Array(text.utf8)), layout: layout, file: "f.csv")
      #expect(header.findings.first?.place.line == line, "\(text)")
    }
  }

  @Test func twoHeaderRowsMakeOne() throws {
    let layout = layout(["单号", "客户.编码", "客户.名称", "金额"], TableShape(header: .two))
    try check(
      "明细\n单号,客户,,金额\n,编码,名称,\nA1,C1,甲,1\n", layout, gives: "明细\n\n单号,客户.编码,客户.名称,金额\nA1,C1,甲,1\n")
  }

  @Test func taggedRowsAreJoined() throws {
    let rule = TagRule(cell: 0, document: "L", record: "M")
    let layout = layout(
      ["单号", "仓库", "仓库#2", "数量"], TableShape(header: .tagged(rule)))
    try check(
      "行,单号,仓库\n行,商品,仓库,数量\nL,A1,W1\nM,x,W2,1\nM,y,,2\nL,A2,W3\nL,A3\nM,z,W4,3\nX,?,\nL,A4,W5\n", layout,
      gives:
        "\n行,单号,仓库,行,商品,仓库,数量\n\nL,A1,W1,M,x,W2,1\nL,A1,W1,M,y,,2\nL,A2,W3,,,,\n\nL,A3,,M,z,W4,3\n,,,X,?,\nL,A4,W5,,,,\n"
    )
  }

  @Test func rowsThatBreakTheFormatStayAsTheyAre() throws {
    let layout = layout(["no", "customer"], TableShape(filledDown: ["no", "customer"]))
    try check(
      "no,customer,x\nA1,\"x\"y,1\nA2,z,1\n,,2\n\"A3", layout,
      gives: "no,customer,x\nA1,\"x\"y,1\nA2,z,1\nA2,z,2\n\"A3")
  }

  @Test func aHeaderThatComesAgainIsLayout() throws {
    let reading = try read("no,item,amount\nA1,x,1\nno,item,amount\nA2,y,2\n", block: 1)
    #expect(reading.cells.map { $0[0] } == ["A1", "A2"])
    #expect(reading.outcome.skippedRows == 1)
  }

  @Test func doubledCaptionsAreToldApartByTheirPlace() throws {
    let text = "no,w,item,w,amount\nA1,W1,x,W2,1\n"
    let layout = TableLayout(encoding: .utf8, delimiter: 0x2C, columns: ["no", "w", "w#2"], keyColumns: [0])
    let header = try Header.find(in: .bytes(Array(text.utf8)), layout: layout, file: "f.csv")
    #expect(header.fits)
    #expect(header.cells == [0, 1, 3])
    // Without the second one it can't be known which of them is meant.
    let plain = TableLayout(encoding: .utf8, delimiter: 0x2C, columns: ["no", "w"], keyColumns: [0])
    let doubled = try Header.find(in: .bytes(Array(text.utf8)), layout: plain, file: "f.csv")
    #expect(doubled.findings.map(\.code) == [.columnDoubled])
  }
}
