import Glibc
import Readers

/// Where a run puts what would not fit into its memory, and how much of that it may use.
struct Spilling: Sendable {
  let folder: Path
  /// Bytes of a file's rows that are kept in memory at once, when they must be put in order.
  var budget = 64 << 20
  /// What a file is called before it has lost its name; another one where others use the folder.
  var name = "spilled"

  /// A new file that nobody else can find: it has lost its name before the first byte, so that nothing is left of it
  /// however the program ends.
  fileprivate func file() throws(SystemFailure) -> SpillFile {
    let path = folder / name
    let file = SpillFile(
      descriptor: try System.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600), path: path)
    try System.remove(path)
    return file
  }
}

/// A file without a name, there for as long as somebody has it.
private final class SpillFile: Sendable {
  let descriptor: Int32
  let path: Path

  init(descriptor: Int32, path: Path) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }
}

/// Bytes that stay in memory while they are few, and go to disk when they are not.
struct SpillWriter: Sendable {
  private let spilling: Spilling
  /// How many bytes stay in memory.
  private let most: Int
  private var buffer: [UInt8] = []
  private var file: SpillFile?
  private(set) var count: Int64 = 0
  private static let chunk = 1 << 20

  /// What is in memory only, and the file that has what is not.
  var unwritten: [UInt8] { buffer }
  var descriptor: Int32? { file?.descriptor }

  init(_ spilling: Spilling, most: Int) {
    self.spilling = spilling
    self.most = most
  }

  mutating func append(_ bytes: ArraySlice<UInt8>) throws(SystemFailure) {
    buffer.append(contentsOf: bytes)
    count += Int64(bytes.count)
    if buffer.count > min(most, file == nil ? most : Self.chunk) { try flush() }
  }

  mutating func flush() throws(SystemFailure) {
    let file: SpillFile
    if let known = self.file { file = known } else { file = try spilling.file() }
    self.file = file
    try System.write(buffer, to: file.descriptor, file.path)
    buffer.removeAll(keepingCapacity: buffer.count <= Self.chunk)
  }

  /// What was written, to be read.
  mutating func finish() throws(SystemFailure) -> Spilled {
    guard let file else { return Spilled(bytes: buffer) }
    if !buffer.isEmpty { try flush() }
    return Spilled(file)
  }
}

/// Bytes in memory or in a file without a name; whoever reads `source` keeps this.
struct Spilled: Sendable {
  let source: ByteSource
  private let file: SpillFile?

  init(bytes: [UInt8]) {
    source = .bytes(bytes)
    file = nil
  }

  fileprivate init(_ file: SpillFile) {
    source = .descriptor(file.descriptor)
    self.file = file
  }
}
