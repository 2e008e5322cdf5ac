import Crypto
import Findings
import Glibc
import Mapping
import Posting
import State

/// What a committed run left in the archive. While the run is carried out, some of it is still on its way there, so
/// each thing is looked for in both places.
struct RunArchive {
  let workspace: Workspace
  let run: RunRecord
  private let publications: [Publication]

  /// - Returns: `nil` where no run of that number is committed.
  init?(_ number: Int, _ state: StateStore, _ workspace: Workspace) throws(StateError) {
    guard let run = try state.run(number), run.phase != .planned else { return nil }
    (self.workspace, self.run) = (workspace, run)
    publications = try state.publications(of: number)
  }

  var vouchers: [Publication] { publications.filter { $0.kind == .voucher } }

  /// What the run decided; `nil` where it is gone from the archive, or is not what the run wrote.
  func record() throws -> CommitRecord? {
    try recordBytes().flatMap { try? CommitRecord($0) }
  }

  func recordBytes() throws(SystemFailure) -> [UInt8]? { try bytes(.record) }

  /// The documents' parts in vouchers, in all where none are named; `nil` where they are gone from the archive, or are not
  /// what the run wrote.
  func blocks(_ vouchers: Set<String>?) throws(SystemFailure) -> [KeptEntries.Block]? {
    guard let bytes = try bytes(.entries) else { return nil }
    return try? KeptEntries.read(bytes, wanted: vouchers)
  }

  /// The documents' parts in a voucher; `nil` where the run gave none of that ID.
  func entries(of voucher: String) throws -> KeptEntries.Block? {
    guard let blocks = try blocks([voucher]) else {
      throw StateError.damaged(reason: "archive/entries: run \(run.number)")
    }
    return blocks.first { !$0.documents.isEmpty }
  }

  /// The definitions by which it worked.
  func definitions() throws -> ArchivedDefinitions? { try ArchivedDefinitions(run.definitions, workspace) }

  private func bytes(_ kind: PublicationKind) throws(SystemFailure) -> [UInt8]? {
    guard let file = publications.first(where: { $0.kind == kind }) else { return nil }
    let final = workspace.folder(of: kind) / file.name
    let staged = workspace.staging(run: run.number) / String(file.sequence)
    for path in [final, staged, final] {
      do throws(SystemFailure) {
        let bytes = try System.read(path)
        return Array(SHA256.hash(data: bytes)) == file.sha256 ? bytes : nil
      } catch {
        guard error.code == ENOENT else { throw error }
      }
    }
    return nil
  }
}

/// Definitions as a run had them, also as they are written.
struct ArchivedDefinitions {
  var compiled: CompiledDefinitions
  var interfaces: [InterfaceDefinition]

  /// - Returns: `nil` where they are gone, are not what a run read, or this program can't read them any more.
  init?(_ fingerprint: String, _ workspace: Workspace) throws(SystemFailure) {
    let folder = workspace.archive / "definitions" / fingerprint
    guard try System.status(folder) != nil else { return nil }
    let set = try DefinitionSet(at: folder)
    (compiled, interfaces) = (CompiledDefinitions(set), set.interfaces)
    guard compiled.fingerprint == fingerprint, compiled.findings.isEmpty else { return nil }
  }

  func interface(named name: String) -> CompiledInterface? {
    compiled.interfaces.first { $0.interface.name == name }
  }

  func definition(of interface: String) -> InterfaceDefinition? {
    interfaces.first { $0.name.text == interface }
  }

  /// `document.ignore` of an interface, with its place.
  func condition(thatIgnores interface: String) -> String? {
    definition(of: interface)?.document.ignore.map { "\($0.place.text): \($0.text)" }
  }
}

extension CompiledInterface {
  /// The posting to whose counter a voucher's ID belongs.
  func posting(ofVoucher id: String) -> Int? {
    postings.indices.first { id.hasPrefix(idPrefix(posting: $0)) }
  }
}
