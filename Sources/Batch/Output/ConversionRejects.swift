import Findings
import Mapping
import Posting
import Readers
import State
import Writers

/// The reject file (退回文件) of one dropped file: rejected documents, whole, in the export's own header and bytes, with
/// five columns behind them. Documents that break encoding or quoting, which a spreadsheet program would spoil, stand in
/// a `.raw` file beside it, which has the same columns. Of an XML file they are XML, with five attributes; one that is not
/// well-formed goes back as it is.
struct RejectFile {
  /// The raw value is the ending of its name.
  enum Kind: String, CaseIterable {
    case table = "csv"
    case xml
    case raw
  }

  private let part: Conversion.Part
  private let interface: String
  private let language: Language
  private let rejected: RejectedDocuments
  private let reasons: Reasons
  /// Places among the rejected ones.
  private var places: [Kind: [Int]] = [:]

  /// Documents are taken together until they have so many bytes; no more than two such pieces are in memory.
  private static let mostBytes: Int64 = 1 << 20

  init(
    of part: Conversion.Part, _ interface: String, language: Language, _ rejected: RejectedDocuments,
    reasons: Reasons
  ) {
    self.part = part
    self.interface = interface
    self.language = language
    self.rejected = rejected
    self.reasons = reasons
    // Nobody can say which documents a file has that can't be read: it goes back whatever was read before.
    if part.file.isBrokenXML { places[.raw] = [] }
    guard !rejected.indices.isEmpty else { return }
    let broken = part.file.brokenDocuments
    for (place, index) in rejected.indices.enumerated() {
      places[part.file.kind(ofRejected: index, broken: broken), default: []].append(place)
    }
  }

  /// Of which kinds there is anything.
  var kinds: [Kind] { Kind.allCases.filter { places[$0] != nil } }

  /// Gives one kind's bytes, a piece at a time.
  func write(_ kind: Kind, to sink: ByteSink) throws {
    let file = part.file
    if let xml = file.xml {
      return try kind == .raw ? xml.source.copy(to: sink) : write(xml, to: sink)
    }
    let firsts = file.firstRecords
    let returned = file.header.rejectCells
    try sink(try Self.head(of: file, language))
    // While one piece is written, the next ones are made.
    var making: [Background<Result<[UInt8], any Error>>] = []
    defer { for piece in making { _ = piece.get() } }
    for piece in pieces(of: places[kind] ?? []) {
      if kind == .raw {
        try writeRaw(piece, firsts, without: returned, to: sink)
        continue
      }
      if making.count == 2 { try sink(try making.removeFirst().get().get()) }
      making.append(
        Background {
          Result {
            var bytes: [UInt8] = []
            var reasons = reasons
            let rows = try DocumentRows(piece.map { rejected.indices[$0] }, of: file, firsts: firsts)
              .documents
            // What is said of a row is seldom longer than the row.
            bytes.reserveCapacity(2 * rows.joined().reduce(0) { $0 + $1.bytes.count })
            for (rows, place) in zip(rows, piece) {
              Self.append(
                rows, rejected.indices[place], of: file, without: returned, rejected.numbers[place],
                &reasons, to: &bytes)
            }
            return bytes
          }
        })
    }
    while !making.isEmpty { try sink(try making.removeFirst().get().get()) }
  }

  private func pieces(of places: [Int]) -> [ArraySlice<Int>] {
    var pieces: [ArraySlice<Int>] = []
    var rest = places[...]
    while !rest.isEmpty {
      var size: Int64 = 0
      pieces.append(
        rest.prefix { place in
          defer { size += Int64(part.file.posted.store.documents[rejected.indices[place]].bytes.count) }
          return size < Self.mostBytes
        })
      rest = rest.dropFirst(pieces[pieces.endIndex - 1].count)
    }
    return pieces
  }

