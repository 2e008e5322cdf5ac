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

    /// Of which kind a file's rejected document is.
    init(of document: Int, in file: ConvertedFile, broken: Set<Int>) {
      if file.xml != nil {
        self = file.isBrokenXML ? .raw : .xml
      } else {
        self = broken.contains(document) ? .raw : .table
      }
    }
  }

  private let part: Conversion.Part
  private let interface: String
  private let language: Language
  private let numbers: [Int: String]
  private let reasons: Reasons
  private var documents: [Kind: [Int]] = [:]

  /// Documents are taken together until they have so many bytes; no more than two such pieces are in memory.
  private static let mostBytes: Int64 = 1 << 22

  /// - Parameter numbers: the reject number of each rejected document, by its index.
  init(
    of part: Conversion.Part, _ interface: String, language: Language, numbers: [Int: String],
    reasons: Reasons
  ) {
    self.part = part
    self.interface = interface
    self.language = language
    self.numbers = numbers
    self.reasons = reasons
    // Nobody can say which documents a file has that can't be read: it goes back whatever was read before.
    if part.file.isBrokenXML { documents[.raw] = [] }
    guard !numbers.isEmpty else { return }
    let broken = part.file.brokenDocuments
    for index in numbers.keys.sorted() {
      documents[Kind(of: index, in: part.file, broken: broken), default: []].append(index)
    }
  }

  /// Of which kinds there is anything.
  var kinds: [Kind] { Kind.allCases.filter { documents[$0] != nil } }

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
    for piece in pieces(of: documents[kind] ?? []) {
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
            let rows = try DocumentRows(Array(piece), of: file, firsts: firsts).documents
            // What is said of a row is seldom longer than the row.
            bytes.reserveCapacity(2 * rows.joined().reduce(0) { $0 + $1.bytes.count })
            for (place, index) in piece.enumerated() {
              Self.append(
                rows[place], index, of: file, without: returned, numbers[index]!, &reasons, to: &bytes)
            }
            return bytes
          }
        })
    }
    while !making.isEmpty { try sink(try making.removeFirst().get().get()) }
  }

  private func pieces(of documents: [Int]) -> [ArraySlice<Int>] {
    var pieces: [ArraySlice<Int>] = []
    var rest = documents[...]
    while !rest.isEmpty {
      var size: Int64 = 0
      pieces.append(
        rest.prefix { index in
          defer { size += Int64(part.file.posted.store.documents[index].bytes.count) }
          return size < Self.mostBytes
        })
      rest = rest.dropFirst(pieces[pieces.endIndex - 1].count)
    }
    return pieces
  }

  private func writeRaw(
    _ documents: ArraySlice<Int>, _ firsts: [Int], without returned: Set<Int>, to sink: ByteSink
  ) throws {
    let file = part.file
    var reasons = reasons
    var bytes: [UInt8] = []
    for index in documents {
      if file.isTooLongToKeep(index) {
        try sink(bytes)
        bytes.removeAll(keepingCapacity: true)
        try file.copy(index, to: sink)
      }
      Self.append(
        try DocumentRows.ofBroken(index, of: file, first: firsts[index]), index, of: file, without: returned,
        numbers[index]!, &reasons, to: &bytes)
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
    let number = text.cells([number])
    let width = file.header.captions.count - cells.count
    for row in rows {
      if cells.isEmpty {
        bytes.append(contentsOf: row.bytes)
      } else {
        bytes += text.row(Array(row.bytes), without: cells)
      }
      text.fill(&bytes, cells: row.cells - cells.count, width: width)
      bytes += number
      bytes += reasons.cells(index, row: row.place.row, text)
      bytes += [0x0D, 0x0A]
    }
  }

  private func write(
    _ xml: (source: ByteSource, layout: TableLayout, documents: [XMLDocumentPlace]), to sink: ByteSink
  ) throws {
    let file = part.file
    let firsts = file.firstRecords
    var rows: [(rows: Range<Int>, document: Int)] = []
    for index in numbers.keys {
      let document = file.posted.store.documents[index]
      let count = Int(document.records)
      guard let places = file.places else {
        rows.append((Int(document.firstRow)..<Int(document.firstRow) + count, index))
        continue
      }
      rows += try places.places(of: firsts[index]..<firsts[index] + count).map { place in
        (Int(place.row)..<Int(place.row) + 1, index)
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
        let index = rows[at].document
        return [numbers[index]!] + reasons.words(index, row: Int32(row))
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

/// Why each row of a file is rejected, in words.
struct Reasons {
  private let part: Conversion.Part
  private let language: Language
  private let name: String
  /// Indices of findings, by document.
  private var byDocument: [Int32: [Int]] = [:]
  /// The cells of rows that have nothing wrong themselves, for the document at hand.
  private var others: (document: Int, words: [String], cells: [UInt8]) = (-1, [], [])

  init(_ part: Conversion.Part, language: Language) {
    self.part = part
    self.language = language
    name = String(decoding: part.name, as: UTF8.self)
    for (index, item) in part.file.findings.items.enumerated() where item.severity >= .hold {
      byDocument[item.document, default: []].append(index)
    }
  }

  /// Code, place, message and remedy of a row, as cells: its own findings, else the row of its document that is wrong.
  mutating func cells(_ document: Int, row: Int32, _ text: RowText) -> [UInt8] {
    let items = byDocument[Int32(document)] ?? []
    if let own = ownWords(items, row) { return text.cells(own) }
    let words = otherWords(document, items)
    if others.cells.isEmpty { others.cells = text.cells(words) }
    return others.cells
  }

  /// The same as texts.
  mutating func words(_ document: Int, row: Int32) -> [String] {
    let items = byDocument[Int32(document)] ?? []
    return ownWords(items, row) ?? otherWords(document, items)
  }

  private func ownWords(_ items: [Int], _ row: Int32) -> [String]? {
    let own = items.filter { part.file.findings.items[$0].row == row }
    return own.isEmpty ? nil : words(own.map { part.file.finding(part.file.findings.items[$0], name: name) })
  }

  private mutating func otherWords(_ document: Int, _ items: [Int]) -> [String] {
    if others.document == document { return others.words }
    let finding =
      part.file.stop?.finding
      ?? Finding(
        .rowOfRejected, .reject, at: Place(file: name),
        [String(items.first.map { part.file.findings.items[$0].line } ?? 0)])
    others = (document, words([finding]), [])
    return others.words
  }

  /// What is said of the worst that is wrong with a document.
  func message(of document: Int) -> String {
    let cause = cause(of: document)
    return Finding.message(ofCode: cause.code, cause.arguments, in: language)
  }

  /// The worst that is wrong with a document.
  func cause(of document: Int) -> RejectCause {
    let items = byDocument[Int32(document)] ?? []
    func severity(_ item: Int) -> Severity { part.file.findings.items[item].severity }
    let worst = items.map(severity).max()
    let first = items.first { severity($0) == worst }
    let own = first.map { part.file.finding(part.file.findings.items[$0], name: name) }
    guard let finding = part.file.stop?.finding ?? own else {
      preconditionFailure("A document is rejected for a reason")
    }
    return RejectCause(
      code: finding.code.rawValue, arguments: finding.arguments, field: finding.place.field ?? "")
  }

  private func words(_ findings: [Finding]) -> [String] {
    func joined(_ part: (Finding) -> String) -> String {
      if findings.count == 1 { return part(findings[0]) }
      var seen: Set<String> = []
      return findings.map(part).filter { !$0.isEmpty && seen.insert($0).inserted }.joined(separator: "; ")
    }
    return [
      joined { $0.code.rawValue },
      joined { finding in
        [finding.place.line.map(String.init), finding.place.field].compactMap { $0 }.joined(separator: " ")
      },
      joined { $0.message(in: language) },
      // What speaks against the whole file decides what there is to do.
      part.file.stop.map { $0.finding.remedy(in: language) } ?? joined { $0.remedy(in: language) },
    ]
  }
}
