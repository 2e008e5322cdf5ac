import Definitions
import Findings

/// The names that definitions give themselves, also those of files that are wrong otherwise.
struct DefinitionNames {
  private let books: [String]
  private let profiles: [String]
  private let faults: Faults

  init(_ trees: [(path: String, tree: Node)], faults: Faults) {
    func names(_ kind: DefinitionKind, _ key: String) -> [SourceText] {
      trees.compactMap { path, tree in
        guard definitionKind(path) == kind, case .map(let entries) = tree.content,
          case .scalar(let text)? = entries.first(where: { $0.key.text == key })?.value.content
        else { return nil }
        return text
      }
    }
    self.faults = faults
    books = names(.book, "book").map(\.text)
    let profiles = names(.profile, "profile")
    self.profiles = profiles.map(\.text)
    reportDoubled("profile", profiles)
  }

  /// Names and codes must be unique: they are parts of voucher IDs and of file names.
  func reportDoubled(interfaces: [InterfaceDefinition], books: [BookDraft]) {
    reportDoubled("interface", interfaces.map(\.name))
    reportDoubled("code", interfaces.map(\.code))
    reportDoubled("book", books.map(\.name))
    reportDoubled("code", books.map(\.code))
  }

  /// Books and profiles that an interface names and nothing defines.
  func reportUnknown(in interfaces: [InterfaceDefinition]) {
    for interface in interfaces {
      reportUnknown("book", interface.book, among: books)
      for profile in interface.write.map(\.profile) + interface.newCodes.map(\.profile) {
        reportUnknown("profile", profile, among: profiles)
      }
    }
  }

  private func reportUnknown(_ kind: String, _ name: SourceText, among known: [String]) {
    guard !name.text.isEmpty, isPlainName(name.text), !known.contains(name.text) else { return }
    faults.report(.unknownReference, at: name, [kind, name.text, nearest(to: name.text, among: known)])
  }

  private func reportDoubled(_ kind: String, _ names: [SourceText]) {
    var first: [String: SourceText] = [:]
    for name in names where !name.text.isEmpty {
      if let earlier = first[name.text] {
        faults.report(.doubledName, at: name, [kind, name.text, earlier.place.short])
      } else {
        first[name.text] = name
      }
    }
  }
}
