import Definitions
import Findings
import Ledger

/// Whether the file is written in the version of the mapping language that this program reads.
func hasKnownLanguage(_ keys: Keys) -> Bool {
  guard let version = keys.text("language") else { return true }
  if version.text == "1" { return true }
  keys.faults.report(.languageVersion, at: version, [version.text])
  return false
}

/// A code of book, interface or posting is up to 6 of A–Z and 0–9; what is missing was reported before.
func checkVoucherCode(_ text: SourceText, _ faults: Faults) {
  let allowed = text.text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
  guard !allowed || text.text.utf8.count > 6 else { return }
  faults.report(.badValue, at: text, [text.text, "1–6 × A–Z 0–9"])
}

/// What stands in a reject number where a voucher's ID has its posting's code: `A-XS-RJ-00000001`.
package let rejectCode = "RJ"

enum Answer: String, CaseIterable { case yes, no }

/// A name is part of file names: letters, digits, `-` and `_`; what is missing was reported before.
func checkPlainName(_ text: SourceText, _ faults: Faults) {
  guard !text.text.isEmpty, !isPlainName(text.text) else { return }
  faults.report(.badValue, at: text, [text.text, "letters, digits, - and _"])
}

func isPlainName(_ text: String) -> Bool {
  !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
}

func day(_ text: SourceText, _ faults: Faults) -> Day? {
  if let day = Day(text.text) { return day }
  faults.report(.badValue, at: text, [text.text, "YYYY-MM-DD"])
  return nil
}

/// A whole number of `range`.
func integer(_ text: SourceText, in range: ClosedRange<Int>, _ faults: Faults) -> Int? {
  if let number = Int(text.text), range.contains(number) { return number }
  let allowed = range.upperBound == .max ? "≥ \(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
  faults.report(.badValue, at: text, [text.text, allowed])
  return nil
}

/// A number that is not negative.
func limit(_ text: SourceText, _ faults: Faults) -> Decimal? {
  if case .number(let units, let scale, percent: false) = NumberText(text.text), units >= 0 {
    return Decimal(units: units, scale: scale)
  }
  faults.report(.badValue, at: text, [text.text, "≥ 0"])
  return nil
}

/// Hundredths of a percent, from 0 to 100 %.
func percentage(_ text: SourceText, _ faults: Faults) -> Int? {
  if case .number(let units, let scale, percent: true) = NumberText(text.text),
    let hundredths = Decimal(units: units, scale: scale).rescaled(to: 2)?.units,
    (0...10_000).contains(hundredths)
  {
    return Int(hundredths)
  }
  faults.report(.badValue, at: text, [text.text, "0%–100%"])
  return nil
}

extension SourceText {
  /// The rest of the text from its character `offset` on.
  func from(_ offset: Int) -> SourceText {
    var rest = self
    rest.text = String(text.dropFirst(offset))
    rest.place.column = place.column.map { $0 + offset }
    return rest
  }
}

extension Keys {
  /// Stands for a text that is missing, which has been reported.
  var missing: SourceText { SourceText("", at: owner.place, line: owner.line) }
}

extension Place {
  /// `mappings/a.yaml:3`
  var short: String { line.map { "\(file):\($0)" } ?? file }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
