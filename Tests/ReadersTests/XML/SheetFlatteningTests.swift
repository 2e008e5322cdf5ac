import Findings
import Testing

@testable import Readers

/// A worksheet as a table of text: a line for each of its rows, whatever its cells leave out.
@Suite struct SheetFlatteningTests {
  private static let start = """
    <?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" \
    xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">
    """

  private func table(
    _ sheets: String, name: String? = nil, piece: Int = 1 << 16
  ) throws -> (text: String, fault: Finding?) {
    let layout = TableLayout(
      encoding: .utf8, delimiter: 0x2C, columns: [], keyColumns: [], sheet: SheetShape(name: name),
      limits: ReadingLimits(columns: 20))
    var bytes: [UInt8] = []
    let source = ByteSource.bytes(Array((Self.start + sheets + "</Workbook>").utf8))
    var seen = 0
    let fault = try SheetFlattening(source, layout: layout, file: "s.xls", pieceBytes: piece).write(
      observer: { seen += $0.count }, to: { bytes.append(contentsOf: $0) })
    #expect(seen == Int(try source.length))
    return (String(decoding: bytes, as: UTF8.self), fault)
  }

  private func sheet(_ rows: String, _ name: String = "S") -> String {
    "<Worksheet ss:Name='\(name)'><Table>\(rows)</Table></Worksheet>"
  }

  private func cell(_ text: String, _ attributes: String = "") -> String {
    "<Cell \(attributes)><Data ss:Type='String'>\(text)</Data></Cell>"
  }

  @Test func cellsStandWhereTheirIndexSays() throws {
    let rows =
      "<Row>\(cell("a"))\(cell("b", "ss:Index='3'"))\(cell("c"))</Row>"
      + "<Row ss:Index='4'>\(cell("title", "ss:MergeAcross='2'"))\(cell("x"))</Row><Row/><Row>\(cell("z"))</Row>"
    let wanted = "a,,b,c\n\n\ntitle,,,x\n,,,\nz,,,\n"
    for piece in [1, 2, 3, 5, 7, 64, 65_536] as [Int] {
      let (text, fault) = try table(sheet(rows), piece: piece)
      #expect(text == wanted)
      #expect(fault == nil)
    }
  }

  @Test func onlyDataIsTheCellsText() throws {
    let rows = """
      <Row><Cell><Data ss:Type="String">a<html:B>b</html:B> &amp; "c",\nd</Data><Comment><ss:Data>note</ss:Data></Comment>\
      </Cell><Cell ss:StyleID="x"/><Cell><Data ss:Type="Number">-12.5</Data></Cell></Row>
      """
    #expect(try table(sheet(rows)).text == "\"ab & \"\"c\"\", d\",,-12.5\n")
  }

  /// Fifteen digits of a double count, as a spreadsheet shows it; what is no number stays.
  @Test(arguments: [
    ("0.30000000000000004", "0.3"), ("1.0000000000000001E-5", "0.00001"), ("1.13E2", "113"),
    ("-84.955752212389385", "-84.9557522123894"),
    ("199.99999999999997", "200"), ("999999999999999.9", "1000000000000000"), ("0", "0"), ("-0", "0"),
    ("00012.50", "12.5"),
    (".5", "0.5"), ("1e3", "1000"), ("123456789012345678", "123456789012346000"), ("12x", "12x"),
    ("1E99", "1E99"), ("", ""),
  ])
  func numbersAsTheSheetShowsThem(_ text: String, _ plain: String) throws {
    #expect(String(decoding: SheetNumber.plain(Array(text.utf8)), as: UTF8.self) == plain)
    let rows =
      "<Row><Cell><Data ss:Type='Number'>\(text)</Data></Cell><Cell><Data ss:Type='String'>\(text)</Data></Cell></Row>"
    #expect(try table(sheet(rows)).text == "\(plain),\(text)\n")
  }

