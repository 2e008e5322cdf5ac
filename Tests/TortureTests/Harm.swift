import Foundation
import Synchronization

/// What must never come of a fault.
enum Harm: String, CaseIterable, Sendable {
  case lost, doubled
  case halfPublished = "half-published"
  case hung, crashed
  /// A claim that isn't true, or an end that differs from the undisturbed one's.
  case wrong
}

/// A harm, and how it shows.
struct Harmed: Sendable, CustomStringConvertible {
  var harm: Harm
  var how: String

  init(_ harm: Harm, _ how: String) {
    self.harm = harm
    self.how = how
  }

  var description: String { "\(harm.rawValue): \(how)" }
}

/// The table that `make torture` ends with: each test adds its rows to the file that the environment names.
enum ProofTable {
  /// One line: fault, place, trials, then how often each harm came of it.
  static func add(fault: String, place: String, trials: Int, _ harms: [Harmed]) throws {
    guard let path = ProcessInfo.processInfo.environment["TALLYMAN_PROOF"] else { return }
    let counts = Harm.allCases.map { harm in String(harms.count { $0.harm == harm }) }
    let line = (["fault", fault, place, String(trials)] + counts).joined(separator: "\t") + "\n"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    defer { close(descriptor) }
    let bytes = Array(line.utf8)
    guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else {
      throw Unexpected(what: "\(path) can't be written")
    }
  }
}

/// How much of it is done: a sample, or everything.
enum Torture {
  static let isWhole = ProcessInfo.processInfo.environment["TALLYMAN_TORTURE"] == "whole"

  /// Of what chance decides: another each time, or the one of a failure that is to be seen again.
  static var seed: UInt64 {
    ProcessInfo.processInfo.environment["TALLYMAN_SEED"].flatMap { UInt64($0) } ?? .random(in: .min ... .max)
  }

  /// Does `body` for each of the items, two at a time: the machine has few cores, and most of a trial is waiting.
  static func each<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ body: @Sendable (Item) throws -> Result
  ) throws -> [Result] {
    let state = Mutex((next: 0, results: [Result?](repeating: nil, count: items.count)))
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: 2) { _ in
      while failure.withLock({ $0 == nil }) {
        let index = state.withLock { state in
          defer { state.next += 1 }
          return state.next
        }
        guard index < items.count else { return }
        do {
          let result = try body(items[index])
          state.withLock { $0.results[index] = result }
        } catch {
          failure.withLock { $0 = error }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return state.withLock { $0.results.compactMap { $0 } }
  }
}
