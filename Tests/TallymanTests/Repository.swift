import Foundation
import Testing

/// The repository that these tests stand in, found from where this file lies.
enum Repository {
  static let root: String = {
    var path = #filePath as NSString
    for _ in 0..<3 { path = path.deletingLastPathComponent as NSString }
    return path as String
  }()

  static let samples = root + "/samples"
  static let mappings = root + "/mappings"

  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: root + "/" + path, encoding: .utf8)
  }

  /// Whether expected files are rewritten instead of compared. CI may not: it would prove nothing.
  static func rewrites() throws -> Bool {
    let environment = ProcessInfo.processInfo.environment
    guard environment["TALLYMAN_REWRITE"] == "1" else { return false }
    try #require(environment["CI"] != "true", "TALLYMAN_REWRITE is refused where CI=true")
    return true
  }
}

/// Paths of the files below `folder`, relative to it, in order of their bytes. A file that is no directory counts.
func files(below folder: String) throws -> [String] {
  let manager = FileManager.default
  guard manager.fileExists(atPath: folder) else { return [] }
  // A repository may be laid out with links; they are followed at the top only.
  let real = URL(filePath: folder).resolvingSymlinksInPath().path(percentEncoded: false)
  return try manager.subpathsOfDirectory(atPath: real)
    .filter { path in
      var isFolder: ObjCBool = false
      return manager.fileExists(atPath: real + "/" + path, isDirectory: &isFolder) && !isFolder.boolValue
    }
    .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Names of the folders directly in `folder`.
func folders(in folder: String) throws -> [String] {
  let manager = FileManager.default
  return try manager.contentsOfDirectory(atPath: folder)
    .filter { name in
      var isFolder: ObjCBool = false
      return manager.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder) && isFolder.boolValue
    }
    .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
  try FileManager.default.createDirectory(
    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
  try Data(bytes).write(to: URL(filePath: path))
}
