import Foundation

/// A value that threads share under one lock, on which they can wait for it to change.
///
/// An `NSCondition`, and no `Mutex`: that one can't be waited on, and where it has to wait for itself the thread sanitizer,
/// which `make sanitize` runs the tests under, sees a race. The compiler does not know that `NSCondition` guards anything, so it
/// has to be told once, here: nothing but the two functions below touches `value`, and both hold the lock.
final class Locked<Value: Sendable>: Sendable {
  private let condition = NSCondition()
  nonisolated(unsafe) private var value: Value

  init(_ value: Value) { self.value = value }

  /// Whoever waits for a change looks again afterwards.
  func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withLock(when: { _ in true }, do: body)
  }

  /// - Parameter ready: until it is true of the value, this thread waits.
  func withLock<Result, Failure: Error>(
    when ready: (borrowing Value) -> Bool, do body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    while !ready(value) { condition.wait() }
    return try body(&value)
  }
}
