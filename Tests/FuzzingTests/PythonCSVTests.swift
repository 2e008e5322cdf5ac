import Findings
import Readers
import Testing

/// The reader of tables against Python's `csv`, on what both read by one rule. What we read otherwise on purpose is
/// pinned below: see `RowScanner`.
@Suite struct PythonCSVTests {
  private static let script = """
    import csv, io, sys
    with open(sys.argv[1], 'rb') as file:
        encoding, delimiter = file.readline().decode().split()
        text = file.read().decode(encoding)
    for row in csv.reader(io.StringIO(text, newline=''), delimiter=chr(int(delimiter))):
        print('\\x1f'.join(row).replace('\\\\', '\\\\\\\\').replace('\\n', '\\\\n').replace('\\r', '\\\\r'))
    """

  /// Records as one line each, blank rows left out; the header is among what Python gives.
  private func python(_ file: [UInt8], _ layout: TableLayout) throws -> [String] {
    let head = "\(layout.encoding.rawValue) \(layout.delimiter)\n"
    return try Python.lines(Self.script, on: Array(head.utf8) + file).filter { row in
      row.contains { !" \t\u{1F}\u{3000}\u{A0}\u{FEFF}".contains($0) }
    }
  }

  private func ours(_ file: [UInt8], _ layout: TableLayout, block: Int) throws -> [String] {
    let source = ByteSource.bytes(file)
    let header = try Header.find(in: source, layout: layout, file: "f")
    #expect(header.findings == [])
    var rows = [header.captions.joined(separator: "\u{1F}")]
    var reader = CSVReader(source: source, layout: layout, header: header, file: "f", blockBytes: block)
    while let batch = try reader.next() {
      #expect(batch.unreadable == [])
      for record in 0..<batch.count {
        rows.append(
          batch.columns.map { column in
            let range = column[record]
            return escaped(batch.bytes[Int(range.start)..<Int(range.start + range.length)])
          }.joined(separator: "\u{1F}"))
      }
    }
    return rows
  }

