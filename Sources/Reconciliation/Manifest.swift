/// The list of a run's files with their digests, in the form that `sha256sum --check` reads.
///
/// Sizes stand in comment lines, which it skips: one file is a line `# size name` and a line `sha256  name`.
package struct Manifest: Sendable, Hashable {
  package var run: Int64
  /// In order of their names' bytes.
  package let files: [Publication]

  package init(run: Int64, files: [Publication]) {
    self.run = run
    self.files = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  package var text: String {
    var text = Self.opening(run: Int(run)) + "\(files.count) files\n"
    for file in files {
      let name = Self.escaped(file.name)
      text += "# \(file.size) \(name)\n"
      text += (name == file.name ? "" : "\\") + "\(file.sha256)  \(name)\n"
    }
    return text
  }

  /// What the manifest of a run begins with, and nothing else does.
  package static func opening(run: Int) -> String { "# tallyman run \(run), " }

  /// A name with a backslash or line break is escaped, and its line begins with a backslash, as coreutils has it.
  private static func escaped(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
