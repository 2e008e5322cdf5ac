import Definitions
import Findings

extension TableDefinition {
  /// `name: file`, or `name: { file, key, value, valid }`.
  init?(entry: Node.Entry, faults: Faults) {
    if case .scalar(let file) = entry.value.content {
      guard !file.text.isEmpty else {
        faults.report(.missingKey, at: entry.key, ["file"])
        return nil
      }
      self.init(name: entry.key, file: file)
      return
    }
    let keys = Keys(of: entry.value, owner: entry.key, faults: faults)
    let file = keys.text("file")
    let key = keys.optionalTexts("key")
    let value = keys.optionalTexts("value")
    let valid = keys.optionalTexts("valid")
    keys.finish()
    if let valid, valid.count != 2 {
      faults.report(.wrongShape, at: keys.keyText("valid") ?? keys.owner, ["[FROM, TO]"])
    }
    if let key, key.count > Self.mostKeys {
      faults.report(.badValue, at: key[Self.mostKeys], [key[Self.mostKeys].text, "≤ \(Self.mostKeys)"])
      return nil
    }
    guard let file else { return nil }
    self.init(
      name: entry.key, file: file, keys: key, values: value,
      valid: valid.flatMap { $0.count == 2 ? (from: $0[0], to: $0[1]) : nil })
  }

  /// A table notes in a bit for each key where `*` stands.
  private static let mostKeys = 32
}
