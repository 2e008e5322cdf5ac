/// The companion (伴随文件) of a dropped file, which says that the file is whole: it has the file's name and this ending
/// behind it.
public enum Sidecar: String, Sendable, Hashable, CaseIterable {
  /// Holds the file's SHA-256 in hex, as `sha256sum` writes it.
  case sha256
  /// Says by being there that the file is complete.
  case ok

  package var ending: [UInt8] { Array(".\(rawValue)".utf8) }

  /// The name of the file that a name with such an ending belongs to; `nil` for every other name.
  package static func owner(of name: [UInt8]) -> [UInt8]? {
    for sidecar in allCases {
      let ending = sidecar.ending
      guard name.count > ending.count, name.suffix(ending.count).elementsEqual(ending) else { continue }
      return Array(name.dropLast(ending.count))
    }
    return nil
  }
}
