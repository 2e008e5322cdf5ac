import Foundation

/// A value that is computed on a thread of its own while this one goes on. Whoever asks for it waits.
///
/// No dispatch queue: its pool has as many threads as the machine has cores, and these wait for each other.
final class Background<Value: Sendable>: Sendable {
  private let value = Locked<Value?>(nil)

  init(_ compute: @escaping @Sendable () -> Value) {
    Thread.detachNewThread { [value] in
      let result = compute()
      value.withLock { $0 = result }
    }
  }

  func get() -> Value {
    value.withLock(
      when: { $0 != nil },
      do: { value in
        guard let value else { preconditionFailure("It was waited for") }
        return value
      })
  }
}
