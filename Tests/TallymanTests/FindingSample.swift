import Findings
import Foundation
import Testing

/// A folder of `samples/findings/`: what differs from the small workspace in `base/` so that one kind of finding comes.
///
/// In `sample.yaml` a key that is a path has the changes of that file: a line with `-` goes, the lines with `+` behind
/// it come in its place and keep its indentation, `+` lines without one come at the end. `\xFF` is a byte. A file of
/// the inbox that `base/` lacks begins as a copy of `issue.csv` where there are `-` lines.
struct FindingSample {
  let code: FindingCode
  private(set) var drops: [[String]] = []
  private var changes: [(path: String, lines: [String])] = []

  static let all = Repository.samples + "/findings"
  private static let base = all + "/base"

  var folder: String { "\(Self.all)/\(code.rawValue)" }

  init(_ code: FindingCode) throws {
    self.code = code
    let text = try String(contentsOfFile: folder + "/sample.yaml", encoding: .utf8)
    try #require(text.hasPrefix("title: "))
    for line in text.split(separator: "\n").map(String.init).dropFirst() {
      if line.hasPrefix("  - ["), changes.isEmpty {
        drops.append(line.dropFirst(5).dropLast().split(separator: ",").map { String($0) })
      } else if line.hasPrefix("  ") {
        try #require(!changes.isEmpty, "\(code.rawValue): \(line)")
        changes[changes.count - 1].lines.append(String(line.dropFirst(2)))
      } else if line != "drops:" {
        changes.append((String(line.prefix { $0 != ":" }), []))
      }
    }
    if drops.isEmpty { drops = [["issue.csv"]] }
  }

  func workspace(_ language: Language) throws -> ScratchWorkspace {
    let workspace = try ScratchWorkspace(mappings: Self.base + "/mappings")
    try write(bytes(of: Self.base + "/inbox/issue.csv"), to: workspace.root + "/drop/issue.csv")
    try workspace.edit("mappings/workspace.yaml") {
      $0.replacing("messages: en", with: "messages: \(language.rawValue)")
    }
    for (path, lines) in changes {
      let target = workspace.root + "/" + path.replacing(/^inbox\//, with: "drop/")
      if lines == ["remove"] {
        try FileManager.default.removeItem(atPath: target)
      } else {
        try write(Self.changed(target, lines, root: workspace.root), to: target)
      }
    }
    return workspace
  }

  private static func changed(_ path: String, _ changes: [String], root: String) throws -> [UInt8] {
    var source = path
    if !FileManager.default.fileExists(atPath: path) { source = root + "/drop/issue.csv" }
    let startsEmpty = source != path && !changes.contains { $0.hasPrefix("- ") }
    var lines: [[UInt8]] =
      startsEmpty
      ? []
      : try bytes(of: source).split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map {
        Array($0)
      }
    var place: (index: Int, indent: [UInt8])?
    for change in changes {
      let text = String(change.dropFirst(2))
      if change.hasPrefix("- ") {
        let index = lines.indices.filter { trimmed(lines[$0]) == text }
        try #require(index.count == 1, "\(path): \(index.count) lines are \(text)")
        place = (index[0], Array(lines[index[0]].prefix { $0 == 0x20 }))
        lines.remove(at: index[0])
      } else {
        try #require(change.hasPrefix("+ "), "\(path): \(change) begins with neither - nor +")
        lines.insert((place?.indent ?? []) + unescaped(text), at: place?.index ?? lines.count)
        place?.index += 1
      }
    }
    return Array(lines.map { $0 + [0x0A] }.joined())
  }

  private static func trimmed(_ line: [UInt8]) -> String {
    String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespaces)
  }

  private static func unescaped(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let escape = rest.firstMatch(of: /\\x([0-9A-F]{2})/) {
      bytes += rest[..<escape.range.lowerBound].utf8
      bytes.append(UInt8(escape.output.1, radix: 16) ?? 0)
      rest = rest[escape.range.upperBound...]
    }
    return bytes + rest.utf8
  }
}
