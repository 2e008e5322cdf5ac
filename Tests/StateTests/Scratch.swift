import Foundation

@testable import State

/// A folder that is gone when the test is.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "tallyman-state-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var database: String { path + "/state.sqlite" }
}

extension StateStore {
  /// Plans an empty run and commits it with what `decide` says.
  @discardableResult
  func commitRun(_ decide: (inout RunDecision) -> Void) throws -> Int {
    let number = try plan(clock: "2026-01-31T08:00:00+08:00", definitions: "d1", files: [])
    var decision = RunDecision(definitions: "d1")
    decide(&decision)
    try commit(run: number, decision, publications: [])
    return number
  }
}

// A span may not leave the expression that #expect takes apart.
extension DocumentRegister {
  func find(key: [UInt8]) throws(StateError) -> PostedDocument? { try find(key.span) }
}

extension DocumentColumns {
  func find(key: [UInt8]) -> Int? { find(key.span) }
}
