/// The languages that user-facing text exists in.
public enum Language: String, Sendable, Hashable, CaseIterable {
  case english = "en"
  case chinese = "zh"
}

/// A sentence in both languages, with holes `{0}`, `{1}` … for arguments; `{0 file|files}` is the argument with the noun
/// that goes with the number.
public struct Wording: Sendable {
  public let english: String
  public let chinese: String

  public init(en english: String, zh chinese: String) {
    self.english = english
    self.chinese = chinese
  }

  /// The sentence in `language`; a hole without an argument becomes empty, and an argument never
  /// brings control characters into a terminal or a log.
  public func text(in language: Language, _ arguments: @autoclosure () -> [String] = []) -> String {
    var template = language == .english ? english : chinese
    guard template.withUTF8({ $0.contains(UInt8(ascii: "{")) }) else { return template }
    let arguments = arguments()
    return template.withUTF8 { template in
      var result: [UInt8] = []
      var rest = template[...]
      while let open = rest.firstIndex(of: UInt8(ascii: "{")) {
        result += rest[..<open]
        guard let close = rest[open...].firstIndex(of: UInt8(ascii: "}")),
          let (index, nouns) = Self.hole(rest[(open + 1)..<close])
        else {
          result.append(UInt8(ascii: "{"))
          rest = rest[(open + 1)...]
          continue
        }
        if index < arguments.count {
          result += arguments[index].printable.utf8
          if let nouns { result += " \(arguments[index] == "1" ? nouns.one : nouns.many)".utf8 }
        }
        rest = rest[(close + 1)...]
      }
      return String(decoding: result + rest, as: UTF8.self)
    }
  }

  private static func hole(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>
  ) -> (index: Int, nouns: (one: Substring, many: Substring)?)? {
    // Nearly all are one digit.
    if bytes.count == 1, let digit = bytes.first, (0x30...0x39).contains(digit) {
      return (Int(digit - 0x30), nil)
    }
    let text = String(decoding: bytes, as: UTF8.self)[...]
    if let index = Int(text) { return (index, nil) }
    let parts = text.split(separator: " ", maxSplits: 1)
    guard let first = parts.first, let index = Int(first) else { return nil }
    guard parts.count == 2 else { return (index, nil) }
    let nouns = parts[1].split(separator: "|")
    return nouns.count == 2 ? (index, (nouns[0], nouns[1])) : nil
  }
}
