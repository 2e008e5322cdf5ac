import Foundation
import Testing

@testable import Findings

@Suite struct CatalogueTests {
  @Test(arguments: FindingCode.allCases)
  func bothLanguagesHaveTheSameHoles(code: FindingCode) {
    for wording in [code.message, code.remedy] {
      #expect(!wording.english.isEmpty)
      #expect(!wording.chinese.isEmpty)
      #expect(holes(wording.english) == holes(wording.chinese), "\(wording.english) / \(wording.chinese)")
    }
  }

  /// The comment behind a code says what its arguments are; the wordings must not ask for more.
  @Test func holesAreThoseOfTheComments() throws {
    let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/Findings/FindingCode.swift")
    var counts: [String: Int] = [:]
    for line in try String(contentsOf: source, encoding: .utf8).split(separator: "\n") {
      guard let match = line.firstMatch(of: #/case \w+ = "([^"]+)"(?:  // (.+))?$/#) else { continue }
      counts[String(match.1)] = match.2.map { $0.split(separator: ", ").count } ?? 0
    }
    #expect(counts.count == FindingCode.allCases.count)
    for code in FindingCode.allCases {
      let asked = holes(code.message.english).union(holes(code.remedy.english)).max() ?? -1
      #expect(asked < counts[code.rawValue] ?? 0, "\(code.rawValue)")
    }
  }

  @Test func aNounGoesWithItsNumber() {
    let wording = Wording(en: "{0 file|files} of {1 run|runs}", zh: "{1} 个批次的 {0} 个文件")
    #expect(wording.text(in: .english, ["1", "2"]) == "1 file of 2 runs")
    #expect(wording.text(in: .english, ["0", "1"]) == "0 files of 1 run")
    #expect(wording.text(in: .chinese, ["1", "2"]) == "2 个批次的 1 个文件")
  }

  @Test func noTwoCodesSayTheSame() {
    #expect(Set(FindingCode.allCases.map(\.message.english)).count == FindingCode.allCases.count)
    #expect(Set(FindingCode.allCases.map(\.message.chinese)).count == FindingCode.allCases.count)
  }

  @Test func wordsAmongArgumentsAreTranslated() {
    let finding = Finding(
      .unknownReference, .error, at: Place(file: "mappings/a.yaml", line: 1, column: 1), ["book", "mian", ""])
    #expect(finding.message(in: .english) == "there is no book \"mian\"")
    #expect(finding.message(in: .chinese) == "没有名为“mian”的账套")
    #expect(finding.remedy(in: .chinese) == "先定义它，或改写成已有的名称")
  }

  private func holes(_ text: String) -> Set<Int> {
    Set(text.matches(of: #/\{(\d+)(?: [^}|]+\|[^}|]+)?\}/#).compactMap { Int($0.1) })
  }
}
