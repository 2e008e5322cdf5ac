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

  private let state: Locked<State>

  init(_ writer: SpillWriter) { state = Locked(State(writer: writer)) }

  func append(_ bytes: ArraySlice<UInt8>) throws {
    try state.withLock { state in
      if state.isCancelled { throw Cancelled() }
      try state.writer.append(bytes)
    }
  }

  /// There is no more to come.
  func end() { state.withLock { $0.hasEnded = true } }

  /// Nobody reads any more.
  func cancel() { state.withLock { $0.isCancelled = true } }

  /// What was written, once all of it is.
  func finish() throws(SystemFailure) -> Spilled {
    try state.withLock { state throws(SystemFailure) in try state.writer.finish() }
  }

  // MARK: - Reading

  /// Waits for the end.
  var length: Int64 { state.withLock(when: { $0.hasEnded }, do: { $0.writer.count }) }

  func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    try state.withLock(
      when: { $0.hasEnded || $0.writer.count >= offset + Int64(buffer.count) },
      do: { state throws(ReadError) in try state.writer.read(at: offset, into: buffer) })
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
