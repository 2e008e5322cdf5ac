import Glibc

/// A path as the system knows it: bytes, since file names need not be text.
package struct Path: Sendable, Hashable {
  package var bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package init(_ text: String) { bytes = Array(text.utf8) }

  package static func / (folder: Path, name: some Sequence<UInt8>) -> Path {
    Path(folder.bytes + [0x2F] + Array(name))
  }

  package static func / (folder: Path, name: String) -> Path { folder / Array(name.utf8) }

  var parent: Path {
    Path(bytes.lastIndex(of: 0x2F).map { Array(bytes[..<$0]) } ?? [0x2E])
  }

  var lastName: [UInt8] { Array(bytes[(bytes.lastIndex(of: 0x2F).map { $0 + 1 } ?? 0)...]) }

  func withCString<T>(_ body: (UnsafePointer<CChar>) -> T) -> T {
    (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { body($0.baseAddress!) }
    }
  }
}

extension Path: CustomStringConvertible {
  package var description: String { String(decoding: bytes, as: UTF8.self) }
}
