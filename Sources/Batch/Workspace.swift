package import Findings
import Glibc
import State

/// The folders of a workspace (工作目录). `.tallyman` and `outbox` are on one file system, so that publishing is a rename;
/// the inbox may be elsewhere.
package struct Workspace: Sendable {
  package let root: Path
  package let language: Language?
  let fallback: Language

  package var mappings: Path { root / "mappings" }
  package var inbox: Path { root / "inbox" }
  package var outbox: Path { root / "outbox" }
  package var archive: Path { root / "archive" }
  var inside: Path { root / ".tallyman" }
  package var state: Path { inside / "state.sqlite" }
  var lock: Path { inside / "lock" }
  var quarantine: Path { inside / "quarantine" }
  /// Says which file is being parsed, for as long as it is.
  var parsing: Path { inside / "parsing" }
  /// Left behind by a process that crashed while it parsed; one that was killed from outside leaves none.
  var crashed: Path { inside / "crashed" }
  var keptEntries: Path { archive / "entries" }
  /// What each commit made true, from which the state can be made again.
  var records: Path { archive / "records" }

  func folder(of kind: PublicationKind) -> Path {
    switch kind {
    case .voucher, .reject, .report, .manifest: outbox
    case .entries: keptEntries
    case .record: records
    }
  }

  /// A path as findings have it: from the workspace's root on.
  func relative(_ path: Path) -> String {
    Path(Array(path.bytes.dropFirst(root.bytes.count + 1))).description
  }

  func taken(run: Int) -> Path { inside / "taken" / sixDigits(run) }
  func staging(run: Int) -> Path { inside / "staging" / sixDigits(run) }

  /// - Parameters:
  ///   - language: that of messages, whatever the definitions say.
  ///   - fallback: the same where they say nothing.
  package init(_ root: String, language: Language? = nil, fallback: Language = .chinese) {
    (self.language, self.fallback) = (language, fallback)
    var bytes = Array(root.utf8)
    while bytes.count > 1, bytes.last == 0x2F { bytes.removeLast() }
    self.root = Path(bytes)
  }

  /// Makes the folders that are missing, and refuses a layout in which nothing can be published by renaming.
  func prepare() throws(WorldError) {
    do throws(SystemFailure) {
      for folder in [
        inbox, outbox, archive, inside, inside / "taken", inside / "staging", archive / "definitions",
        keptEntries, records,
      ] {
        try System.makeFolder(folder)
      }
      let devices = try [inside, outbox, archive].map { folder throws(SystemFailure) in
        try System.device(of: folder)
      }
      if Set(devices).count > 1 { throw SystemFailure(call: "rename", path: outbox.description, code: EXDEV) }
    } catch {
      throw error.code == EXDEV ? .severalFileSystems(inside.description, outbox.description) : .system(error)
    }
  }
}
