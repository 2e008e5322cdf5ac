import Findings
import Testing

@testable import Readers

/// What is too much, and what is none of the encoding: the same of a file however it is cut, and with its place.
@Suite struct XMLLimitsTests {
  private static let columns = ["@n", "v"]

  private func flat(
    _ bytes: [UInt8], pieceBytes: Int = 1 << 16, limits: ReadingLimits = ReadingLimits()
  ) throws -> (rows: Int, fault: Finding?) {
    let layout = TableLayout(
      encoding: .utf8, delimiter: 0x2C, columns: Self.columns, keyColumns: [],
      xml: try XMLShape(document: XMLPath("/a/d"), records: [XMLPath("r")], namespaces: [:]), limits: limits)
    var feeds = 0
    var tapes = try XMLTapes(.bytes(bytes), file: "a.xml", pieceBytes: pieceBytes) { _ in }
    let fault = try XMLFlattening(layout: layout, file: "a.xml")
      .write(
        { try tapes.next(on: $0) }, to: { piece in feeds += piece.count { $0 == 0x0A } }
      ).fault
    return (feeds - 1, fault)
  }

  private static let record = "<d><r n='1'><v>x</v></r></d>\n"

  /// A record as one row of the table: values that are short enough each can be too long together.
  @Test func aLongRow() throws {
    let text = "<a>\n<d><r n='1'/></d>\n<d><r n='&#10;12345678'>\n<v>123456789</v></r></d></a>"
    let limits = ReadingLimits(rowBytes: 22)
    let fault = try flat(Array(text.utf8), limits: limits).fault
    #expect(fault?.code == .xmlLimit && fault?.arguments == ["row_bytes", "22"] && fault?.place.line == 3)
    #expect(try flat(Array(text.utf8), limits: ReadingLimits(rowBytes: 25)).fault == nil)
  }

  /// A tag or a comment of up to 256 KiB is taken wherever it stands, and of a longer one every reader says the same.
  @Test(arguments: [0, 1, 16_383, 100_000, 250_000], [262_000, 266_000, 279_000, 400_000])
  func longTagsAndComments(_ before: Int, _ length: Int) throws {
    let padding = String(repeating: " ", count: before)
    let long = String(repeating: "x", count: length)
    for text in [
      "<a>\(padding)<!--\(long)-->\(Self.record)</a>", "<a>\(padding)<b c='\(long)'/>\(Self.record)</a>",
    ] {
      let found = try [4096, 1 << 16, 1 << 18, 1 << 20, 10_007].map {
        try flat(Array(text.utf8), pieceBytes: $0)
      }
      #expect(Set(found.map { $0.fault?.code }).count == 1, "\(found)")
      let fault = found[0].fault
      if length <= 262_000 { #expect(fault == nil && found[0].rows == 1) }
      if length > 279_000 { #expect(fault?.code == .xmlLimit && fault?.arguments[0] == "xml_tag_bytes") }
    }
  }

  /// A value in a CDATA section is a value.
  @Test(arguments: [400_000, 3_000_000]) func longSectionsOfCharacters(_ length: Int) throws {
    let text = "<a><b><![CDATA[\(String(repeating: "x]]", count: length / 3))]]></b>\(Self.record)</a>"
    for piece in [4096, 1 << 18] {
      let found = try flat(Array(text.utf8), pieceBytes: piece)
      #expect(found.fault == nil && found.rows == 1)
    }
  }

  @Test func namesWithoutEnd() throws {
    for (count, isTooMuch) in [(20_000, false), (80_000, true)] {
      let names = (0..<count).map { "<n\($0) a='1'/>" }.joined()
      let fault = try flat(Array("<a>\(names)\(Self.record)</a>".utf8), pieceBytes: 1 << 18).fault
      #expect(fault?.arguments ?? [] == (isTooMuch ? ["xml_names", "65536"] : []))
    }
  }

  /// Bytes that are none of the encoding have their own line, though many are converted before they are parsed.
  @Test(arguments: ["GBK", "GB18030", "Big5", "Shift_JIS", "UTF-16LE", "UTF-16BE"], [3, 700, 9000])
  func theLineOfWhatIsNoCharacter(_ encoding: String, _ line: Int) throws {
    var text =
      "<?xml version=\"1.0\" encoding=\"\(encoding.hasPrefix("UTF-16") ? "UTF-16" : encoding)\"?>\n<a>\n"
    for _ in 3..<10_000 { text += Self.record }
    var lines = (text + "</a>").split(separator: "\n", omittingEmptySubsequences: false).map {
      Array($0.utf8)
    }
    let mark = lines[line - 1].count / 2
    lines[line - 1].insert(0x7F, at: mark)
    var bytes: [UInt8] = []
    switch encoding {
    case "UTF-16LE", "UTF-16BE":
      let isLittle = encoding == "UTF-16LE"
      func unit(_ high: UInt8, _ low: UInt8) -> [UInt8] { isLittle ? [low, high] : [high, low] }
      bytes = unit(0xFE, 0xFF)
      for byte in lines.joined(separator: [0x0A]) { bytes += byte == 0x7F ? unit(0xD8, 0x00) : unit(0, byte) }
    default: bytes = lines.joined(separator: [0x0A]).map { $0 == 0x7F ? 0xFF : $0 }
    }
    for piece in [4096, 1 << 18] {
      let fault = try #require(try flat(bytes, pieceBytes: piece).fault)
      #expect(fault.code == .xmlEncoding)
      #expect(fault.place.line == line)
      #expect(fault.place.column == mark + 1)
    }
  }

  @Test(arguments: ["", "\u{FEFF}", "  \n ", "<", "<?xml version=\"1.0\"?>", "<a"]) func noRoot(
    _ text: String
  ) throws {
    let (name, _, fault) = try XMLRoot.find(in: Array(text.utf8), file: "a.xml")
    #expect(name == nil)
    if !text.isEmpty { #expect(fault?.place.line != nil) }
  }
}
