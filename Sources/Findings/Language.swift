/// The languages that user-facing text exists in.
public enum Language: String, Sendable, Hashable, CaseIterable {
  case english = "en"
  case chinese = "zh"
}

/// A sentence in both languages, with holes `{0}`, `{1}` … for arguments.
public struct Wording: Sendable {
  public let english: String
  public let chinese: String

  public init(en english: String, zh chinese: String) {
    self.english = english
    self.chinese = chinese
  }

  /// The sentence in `language`; a hole without an argument becomes empty, and an argument never
  /// brings control characters into a terminal or a log.
  public func text(in language: Language, _ arguments: [String] = []) -> String {
    let template = language == .english ? english : chinese
    guard template.contains("{") else { return template }
    var result = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      guard let close = rest[open...].firstIndex(of: "}"),
        let index = Int(rest[rest.index(after: open)..<close])
      else {
        result.append("{")
        rest = rest[rest.index(after: open)...]
        continue
      }
      if index < arguments.count { result += arguments[index].printable }
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
