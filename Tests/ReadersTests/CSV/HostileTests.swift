import Findings
import Foundation
import Readers
import Testing

/// Files that no honest export is: what is wrong is said, the rest is read, memory and time stay bounded.
@Suite struct HostileTests {
  private let start = Array("no,item,amount\nA1,x,1\n".utf8)
  private let end = Array("A3,x,3\n".utf8)

  /// The finding about the row between two good ones, which are read.
  private func between(_ row: [UInt8], _ layout: TableLayout = layout()) throws -> [FindingCode] {
    let reading = try read(start + row + [0x0A] + end, layout)
    #expect(reading.cells.first == ["A1", "x", "1"])
    #expect(reading.cells.last == ["A3", "x", "3"])
    #expect(reading.texts.count == 3)
    return reading.unreadable.values.map(\.code)
  }

  @Test(
    arguments: [
      [0x00], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF], [0xC1, 0xBF], [0xED, 0xA0, 0xBD],
      // U+1F600 as CESU-8 and as it should be without its end; above U+10FFFF; alone; the byte-order marks of UTF-16.
      [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80],
      [0x80], [0xBF], [0xFE], [0xFF], [0xE4, 0xB8],
      // 中 as GBK has it.
      [0xD6, 0xD0],
    ] as [[UInt8]])
  func noUTF8(bytes: [UInt8]) throws {
    // At every place in a vector, and in cells that are named and that are not.
    for padding in [0, 1, 13, 61, 62, 63, 64, 200] {
      let text = Array(repeating: UInt8(0x79), count: padding)
      #expect(try between(Array("A2,".utf8) + text + bytes + text + Array(",2".utf8)) == [.badByte])
      #expect(try between(Array("A2,z,2,".utf8) + text + bytes) == [.badByte])
    }
  }

  @Test(
    arguments: [
      [0x00], [0x80], [0xFF], [0x81], [0x81, 0x20], [0x81, 0x7F], [0x81, 0xFF], [0x81, 0x30, 0x81],
      [0x81, 0x30, 0x20, 0x30],
      [0x81, 0x30, 0x81, 0x40], [0x81, 0x3A, 0x81, 0x30],
      // 中 in UTF-8: a pair, then a lead byte without its second.
      [0xE4, 0xB8, 0xAD],
    ] as [[UInt8]])
  func noGB18030(bytes: [UInt8]) throws {
    let layout = layout(encoding: .gb18030)
    for padding in [0, 1, 7, 8, 63, 64] {
      let text = Array(repeating: UInt8(0x79), count: padding)
      #expect(try between(Array("A2,".utf8) + text + bytes + Array(",2".utf8), layout) == [.badByte])
    }
  }

  @Test func sequencesOfFourBytes() throws {
    let layout = layout(encoding: .gb18030)
    // U+0080, a rare ideograph, an emoji, and the last code point.
    let texts = "\u{80}㐀😀\u{10FFFF}"
    let bytes = layout.encoding.bytes(of: texts)
    #expect(bytes.count == 16)
    let reading = try read(start + Array("A2,".utf8) + bytes + Array(",2\n".utf8), layout)
    #expect(reading.cells.last == ["A2", texts, "2"])
    // Of the right structure, and no character: only who reads the cell can tell.
    for nothing in [[0x84, 0x32, 0xA4, 0x30], [0xE3, 0x32, 0x9A, 0x36], [0xFE, 0x39, 0xFE, 0x39]] as [[UInt8]]
    {
      #expect(try between(Array("A2,".utf8) + nothing + Array(",2".utf8), layout) == [.badByte])
    }
  }

  @Test func oneFileInTwoEncodings() throws {
    let gbk = TextEncoding.gb18030.bytes(of: "A2,品名,2")
    #expect(try between(gbk) == [.badByte])
    #expect(try between(Array("A2,品,2".utf8), layout(encoding: .gb18030)) == [.badByte])
  }

  @Test func utf16IsNamed() throws {
    let units = Array("no,item,amount\r\nA1,中,1\r\n".utf16)
    let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    for file in [[0xFF, 0xFE] + little, [0xFE, 0xFF] + big, little, big] {
      let findings = try find(file).findings
      #expect(findings.map(\.code) == [.fileWrongKind])
      #expect(findings[0].arguments == ["UTF-16"])
    }
  }

  @Test func loneCarriageReturns() throws {
    let text = Array("no,item,amount\rA1,x,1\rA2,x,2\r".utf8)
    #expect(try find(text).findings.map(\.arguments) == [["CR line ends (no LF)"]])
    // Behind a proper header they end no row; they are read as part of it, so it has too many cells.
    #expect(try between(Array("A2,y,2\rA4,y,4".utf8)) == [.cellCount])
  }

  @Test(arguments: [1, 3, 63, 64, 1000])
  func nothingButQuotes(block: Int) throws {
    let limits = ReadingLimits(rowBytes: 2000)
    for count in [1, 2, 3, 100, 101, 2001, 2002, 9000] {
      let quotes = Array(repeating: UInt8(0x22), count: count)
      let reading = try read(start + quotes + [0x0A] + end, layout(limits: limits), block: block)
      #expect(reading.observed.count == start.count + count + 1 + end.count)
      #expect(
        try reading.withoutBatches
          == read(start + quotes + [0x0A] + end, layout(limits: limits)).withoutBatches)
    }
    #expect(try find(Array(repeating: 0x22, count: 5000)).findings.map(\.code) == [.headerMissing])
  }

  /// A quote at the start of each line, and other patterns that make a reader go back.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["TALLYMAN_SANITIZED"] == nil),
    arguments: ["\"\n", "\"a\n", "a,\"\n", "\"\"\"\n", "\"\r", "\"\"", "\",", "\"x\"y\n", "\"x\"\r"])
  func timeGrowsWithTheFile(pattern: String) throws {
    func seconds(_ count: Int) throws -> Duration {
      let body = Array(String(repeating: pattern, count: count).utf8)
      let began = processorTime()
      _ = try read(start + body, layout(limits: ReadingLimits(rowBytes: 1 << 16)), block: 1 << 12)
      return processorTime() - began
    }
    let short = try seconds(10_000)
    let long = try seconds(80_000)
    // Eight times as much; a quadratic reader needs sixty-four times as long.
    #expect(long < short * 24 + .milliseconds(300), "\(short), then \(long)")
  }

  /// Of this thread alone: whatever else the machine does counts for nothing.
  private func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  @Test func aRowOfAMillionCells() throws {
    let row = Array(("A2" + String(repeating: ",", count: 1_000_000)).utf8)
    #expect(try between(row) == [])
    #expect(try between(row + [0x79]) == [.cellCount])
  }

  @Test func memoryIsBoundedByTheLongestRow() throws {
    let limit = 1 << 16
    let long = [UInt8](repeating: 0x79, count: 4_000_000)
    let layout = layout(limits: ReadingLimits(rowBytes: limit))
    let source = ByteSource.bytes(start + Array("A2,".utf8) + long + Array(",2\n".utf8) + end)
    let header = try Header.find(in: source, layout: layout, file: "f")
    var reader = CSVReader(source: source, layout: layout, header: header, file: "f", blockBytes: 1 << 12)
    var largest = 0
    while let batch = try reader.next() { largest = max(largest, batch.bytes.count) }
    #expect(largest <= 2 * limit + (1 << 12), "\(largest)")
    #expect(reader.outcome.findings.map(\.code) == [.rowTooLong])
    #expect(reader.outcome.dataRows == 3)
  }
}