  @Test func theNamedSheetIsTaken() throws {
    let sheets = sheet("<Row>\(cell("1"))</Row>", "A") + sheet("<Row>\(cell("2"))</Row>", "乙")
    #expect(try table(sheets).text == "1\n")
    #expect(try table(sheets, name: "乙").text == "2\n")
    let missing = try table(sheets, name: "C")
    #expect(missing.text.isEmpty)
    #expect(missing.fault?.code == .xmlNoDocuments)
  }

  @Test(arguments: [
    "<Row>\("<Cell ss:Index='3'/>")<Cell ss:Index='2'/></Row>", "<Row ss:Index='0'/>",
    "<Row ss:Index='5'/><Row ss:Index='5'/>", "<Row ss:Index='1048577'/>", "<Row><Cell ss:Index='21'/></Row>",
    "<Row ss:Index='x'/>", "<Row>" + String(repeating: "<Cell/>", count: 21) + "</Row>", "<Row><Cell></Row>",
  ])
  func whatNoSheetCanHaveIsRefused(_ rows: String) throws {
    let (_, fault) = try table(sheet(rows))
    #expect(fault?.code == .xmlBroken)
    #expect(fault?.place.line == 1)
  }

  @Test func theHeaderIsFoundBelowTitles() throws {
    let rows =
      "<Row>\(cell("Sales of March", "ss:MergeAcross='1'"))</Row><Row ss:Index='3'>\(cell("no"))\(cell("amount"))</Row>"
      + "<Row>\(cell("S1"))\(cell("1.00"))</Row>"
    let layout = TableLayout(
      encoding: .utf8, delimiter: 0x2C, columns: ["amount", "no"], keyColumns: [1], sheet: SheetShape())
    let source = ByteSource.bytes(Array((Self.start + sheet(rows) + "</Workbook>").utf8))
    let header = try Header.ofSheet(in: source, layout: layout, file: "s.xls")
    #expect(header.findings.isEmpty)
    #expect(header.cells == [1, 0])
    #expect(header.line == 3)
    let other = ByteSource.bytes(Array("<Workbook/>".utf8))
    #expect(
      try Header.ofSheet(in: other, layout: layout, file: "s.xls").findings.map(\.code) == [.xmlRootOther])
  }

  private func header(_ text: String, _ name: String? = nil) throws -> Header {
    let layout = TableLayout(
      encoding: .utf8, delimiter: 0x2C, columns: ["no", "amount"], keyColumns: [0],
      sheet: SheetShape(name: name))
    return try Header.ofSheet(in: .bytes(Array((Self.start + text).utf8)), layout: layout, file: "s.xls")
  }

  /// However much stands before it.
  @Test(arguments: [10, 900_000, 1_040_000, 1_100_000, 3_000_000]) func aSheetBehindOthers(_ length: Int)
    throws
  {
    let filler = "<Row>\(cell(String(repeating: "x", count: 1000)))</Row>"
    let first = sheet(String(repeating: filler, count: length / 1000), "F")
    let second = sheet("<Row>\(cell("no"))\(cell("amount"))</Row><Row>\(cell("S1"))\(cell("1"))</Row>", "S2")
    let found = try header(first + second + "</Workbook>", "S2")
    #expect(found.fits && found.cells == [0, 1])
    #expect(try header(first + second + "</Workbook>", "S3").findings.map(\.code) == [.xmlNoDocuments])
  }

  /// A workbook that is broken before its header is the interface's by its name, and rejected when it is read.
  @Test func whatIsBrokenBeforeTheHeaderFits() throws {
    let row = "<Row>\(cell("no"))\(cell("amount"))</Row>"
    for text in [
      "<Worksheet ss:Name='S'><Table><Ro", "<Worksheet ss:Name='S'><Table></Workbook>", "<a b='1' b='2'/>",
    ] {
      #expect(try header(text).fits)
    }
    #expect(try header("<!--\(String(repeating: "x", count: 400_000))-->" + sheet(row) + "</Workbook>").fits)
    #expect(try !header(sheet("<Row>\(cell("other"))</Row>") + "</Workbook>").fits)
  }
}
