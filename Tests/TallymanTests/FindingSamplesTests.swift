import Findings
import Foundation
import Testing

/// Each kind of finding can be provoked, and this is how it then reads, in both languages: `expected.txt` beside the
/// sample that provokes it. A code without a sample fails.
@Suite struct FindingSamplesTests {
  @Test(arguments: FindingCode.allCases)
  func isProvoked(_ code: FindingCode) throws {
    let sample = try FindingSample(code)
    var text = ""
    for language in Language.allCases {
      let workspace = try sample.workspace(language)
      let locale = ["LC_ALL": language == .chinese ? "zh_CN.UTF-8" : "en_GB.UTF-8"]
      let said = try Circumstance(of: code).provoke(sample, in: workspace, locale)
      let found = Self.found(code, in: said)
      #expect(!found.isEmpty, "\(code.rawValue) did not come: \(said)")
      text += (text.isEmpty ? "" : "\n") + found.joined(separator: "\n") + "\n"
    }
    let path = sample.folder + "/expected.txt"
    if try Repository.rewrites() {
      try write(text.utf8, to: path)
    } else {
      #expect(text == (try? String(contentsOfFile: path, encoding: .utf8)))
    }
  }

  @Test func noSampleIsLeftOver() throws {
    let codes = Set(FindingCode.allCases.map(\.rawValue))
    #expect(try Set(folders(in: FindingSample.all)).subtracting(["base"]) == codes)
  }

  @Test func theBaseIsSound() throws {
    let workspace = try ScratchWorkspace(mappings: FindingSample.all + "/base/mappings")
    try workspace.drop(FindingSample.all + "/base/inbox/issue.csv")
    let result = try workspace.run()
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
  }

  /// The findings of that code as they were shown to a person, each with its excerpt and its help.
  static func found(_ code: FindingCode, in text: String) -> [String] {
    var blocks: [String] = []
    var open: [String]?
    for line in text.split(separator: "\n").map(String.init) {
      if line.contains("[\(code.rawValue)]: ") { open = [] }
      guard open != nil else { continue }
      open?.append(line)
      guard line.hasPrefix("  help: ") || line.hasPrefix("  办法: ") else { continue }
      let block = open?.joined(separator: "\n") ?? ""
      if !blocks.contains(block) { blocks.append(block) }
      open = nil
    }
    return blocks
  }
}
