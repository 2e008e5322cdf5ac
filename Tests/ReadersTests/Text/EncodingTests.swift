import Findings
import Readers
import Testing

@Suite struct EncodingTests {
  /// Sequences that strict UTF-8 refuses, and the byte that is to blame.
  static let illFormed: [([UInt8], String)] = [
    ([0x80], "80"), ([0xC0, 0xAF], "C0"), ([0xC1, 0xBF], "C1"), ([0xC3], "C3"), ([0xE0, 0x9F, 0xBF], "E0"),
    ([0xE4, 0xB8], "E4"), ([0xED, 0xA0, 0x80], "ED"), ([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], "ED"),
    ([0xF0, 0x8F, 0xBF, 0xBF], "F0"), ([0xF4, 0x90, 0x80, 0x80], "F4"), ([0xF5, 0x80, 0x80, 0x80], "F5"),
    ([0xFF], "FF"), ([0x00], "00 (NUL)"), ([0xF0, 0x9F, 0x98], "F0"), ([0xE4, 0xB8, 0xAD, 0xAD], "AD"),
  ]

  @Test(arguments: illFormed)
  func illFormedUTF8IsFoundWhereverItStands(bytes: [UInt8], hexadecimal: String) throws {
    // Vectors of 64 bytes and their edges: every offset is tried, in ASCII and in Chinese surroundings.
    for filler in ["x", "中"] {
      for offset in 0..<140 {
        var row = Array("A2,".utf8)
        for _ in 0..<offset { row += Array(filler.utf8) }
        row += bytes + Array(",2\n".utf8)
        let file = Array("no,item,amount\nA1,甲,1\n".utf8) + row + Array("A3,丙,3\n".utf8)
        let reading = try read(file)
        #expect(reading.unreadable.keys.sorted() == [1], "offset \(offset)")
        #expect(
          reading.unreadable[1]
            == UnreadableRecord(
              index: 1, code: .badByte, line: 3, column: 2, arguments: [hexadecimal, "utf-8"]))
        #expect(reading.cells == [["A1", "甲", "1"], ["A2", "", "2"], ["A3", "丙", "3"]])
      }
    }
  }

  @Test func everyScalarIsValid() throws {
    var text = "no,item,amount\n"
    for value in stride(from: UInt32(0x21), through: 0x10FFFF, by: 7) {
      guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "," else { continue }
      text += "A,x" + String(scalar) + ",1\n"
    }
    let reading = try read(text)
    #expect(reading.unreadable.isEmpty)
    #expect(reading.cells.count > 150_000)
  }

  @Test func badByteInAColumnThatNobodyNames() throws {
    let file = Array("no,item,amount,note\nA1,x,1,\"l\n".utf8) + [0xFF] + Array("\"\nA2,y,2,\n".utf8)
    let reading = try read(file)
    #expect(reading.unreadable[0]?.line == 3)
    #expect(reading.unreadable[0]?.column == 4)
    #expect(reading.cells == [["A1", "x", "1"], ["A2", "y", "2"]])
  }

  @Test func badByteInALayoutRowIsAWarning() throws {
    let layout = layout(skip: SkipRule(column: 0, marks: ["sum"]))
    let reading = try read(Array("no,item,amount\nA1,x,1\nsum,".utf8) + [0xFF] + Array(",1\n".utf8), layout)
    #expect(reading.codes == [.badByte])
    #expect(reading.outcome.findings[0].severity == .warning)
    #expect(reading.outcome.findings[0].place == Place(file: "f.csv", line: 3, column: 2))
  }

  @Test func gb18030CellsComeAsUTF8() throws {
    // One, two and four bytes; U+20AC € is two, U+1F600 and U+0E01 are four.
    let text = "单号,品名,金额\nA1,矿泉水€,1\nA2,\"纯,牛奶\"\"\",2\nA3,😀ก,3\nA4,矿泉水€,4\n"
    let layout = layout(["单号", "品名", "金额"], encoding: .gb18030)
    let whole = try read(text, layout)
    #expect(
      whole.cells == [["A1", "矿泉水€", "1"], ["A2", "纯,牛奶\"", "2"], ["A3", "😀ก", "3"], ["A4", "矿泉水€", "4"]])
    #expect(whole.unreadable.isEmpty)
    for block in 1...120 {
      #expect(try read(text, layout, block: block).withoutBatches == whole.withoutBatches)
    }
  }

  @Test func allCharactersDecodeAsTheConverterEncodes() throws {
    var text = ""
    var counts = [0, 0, 0, 0, 0]
    for value in UInt32(0x80)...0x10FFFF where value < 0x10000 || value % 101 == 0 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let bytes = TextEncoding.gb18030.bytes(of: String(scalar))
      counts[bytes.count] += 1
      if bytes.count > 1 { text.unicodeScalars.append(scalar) }
    }
    #expect(counts[2] > 21_000)
    #expect(counts[4] > 39_000)
    #expect(TextEncoding.gb18030.text(of: TextEncoding.gb18030.bytes(of: text)) == text)
  }

  @Test(
    arguments: [
      ([0x80], "80"), ([0xFF], "FF"), ([0xB5, 0x20], "B5"), ([0xB5, 0x7F], "B5"), ([0x81, 0x30, 0x81], "81"),
      ([0x81, 0x30, 0x20, 0x30], "81"), ([0x00], "00 (NUL)"),
      // The structure is right, but there is no such character.
      ([0xFE, 0x39, 0xFE, 0x39], "FE"),
    ] as [([UInt8], String)])
  func illFormedGB18030(bytes: [UInt8], hexadecimal: String) throws {
    let layout = layout(["no", "item", "amount"], encoding: .gb18030)
    for offset in 0..<20 {
      let row = Array("A2,".utf8) + Array(repeating: 0xC4, count: offset * 2) + bytes + Array(",2\n".utf8)
      let reading = try read(Array("no,item,amount\nA1,x,1\n".utf8) + row + Array("A3,y,3\n".utf8), layout)
      #expect(
        reading.unreadable == [
          1: UnreadableRecord(
            index: 1, code: .badByte, line: 3, column: 2, arguments: [hexadecimal, "gb18030"])
        ])
      #expect(reading.cells == [["A1", "x", "1"], ["A2", "", "2"], ["A3", "y", "3"]])
    }
  }

  @Test func encodingAndBack() {
    for encoding in TextEncoding.allCases {
      #expect(encoding.text(of: encoding.bytes(of: "a,中\n😀")) == "a,中\n😀")
    }
    #expect(TextEncoding.gb18030.bytes(of: "中") == [0xD6, 0xD0])
    #expect(TextEncoding.gb18030.text(of: [0x41, 0xFF, 0x42]) == "A\u{FFFD}B")
  }
}
