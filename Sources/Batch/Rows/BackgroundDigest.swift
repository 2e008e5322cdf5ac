import Crypto
import Dispatch
import Synchronization

/// SHA-256 of a file's bytes, computed on another thread while the file is parsed. Blocks are shared, not copied, and
/// few of them wait at a time, so memory stays bounded.
final class BackgroundDigest: Sendable {
  private let queue = DispatchQueue(label: "tallyman.digest")
  /// Made empty and then filled: a semaphore that is let go of below its first value brings the program down.
  private let room = DispatchSemaphore(value: 0)
  private let hash = Mutex(SHA256())
  private static let ahead = 8

  init() {
    for _ in 0..<Self.ahead { room.signal() }
  }

  func update(_ block: ArraySlice<UInt8>) {
    room.wait()
    queue.async { [self] in
      block.withUnsafeBytes { bytes in hash.withLock { $0.update(bufferPointer: bytes) } }
      room.signal()
    }
  }

  /// Forgets what came so far: the file is read again from its start.
  func restart() {
    queue.sync { hash.withLock { $0 = SHA256() } }
  }

  func finish() -> [UInt8] {
    queue.sync { hash.withLock { Array($0.finalize()) } }
  }
}
