import Foundation
import Testing

/// The mistakes that `make mistakes` builds into the program must stay ones that can be made.
@Suite struct MistakesTests {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()

  @Test func everyMistakeCanBeBuiltIn() throws {
    let folder = Self.tests.appending(path: "Mistakes").path
    let root = Self.tests.deletingLastPathComponent().deletingLastPathComponent().path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count > 10)
    for name in names {
      let patch = folder + "/" + name
      let text = try String(contentsOfFile: patch, encoding: .utf8)
      let part = try #require(text.firstMatch(of: /(?m)^Part: (\w+)$/)?.1, "\(name) names no part")
      #expect(
        FileManager.default.fileExists(atPath: Self.tests.appending(path: part + ".swift").path), "\(name)")
      let output = NSTemporaryDirectory() + "/tallyman-torture-" + UUID().uuidString
      defer { try? FileManager.default.removeItem(atPath: output) }
      let check = try Command("/usr/bin/git", ["-C", root, "apply", "--check", patch], output: output)
      #expect(check.status == 0, "\(name) no longer fits: \(check.said)")
    }
  }
}
