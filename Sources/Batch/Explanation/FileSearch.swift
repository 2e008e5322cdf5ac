import Findings
import Foundation
import Mapping
import Posting
import State

/// Documents of which a run made nothing, so that no record names them: void ones, or such as are dated before the
/// interface's start. Only the files that brought them tell.
struct FileSearch {
  let interface: String
  let state: StateStore
  let workspace: Workspace

  /// What the files of the run say of the document, read again by the definitions that it had.
  func find(_ key: [UInt8], in record: CommitRecord) throws -> Sighting? {
    guard let definitions = try ArchivedDefinitions(record.decision.definitions, workspace) else {
      return nil
    }
    for file in record.files.reversed() where file.phase == .taken && file.interface == interface {
      guard let replay = try Replay(file, of: record, definitions, workspace) else { continue }
      if let found = Sighting(key, in: replay, file, run: record.run) { return found }
    }
    return nil
  }

  /// The runs with a file in which the key's parts stand somewhere.
  func runs(mentioning key: [UInt8]) throws -> [Int] {
    let needles = key.split(separator: DocumentGatherer.keySeparator).map(Needle.init)
    return try (1..<state.lastCommitted() + 1).filter { run in
      try state.files(of: run).contains { file in
        guard file.phase == .taken, file.interface == interface else { return false }
        let path = workspace.archive / file.archiveName
        guard
          let bytes = try? Data(contentsOf: URL(filePath: path.description), options: .alwaysMapped)
        else { return false }
        return needles.allSatisfy { $0.isIn(bytes) }
      }
    }
  }

  /// A document as a file has it.
  struct Sighting {
    var file: SourceFile
    /// Why the mapping leaves it out; `nil` where it doesn't.
    var ignored: (reasons: [(code: String, arguments: [String])], condition: String?)?

    fileprivate init?(_ key: [UInt8], in replay: Replay, _ file: RunFile, run: Int) {
      let store = replay.converted.posted.store
      guard
        let index = store.documents.indices.last(where: {
          !store.documents[$0].nameless && store.key($0).elementsEqual(key)
        })
      else { return nil }
      self.file = SourceFile(file, run: run, row: Int(store.documents[index].firstRow))
      guard store.documents[index].verdict == .ignored else { return }
      let findings = replay.converted.findings
      let reasons = findings.items.filter { Int($0.document) == index }
        .map { ($0.code.rawValue, findings.arguments(of: $0)) }
      ignored = (
        reasons,
        reasons.isEmpty ? replay.definition.document.ignore.map { "\($0.place.text): \($0.text)" } : nil
      )
    }
  }
}

/// A part of a key as a file may have it. Of letters that each encoding writes in its own way, any file may have it.
private struct Needle {
  private let spellings: [Data]

  init(_ part: ArraySlice<UInt8>) {
    // With zeros between them the letters stand in UTF-16 of either order.
    spellings =
      part.allSatisfy { $0 < 0x80 } ? [Data(part), Data(part.map { [$0] }.joined(separator: [0]))] : []
  }

  func isIn(_ bytes: Data) -> Bool {
    spellings.isEmpty || spellings.contains { bytes.range(of: $0) != nil }
  }
}
