import Foundation

/// What a power cut may leave of what was done and not yet synced.
enum CutModel: String, CaseIterable, Sendable {
  /// Nothing; a renaming is one step, as on file systems with a journal.
  case strict
  /// Nothing, and each folder keeps its names for itself, so that half of a renaming can survive.
  case apart = "strict, folders apart"
  /// Everything, as if the process had been killed.
  case ordered
  /// Names, but not the bytes of the files.
  case names = "names without bytes"
  /// Names and lengths, with zeros for bytes.
  case zeros = "zeros for bytes"
  /// Names, and half of what was written.
  case torn = "half of the bytes"
}

/// A disk with a cache: what was done to it, and what of that would outlive the power.
struct Disk {
  private enum Change {
    case write(Int, Data)
    case length(Int)

    func apply(to bytes: inout Data) {
      switch self {
      case .write(let offset, let data):
        if bytes.count < offset { bytes.append(Data(count: offset - bytes.count)) }
        bytes.replaceSubrange(offset..<min(bytes.count, offset + data.count), with: data)
      case .length(let length):
        if bytes.count < length { bytes.append(Data(count: length - bytes.count)) }
        bytes = Data(bytes.prefix(length))
      }
    }
  }

  private struct Node {
    var isFolder = false
    var origin: String?
    var bytes = Data()
    var synced = Data()
    var unsynced: [Change] = []
    /// A folder's names: as they are, and as they survive in the two strict models.
    var names: [String: Int] = [:]
    var strict: [String: Int] = [:]
    var apart: [String: Int] = [:]
  }

  private struct Renaming {
    var node: Int
    var from: (folder: Int, name: String)
    var to: (folder: Int, name: String)
  }

  private var nodes = [Node(isFolder: true)]
  private var renamings: [Renaming] = []

  /// A disk on which everything of a folder has been for long.
  /// - Parameter origins: for each path, the file that is a link to it.
  init(_ root: String, origins: [String: String]) throws {
    for path in try FileManager.default.subpathsOfDirectory(atPath: root).sorted() {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder)
      var node = Node(isFolder: isFolder.boolValue, origin: origins[path])
      if !node.isFolder { node.bytes = try Data(contentsOf: URL(filePath: root + "/" + path)) }
      node.synced = node.bytes
      nodes.append(node)
      guard let (folder, name) = place(path) else { throw Unexpected(what: "\(path) has no folder") }
      nodes[folder].names[name] = nodes.count - 1
    }
    for index in nodes.indices {
      nodes[index].strict = nodes[index].names
      nodes[index].apart = nodes[index].names
    }
  }

  // MARK: - What is done

  mutating func apply(_ call: LoggedCall) {
    // SQLite makes its index of the write-ahead log anew.
    guard call.code == 0, !call.path.hasSuffix("-shm") else { return }
    switch call.name {
    case "open":
      if call.flags.contains("c"), find(call.path) == nil { add(Node(), at: call.path) }
      if call.flags.contains("t") { change(call.path, .length(0)) }
    case "mkdir": add(Node(isFolder: true), at: call.path)
    case "write", "pwrite64": change(call.path, .write(call.offset, call.bytes))
    case "ftruncate": change(call.path, .length(call.offset))
    case "fsync", "fdatasync": sync(call.path)
    case "rename", "renameat2": rename(call.path, to: call.other)
    case "unlink", "rmdir": if let (folder, name) = place(call.path) { nodes[folder].names[name] = nil }
    case "flock", "exit": break
    default: preconditionFailure("\(call.name) is not replayed")
    }
  }

  private func find(_ path: String) -> Int? {
    var node = 0
    for name in path.split(separator: "/") {
      guard let next = nodes[node].names[String(name)] else { return nil }
      node = next
    }
    return node
  }

  private func place(_ path: String) -> (folder: Int, name: String)? {
    let parts = path.split(separator: "/")
    guard let last = parts.last, let folder = find(parts.dropLast().joined(separator: "/")) else {
      return nil
    }
    return (folder, String(last))
  }

  private mutating func add(_ node: Node, at path: String) {
    guard let (folder, name) = place(path) else { return }
    nodes.append(node)
    nodes[folder].names[name] = nodes.count - 1
  }

  private mutating func change(_ path: String, _ change: Change) {
    guard let node = find(path) else { return }
    nodes[node].origin = nil
    change.apply(to: &nodes[node].bytes)
    nodes[node].unsynced.append(change)
  }

  private mutating func rename(_ path: String, to other: String) {
    guard let from = place(path), let to = place(other), let node = nodes[from.folder].names[from.name] else {
      return
    }
    nodes[from.folder].names[from.name] = nil
    nodes[to.folder].names[to.name] = node
    renamings.append(Renaming(node: node, from: from, to: to))
  }

  private mutating func sync(_ path: String) {
    guard let node = find(path) else { return }
    nodes[node].synced = nodes[node].bytes
    nodes[node].unsynced = []
    guard nodes[node].isFolder else { return }
    nodes[node].strict = nodes[node].names
    nodes[node].apart = nodes[node].names
    for renaming in renamings where renaming.from.folder == node || renaming.to.folder == node {
      let (from, to) = (renaming.from, renaming.to)
      if nodes[from.folder].strict[from.name] == renaming.node { nodes[from.folder].strict[from.name] = nil }
      if nodes[to.folder].names[to.name] == renaming.node { nodes[to.folder].strict[to.name] = renaming.node }
    }
    renamings.removeAll { $0.from.folder == node || $0.to.folder == node }
  }

  // MARK: - What is found

  /// The disk after a power cut.
  func afterCut(_ model: CutModel) -> FileTree {
    var tree = FileTree()
    collect(0, below: "", model, into: &tree)
    return tree
  }

  private func collect(_ folder: Int, below path: String, _ model: CutModel, into tree: inout FileTree) {
    let names =
      switch model {
      case .strict: nodes[folder].strict
      case .apart: nodes[folder].apart
      case .ordered, .names, .zeros, .torn: nodes[folder].names
      }
    for (name, node) in names {
      if nodes[node].isFolder {
        tree.folders.insert(path + name)
        collect(node, below: path + name + "/", model, into: &tree)
      } else {
        let bytes = Self.bytes(of: nodes[node], model)
        tree.files[path + name] = FileTree.File(identity: node, bytes: bytes, origin: nodes[node].origin)
      }
    }
  }

  private static func bytes(of node: Node, _ model: CutModel) -> Data {
    var bytes = node.synced
    switch model {
    case .strict, .apart, .names: break
    case .ordered: bytes = node.bytes
    case .zeros: Change.length(node.bytes.count).apply(to: &bytes)
    case .torn:
      let half = node.unsynced.count / 2
      for change in node.unsynced.prefix(half) { change.apply(to: &bytes) }
      if node.unsynced.count > half, case .write(let offset, let data) = node.unsynced[half] {
        Change.write(offset, data.prefix(data.count / 2)).apply(to: &bytes)
      }
    }
    return bytes
  }
}
