import Foundation
import Testing

/// Every sample goes from inbox to outbox, and what comes out is, byte for byte, what `expected/` holds.
///
/// `TALLYMAN_REWRITE=1 swift test --filter GoldenTests` rewrites it; look at the difference as an accountant would.
@Suite struct GoldenTests {
  @Test(arguments: try Sample.all())
  func comesOutAsExpected(_ sample: Sample) throws {
    let workspace = try sample.workspace()
    var results: [String: [UInt8]] = [:]
    for (index, result) in try sample.play(in: workspace).enumerated() {
      results["run-\(index + 1).txt"] = Array(Self.transcript(result).utf8)
    }
    results["left.txt"] = Array(try workspace.left().utf8)
    for name in try workspace.outbox() {
      results["outbox/" + name] = try bytes(of: "\(workspace.root)/outbox/\(name)")
    }
    let expected = sample.folder + "/expected"
    if try Repository.rewrites() {
      try? FileManager.default.removeItem(atPath: expected)
      for (name, content) in results { try write(content, to: expected + "/" + name) }
      return
    }
    #expect(try files(below: expected) == results.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    for name in try files(below: expected) {
      guard let result = results[name] else { continue }
      let wanted = try bytes(of: expected + "/" + name)
      if result != wanted { Issue.record("\(sample.name)/\(name): \(Self.firstDifference(result, wanted))") }
    }
  }

  @Test func everySampleIsACase() throws {
    let names = try Sample.all().map(\.name)
    for name in try folders(in: Repository.samples) where name != "findings" {
      #expect(names.contains(name), "samples/\(name) has no sample.yaml, so nothing runs it")
    }
    #expect(!names.isEmpty)
  }

  /// Without digests: that of the commit's record is another with each change of a definition.
  static func transcript(_ result: Program.Result) -> String {
    var text = "exit \(result.exitCode)\n"
    if !result.output.isEmpty { text += "\nstandard output:\n" + result.output }
    if !result.errors.isEmpty { text += "\nstandard error:\n" + result.errors }
    return text.replacing(/[0-9a-f]{64}/, with: "…")
  }

  static func firstDifference(_ result: [UInt8], _ wanted: [UInt8]) -> String {
    let lines = result.split(separator: 0x0A, omittingEmptySubsequences: false)
    let other = wanted.split(separator: 0x0A, omittingEmptySubsequences: false)
    let line = zip(lines, other).prefix { $0 == $1 }.count
    func shown(_ lines: [ArraySlice<UInt8>]) -> String {
      line < lines.count ? String(decoding: lines[line], as: UTF8.self) : "(the end)"
    }
    return "line \(line + 1) is\n  \(shown(lines))\nand should be\n  \(shown(other))"
  }
}
