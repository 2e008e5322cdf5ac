/// A code (a customer, a supplier, an item) that the finance system does not know yet, with what a document says of it.
package struct NewCode: Sendable, Hashable {
  package var key: String
  /// Values by the names that the mapping gives them.
  package var fields: [String: String]

  package init(key: String, fields: [String: String]) {
    self.key = key
    self.fields = fields
  }
}

extension ProfileWriter {
  /// Writes new codes by a profile that lists codes; they have passed `ContractCheck.findings`.
  ///
  /// - Returns: the file's bytes.
  package mutating func bytes(of codes: [NewCode]) -> [UInt8] {
    var output = ByteBuffer(capacity: 1 << 12)
    appendHeader(to: &output)
    for code in codes { append(code, to: &output) }
    return Array(output.bytes())
  }
}
