import Foundation
import Ledger
import Mapping

/// What documents add to each measure, as the state keeps it: JSON, the measures in the order of their names.
struct Amounts {
  private let measures: [Measure]
  /// Measures in the order of their names, each with the text before its amount.
  private let parts: [(before: [UInt8], measure: Int)]

  init(_ measures: [Measure]) {
    self.measures = measures
    let ordered = measures.indices.sorted { measures[$0].name < measures[$1].name }
    parts = ordered.enumerated().map { place, measure in
      (Array("\(place == 0 ? "{" : "\",")\(measures[measure].name.json):\"".utf8), measure)
    }
  }

  func text(_ sums: some RandomAccessCollection<Int128>) -> String {
    guard !parts.isEmpty else { return "{}" }
    var text: [UInt8] = []
    for part in parts {
      text += part.before
      appendDecimal(
        sums[sums.index(sums.startIndex, offsetBy: part.measure)], scale: measures[part.measure].scale,
        to: &text)
    }
    text += Array("\"}".utf8)
    return String(decoding: text, as: UTF8.self)
  }

  /// One measure's amount of such a text.
  static func text(of measure: String, in amounts: String) -> String? {
    var amounts = amounts
    let isPlain = !amounts.utf8.contains(0x5C)
    guard isPlain else { return texts(of: amounts)[measure] }
    return amounts.withUTF8 { bytes in
      var at = 0
      /// What stands within the next two quotes.
      func next() -> Slice<UnsafeBufferPointer<UInt8>>? {
        guard let start = bytes[at...].firstIndex(of: 0x22),
          let end = bytes[(start + 1)...].firstIndex(of: 0x22)
        else { return nil }
        at = end + 1
        return bytes[(start + 1)..<end]
      }
      while let name = next(), let amount = next() {
        if name.elementsEqual(measure.utf8) { return String(decoding: amount, as: UTF8.self) }
      }
      return nil
    }
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
