import Foundation
import Testing

/// Python as a second opinion. Where there is none, nothing is compared, and a line says so.
struct Python {
  static let isThere: Bool = {
    let found = (try? run("print(1)", on: [])) == Array("1\n".utf8)
    if !found { print("Nothing is compared with Python: there is no python3.") }
    return found
  }()

  /// What a script writes, given `input` as its file `argv[1]`.
  static func run(_ script: String, on input: [UInt8]) throws -> [UInt8] {
    let folder = NSTemporaryDirectory() + "/tallyman-python-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (given, taken) = (URL(filePath: folder + "/in"), URL(filePath: folder + "/out"))
    try Data(input).write(to: given)
    try Data().write(to: taken)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-X", "utf8", "-c", script, given.path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: taken)
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "python3 failed")
    return Array(try Data(contentsOf: taken))
  }

  static func lines(_ script: String, on input: [UInt8]) throws -> [String] {
    String(decoding: try run(script, on: input), as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .dropLast().map(String.init)
  }
}

/// A seeded generator, so that a failure can be run again.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
