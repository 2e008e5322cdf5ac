import Foundation
import State

/// Which runs' records name a document beside the register: it was held, rejected, ignored, or left to wait, and what the
/// state knows of it now does not say so any more.
struct RecordSearch {
  let state: StateStore
  let workspace: Workspace

  /// - Returns: for each of the keys the runs that name it, whatever the interface.
  func runs(naming keys: [[UInt8]]) throws -> [[UInt8]: Set<Int>] {
    var found: [[UInt8]: Set<Int>] = [:]
    let needles = try keys.map { ($0, try Self.recorded($0)) }
    for run in try 1..<state.lastCommitted() + 1 {
      guard let bytes = try RunArchive(run, state, workspace)?.recordBytes() else { continue }
      // The register's documents are most of a record, and nothing is found in them by its text.
      for line in bytes.split(separator: 0x0A) where !line.starts(with: Self.documents) {
        for (key, needle) in needles where line.firstRange(of: needle) != nil {
          found[key, default: []].insert(run)
        }
      }
    }
    return found
  }

  private static let documents = Array("{\"documents\":".utf8)

  /// The key as a record's line has it: `"key":"S1"`.
  private static func recorded(_ key: [UInt8]) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = try encoder.encode(HeldKey(interface: "", key: key))
    return Array(line.dropFirst("{\"interface\":\"\",".utf8.count).dropLast())
  }
}
