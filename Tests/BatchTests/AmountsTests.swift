import Foundation
import Ledger
import Testing

@testable import Batch
@testable import Mapping

/// Amounts are written and read without an encoder for each document: they are what an encoder gives, and what a decoder
/// makes of them, whatever the measures are called.
@Suite struct AmountsTests {
  @Test(arguments: UInt64(1)...200)
  func amountsAreWhatAnEncoderGives(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    var names: [String] = []
    for _ in 0..<Int.random(in: 0...5, using: &random) {
      let name = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        Self.pieces.randomElement(using: &random)!
      }
      if !names.contains(name.joined()) { names.append(name.joined()) }
    }
    let measures = names.map { Measure(name: $0, slot: 0, scale: Int.random(in: 0...6, using: &random)) }
    let sums = names.map { _ in
      Int128(Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0...63, using: &random))
    }
    let expected = Dictionary(
      uniqueKeysWithValues: zip(measures, sums).map {
        ($0.name, Ledger.Decimal(units: $1, scale: $0.scale).description)
      })
    let text = measures.amounts(([7] + sums).dropFirst())
    #expect(Array(text.utf8) == Array(expected.json.utf8))
    #expect(Amounts.texts(of: text) == expected)
  }

  /// What has an order of its own (digits, capitals, accents), what is escaped, and what looks like JSON.
  private static let pieces = [
    "gross", "net", "Net", "n", "9", "10", "é", "e", "Z", "金额", "税额", ":", "\"", "\\", ":\"", "\",\"", "{",
    "}", "/", "\t",
    "\u{85}", "\u{2028}", "_", " ", "😀",
  ]
}
