import Findings
import Testing

@testable import Readers

/// An XML file as a table: what each path finds, whatever the prefixes, the white space and the pieces in which it comes.
@Suite struct XMLFlatteningTests {
  private static let shape = try! XMLShape(
    document: XMLPath("/e:export/e:bill", namespaces: ["e": "urn:e"]),
    records: [XMLPath("e:lines/e:line", namespaces: ["e": "urn:e"])], namespaces: ["e": "urn:e"])

  private static let columns = [
    "/e:export/@org", "../../@no", "../../e:head/e:day", "../../e:head/e:party[@kind='buyer']", "e:amount",
    "@n", "e:note[2]", "../../e:total",
  ]

  private static let plain = """
    <?xml version="1.0" encoding="UTF-8"?>
    <export xmlns="urn:e" org="O1">
    <bill no="B1">
    <head><day>2026-03-01</day><party kind="seller">S</party><party kind="buyer">甲, "乙" &amp; Co</party></head>
    <lines>
    <line n="1"><amount>1.00</amount><note>a</note><note>b</note></line>
    <line n="2"><amount><![CDATA[2.0]]>0</amount><other><amount>9</amount></other></line>
    </lines>
    <total>3.00</total>
    </bill>
    <bill no="B2"><head><day>2026-03-02</day></head><lines/></bill>
    <bill no="B3"><lines><line n="7"/></lines></bill>
    </export>
    """

  private static let table = """
    \(columns.joined(separator: ",")),(line)
    O1,B1,2026-03-01,"甲, ""乙"" & Co",1.00,1,b,3.00,6
    O1,B1,2026-03-01,"甲, ""乙"" & Co",2.00,2,,3.00,7
    O1,B2,2026-03-02,,,,,,11
    O1,B3,,,,7,,,12

    """

  private func flat(
    _ bytes: [UInt8], pieceBytes: Int = 1 << 16, columns: [String] = columns, shape: XMLShape = shape,
    limits: ReadingLimits = ReadingLimits()
  ) throws -> (text: String, fault: Finding?, seen: [UInt8]) {
    let layout = TableLayout(
      encoding: .utf8, delimiter: 0x2C, columns: columns, keyColumns: [], xml: shape, limits: limits)
    var text: [UInt8] = []
    var seen: [UInt8] = []
    var tapes = try XMLTapes(.bytes(bytes), file: "a.xml", pieceBytes: pieceBytes) { seen += $0 }
    let fault = try XMLFlattening(layout: layout, file: "a.xml")
      .write({ try tapes.next(on: $0) }, to: { text += $0 }).fault
    return (withoutMarks(String(decoding: text, as: UTF8.self)), fault, seen)
  }

  /// The table without its last column, whose cell only records have.
  private func withoutMarks(_ table: String) -> String {
    table.split(separator: "\n", omittingEmptySubsequences: false).map { row in
      for mark in [",(record)", ",1"] where row.hasSuffix(mark) { return String(row.dropLast(mark.count)) }
      return String(row)
    }.joined(separator: "\n")
  }

  /// A document without records has one cell less than the others: the reader says so.
  @Test func aDocumentWithoutRecordsIsTold() throws {
    let layout = TableLayout(
      encoding: .utf8, delimiter: 0x2C, columns: Self.columns, keyColumns: [1], xml: Self.shape)
    var text: [UInt8] = []
    var tapes = try XMLTapes(.bytes(Array(Self.plain.utf8)), file: "a.xml") { _ in }
    _ = try XMLFlattening(layout: layout, file: "a.xml")
      .write({ try tapes.next(on: $0) }, to: { text += $0 })
    let plain = layout.flattened(Header())
    let header = try Header.find(in: .bytes(text), layout: plain, file: "a.xml")
    var reader = CSVReader(source: .bytes(text), layout: plain, header: header, file: "a.xml")
    var told: [String] = []
    while let batch = try reader.next() {
      told += batch.unreadable.map { "\($0.code.rawValue) \($0.line)" }
    }
    #expect(told == ["document-without-rows 11"])
  }

