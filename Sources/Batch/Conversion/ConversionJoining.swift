import Findings
import Ledger
import Mapping
import Posting
import Readers
import State

/// A document of one of the run's parts.
struct Piece: Hashable {
  var part: Int
  var document: Int
}

/// A document that this run holds.
struct HeldNow {
  var content: [UInt8]
  var day: Day
  var piece: Piece
  var isIncomplete: Bool
  /// Whether it is held for being an older version.
  var isReverted: Bool
  /// Whether it is void or not approved any more, and of those whether it may be approved again.
  var isWithdrawn: Bool
  var isNotApproved: Bool
}

extension Past {
  /// Documents of a file that take no incomplete one's place: pieces themselves, and what goes back to the operator or
  /// counts for nothing.
  static func pieces(of store: DocumentStore, _ incomplete: Set<Int>) -> Set<[UInt8]> {
    var keys: Set<[UInt8]> = []
    for (index, document) in store.documents.enumerated() where !document.nameless {
      switch document.verdict {
      case .held where incomplete.contains(index), .rejected, .ignored: keys.insert(Array(store.key(index)))
      case .held, .posted, .repeated: break
      }
    }
    return keys
  }
}

extension ConvertedFile {
  /// Documents that wait for the rest of them.
  var incompleteDocuments: Set<Int> { documents(with: .documentIncomplete) }

  func documents(with code: FindingCode) -> Set<Int> {
    Set(findings.items.filter { $0.code == code }.map { Int($0.document) })
  }
}

extension HeldDocument {
  var isIncomplete: Bool { causes.contains { $0.code == FindingCode.documentIncomplete.rawValue } }
}

/// A document of which pieces are held, put together: what an earlier run holds of it, then what the files of this run
/// brought, in their order. Its rows are those of the pieces, under the header of the first.
struct JoinedDocument {
  /// Its causes, content and amounts are those of its first piece; they are found out anew.
  private(set) var document: HeldDocument
  /// How many pieces it has.
  private(set) var pieces = 1
  private let layout: TableLayout
  private let header: Header
  private var rows: [[UInt8]: Int] = [:]
  /// Bytes after which no more files are named.
  private static let longestName = 1000

  /// - Parameter layout: by which its rows are read; `nil` is given where they can't be.
  init?(_ document: HeldDocument, layout: TableLayout) throws {
    self.document = document
    var plain = layout.plain
    plain.trailer = nil
    plain.encoding = TextEncoding(rawValue: document.encoding) ?? layout.encoding
    plain.delimiter = document.delimiter
    self.layout = plain
    header = try Header.find(
      in: .bytes(document.header + [0x0A]), layout: plain,
      file: String(decoding: document.fileName, as: UTF8.self)
    )
    guard header.fits else { return nil }
    for range in RowText(layout: plain).rows(in: document.rows) {
      rows[Array(document.rows[range]), default: 0] += 1
    }
  }

  /// Adds the rows of another piece, unless the document has all of them already.
  /// - Parameter name: of the file, which is named beside the others from now on.
  mutating func add(_ piece: [DocumentRows.Row], of file: ConvertedFile, named name: [UInt8]) throws -> Bool {
    let same =
      try file.layout.encoding == layout.encoding && file.layout.delimiter == layout.delimiter
      && file.source.bytes(in: file.header.bytes) == document.header
    let texts = piece.map { row in
      same ? Array(row.bytes) : rewritten(row, file.header, RowText(layout: file.layout))
    }
    var left = rows
    let isKnown = texts.allSatisfy { text in
      guard let count = left[text], count > 0 else { return false }
      left[text] = count - 1
      return true
    }
    guard !isKnown else { return false }
    for text in texts { rows[text, default: 0] += 1 }
    document.rows = Array(([document.rows] + texts).joined(separator: [0x0A]))
    document.places += piece.map { RowPlace(row: Int($0.place.row), line: Int($0.place.line)) }
    if document.fileName != name, document.fileName.count + name.count < Self.longestName {
      document.fileName += Array(" + ".utf8) + name
    }
    pieces += 1
    return true
  }

  /// A row of a file with other columns, or in another order, as it stands under this header.
  private func rewritten(_ row: DocumentRows.Row, _ from: Header, _ text: RowText) -> [UInt8] {
    let cells = text.cells(of: Array(row.bytes))
    let own = RowText(layout: layout)
    let columns = header.captions.map { caption in
      from.captions.firstIndex { Header.comparable($0) == Header.comparable(caption) }
    }
    return Array(
      columns.map { index in own.cell(index.map { $0 < cells.count ? cells[$0] : "" } ?? "") }
        .joined(separator: [layout.delimiter]))
  }
}

extension Conversion {
  /// Puts together what is held of documents in pieces. Each piece is held by the part that brought it; what becomes of
  /// the whole is found out in a part of its own.
  func joined(_ result: inout InterfaceResult) throws -> [JoinedDocument] {
    let past = result.past
    guard !past.pieces.isEmpty else { return [] }
    let layout = result.compiled.interface.layout
    let rows = try rows(of: past.pieces.values.flatMap(\.self), in: result.parts)
    var joined: [JoinedDocument] = []
    for key in past.pieces.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      var pieces = past.pieces[key] ?? []
      var base: JoinedDocument?
      if let held = past.heldDocument(key) {
        base = try JoinedDocument(held, layout: layout)
        if base == nil { past.supersede(key) }
      }
      var taken: [Piece] = []
      if base == nil {
        taken.append(pieces.removeFirst())
        let part = result.parts[taken[0].part]
        base = try JoinedDocument(
          HeldDocument(
            taken[0].document, of: part.file, compiled: result.compiled, run: run, name: part.name,
            rows: rows[taken[0]] ?? []), layout: layout)
      }
      guard var whole = base else {
        preconditionFailure("A file's own header fits the layout that it was read by")
      }
      for piece in pieces {
        let part = result.parts[piece.part]
        if try whole.add(rows[piece] ?? [], of: part.file, named: part.name) {
          taken.append(piece)
        } else {
          result.parts[piece.part].file.repeatPiece(piece.document, since: whole.document.sinceRun)
        }
      }
      guard whole.pieces > 1 else { continue }
      for piece in taken { result.parts[piece.part].joined.insert(piece.document) }
      joined.append(whole)
    }
    return joined
  }

  private func rows(of pieces: [Piece], in parts: [Part]) throws -> [Piece: [DocumentRows.Row]] {
    var rows: [Piece: [DocumentRows.Row]] = [:]
    for (part, pieces) in Dictionary(grouping: pieces, by: \.part) {
      let documents = pieces.map(\.document).sorted()
      let read = try DocumentRows(
        documents, of: parts[part].file, firsts: parts[part].file.firstRecords
      ).documents
      for (document, own) in zip(documents, read) { rows[Piece(part: part, document: document)] = own }
    }
    return rows
  }
}

extension ConvertedFile {
  /// A piece whose rows are held already waits with them.
  fileprivate mutating func repeatPiece(_ index: Int, since run: Int) {
    let document = posted.store.documents[index]
    posted.store.documents[index].verdict = .repeated
    findings.add(
      .documentWaiting, .note, document: index, row: document.firstRow, line: document.firstLine, column: nil,
      [posted.store.keyText(index), String(run)])
  }
}
