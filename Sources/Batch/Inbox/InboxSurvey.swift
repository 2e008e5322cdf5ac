import Findings
import Glibc
import Mapping
import Readers
import State

/// A file of the inbox whose interface is known.
struct RecognisedFile {
  var file: InboxFile
  var interface: String
  /// Whether it is taken for the file before it, whose documents' heads it has.
  var isHeads = false

  func planned(run: Int, sequence: Int, clock: String) -> RunFile {
    RunFile(
      sequence: sequence, name: file.name, identity: file.identity, interface: interface,
      archiveName: archiveName(of: file.name, sequence: sequence, run: run, clock: clock))
  }
}

/// What a run would do with each file of the inbox: take it for an interface, leave it for later, or leave it for a
/// person. What is wrong with one file keeps no other from being taken.
struct InboxSurvey {
  private(set) var recognised: [RecognisedFile] = []
  private(set) var waiting: [WaitingFile]
  private(set) var findings: [Finding]
  private let pairs: FilePairs
  private let files: [[UInt8]: InboxFile]

  /// - Parameter settle: seconds that a file must have been left alone.
  init(_ folder: Path, settle: Int, _ interfaces: [CompiledInterface]) throws(SystemFailure) {
    let inbox = try Inbox(folder, settle: settle)
    waiting = inbox.waiting
    findings = inbox.findings
    pairs = FilePairs(interfaces)
    files = Dictionary(uniqueKeysWithValues: inbox.files.map { ($0.name, $0) })
    for file in inbox.files {
      do {
        try survey(file, in: folder, interfaces)
      } catch let error as SystemFailure {
        // Gone since it was listed: nobody misses it.
        if error.code != ENOENT { report(.fileUnreadable, file, [error.reason]) }
      } catch let error as ReadError {
        report(.fileUnreadable, file, [String(cString: strerror(error.code))])
      } catch {
        preconditionFailure("Looking at a file fails only in the system: \(error)")
      }
    }
  }

  private mutating func survey(
    _ file: InboxFile, in folder: Path, _ interfaces: [CompiledInterface]
  ) throws {
    let descriptor = try System.open(folder / file.name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    defer { close(descriptor) }
    // For each interface that takes it with another file: what that one is called, and the file where it is there.
    var beside: [String: (name: [UInt8], descriptor: Int32?)] = [:]
    defer { for other in beside.values { if let descriptor = other.descriptor { close(descriptor) } } }
    for interface in interfaces.map(\.interface.name) {
      guard let other = pairs.heads(of: file.name, interface: interface) else { continue }
      let opened = try files[other].map {
        try System.open(folder / $0.name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
      }
      beside[interface] = (other, opened)
    }
    let sources = beside.compactMapValues { $0.descriptor.map { ByteSource.descriptor($0) } }
    switch try Recognition(.descriptor(descriptor), name: file.name, interfaces, pairs: sources) {
    case .stays(let reasons):
      let owners = pairs.owners(of: file.name)
      if let alone = beside.values.first(where: { $0.descriptor == nil }) {
        waiting.append(WaitingFile(file.name, .partner(String(decoding: alone.name, as: UTF8.self))))
      } else if let owner = owners.first {
        // What is wrong with it is told of the file that it belongs to.
        if files[owner.name] == nil {
          waiting.append(WaitingFile(file.name, .partner(String(decoding: owner.name, as: UTF8.self))))
        }
      } else {
        findings += reasons
      }
    case .interface(let name):
      let wanted = interfaces.first { $0.interface.name == name }?.interface.sidecar
      if let wanted, !file.sidecars.contains(wanted) {
        let ending = String(decoding: wanted.ending, as: UTF8.self)
        waiting.append(WaitingFile(file.name, .sidecar(ending, isAsked: true)))
      } else if let finding = try proof(of: file, descriptor, in: folder) {
        findings.append(finding)
      } else {
        var taken = [RecognisedFile(file: file, interface: name)]
        if let other = beside[name], let heads = files[other.name], let descriptor = other.descriptor {
          if let finding = try proof(of: heads, descriptor, in: folder) {
            findings.append(finding)
            return
          }
          taken.append(RecognisedFile(file: heads, interface: name, isHeads: true))
        }
        recognised += taken
      }
    }
  }

  /// What speaks against a file whose digest lies beside it.
  private func proof(of file: InboxFile, _ descriptor: Int32, in folder: Path) throws -> Finding? {
    guard file.sidecars.contains(.sha256) else { return nil }
    let name = file.name + Sidecar.sha256.ending
    let sidecar = try System.open(folder / name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    defer { close(sidecar) }
    let text = try ByteSource.descriptor(sidecar).bytes(in: 0..<StatedDigest.longest + 1)
    guard text.count <= StatedDigest.longest, let stated = StatedDigest(text) else {
      return Finding(.sidecarMalformed, .warning, at: Place(file: String(decoding: name, as: UTF8.self)))
    }
    let digest = try StatedDigest.of(.descriptor(descriptor))
    guard digest != stated.bytes else { return nil }
    return Finding(
      .sidecarMismatch, .warning, at: Place(file: file.nameText), [hex(stated.bytes), hex(digest)])
  }

  private mutating func report(_ code: FindingCode, _ file: InboxFile, _ arguments: [String]) {
    findings.append(Finding(code, .warning, at: Place(file: file.nameText), arguments))
  }
}