  /// What stands above a record is its own parent's, whichever parent that is, and never another's.
  @Test(arguments: [
    // Each line is a document of its own, in an order.
    (
      "/r/d/l", ["."], ["../@no", "../c", "@n", "/r/d/@no"],
      "<r><d no='1'><c>A</c><l n='1'/><l n='2'/></d><d no='2'><l n='3'/><c>B</c></d></r>",
      ["1,A,1,1", "1,A,2,1", "2,,3,2"]
    ),
    // Lines in groups, whose values may stand behind them.
    (
      "/r/d", ["g/l"], ["../../@no", "../@dept", "../h", "@n"],
      "<r><d no='1'><g dept='D1'><l n='1'/><l n='2'/><h>x</h></g><g><h>y</h><l n='3'/></g><g dept='D3'><l n='4'/></g></d></r>",
      ["1,D1,x,1", "1,D1,x,2", "1,,y,3", "1,D3,,4"]
    ),
    // Organisations above documents, one of them without a customer.
    (
      "/r/o/d", ["l"], ["../../@c", "../@no", "/r/o/@c", "@n"],
      "<r><o c='A'><d no='1'><l n='1'/></d></o><o><d no='2'><l n='2'/></d></o><o c='C'><d no='3'><l n='3'/></d></o></r>",
      ["A,1,A,1", ",2,,2", "C,3,C,3"]
    ),
    // Up and down again is the first of that name, not the record itself.
    (
      "/r/d", ["l"], ["../l/@z", "../l[2]/@z", "@z"], "<r><d><l z='1'/><l z='2'/><l z='3'/></d></r>",
      ["1,2,1", "1,2,2", "1,2,3"]
    ),
    // Two kinds of records at different depths.
    (
      "/r/d", ["l", "g/m"], ["../@no", "name()", "@n"],
      "<r><d no='1'><l n='1'/><g no='7'><m n='2'/></g><l n='3'/></d></r>",
      ["1,l,1", "7,m,2", "1,l,3"]
    ),
  ])
  func ancestorsAreTheRecordsOwn(
    _ document: String, _ records: [String], _ columns: [String], _ text: String, _ rows: [String]
  ) throws {
    let shape = try XMLShape(
      document: XMLPath(document), records: records.map { try XMLPath($0) }, namespaces: [:])
    for pieceBytes in [1, 7, 1 << 16] {
      let table = try flat(Array(text.utf8), pieceBytes: pieceBytes, columns: columns, shape: shape).text
      #expect(
        table.split(separator: "\n").dropFirst().map { String($0[..<$0.lastIndex(of: ",")!]) } == rows)
    }
  }

  /// Whether a character is written as it is, as an entity, or by its number says nothing.
  @Test func referencesAreTheirCharacters() throws {
    let shape = try XMLShape(document: XMLPath("/r"), records: [XMLPath("l[@t='A&B']")], namespaces: [:])
    let text = "<r n='X&amp;&#49;&#x26;&lt;'><l t='A&#38;B'>&amp;&lt;&gt;&#233;</l><l t='A'>no</l></r>"
    let table = try flat(Array(text.utf8), columns: ["../@n", "."], shape: shape).text
    #expect(table.split(separator: "\n").dropFirst() == ["X&1&<,&<>é,1"])
  }

  /// Bytes that are none of the declared encoding are told, wherever they stand, and bring nothing down.
  @Test(arguments: ["GB18030", "GBK", "GB2312", "Big5", "Shift_JIS", "EUC-KR", "windows-1252", "UTF-16"])
  func bytesOutsideOfTheEncoding(_ encoding: String) throws {
    for before in [0, 70_000] {
      var bytes = Array("<?xml version='1.0' encoding='\(encoding)'?><export xmlns='urn:e'><!--".utf8)
      bytes +=
        Array(repeating: 0x61, count: before) + Array("--><bill>".utf8) + [
          0xFF, 0x81, 0xE9, 0x95, 0x95, 0xFF,
        ]
      bytes += Array("</bill></export>".utf8)
      for pieceBytes in [1, 64, 1 << 16] {
        let fault = try flat(bytes, pieceBytes: pieceBytes).fault
        #expect(fault != nil)
      }
    }
  }

  @Test func eachPathFindsItsText() throws {
    let flat = try flat(Array(Self.plain.utf8))
    #expect(flat.text == Self.table)
    #expect(flat.fault == nil)
    #expect(flat.seen == Array(Self.plain.utf8))
  }

  @Test func piecesOfAnyLength() throws {
    for pieceBytes in 1...200 {
      let flat = try flat(Array(Self.plain.utf8), pieceBytes: pieceBytes)
      #expect(flat.text == Self.table && flat.fault == nil, "pieces of \(pieceBytes) bytes")
    }
  }

  @Test func prefixesAndWhiteSpaceSayNothing() throws {
    let prefixed = Self.plain.replacing("xmlns=", with: "xmlns:x=").replacing("</", with: "</x:")
      .replacing(/<(?=[a-z])/, with: "<x:").replacing("\n", with: "\n\n  ")
    let flat = try flat(Array(prefixed.utf8))
    #expect(flat.fault == nil)
    func withoutLines(_ table: String) -> [Substring] {
      table.split(separator: "\n").map { $0[..<$0.lastIndex(of: ",")!] }
    }
    #expect(withoutLines(flat.text) == withoutLines(Self.table))
    // Names in no namespace are others.
    let other = try self.flat(Array(Self.plain.replacing("urn:e", with: "urn:f").utf8))
    #expect(other.text.split(separator: "\n").count == 1)
  }

  @Test func severalKindsOfRecords() throws {
    let shape = try XMLShape(
      document: XMLPath("/b"), records: [XMLPath("line"), XMLPath("charge")], namespaces: [:])
    let flat = try flat(
      Array("<b><no>1</no><charge><sum>5</sum></charge><line><sum>7</sum></line><date>d</date></b>".utf8),
      columns: ["../no", "sum", "../date"], shape: shape)
    #expect(flat.text.split(separator: "\n").dropFirst() == ["1,5,d,1", "1,7,d,1"])
  }

  @Test func theDocumentItselfIsTheRecord() throws {
    let shape = try XMLShape(document: XMLPath("/a/b"), records: [XMLPath(".")], namespaces: [:])
    let flat = try flat(
      Array("<a><b i='1'><c>x</c></b><b i='2'/></a>".utf8), columns: ["@i", "c", "/a/b/c"], shape: shape)
    #expect(flat.text.split(separator: "\n").dropFirst() == ["1,x,x,1", "2,,,1"])
  }

  @Test func longFilesHaveLinesBeyondSixteenBits() throws {
    let shape = try XMLShape(document: XMLPath("/a/b"), records: [XMLPath(".")], namespaces: [:])
    let text = "<a>" + String(repeating: "\n<b/>", count: 70_000) + "</a>"
    #expect(try flat(Array(text.utf8), columns: ["c"], shape: shape).text.hasSuffix(",70001\n"))
  }

  // MARK: - What is refused

  @Test func encodings() throws {
    let text = Self.plain
    var utf16: [UInt8] = [0xFF, 0xFE]
    for unit in text.replacing("UTF-8", with: "UTF-16").utf16 {
      utf16 += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
    #expect(try flat(utf16).text == Self.table)
    for encoding in ["GB18030", "GBK"] {
      let bytes = TextEncoding.gb18030.bytes(of: text.replacing("UTF-8", with: encoding))
      for pieceBytes in [1, 2, 3, 7, 64, 1 << 16] {
        let flat = try flat(bytes, pieceBytes: pieceBytes)
        #expect(flat.text == Self.table && flat.fault == nil, "\(encoding) in pieces of \(pieceBytes)")
      }
      // It says UTF-8, and is something else.
      let lying = try flat(TextEncoding.gb18030.bytes(of: text))
      #expect(lying.fault?.code == .xmlEncoding && lying.fault?.place.line == 4)
    }
    #expect(try flat(Array(text.replacing("UTF-8", with: "KLINGON").utf8)).fault?.code == .xmlEncoding)
  }

  @Test(arguments: [
    ("<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;&b;\">]><a>&d;</a>", FindingCode.xmlDoctype, 1),
    ("<!DOCTYPE a SYSTEM \"http://127.0.0.1/a.dtd\">\n<a/>", .xmlDoctype, 1),
    ("<?xml version='1.0'?>\n<!DOCTYPE a PUBLIC \"x\" \"file:///etc/passwd\">\n<a/>", .xmlDoctype, 2),
    ("<export xmlns='urn:e'>\n<bill>&secret;</bill></export>", .xmlBroken, 2),
    ("<export xmlns='urn:e'>\n<bill>\n<lines>", .xmlTruncated, 3),
    ("<export xmlns='urn:e'>\n<bill></lines></export>", .xmlBroken, 2),
    ("<export xmlns='urn:e'/>\n<more/>", .xmlBroken, 2),
    ("<a b='1' b='2'/>", .xmlBroken, 1), ("<a>\u{1}</a>", .xmlBroken, 1), ("<a><x:b/></a>", .xmlBroken, 1),
    ("", .xmlBroken, 1), ("no XML at all", .xmlBroken, 1),
  ])
  func isRefused(_ text: String, _ code: FindingCode, line: Int) throws {
    for pieceBytes in [1, 3, 1 << 16] {
      let flat = try flat(Array(text.utf8), pieceBytes: pieceBytes)
      #expect(flat.fault?.code == code, "\(text) in pieces of \(pieceBytes)")
      #expect(flat.fault?.place.line == line, "\(text) in pieces of \(pieceBytes)")
      #expect(flat.fault?.severity == .stopFile)
      // Its digest is that of the whole file all the same.
      #expect(flat.seen == Array(text.utf8))
    }
  }

  @Test func limits() throws {
    let deep = String(repeating: "<a>", count: 100_000)
    #expect(try flat(Array(deep.utf8)).fault?.arguments == ["xml_depth", "256"])
    let wide = "<a " + (0..<1001).map { "a\($0)='' " }.joined() + "/>"
    #expect(try flat(Array(wide.utf8)).fault?.arguments == ["xml_attributes", "1000"])
    // However long a tag is, no more of it than the limit is kept, and it is not looked at.
    let endless = "<a><!--" + String(repeating: "-x", count: 1 << 19)
    #expect(try flat(Array(endless.utf8)).fault?.arguments == ["xml_tag_bytes", "262144"])
    let bill = "<export xmlns='urn:e'>\n\n<bill><lines>"
    let long = bill + String(repeating: "<line><amount>1</amount></line>", count: 1000)
    let fault = try flat(Array(long.utf8), limits: ReadingLimits(documentBytes: 900)).fault
    #expect(fault?.arguments == ["document_bytes", "900"] && fault?.place.line == 3)
    let text = bill + "<line><amount>" + String(repeating: "1", count: 2000)
    #expect(
      try flat(Array(text.utf8), limits: ReadingLimits(documentBytes: 900)).fault?.arguments
        == ["document_bytes", "900"])
    let value = try flat(Array(text.utf8), limits: ReadingLimits(rowBytes: 1000)).fault
    #expect(value?.arguments == ["row_bytes", "1000"])
  }

  @Test func whoTakesTheRowsMayStopIt() {
    struct Full: Error {}
    let layout = TableLayout(
      encoding: .utf8, delimiter: 0x2C, columns: Self.columns, keyColumns: [], xml: Self.shape)
    #expect(throws: Full.self) {
      var tapes = try XMLTapes(.bytes(Array(Self.plain.utf8)), file: "a.xml") { _ in }
      _ = try XMLFlattening(layout: layout, file: "a.xml")
        .write({ try tapes.next(on: $0) }, to: { _ in throw Full() })
    }
  }
}
