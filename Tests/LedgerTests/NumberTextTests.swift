import Testing

@testable import Ledger

struct NumberTextTests {
  @Test(arguments: [
    ("0", 0, 0), ("-0", 0, 0), ("12", 12, 0), ("-12", -12, 0), ("+12", 12, 0), ("12.50", 1250, 2),
    (".5", 5, 1),
    ("-.5", -5, 1), ("007", 7, 0), ("1,234.50", 123_450, 2), ("1,234", 1234, 0),
    ("-1,234,567.8", -12_345_678, 1),
    ("￥99.00", 9900, 2), ("¥99.00", 9900, 2), ("$99", 99, 0), ("-￥99.00", -9900, 2), ("￥-99.00", -9900, 2),
    ("￥1,234.50", 123_450, 2), ("(12.00)", -1200, 2), ("(￥1,234.50)", -123_450, 2), ("（12.00）", -1200, 2),
    ("12.00-", -1200, 2), ("１２．５０", 1250, 2), ("－１２．５０", -1250, 2), ("−12", -12, 0), ("１，２３４．５", 12_345, 1),
    (" 12 ", 12, 0), ("　12.5\t", 125, 1), ("\u{1F}12", 12, 0), ("\u{A0}12", 12, 0), ("- 12", -12, 0),
    ("￥ 99", 99, 0), ("( 12 )", -12, 0), ("123456789012345678", 123_456_789_012_345_678, 0),
    ("-123456789012345678", -123_456_789_012_345_678, 0),
    ("123,456,789,012,345,678", 123_456_789_012_345_678, 0),
  ])
  func `a number as exports write it`(_ text: String, _ units: Int, _ scale: Int) {
    #expect(NumberText(text) == .number(units: Int128(units), scale: scale, percent: false))
  }

  @Test(arguments: [
    ("13%", 13, 0), ("13.5%", 135, 1), ("13 %", 13, 0), ("１３％", 13, 0), ("-13%", -13, 0), ("(13%)", -13, 0),
    ("0%", 0, 0),
  ])
  func `a percentage keeps its sign's knowledge`(_ text: String, _ units: Int, _ scale: Int) {
    #expect(NumberText(text) == .number(units: Int128(units), scale: scale, percent: true))
  }

  @Test func `18 digits before the point and 18 behind it`() {
    let digits = "123456789012345678"
    #expect(
      NumberText("\(digits).\(digits)")
        == .number(units: Int128("\(digits)\(digits)")!, scale: 18, percent: false))
  }

  @Test(arguments: [
    "1,23", "12x.5", "1.2.3", "--1", "(−1)", "(-1)", "-(1)", "((1))", ".", "-", "+", "1.", "-1.", ",", ",123",
    "1,", "1,2345", "1234,567", "1,234,56", "1,234.5,6", "1.234,5", "12,34", "1,,234", "1-2", "-1-", "(1-)",
    "+-1",
    "1%%", "%", "%1", "(", ")", "()", "(1", "1)", "abc", "x12", "12x", "E5", "1E", "1E+", "1Ex", "1e5x",
    "1/2",
    "一", "12元", "￥", "￥￥1", "1￥", "0x10", "NaN", "inf", "1'000", "1_000", "1 2", "100 200", "1 234.50",
    "1. 5", "1\n2", "0,123", "00,123",
  ])
  func `what is no number is refused`(_ text: String) {
    #expect(NumberText(text) == .notANumber)
  }

  @Test(arguments: [
    "1234567890123456789", "0.1234567890123456789", "1,234,567,890,123,456,789", "9999999999999999999",
    "-1234567890123456789",
  ])
  func `19 digits are refused`(_ text: String) {
    #expect(NumberText(text) == .notANumber)
  }

  @Test(arguments: ["1.23457E+11", "1E5", "1e-5", "-1.5E+3", "1E+05", "１Ｅ＋５"])
  func `what a spreadsheet makes of a long code is named`(_ text: String) {
    #expect(NumberText(text) == .scientific)
  }

  @Test(arguments: ["", " ", "　", "\t", "\u{A0}", "\u{FEFF}"])
  func `nothing is empty`(_ text: String) {
    #expect(NumberText(text) == .empty)
  }

  @Test func `every decimal that is printed reads back`() {
    var random = SplitMix(seed: 4)
    for _ in 0..<10_000 {
      let scale = Int.random(in: 0...18, using: &random)
      let units = random.wide(bits: 59)
      let text = Decimal(units: units, scale: scale).description
      #expect(NumberText(text) == .number(units: units, scale: scale, percent: false), "\(text)")
      #expect(
        NumberText("(\(Decimal(units: Int128(units.magnitude), scale: scale)))")
          == .number(units: -Int128(units.magnitude), scale: scale, percent: false))
    }
  }

  @Test func `the quick way and the long way read alike`() {
    var random = SplitMix(seed: 5)
    let alphabet = Array("0123456789.-,")
    for _ in 0..<20_000 {
      let text = String(
        (0..<Int.random(in: 1...8, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
      // White space around sends a text the long way.
      #expect(NumberText(text) == NumberText(text + " "), "\(text)")
    }
  }

  @Test func `a number within other texts is read as one that stands alone`() {
    var random = SplitMix(seed: 6)
    let alphabet = Array("0123456789.-,/:+ ".utf8)
    for _ in 0..<50_000 {
      let before = (0..<Int.random(in: 0...9, using: &random)).map { _ in
        alphabet.randomElement(using: &random)!
      }
      // Mostly digits, for a number of eight of them is as far as a word goes.
      let text = (0..<Int.random(in: 0...11, using: &random)).map { _ in
        Int.random(in: 0..<8, using: &random) == 0
          ? alphabet.randomElement(using: &random)! : UInt8.random(in: 0x30...0x39, using: &random)
      }
      let quick = (before + text + [0x39]).withUnsafeBufferPointer {
        parsePlainNumber(in: $0, from: before.count, count: text.count)
      }
      let alone = text.withUnsafeBufferPointer { parsePlainNumber($0) }
      #expect(quick == alone, "\(String(decoding: text, as: UTF8.self))")
    }
  }
}
