import Foundation

/// Folders and files as they can be found on a disk, to be written somewhere else.
struct FileTree: Sendable {
  struct File: Sendable, Hashable {
    /// Two names of one file have the same.
    var identity: Int
    var bytes: Data
    /// A file outside that this one is a link to: it keeps the identity that a run may have written down.
    var origin: String?
  }

  var folders: Set<String> = []
  var files: [String: File] = [:]

  func write(to root: String) throws {
    let manager = FileManager.default
    try manager.createDirectory(atPath: root, withIntermediateDirectories: true)
    for folder in folders.sorted() {
      try manager.createDirectory(atPath: root + "/" + folder, withIntermediateDirectories: true)
    }
    var first: [Int: String] = [:]
    for (path, file) in files.sorted(by: { $0.key < $1.key }) {
      let target = root + "/" + path
      if let origin = first[file.identity] ?? file.origin {
        try manager.linkItem(atPath: origin, toPath: target)
      } else {
        try file.bytes.write(to: URL(filePath: target))
      }
      first[file.identity] = target
    }
  }

  /// The same for the same tree, within one process.
  var fingerprint: Int {
    var hasher = Hasher()
    hasher.combine(folders)
    hasher.combine(files)
    return hasher.finalize()
  }
}
