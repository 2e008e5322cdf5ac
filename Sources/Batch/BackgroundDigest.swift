import Crypto
import Dispatch

/// SHA-256 of a file's bytes, computed on another thread while the file is parsed. Blocks are shared, not copied, and
/// few of them wait at a time, so memory stays bounded.
final class BackgroundDigest: Sendable {
  private let queue = DispatchQueue(label: "tallyman.digest")
  private let room = DispatchSemaphore(value: 0)
  private let state = Hash()

  init() {
    for _ in 0..<8 { room.signal() }
  }

  /// Only touched on the queue.
  private final class Hash: @unchecked Sendable {
    var hash = SHA256()
  }

  func update(_ block: ArraySlice<UInt8>) {
    room.wait()
    queue.async { [state, room] in
      block.withUnsafeBytes { state.hash.update(bufferPointer: $0) }
      room.signal()
    }
  }

  /// Forgets what came so far: the file is read again from its start.
  func restart() {
    queue.sync { state.hash = SHA256() }
  }

  func finish() -> [UInt8] {
    queue.sync { Array(state.hash.finalize()) }
  }
}
