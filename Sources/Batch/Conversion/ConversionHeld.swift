import Findings
import Ledger
import Mapping
import Posting
import Readers
import State

extension ConvertedFile {
  /// What a held document waits for.
  func causes(ofHeld index: Int) -> [HeldCause] {
    var causes: [HeldCause] = []
    for item in findings.items where item.document == index && item.severity == .hold {
      let cause = HeldCause(code: item.code.rawValue, arguments: findings.arguments(of: item))
      // Two fields may ask one table for the same code: the document waits for it once.
      if !causes.contains(cause) { causes.append(cause) }
    }
    return causes
  }
}

extension HeldDocument {
  /// Who has said that it is right as it is, and why: kept for as long as something else holds it.
  var acceptance: HeldCause? { causes.first { $0.code == FindingCode.documentAccepted.rawValue } }
}

extension Conversion.Part {
  /// Held documents that were tried again and go on waiting, but for something else.
  var renewed: [HeldDocument] {
    var changed: [HeldDocument] = []
    for (index, var document) in (held ?? []).enumerated()
    where pieces == nil && !isDeferred && file.posted.store.documents[index].verdict == .held {
      let causes = file.causes(ofHeld: index) + (document.acceptance.map { [$0] } ?? [])
      guard causes != document.causes else { continue }
      document.causes = causes
      changed.append(document)
    }
    return changed
  }
}

/// Held documents as a file that can be read again: their own bytes under the header that they came with.
struct HeldSource {
  /// Path under the inbox of the file that first brought them.
  var name: String
  var documents: [HeldDocument]
  var source: ByteSource
  var places: RowPlaces
  var encoding: TextEncoding
  var delimiter: UInt8

  /// One source for each file and header that the documents came with.
  static func sources(of documents: [HeldDocument]) -> [HeldSource] {
    var groups: [[HeldDocument]] = []
    var index: [[UInt8]: Int] = [:]
    for document in documents {
      let key =
        document.fileName + [0] + Array(document.encoding.utf8) + [0, document.delimiter] + document.header
      if let known = index[key] {
        groups[known].append(document)
      } else {
        index[key] = groups.count
        groups.append([document])
      }
    }
    return groups.map { group in
      var bytes = group[0].header + [0x0A]
      var places: [RowPlaceInFile] = []
      for document in group {
        bytes += document.rows
        if document.rows.last != 0x0A { bytes.append(0x0A) }
        places += document.places.map { RowPlaceInFile(row: Int32($0.row), line: Int32($0.line)) }
      }
      return HeldSource(
        name: String(decoding: group[0].fileName, as: UTF8.self), documents: group, source: .bytes(bytes),
        places: RowPlaces(places), encoding: TextEncoding(rawValue: group[0].encoding) ?? .utf8,
        delimiter: group[0].delimiter)
    }
  }
}

extension HeldDocument {
  /// A document of a file as the state keeps it until its causes go away.
  init(
    _ index: Int, of file: ConvertedFile, compiled: CompiledInterface, run: Int, name: [UInt8],
    rows: [DocumentRows.Row]
  ) throws {
    let store = file.posted.store
    self.init(
      interface: compiled.interface.name, key: Array(store.key(index)),
      contentHash: Past.bytes(of: store.hashes(index)), sinceRun: run, fileName: name,
      encoding: file.layout.encoding.rawValue, delimiter: file.layout.delimiter,
      header: try file.source.bytes(in: file.header.bytes),
      rows: Array(rows.map { Array($0.bytes) }.joined(separator: [0x0A])),
      places: rows.map { RowPlace(row: Int($0.place.row), line: Int($0.place.line)) },
      causes: file.causes(ofHeld: index),
      amounts: compiled.interface.measures.amounts(store.sums(index)),
      day: Int(store.documents[index].day.number), book: compiled.book(of: store.documents[index]))
  }
}

extension [Measure] {
  /// What a document adds to each measure, as the state keeps it: JSON.
  func amounts(_ sums: some RandomAccessCollection<Int128>) -> String { Amounts(self).text(sums) }

  /// The other way: at each measure's scale; 0 where the mapping has a new one.
  func sums(of amounts: String) -> [Int128] {
    let texts = Amounts.texts(of: amounts)
    return map { measure in
      guard case .number(let units, let scale, _) = NumberText(texts[measure.name] ?? "0") else { return 0 }
      return Decimal(units: units, scale: scale).rescaled(to: measure.scale)?.units ?? 0
    }
  }
}
