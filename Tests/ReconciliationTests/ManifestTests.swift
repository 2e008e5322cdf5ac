import Foundation
import Testing

@testable import Reconciliation

@Suite struct ManifestTests {
  private let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  @Test func isPinnedInOrderOfNames() {
    let manifest = Manifest(
      run: 17,
      files: [
        Publication(name: "凭证.csv", size: 12, sha256: empty),
        Publication(name: "b\\c.csv", size: 3, sha256: empty),
        Publication(name: "B.csv", size: 0, sha256: empty),
      ])
    #expect(
      manifest.text == """
        # tallyman run 17, 3 files
        # 0 B.csv
        \(empty)  B.csv
        # 3 b\\\\c.csv
        \\\(empty)  b\\\\c.csv
        # 12 凭证.csv
        \(empty)  凭证.csv

        """)
  }

  /// The real program takes it, and sees a file that was changed.
  @Test(arguments: ["a b.csv", "凭证_2026-03.csv", "back\\slash.csv"])
  func sha256sumReadsIt(_ name: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "tallyman-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let manifest = Manifest(run: 1, files: [Publication(name: name, size: 0, sha256: empty)])
    try Data(manifest.text.utf8).write(to: folder.appendingPathComponent("MANIFEST"))
    let file = folder.appendingPathComponent(name)
    try Data().write(to: file)
    #expect(try status(in: folder) == 0)
    try Data([0x78]).write(to: file)
    #expect(try status(in: folder) != 0)
  }

  private func status(in folder: URL) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["sha256sum", "--check", "--strict", "--quiet", "MANIFEST"]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
