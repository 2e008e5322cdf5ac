import Glibc
import Readers
import Testing

@Suite struct ByteSourceTests {
  @Test func fileAndMemoryGiveTheSame() throws {
    var template = Array("/tmp/tallyman-readers-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    defer {
      close(descriptor)
      unlink(template)
    }
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    for source in [ByteSource.descriptor(descriptor), .bytes(bytes)] {
      #expect(try source.length == 100_000)
      #expect(try source.bytes(in: 99_990..<99_995) == Array(bytes[99_990..<99_995]))
      #expect(try source.bytes(in: 99_990..<200_000) == Array(bytes[99_990...]))
      #expect(try source.bytes(in: 200_000..<200_010) == [])
      #expect(try source.bytes(in: 0..<100_000) == bytes)
    }
  }

  @Test func systemErrorsAreThrown() {
    #expect(throws: ReadError(call: "pread", code: EBADF)) {
      try ByteSource.descriptor(-1).bytes(in: 0..<10)
    }
    #expect(throws: ReadError(call: "fstat", code: EBADF)) { try ByteSource.descriptor(-1).length }
  }
}
