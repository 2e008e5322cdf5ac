import Foundation
import Glibc
import Readers

/// Bytes that one thread writes and another reads behind it: whoever asks for what is not there yet waits. They stay in memory
/// while they are few, as those of a `SpillWriter` do.
final class GrowingSpill: ByteStream {
  /// Thrown at whoever goes on writing when nobody wants the rest.
  struct Cancelled: Error {}

  private struct State: Sendable {
    var writer: SpillWriter
    var hasEnded = false
    var isCancelled = false
  }

  /// A lock that the thread sanitizer knows.
  private let condition = NSCondition()
  /// Only touched under the lock.
  nonisolated(unsafe) private var state: State

  init(_ writer: SpillWriter) { state = State(writer: writer) }

  func append(_ bytes: ArraySlice<UInt8>) throws {
    condition.lock()
    defer { condition.unlock() }
    if state.isCancelled { throw Cancelled() }
    try state.writer.append(bytes)
    condition.broadcast()
  }

  /// There is no more to come.
  func end() {
    condition.withLock {
      state.hasEnded = true
      condition.broadcast()
    }
  }

  /// Nobody reads any more.
  func cancel() { condition.withLock { state.isCancelled = true } }

  /// What was written, once all of it is.
  func finish() throws(SystemFailure) -> Spilled {
    condition.lock()
    defer { condition.unlock() }
    return try state.writer.finish()
  }

  // MARK: - Reading

  /// Waits for the end.
  var length: Int64 {
    condition.lock()
    defer { condition.unlock() }
    while !state.hasEnded { condition.wait() }
    return state.writer.count
  }

  func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    condition.lock()
    defer { condition.unlock() }
    while !state.hasEnded, state.writer.count < offset + Int64(buffer.count) { condition.wait() }
    return try state.writer.read(at: offset, into: buffer)
  }
}

extension SpillWriter {
  /// Fills `buffer` from `offset` on with what has been written, and gives how many bytes it got.
  fileprivate func read(
    at offset: Int64, into target: UnsafeMutableRawBufferPointer
  ) throws(ReadError) -> Int {
    var filled = 0
    let onDisk = count - Int64(unwritten.count)
    if let descriptor, offset < onDisk {
      let wanted = Int(min(Int64(target.count), onDisk - offset))
      filled = try ByteSource.descriptor(descriptor).read(
        at: offset, into: UnsafeMutableRawBufferPointer(rebasing: target[..<wanted]))
      guard filled == wanted else { return filled }
    }
    let from = Int(offset + Int64(filled) - onDisk)
    guard filled < target.count, from >= 0, from < unwritten.count else { return filled }
    let more = min(target.count - filled, unwritten.count - from)
    unwritten.withUnsafeBytes { bytes in
      UnsafeMutableRawBufferPointer(rebasing: target[filled...]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[from..<from + more]))
    }
    return filled + more
  }
}
