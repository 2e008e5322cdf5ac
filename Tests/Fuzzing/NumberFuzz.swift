import Ledger

/// A number's text against its grammar, and exact arithmetic against digits on paper.
enum NumberFuzz {
  static func fault(in input: [UInt8]) -> String? {
    guard let kind = input.first else { return nil }
    let rest = Array(input.dropFirst())
    return kind % 2 == 0 ? text(rest) : arithmetic(rest)
  }

  private static func text(_ bytes: [UInt8]) -> String? {
    let parsed = bytes.withUnsafeBufferPointer(parseNumber)
    let expected = NumberGrammar.read(bytes)
    if parsed != expected { return "\(parsed), not \(expected)" }
    guard case .number(let units, let scale, _) = parsed else { return nil }
    let printed = Decimal(units: units, scale: scale).description
    let again = NumberText(printed)
    return again == .number(units: units, scale: scale, percent: false)
      ? nil : "\(printed) is read as \(again)"
  }

  private static func arithmetic(_ bytes: [UInt8]) -> String? {
    var choices = Choices(bytes)
    let (a, b) = (decimal(&choices), decimal(&choices))
    let (x, y) = (
      DigitsOnPaper(units: a.units, scale: a.scale), DigitsOnPaper(units: b.units, scale: b.scale)
    )
    if a.description != x.text { return "\(a) is printed, \(x.text) is meant" }
    let scale = choices.below(31)
    let kept = scale < x.scale ? x.rounded(to: scale) : x.extended(to: scale)
    if a.rescaled(to: scale)?.description != (kept.fits ? kept.text : nil) {
      return "\(a) with \(scale) digits is \(String(describing: a.rescaled(to: scale))), not \(kept.text)"
    }
    let sum = x.adding(y)
    let isExact = x.extended(to: sum.scale).fits && y.extended(to: sum.scale).fits && sum.fits
    if (a + b)?.description != (isExact ? sum.text : nil) {
      return "\(a) + \(b) is \(String(describing: a + b)), not \(sum.text)"
    }
    let difference = x.adding(DigitsOnPaper(negative: !y.negative, digits: y.digits, scale: y.scale))
    let isEqual = difference.digits.allSatisfy { $0 == 0 }
    if (a == b) != isEqual || (isEqual && a.hashValue != b.hashValue) { return "\(a) == \(b) is \(a == b)" }
    if (a < b) != (x < y) || (b < a) != (y < x) { return "\(a) < \(b) is \(a < b)" }
    if a.trimmed != a || a.trimmed.scale > a.scale { return "\(a) trimmed is \(a.trimmed)" }
    return nil
  }

  /// Any units but the lowest, which has no opposite, and any scale.
  private static func decimal(_ choices: inout Choices) -> Decimal {
    let count = choices.below(17)
    var bits: UInt128 = 0
    for _ in 0..<count { bits = bits << 8 | UInt128(choices.below(256)) }
    // Near a power of ten is where rounding and carrying go wrong.
    let shape = choices.below(4)
    var units = Int128(truncatingIfNeeded: bits)
    if shape == 1 { units = powerOfTen(choices.below(38)) &- Int128(choices.below(3)) &+ 1 }
    if shape == 2 { units = -(powerOfTen(choices.below(38)) / 2) }
    if units == .min { units = .max }
    return Decimal(units: units, scale: choices.below(31))
  }
}

/// What `parseNumber` accepts, written as rules over the whole text and not as a walk along it.
private enum NumberGrammar {
  static func read(_ bytes: [UInt8]) -> NumberText {
    if bytes.isEmpty { return .empty }
    var characters: [UInt8] = []
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x1F, 0x20, 0xA0, 0x3000, 0xFEFF: characters.append(0x20)
      case 0xFF01...0xFF5E: characters.append(UInt8(scalar.value - 0xFF00 + 0x20))
      case 0xA5, 0xFFE5: characters.append(0x24)
      case 0x2212: characters.append(0x2D)
      case 0..<0x80: characters.append(UInt8(scalar.value))
      default: return .notANumber
      }
    }
    // Two words of digits are two numbers.
    let words = characters.split(separator: 0x20)
    func isOfNumber(_ byte: UInt8?) -> Bool { byte.map { "0123456789,.".utf8.contains($0) } ?? false }
    for (left, right) in zip(words, words.dropFirst()) where isOfNumber(left.last) && isOfNumber(right.first)
    {
      return .notANumber
    }
    let text = String(decoding: words.joined(), as: UTF8.self)
    return text.isEmpty ? .empty : signed(text)
  }

  private static func signed(_ text: String) -> NumberText {
    var body = text[...]
    var signs = 0
    var negative = false
    func dropSign() {
      guard let sign = body.first, sign == "-" || sign == "+" else { return }
      body = body.dropFirst()
      signs += 1
      negative = negative || sign == "-"
    }
    if body.hasPrefix("("), body.hasSuffix(")") {
      body = body.dropFirst().dropLast()
      (signs, negative) = (1, true)
    }
    let percent = body.hasSuffix("%")
    if percent { body = body.dropLast() }
    dropSign()
    if body.hasPrefix("$") { body = body.dropFirst() }
    dropSign()
    if body.hasSuffix("-") {
      body = body.dropLast()
      signs += 1
      negative = true
    }
    if signs > 1 { return .notANumber }
    if let e = body.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      return scientific(body[..<e], body[body.index(after: e)...])
    }
    return plain(body, negative, percent)
  }

  private static func isDigits(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func plain(_ body: Substring, _ negative: Bool, _ percent: Bool) -> NumberText {
    let parts = body.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let groups = parts[0].split(separator: ",", omittingEmptySubsequences: false)
    let whole = groups.joined()
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    guard isDigits(whole[...]), isDigits(fraction[...]), whole.count <= 18, fraction.count <= 18,
      !(whole + fraction).isEmpty, parts.count == 1 || !fraction.isEmpty
    else { return .notANumber }
    if groups.count > 1 {
      guard (1...3).contains(groups[0].count), groups[0].first != "0",
        groups.dropFirst().allSatisfy({ $0.count == 3 })
      else { return .notANumber }
    }
    let units = (whole + fraction).utf8.reduce(Int128(0)) { $0 * 10 + Int128($1 - 0x30) }
    return .number(units: negative ? -units : units, scale: fraction.count, percent: percent)
  }

  /// Digits before the E, with commas where they may stand so far, and a whole exponent behind it.
  private static func scientific(_ mantissa: Substring, _ exponent: Substring) -> NumberText {
    let parts = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let groups = parts[0].split(separator: ",", omittingEmptySubsequences: false)
    let whole = groups.joined()
    let digits = exponent.first == "+" || exponent.first == "-" ? exponent.dropFirst() : exponent
    guard !whole.isEmpty, whole.count <= 18, isDigits(whole[...]),
      parts.count == 1 || (isDigits(parts[1]) && parts[1].count <= 18),
      !digits.isEmpty, isDigits(digits)
    else { return .notANumber }
    if groups.count > 1 {
      guard (1...3).contains(groups[0].count), groups[0].first != "0",
        groups.dropFirst().dropLast().allSatisfy({ $0.count == 3 })
      else { return .notANumber }
    }
    return .scientific
  }
}
