import Foundation
import Testing

/// A folder of `samples/`: files to drop, when, in which steps.
struct Sample: CustomTestStringConvertible {
  var name: String
  var clock = ""
  var drops: [[String]] = []

  var folder: String { Repository.samples + "/" + name }
  var testDescription: String { name }

  /// Whether its vouchers were worked out by hand (`vouchers.csv`), not by `facts.py`.
  var isWorkedByHand: Bool { FileManager.default.fileExists(atPath: folder + "/vouchers.csv") }

  /// Every folder with a `sample.yaml`.
  static func all() throws -> [Sample] {
    try folders(in: Repository.samples)
      .filter { FileManager.default.fileExists(atPath: "\(Repository.samples)/\($0)/sample.yaml") }
      .map { try Sample(name: $0) }
  }

  init(name: String) throws {
    self.name = name
    for line in try String(contentsOfFile: folder + "/sample.yaml", encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("clock: ") { clock = String(line.dropFirst(7)) }
      if line.hasPrefix("  - ["), line.hasSuffix("]") {
        drops.append(
          line.dropFirst(5).dropLast().split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
          })
      }
    }
    try #require(!clock.isEmpty && !drops.isEmpty, "\(name)/sample.yaml has no clock or drops nothing")
  }

  func workspace() throws -> ScratchWorkspace {
    let own = folder + "/mappings"
    return try ScratchWorkspace(
      mappings: FileManager.default.fileExists(atPath: own) ? own : Repository.mappings)
  }

  /// Drops step after step and runs the program behind each.
  func play(in workspace: ScratchWorkspace) throws -> [Program.Result] {
    try drops.map { names in
      for name in names { try workspace.drop("\(folder)/inbox/\(name)") }
      return try workspace.run(at: clock)
    }
  }
}
