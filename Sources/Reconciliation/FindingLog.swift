package import Findings

/// Collects a run's findings: all are counted, few are kept.
///
/// A million bad rows make one count and a listing of at most `limit` for each code and file.
package struct FindingLog: Sendable {
  package struct Count: Sendable, Hashable {
    package var code: FindingCode
    package var severity: Severity
    package var times: Int
  }

  private struct Key: Hashable {
    var code: FindingCode
    var file: String
  }

  package static let limit = 20

  /// In the order in which they were found.
  package private(set) var listed: [Finding] = []
  private var listedBy: [Key: Int] = [:]
  private var times: [FindingCode: [Severity: Int]] = [:]

  package init() {}

  package mutating func add(_ finding: Finding) {
    add(finding.code, finding.severity, file: finding.place.file) { finding }
  }

  /// Counts a finding, and asks for it only where there is room to list it.
  package mutating func add(
    _ code: FindingCode, _ severity: Severity, file: String, _ finding: () -> Finding
  ) {
    times[code, default: [:]][severity, default: 0] += 1
    let key = Key(code: code, file: file)
    guard listedBy[key, default: 0] < Self.limit else { return }
    listedBy[key, default: 0] += 1
    listed.append(finding())
  }

  /// Counts findings that are not listed.
  package mutating func count(_ code: FindingCode, _ severity: Severity, times more: Int) {
    if more > 0 { times[code, default: [:]][severity, default: 0] += more }
  }

  /// By code in the catalogue's order, then by severity.
  package var counts: [Count] {
    FindingCode.allCases.flatMap { code in
      (times[code] ?? [:]).sorted { $0.key < $1.key }.map {
        Count(code: code, severity: $0.key, times: $0.value)
      }
    }
  }

  package func times(_ severity: Severity) -> Int {
    times.values.reduce(0) { $0 + ($1[severity] ?? 0) }
  }

  package var total: Int { counts.reduce(0) { $0 + $1.times } }
}
