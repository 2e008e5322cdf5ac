import Glibc

/// Where a file's bytes come from. Reading has no position of its own: whoever reads says where.
public enum ByteSource: Sendable {
  /// Bytes that somebody is still writing.
  case stream(any ByteStream)
  /// An open file. Whoever opened it closes it, after the last read.
  case descriptor(Int32)
  case bytes([UInt8])

  /// How many bytes there are now. A file may still grow or shrink; readers go by what `read` gives.
  public var length: Int64 {
    get throws(ReadError) {
      switch self {
      case .bytes(let bytes): return Int64(bytes.count)
      case .stream(let stream): return try stream.length
      case .descriptor(let descriptor):
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ReadError(call: "fstat", code: errno) }
        return Int64(status.st_size)
      }
    }
  }

  /// Fills `buffer` from `offset` on and gives how many bytes it got: fewer than asked only at the end.
  public func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int {
    switch self {
    case .stream(let stream): return try stream.read(at: offset, into: buffer)
    case .bytes(let bytes):
      guard offset < Int64(bytes.count) else { return 0 }
      let count = min(buffer.count, bytes.count - Int(offset))
      bytes.withUnsafeBytes { all in
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[Int(offset)..<Int(offset) + count]))
      }
      return count
    case .descriptor(let descriptor):
      var filled = 0
      while filled < buffer.count {
        let got = pread(
          descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset) + off_t(filled))
        if got > 0 {
          filled += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          throw ReadError(call: "pread", code: errno)
        }
      }
      return filled
    }
  }

  /// A piece of the file, byte for byte; shorter than asked where the file ends before.
  public func bytes(in range: Range<Int64>) throws(ReadError) -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: Int(range.upperBound - range.lowerBound))
    let got = try fill(&piece, from: 0, at: range.lowerBound)
    piece.removeLast(piece.count - got)
    return piece
  }

  /// Fills `bytes` from index `start` to its end with what stands at `offset`.
  func fill(_ bytes: inout [UInt8], from start: Int, at offset: Int64) throws(ReadError) -> Int {
    let outcome: Result<Int, ReadError> = bytes.withUnsafeMutableBytes { all in
      let rest = UnsafeMutableRawBufferPointer(rebasing: all[start...])
      do throws(ReadError) { return .success(try read(at: offset, into: rest)) } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}

/// Bytes that are read while they are written. Both wait for what is asked for and is not there yet.
public protocol ByteStream: Sendable {
  /// How many there are in the end.
  var length: Int64 { get throws(ReadError) }

  /// Fills `buffer` from `offset` on and gives how many bytes it got: fewer than asked only at the end.
  func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ReadError) -> Int
}

/// The system could not give a file's bytes: the world is wrong, not the data.
public struct ReadError: Error, Sendable, Hashable, CustomStringConvertible {
  public var call: String
  /// `errno`.
  public var code: Int32

  public init(call: String, code: Int32) {
    self.call = call
    self.code = code
  }

  public var description: String { "\(call): \(String(cString: strerror(code)))" }
}
