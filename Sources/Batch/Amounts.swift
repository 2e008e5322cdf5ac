import Foundation
import Ledger
import Mapping

/// What documents add to each measure, as the state keeps it: JSON, the measures in the order of their names.
struct Amounts {
  private let measures: [Measure]
  /// Measures in the order of their names, each with the text before its amount.
  private var parts: [(before: ArraySlice<UInt8>, measure: Int)] = []
  private var end: ArraySlice<UInt8>

  init(_ measures: [Measure]) {
    self.measures = measures
    let indices = Dictionary(uniqueKeysWithValues: measures.enumerated().map { ($1.name, String($0)) })
    end = Array(indices.json.utf8)[...]
    // Within a name a quote has a backslash before it: after a colon there is an amount.
    while let amount = end.firstRange(of: [0x3A, 0x22]) {
      let digits = end[amount.upperBound...].prefix { $0 != 0x22 }
      parts.append((end[..<amount.upperBound], Int(String(decoding: digits, as: UTF8.self))!))
      end = end[digits.endIndex...]
    }
  }

  func text(_ sums: ArraySlice<Int128>) -> String {
    var text: [UInt8] = []
    for part in parts {
      text += part.before
      appendDecimal(sums[sums.startIndex + part.measure], scale: measures[part.measure].scale, to: &text)
    }
    return String(decoding: text + end, as: UTF8.self)
  }

  /// The amounts of such a text, by name of the measure.
  static func texts(of amounts: String) -> [String: String] {
    // Where nothing is escaped, every other quote ends a text.
    guard !amounts.utf8.contains(0x5C) else {
      return (try? JSONDecoder().decode([String: String].self, from: Data(amounts.utf8))) ?? [:]
    }
    let parts = amounts.utf8.split(separator: 0x22, omittingEmptySubsequences: false)
    var texts: [String: String] = [:]
    for at in stride(from: 1, to: parts.count - 2, by: 4) {
      texts[String(parts[at])!] = String(parts[at + 2])!
    }
    return texts
  }
}
