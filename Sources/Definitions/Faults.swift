package import Findings

/// Collects what is wrong with a set of definitions, so that all of it is told at once.
package final class Faults {
  package private(set) var findings: [Finding] = []

  package init() {}

  /// Says that `source` is wrong, or only the characters `range` of it.
  package func report(
    _ code: FindingCode, at source: SourceText, _ arguments: [String] = [],
    characters range: Range<Int>? = nil
  ) {
    findings.append(source.finding(code, arguments, characters: range))
  }

  package func report(_ finding: Finding) { findings.append(finding) }

  package func report(_ more: [Finding]) { findings += more }
}