  /// Byte by byte, since a carriage return and a line feed are one character of a Swift text.
  private func escaped(_ cell: ArraySlice<UInt8>) -> String {
    let bytes = cell.flatMap { byte -> [UInt8] in
      switch byte {
      case 0x5C: [0x5C, 0x5C]
      case 0x0A: [0x5C, 0x6E]
      case 0x0D: [0x5C, 0x72]
      default: [byte]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func layout(_ columns: [String], _ encoding: TextEncoding, _ delimiter: UInt8) -> TableLayout {
    TableLayout(encoding: encoding, delimiter: delimiter, columns: columns, keyColumns: [])
  }

  @Test(.enabled(if: Python.isThere), arguments: 1...24)
  func randomTables(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let layout = layout(
      ["a", "b", "c", "d"], dice.below(2) == 0 ? .utf8 : .gb18030, [0x2C, 0x3B, 0x09, 0x7C][dice.below(4)])
    let delimiter = Character(Unicode.Scalar(layout.delimiter))
    let pieces: [Character] = ["x", "7", " ", "中", "長", "€", "😀", "é", "\u{3000}", "\\", "'", "=", "\u{1}"]
    var text = layout.columns.joined(separator: String(delimiter)) + "\n"
    for _ in 0..<400 {
      let cells = layout.columns.map { _ in
        var cell = String((0..<dice.below(6)).map { _ in pieces[dice.below(pieces.count)] })
        switch dice.below(8) {
        case 0:
          // Quoted: delimiters, line ends and doubled quotes belong to the text.
          for part in ["\n", "\r\n", "\r", "\"\"", String(delimiter)] where dice.below(3) == 0 {
            cell += part + "y"
          }
          return "\"" + cell + "\""
        // A quote within a cell is text for both.
        case 1: return "x" + cell + "\""
        case 2: return ""
        default: return cell
        }
      }
      text += cells.joined(separator: String(delimiter)) + (dice.below(3) == 0 ? "\r\n" : "\n")
      if dice.below(20) == 0 { text += "\n" }
    }
    let file = layout.encoding.bytes(of: text)
    let expected = try python(file, layout)
    #expect(expected.count > 200)
    for block in [1, 64, 997, 1 << 20] {
      let read = try ours(file, layout, block: block)
      #expect(read.count == expected.count, "block \(block)")
      let other = zip(read, expected).first { $0 != $1 }
      #expect(other == nil, "block \(block)")
    }
  }

  /// Where the two part: Python goes on reading as if nothing had happened, we say what is wrong.
  @Test(
    .enabled(if: Python.isThere),
    arguments: [
      ("x,\"a\"b,1", ["x\u{1F}ab\u{1F}1"], FindingCode.quoteStray),
      ("x,\"a,1\ny,b,2", ["x\u{1F}a,1\\ny,b,2"], .quoteUnclosed),
      ("x,\"a,1\n\"y\",b,2", ["x\u{1F}a,1\\ny\"\u{1F}b\u{1F}2"], .quoteUnclosed),
      ("x,y", ["x\u{1F}y"], .cellCount),
    ])
  func ourOwnRules(body: String, theirs: [String], code: FindingCode) throws {
    let file = Array("a,b,c\n\(body)\n".utf8)
    let layout = layout(["a", "b", "c"], .utf8, 0x2C)
    let python = try python(file, layout).dropFirst().map {
      $0.hasSuffix("\\n") ? String($0.dropLast(2)) : $0
    }
    #expect(python == theirs)
    let header = try Header.find(in: .bytes(file), layout: layout, file: "f")
    var reader = CSVReader(source: .bytes(file), layout: layout, header: header, file: "f")
    let batch = try #require(try reader.next())
    #expect(batch.unreadable.map(\.code) == [code])
  }

  /// Every character of GB18030: theirs as we read it, ours as they read it. Python has the edition of 2000, the C
  /// library that of 2005 and later, which gave places of private use to characters that had got their own.
  @Test(.enabled(if: Python.isThere)) func everyCharacterOfGB18030() throws {
    let script = """
      import sys
      points = list(range(0x80, 0xD800)) + list(range(0xE000, 0x11000)) + list(range(0x1F600, 0x1F650)) + [0x10FFFF]
      sys.stdout.buffer.write('\\n'.join(map(chr, points)).encode('gb18030'))
      """
    let bytes = try Python.run(script, on: [])
    let points = [0x80..<0xD800, 0xE000..<0x11000, 0x1F600..<0x1F650, 0x10FFFF..<0x110000].joined()
    let theirs = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let read = TextEncoding.gb18030.text(of: bytes).unicodeScalars.split(separator: "\n")
    #expect(theirs.count == points.count && read.count == points.count)
    var different: Set<UInt32> = []
    for (point, text) in zip(points, read) where text.map(\.value) != [UInt32(point)] {
      different.insert(UInt32(point))
    }
    #expect(different == Self.movedSince2000)
    let same = zip(points, theirs).filter { !different.contains(UInt32($0.0)) }
    let text = String(String.UnicodeScalarView(same.map { Unicode.Scalar(UInt32($0.0))! }))
    #expect(TextEncoding.gb18030.bytes(of: text) == Array(same.map(\.1).joined()))
  }

  private static let movedSince2000: Set<UInt32> = [
    0x1E3F, 0x9FB4, 0x9FB5, 0x9FB6, 0x9FB7, 0x9FB8, 0x9FB9, 0x9FBA, 0x9FBB, 0xE78D, 0xE78E, 0xE78F, 0xE790,
    0xE791, 0xE792, 0xE793, 0xE794, 0xE795, 0xE796, 0xE7C7, 0xE816, 0xE817, 0xE818, 0xE81E, 0xE826, 0xE82B,
    0xE82C, 0xE831, 0xE832, 0xE83B, 0xE843, 0xE854, 0xE855, 0xE864, 0xFE10, 0xFE11, 0xFE12, 0xFE13, 0xFE14,
    0xFE15, 0xFE16, 0xFE17, 0xFE18, 0xFE19,
  ]
}
