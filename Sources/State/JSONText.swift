internal import Foundation

/// JSON as `JSONEncoder` writes it, for what a run can have by the hundred thousand.
struct JSONText {
  private(set) var bytes: [UInt8] = []

  /// - Parameter text: braces, names, commas: everything that is no value.
  mutating func put(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func put(number: Int) { bytes.append(contentsOf: String(number).utf8) }

  mutating func put(value: String) {
    var value = value
    let isPlain = value.withUTF8 { text in
      guard text.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) else { return false }
      bytes.append(0x22)
      bytes.append(contentsOf: text)
      bytes.append(0x22)
      return true
    }
    if isPlain { return }
    guard value.utf8.allSatisfy({ $0 >= 0x20 }) else {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      guard let text = try? encoder.encode(value) else {
        preconditionFailure("Strings always have a JSON form")
      }
      bytes.append(contentsOf: text)
      return
    }
    bytes.append(0x22)
    for byte in value.utf8 {
      if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
      bytes.append(byte)
    }
    bytes.append(0x22)
  }

  mutating func put(values: [String]) {
    bytes.append(0x5B)
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(0x2C) }
      put(value: value)
    }
    bytes.append(0x5D)
  }
}
