import Findings
import Testing

@testable import Writers

@Suite struct EncodingTests {
  @Test func gb18030IsWrittenByteForByte() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 113_00, memo: "收款€😀")
    let bytes = sample.bytes(csv("摘要: voucher.memo\n借: entry.debit", "encoding: gb18030"))
    let memo: [UInt8] = [0xCA, 0xD5, 0xBF, 0xEE, 0xA2, 0xE3, 0x94, 0x39, 0xFC, 0x36]
    let caption: [UInt8] = [0xD5, 0xAA, 0xD2, 0xAA, 0x2C, 0xBD, 0xE8, 0x0A]
    #expect(bytes == caption + memo + Array(",113.00\n".utf8) + memo + Array(",0.00\n".utf8))
  }

  @Test func byteOrderMarkIsTheEncodings() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1)
    let columns = "L: entry.line"
    #expect(sample.bytes(csv(columns, "byte_order_mark: yes")).prefix(4) == [0xEF, 0xBB, 0xBF, 0x4C])
    #expect(
      sample.bytes(csv(columns, "byte_order_mark: yes\nencoding: gb18030")).prefix(5)
        == [0x84, 0x31, 0x95, 0x33, 0x4C])
    #expect(sample.bytes(csv(columns)).first == 0x4C)
  }

  @Test func characterThatTheEncodingLacksIsABreach() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, memo: "好")
    sample.add("2026-03-05", amount: 1, memo: "好😀")
    let profile = csv("摘要: voucher.memo\n借: entry.debit", "encoding: gbk")
    let findings = sample.findings(profile)
    #expect(findings.map(\.code) == [.characterUnwritable])
    #expect(findings.map(\.arguments) == [["p", "摘要", "😀 U+1F600", "gbk"]])
    #expect(findings.map(\.severity) == [.reject])
    #expect(sample.findings(csv("摘要: voucher.memo", "encoding: gb18030")).isEmpty)
  }

  /// The check may skip the conversion, but never a character that the writer would stop at.
  @Test(arguments: OutputEncoding.allCases)
  func whatSurelyIsWrittenIsWritten(_ encoding: OutputEncoding) {
    let transcoder = Transcoder(to: encoding)
    var output = ByteBuffer()
    var wrong: [Unicode.Scalar] = []
    for value in Array(UInt32(1)...0xFFFF) + Array(stride(from: 0x10000, to: 0x10FFFF, by: 331)) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      Array(String(scalar).utf8).withUnsafeBufferPointer { text in
        output.removeAll()
        let written = transcoder.append(text, to: &output) == nil
        let promised = transcoder.surelyWrites(text, most: nil)
        if promised && !(written && output.count <= text.count * 2) { wrong.append(scalar) }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(5).map { String($0.value, radix: 16) })")
  }

  @Test func characterInADimensionIsFoundForEachVoucherThatHasIt() {
    var sample = Sample()
    let bad = sample.set(["客户": "张𠮷"])
    sample.add("2026-03-05", amount: 1, set: bad)
    sample.add("2026-03-05", amount: 1)
    sample.add("2026-03-05", amount: 1, set: bad)
    let profile = csv("客户: entry.dimension(\"客户\")", "encoding: gbk")
    var check = ContractCheck(profile: profile, batch: sample.batch, context: sample.context)
    #expect(
      check.breaches(of: [0, 1, 2]) == [
        Breach(voucher: 0, entry: 0, rule: 0, kind: .unwritable),
        Breach(voucher: 2, entry: 4, rule: 0, kind: .unwritable),
      ])
  }

  @Test func captionThatCannotBeWrittenIsAFaultOfTheProfile() {
    let (profile, findings) = read(
      """
      language: 1
      profile: p
      proven_by: document none
      format: csv
      encoding: gbk
      columns:
        摘要😀: voucher.memo
      """)
    #expect(profile == nil)
    #expect(findings.map(\.code) == [.characterUnwritable])
    #expect(findings.first?.place.line == 7)
  }
}
