internal import Foundation

/// Bytes as the record of a commit has them: as text where they are text, so that an auditor can read them, else in
/// hexadecimal, or in base 64 where they are many.
@propertyWrapper package struct RecordedBytes: Sendable, Hashable, Codable {
  package var wrappedValue: [UInt8]

  package init(wrappedValue: [UInt8]) { self.wrappedValue = wrappedValue }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    if text.hasPrefix(Self.hexadecimal) {
      wrappedValue = try Self.bytes(ofHexadecimal: text.utf8.dropFirst(Self.hexadecimal.utf8.count))
    } else if text.hasPrefix(Self.base64) {
      guard let data = Data(base64Encoded: String(text.dropFirst(Self.base64.count))) else {
        throw StateError.damaged(reason: "base64")
      }
      wrappedValue = [UInt8](data)
    } else {
      wrappedValue = Array(text.utf8)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  var text: String {
    if let text = String(validating: wrappedValue, as: UTF8.self), !text.hasPrefix(Self.hexadecimal),
      !text.hasPrefix(Self.base64)
    {
      return text
    }
    if wrappedValue.count <= 64 {
      return Self.hexadecimal + wrappedValue.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    return Self.base64 + Data(wrappedValue).base64EncodedString()
  }

  private static let hexadecimal = "hex:"
  private static let base64 = "base64:"

  private static func bytes(ofHexadecimal digits: Substring.UTF8View.SubSequence) throws -> [UInt8] {
    let digits = Array(digits)
    return try stride(from: 0, to: digits.count, by: 2).map { at in
      guard at + 1 < digits.count,
        let byte = UInt8(String(decoding: digits[at...at + 1], as: UTF8.self), radix: 16)
      else { throw StateError.damaged(reason: "hexadecimal") }
      return byte
    }
  }
}
