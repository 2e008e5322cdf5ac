import Foundation
import Glibc
import Ledger
import Mapping
import Posting
import Readers
import State

/// A file that a run took, converted once more by the definitions that the run had, as if nothing had been known before.
/// What does not fit into memory lies outside of the workspace.
final class Replay {
  let compiled: CompiledInterface
  let definition: InterfaceDefinition
  let today: Day
  let converted: ConvertedFile
  let name: [UInt8]
  private let files: [OpenFile]
  private let firsts: [Int]

  /// - Parameter today: the mapping by which it is read instead of the run's own.
  /// - Returns: `nil` where the file is not in the archive as it was, or has not the columns that it had.
  init?(
    _ file: RunFile, of record: CommitRecord, _ definitions: ArchivedDefinitions, _ workspace: Workspace,
    by today: CompiledInterface? = nil
  ) throws {
    guard let compiled = today ?? definitions.interface(named: file.interface),
      let definition = definitions.definition(of: file.interface)
    else { return nil }
    (self.compiled, self.definition, name) = (compiled, definition, file.name)
    self.today = Day(ofClock: record.clock)
    let other = FilePairs(definitions.compiled.interfaces).heads(of: file.name, interface: file.interface)
    let wanted = [file] + record.files.filter { $0.name == other && $0.phase == .taken }
    files = try wanted.compactMap { try OpenFile($0, record.run, workspace) }
    guard files.count == (other == nil ? 1 : 2), let converted = try Self.convert(files, compiled, self.today)
    else {
      return nil
    }
    self.converted = converted
    firsts = converted.firstRecords
  }

  private static func convert(
    _ files: [OpenFile], _ compiled: CompiledInterface, _ today: Day
  ) throws -> ConvertedFile? {
    let name = String(decoding: files[0].file.name, as: UTF8.self)
    let heads = files.dropFirst().first?.source
    let layout = try FileLayout.find(in: files[0].source, of: compiled.interface, file: name, heads: heads)
    guard layout.header.fits else { return nil }
    let way = FileConversion(
      compiled: compiled, sequence: files[0].file.sequence, name: name, prior: { _, _, _, _ in .unknown },
      pieceOf: { _, _ in nil }, today: today, voucher: { _ in .unanswered },
      spilling: Spilling(folder: Path(NSTemporaryDirectory()), name: "tallyman-explain-\(getpid())"))
    var shared = RunShared()
    shared.groups[compiled.interface.name] = compiled.postings.map { _ in Codes() }
    let digests = [BackgroundDigest(), BackgroundDigest()]
    let converted = try way.run(
      files[0].source, layout, heads: heads.map { ($0, digests[1]) }, digest: digests[0],
      shared: &shared, progress: { _ in }
    ).file
    let isAsItWas = zip(files, digests).allSatisfy { $0.file.sha256 == $1.finish() }
    return isAsItWas ? converted : nil
  }

  /// The index of the document with that key whose first data row is `row`.
  func index(of key: [UInt8], row: Int) -> Int? {
    let store = converted.posted.store
    // Documents come in order of their first rows, also where they were scattered.
    var (low, high) = (0, store.documents.count)
    while low < high {
      let middle = (low + high) / 2
      if store.documents[middle].firstRow < row { low = middle + 1 } else { high = middle }
    }
    return store.documents.indices[low...].prefix { store.documents[$0].firstRow == row }.first {
      !store.documents[$0].nameless && store.key($0).elementsEqual(key)
    }
  }

  /// The rows of a document, as they are read; none of one that breaks encoding or quoting.
  func kept(_ index: Int) throws -> HeldDocument? {
    guard !converted.brokenDocuments.contains(index) else { return nil }
    let rows = try DocumentRows([index], of: converted, firsts: firsts).documents[0]
    return try HeldDocument(index, of: converted, compiled: compiled, run: 0, name: name, rows: rows)
  }

  /// The document that has a record on this line, or in its element, and which of its records: of several that begin on one
  /// line the last. `nil` of a line that is none of a document's.
  func record(onLine line: Int) throws -> (document: Int, record: Int, row: Int, isLastOfSeveral: Bool)? {
    guard let line = Int32(exactly: line), let document = try document(onLine: line) else { return nil }
    let rows =
      converted.brokenDocuments.contains(document)
      ? try DocumentRows.ofBroken(document, of: converted, first: firsts[document])
      : try DocumentRows([document], of: converted, firsts: firsts).documents[0]
    guard let record = rows.lastIndex(where: { $0.place.line <= line }) else { return nil }
    // An element ends where the next one begins, as far as anybody asks; a row ends with its last line.
    let isElement = compiled.interface.layout.xml != nil || compiled.interface.layout.sheet != nil
    let last = rows[record].place.line + Int32(rows[record].bytes.count { $0 == 0x0A })
    guard isElement || line <= last else { return nil }
    return (
      document, record, Int(rows[record].place.row), try isElement && isShared(rows, record, of: document)
    )
  }

  private func document(onLine line: Int32) throws -> Int? {
    guard let all = try places() else {
      return converted.posted.store.documents.lastIndex { $0.firstLine <= line }
    }
    // Several can begin on one line, and they need not come in the order of their rows.
    let record = all.indices.filter { all[$0].line <= line }
      .max { (all[$0].line, all[$0].row) < (all[$1].line, all[$1].row) }
    return record.flatMap { record in firsts.lastIndex { $0 <= record } }
  }

  /// Where each record stands, of a file whose documents were brought together.
  private func places() throws -> [RowPlaceInFile]? {
    let count = converted.posted.store.documents.reduce(0) { $0 + Int($1.records) }
    return try converted.places?.places(of: 0..<count)
  }

  /// Whether another record begins on the line of this one.
  private func isShared(_ rows: [DocumentRows.Row], _ record: Int, of document: Int) throws -> Bool {
    let line = rows[record].place.line
    if let all = try places() { return all.count { $0.line == line } > 1 }
    if record > 0 { return rows[record - 1].place.line == line }
    guard document > 0, !converted.brokenDocuments.contains(document - 1) else { return false }
    return try DocumentRows([document - 1], of: converted, firsts: firsts).documents[0].last?.place.line
      == line
  }
}

/// A file in the archive, or where it waits to be moved there; open for as long as somebody has it.
private final class OpenFile {
  let file: RunFile
  private let descriptor: Int32

  var source: ByteSource { .descriptor(descriptor) }

  /// - Returns: `nil` where it is gone.
  init?(_ file: RunFile, _ run: Int, _ workspace: Workspace) throws(SystemFailure) {
    self.file = file
    let final = workspace.archive / file.archiveName
    for path in [final, workspace.taken(run: run) / String(file.sequence), final] {
      do throws(SystemFailure) {
        descriptor = try System.open(path, O_RDONLY)
        return
      } catch {
        guard error.code == ENOENT else { throw error }
      }
    }
    return nil
  }

  deinit { close(descriptor) }
}
