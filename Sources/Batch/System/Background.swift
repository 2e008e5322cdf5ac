import Dispatch
import Synchronization

/// A value that is computed on another thread while this one goes on. Whoever asks for it waits.
final class Background<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let done = DispatchSemaphore(value: 0)

  init(_ compute: @escaping @Sendable () -> Value) {
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      let result = compute()
      value.withLock { $0 = result }
      done.signal()
    }
  }

  /// The value; asked for once.
  func get() -> Value {
    done.wait()
    guard let result = value.withLock({ $0 }) else {
      preconditionFailure("The value is there when it is signalled")
    }
    return result
  }
}
