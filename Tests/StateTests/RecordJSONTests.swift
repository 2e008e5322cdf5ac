import Foundation
import Testing

@testable import State

/// Rejects and documents are written as JSON by hand. Their records are read by `Codable`, and what was written yesterday must be
/// written today: whatever they hold, it is what an encoder gives.
@Suite struct RecordJSONTests {
  @Test(arguments: UInt64(1)...20)
  func aRecordsRejectsAreWhatAnEncoderGives(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    var record = CommitRecord(
      run: 7, clock: "c", files: [], publications: [], decision: RunDecision(definitions: "d"), previous: [])
    // More than are put into one piece.
    record.decision.rejects = (0..<1100).map { _ in Self.reject(&random) }
    var bytes: [UInt8] = []
    record.write { bytes += $0 }

    let written = bytes.split(separator: 0x0A).dropFirst().dropLast()
    #expect(written.count == record.decision.rejects.count)
    for (line, reject) in zip(written, record.decision.rejects) {
      #expect(try Array(line) == Self.encoded(["reject": reject]))
    }
    #expect(try CommitRecord(bytes).decision.rejects == record.decision.rejects)
  }

  @Test(arguments: UInt64(1)...20)
  func aCauseInTheStateIsWhatAnEncoderGives(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    for _ in 0..<200 {
      let reject = Self.reject(&random)
      #expect(try Array(reject.causeText.utf8) == Self.encoded(reject.cause))
      #expect(try Reject.cause(from: reject.causeText) == reject.cause)
    }
  }

  @Test(arguments: UInt64(1)...20)
  func aRecordsDocumentsAreWhatAnEncoderGives(seed: UInt64) throws {
    struct Documents: Encodable {
      var count: Int
      @RecordedBytes var firstKey: [UInt8]
      @RecordedBytes var lastKey: [UInt8]
      @RecordedBytes var sealed: [UInt8]
    }
    var random = SeededGenerator(state: seed)
    var record = CommitRecord(
      run: 7, clock: "c", files: [], publications: [], decision: RunDecision(definitions: "d"), previous: [])
    let blocks = (0..<50).map { _ in
      DocumentBlock(
        firstKey: Self.bytes(&random), lastKey: Self.bytes(&random), count: Self.number(&random),
        payload: Self.bytes(&random))
    }
    record.decision.registers = [RegisterChange(interface: "i", postings: ["P"], blocks: blocks)]
    var bytes: [UInt8] = []
    record.write { bytes += $0 }

    // The run, the register, its documents, the end.
    let written = bytes.split(separator: 0x0A).dropFirst(2).dropLast()
    #expect(written.count == blocks.count)
    for (line, block) in zip(written, blocks) {
      let documents = Documents(
        count: block.count, firstKey: block.firstKey, lastKey: block.lastKey, sealed: block.payload)
      #expect(try Array(line) == Self.encoded(["documents": documents]))
    }
    let read = try CommitRecord(bytes).decision.registers.first?.blocks ?? []
    #expect(read.map(\.payload) == blocks.map(\.payload))
  }

  @Test func everyControlCharacterAloneIsWhatAnEncoderGives() throws {
    for scalar in (0...0x9F).map({ Character(Unicode.Scalar($0)) }) {
      let reject = Reject(
        number: "", interface: "a\(scalar)", key: [], sinceRun: 0, lastRun: 0, fileName: [], line: 0, rows: 0,
        rejectFile: "\(scalar)b",
        cause: RejectCause(code: "\(scalar)", arguments: ["", "\(scalar)"], field: ""), amounts: "")
      var json = JSONText()
      reject.write(to: &json)
      #expect(try json.bytes == Self.encoded(reject))
    }
  }

  /// As bytes: texts that mean the same letters are equal, and need not be the same.
  private static func encoded(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try Array(encoder.encode(value))
  }

  /// What JSON may have to escape, what it must leave alone, and what a prefix of ours can be taken for.
  private static let pieces = [
    "\"", "\\", "/", "\u{0}", "\u{8}", "\t", "\n", "\u{B}", "\u{C}", "\r", "\u{1F}", "\u{7F}", "\u{80}",
    "\u{85}",
    "\u{A0}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "😀", "\u{10FFFF}", "e\u{301}", "é",
    "👩‍👩‍👧", "单据", "</script>", "&", "'", "hex:", "base64:", "a", "Z", "0", " ",
  ]

  private static func text(_ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
  }

  /// Texts and, as often, what is none; both longer and shorter than what is written in hexadecimal.
  private static func bytes(_ random: inout SeededGenerator) -> [UInt8] {
    if Bool.random(using: &random) { return Array(text(&random).utf8) }
    return (0..<Int.random(in: 0...90, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  private static func number(_ random: inout SeededGenerator) -> Int {
    [0, 1, -1, .max, .min, Int.random(in: 0...1_000_000, using: &random)].randomElement(using: &random)!
  }

  private static func reject(_ random: inout SeededGenerator) -> Reject {
    var reject = Reject(
      number: text(&random), interface: text(&random), key: bytes(&random), sinceRun: number(&random),
      lastRun: number(&random), fileName: bytes(&random), line: number(&random), rows: number(&random),
      rejectFile: text(&random),
      cause: RejectCause(
        code: text(&random),
        arguments: (0..<Int.random(in: 0...3, using: &random)).map { _ in text(&random) },
        field: text(&random)),
      amounts: text(&random))
    if Bool.random(using: &random) {
      let verdict = [Reject.Closing.Verdict.posted, .held, .repeated, .ignored].randomElement(using: &random)!
      reject.closed = Reject.Closing(run: number(&random), verdict: verdict)
    }
    return reject
  }
}
