/// The findings as a person mends them: by file, line and column, each once, and without those that only echo a
/// syntax error of their line.
public func inReadingOrder(_ findings: [Finding]) -> [Finding] {
  struct Line: Hashable {
    var file: String
    var line: Int?
  }
  func key(_ finding: Finding) -> Line { Line(file: finding.place.file, line: finding.place.line) }
  let broken = Set(findings.filter { $0.code == .yamlSyntax }.map(key))
  var seen: Set<Finding> = []
  return findings.enumerated()
    .filter { seen.insert($0.element).inserted }
    .filter { $0.element.code == .yamlSyntax || !broken.contains(key($0.element)) }
    .sorted { left, right in
      let (a, b) = (left.element.place, right.element.place)
      if a.file != b.file { return a.file.utf8.lexicographicallyPrecedes(b.file.utf8) }
      return (a.line ?? 0, a.column ?? 0, left.offset) < (b.line ?? 0, b.column ?? 0, right.offset)
    }
    .map(\.element)
}
