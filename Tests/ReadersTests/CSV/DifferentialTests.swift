import Findings
import Readers
import Testing

/// The reader against one that goes byte by byte and is too simple to be wrong in the same way.
@Suite struct DifferentialTests {
  @Test(arguments: 1...300)
  func randomBytes(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let alphabet: [[UInt8]] = [
      [0x2C], [0x2C], [0x22], [0x22], [0x22, 0x22], [0x0A], [0x0A], [0x0D, 0x0A], [0x0D], [0x61],
      [0x62, 0x63],
      Array("中".utf8), Array("A1".utf8), [0x20],
    ]
    var body: [UInt8] = []
    for _ in 0..<Int.random(in: 0...160, using: &dice) { body += alphabet.randomElement(using: &dice)! }
    let start = Array("no,item,amount\n".utf8)
    let expected = SimpleSplitter.split(body)
    let whole = try read(start + body)

    #expect(whole.observed == start + body)
    #expect(whole.texts == expected.map { Array(body[$0.range]) })
    #expect(whole.lines == expected.map { Int32($0.line + 2) })
    for (record, row) in expected.enumerated() {
      guard let fault = row.fault else { continue }
      #expect(whole.unreadable[record]?.code == fault)
    }
    for (record, row) in expected.enumerated() where whole.unreadable[record] == nil {
      #expect(row.fault == nil)
      #expect(whole.cells[record] == Array(row.cells.prefix(3)))
    }
    for block in [1, 2, 3, 5, 8, 13, 64, 100] {
      let cut = try read(start + body, block: block, batchRows: 1 + block % 4)
      #expect(cut.withoutBatches == whole.withoutBatches, "block \(block)")
    }
  }

  @Test(arguments: 1...60)
  func wellFormedTablesComeBackCellForCell(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let encoding = TextEncoding.allCases.randomElement(using: &dice)!
    let delimiter = ([",", ";", "\t", "|"] as [Character]).randomElement(using: &dice)!
    let pieces = [
      "a", "0", "中", "倈", "\"", "\n", "\r\n", String(delimiter), "€", "長", "longer text", "\u{3000}", "😀",
    ]
    let layout = layout(encoding: encoding, delimiter: delimiter)
    let writer = RowText(layout: layout)
    var file = encoding.bytes(
      of: ["note", "no", "amount", "item"].joined(separator: String(delimiter)) + "\n")
    var expected: [[String]] = []
    for number in 0..<Int.random(in: 0...60, using: &dice) {
      var cells = ["", "A\(number / 3)"]
      for _ in 0..<2 {
        cells.append(
          (0..<Int.random(in: 0...5, using: &dice)).map { _ in pieces.randomElement(using: &dice)! }.joined())
      }
      cells[0] = (0..<Int.random(in: 0...30, using: &dice)).map { _ in pieces.randomElement(using: &dice)! }
        .joined()
      for (place, cell) in cells.enumerated() {
        if place > 0 { file.append(layout.delimiter) }
        file += writer.cell(cell)
      }
      file += [0x0D, 0x0A]
      expected.append([cells[1], cells[3], cells[2]])
    }
    for block in [1, 7, 63, 64, 65, 1000, 1 << 20] {
      let reading = try read(file, layout, block: block, batchRows: 5)
      #expect(reading.cells == expected, "block \(block)")
      #expect(reading.unreadable.isEmpty)
      #expect(reading.observed == file)
    }
  }

  @Test func everyCutOfASmallFileGivesTheSame() throws {
    let text =
      "\u{FEFF}标题\n\"no\",item,amount\r\nA1,\"a,\"\"b\"\"\",1\r\nA1,\"x\r\ny\",2\r\n\r\nA2,\"bad\"z,3\nA2,\"open,4\n小计,,9\n"
      + "A3,中,5,,\nA4,\"q\"\n合计,,15\n"
    let layout = layout(
      skip: SkipRule(column: 0, marks: ["小计"]), trailer: TrailerRule(column: 0, mark: "合计", sums: [2]))
    var file = Array(text.utf8)
    file += [0x41, 0x35, 0x2C, 0xE4, 0xB8, 0x2C, 0x31]
    let whole = try read(file, layout)
    #expect(
      whole.unreadable.values.map(\.code).sorted { $0.rawValue < $1.rawValue }
        == [.badByte, .cellCount, .quoteStray, .quoteUnclosed])
    #expect(whole.cells.count == 7)
    for block in 1...file.count {
      for rows in [1, 2, 100] {
        let cut = try read(file, layout, block: block, batchRows: rows)
        #expect(cut.withoutBatches == whole.withoutBatches, "block \(block)")
      }
    }
  }
}

/// RFC 4180 and the reader's own rules for broken quotes, one byte at a time over the whole text. Rows of at most three
/// cells have no fault of cell count here; blank rows are left out.
enum SimpleSplitter {
  struct Row {
    var range: Range<Int>
    var line: Int
    var cells: [String]
    var fault: FindingCode?
  }

  static func split(_ bytes: [UInt8]) -> [Row] {
    var rows: [Row] = []
    var at = 0
    var line = 0
    while at < bytes.count {
      let row = one(bytes, at, line)
      line += bytes[at..<row.next].count { $0 == 0x0A }
      at = row.next
      let isBlank = row.row.cells.allSatisfy { $0.allSatisfy { $0 == " " || $0 == "\r" } }
      let onlyLayout = bytes[row.row.range].allSatisfy { [0x2C, 0x22, 0x20, 0x0D, 0x0A].contains($0) }
      if row.row.fault == nil, isBlank || onlyLayout { continue }
      rows.append(row.row)
    }
    return rows
  }

  private static func one(_ bytes: [UInt8], _ start: Int, _ line: Int) -> (row: Row, next: Int) {
    var cells: [[UInt8]] = [[]]
    var fault: FindingCode?
    var at = start
    var cellStart = true
    while at < bytes.count, bytes[at] != 0x0A {
      let byte = bytes[at]
      if byte == 0x2C {
        cells.append([])
        cellStart = true
        at += 1
        continue
      }
      if byte == 0x22, cellStart {
        cellStart = false
        let opened = at
        var text: [UInt8] = []
        at += 1
        var closed = false
        while at < bytes.count {
          if bytes[at] != 0x22 {
            text.append(bytes[at])
            at += 1
          } else if at + 1 < bytes.count, bytes[at + 1] == 0x22 {
            text.append(0x22)
            at += 2
          } else {
            closed = true
            at += 1
            break
          }
        }
        var after = at
        while after < bytes.count, bytes[after] == 0x0D { after += 1 }
        let isEnd = after == bytes.count || bytes[after] == 0x0A
        let isFine = closed && (isEnd || bytes[at] == 0x2C)
        if isFine {
          cells[cells.count - 1] = text
        } else if closed, !text.contains(0x0A) {
          fault = fault ?? .quoteStray
        } else {
          // Never closed: the row ends with the line where it opened.
          fault = .quoteUnclosed
          at = bytes[opened...].firstIndex(of: 0x0A) ?? bytes.count
        }
        continue
      }
      cellStart = false
      cells[cells.count - 1].append(byte)
      at += 1
    }
    var end = at
    while end > start, bytes[end - 1] == 0x0D {
      end -= 1
      if cells[cells.count - 1].last == 0x0D { cells[cells.count - 1].removeLast() }
    }
    let texts = cells.map { String(decoding: $0, as: UTF8.self) }
    return (Row(range: start..<end, line: line, cells: texts, fault: fault), min(at + 1, bytes.count))
  }
}