  private func writeRaw(
    _ places: ArraySlice<Int>, _ firsts: [Int], without returned: Set<Int>, to sink: ByteSink
  ) throws {
    let file = part.file
    var reasons = reasons
    var bytes: [UInt8] = []
    for place in places {
      let index = rejected.indices[place]
      if file.isTooLongToKeep(index) {
        try sink(bytes)
        bytes.removeAll(keepingCapacity: true)
        try file.copy(index, to: sink)
      }
      Self.append(
        try DocumentRows.ofBroken(index, of: file, first: firsts[index]), index, of: file, without: returned,
        rejected.numbers[place], &reasons, to: &bytes)
    }
    try sink(bytes)
  }

  private static func head(of file: ConvertedFile, _ language: Language) throws -> [UInt8] {
    let text = RowText(layout: file.layout)
    let cells = file.header.rejectCells
    let width = file.header.captions.count - cells.count
    var line = text.row(try file.source.bytes(in: file.header.bytes), without: cells)
    text.append(Header.rejectCaptions[language == .chinese ? 0 : 1], to: &line, cells: width, width: width)
    return (file.layout.encoding == .utf8 ? [0xEF, 0xBB, 0xBF] : []) + line + [0x0D, 0x0A]
  }

  /// - Parameter cells: those that the file has from an earlier reject file.
  private static func append(
    _ rows: [DocumentRows.Row], _ index: Int, of file: ConvertedFile, without cells: Set<Int>,
    _ number: String, _ reasons: inout Reasons, to bytes: inout [UInt8]
  ) {
    let text = RowText(layout: file.layout)
    let width = file.header.captions.count - cells.count
    for row in rows {
      if cells.isEmpty {
        bytes.append(contentsOf: row.bytes)
      } else {
        bytes += text.row(Array(row.bytes), without: cells)
      }
      text.fill(&bytes, cells: row.cells - cells.count, width: width)
      text.append(cell: number, to: &bytes)
      reasons.append(index, row: row.place.row, text, to: &bytes)
      bytes.append(0x0D)
      bytes.append(0x0A)
    }
  }

  private func write(
    _ xml: (source: ByteSource, layout: TableLayout, documents: [XMLDocumentPlace]), to sink: ByteSink
  ) throws {
    let file = part.file
    let firsts = file.firstRecords
    var rows: [(rows: Range<Int>, place: Int)] = []
    for (place, index) in rejected.indices.enumerated() {
      let document = file.posted.store.documents[index]
      let count = Int(document.records)
      guard let places = file.places else {
        rows.append((Int(document.firstRow)..<Int(document.firstRow) + count, place))
        continue
      }
      rows += try places.places(of: firsts[index]..<firsts[index] + count).map {
        (Int($0.row)..<Int($0.row) + 1, place)
      }
    }
    rows.sort { $0.rows.lowerBound < $1.rows.lowerBound }
    var at = 0
    var reasons = reasons
    guard var text = XMLText(encoding: "UTF-8") else { throw ReadError(call: "xmlNewTextWriter", code: 12) }
    try XMLExcerpt(
      xml.source, layout: xml.layout, documents: xml.documents, interface: interface
    ).write(
      rows.map(\.rows),
      mark: { row in
        while !rows[at].rows.contains(row) { at += 1 }
        let place = rows[at].place
        return [rejected.numbers[place]] + reasons.words(rejected.indices[place], row: Int32(row))
      },
      to: { piece in
        switch piece {
        case .start(let name, let attributes):
          text.start(name)
          for (name, value) in attributes { text.attribute(name, value) }
        case .text(let part): text.text(part)
        case .end: text.end()
        }
        if text.size > 1 << 20 { try sink(text.take()) }
      })
    try sink(text.finish())
  }

  /// The word in the names of reject files.
  static func word(_ language: Language) -> String { language == .chinese ? "退回" : "rejects" }
}

/// A file's rejected documents, in their order.
struct RejectedDocuments {
  var indices: [Int] = []
  /// The reject number of each.
  var numbers: [String] = []
}

extension ConvertedFile {
  /// In which kind of reject file a rejected document goes back.
  func kind(ofRejected document: Int, broken: Set<Int>) -> RejectFile.Kind {
    guard xml == nil else { return isBrokenXML ? .raw : .xml }
    return broken.contains(document) ? .raw : .table
  }
}
