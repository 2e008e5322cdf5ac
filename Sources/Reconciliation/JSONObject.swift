import Findings

/// One JSON object on one line, its members in the order in which they are given.
struct JSONObject {
  private var members: [String] = []

  var text: String { "{" + members.joined(separator: ",") + "}" }

  mutating func set(_ name: String, _ value: String?) {
    members.append(Self.quoted(name) + ":" + (value.map(Self.quoted) ?? "null"))
  }

  mutating func set(_ name: String, _ value: Int) { members.append(Self.quoted(name) + ":\(value)") }

  mutating func set(_ name: String, _ value: Bool) { members.append(Self.quoted(name) + ":\(value)") }

  mutating func set(_ name: String, _ values: [String]) {
    members.append(Self.quoted(name) + ":[" + values.map(Self.quoted).joined(separator: ",") + "]")
  }

  mutating func set(_ name: String, _ object: JSONObject) {
    members.append(Self.quoted(name) + ":" + object.text)
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x09: result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result.printableJSON + "\""
  }
}
