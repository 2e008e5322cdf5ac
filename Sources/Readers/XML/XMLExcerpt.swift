internal import CXML

/// How rejected documents stand in an XML file that goes back: with attributes of our own namespace, on the document and
/// on each of its records, and the interface's name on the root element.
public enum XMLReject {
  public static let namespace = "urn:tallyman:reject"
  static let prefix = "tallyman-reject"
  static let interface = "interface"
  /// The attributes, in the order of the five columns of a reject table.
  public static let names = ["number", "code", "place", "reason", "remedy"]

  static let number = XMLPath.Name(uri: namespace, local: names[0])
}

/// A piece of XML, as it is to be written.
public enum XMLPiece: Sendable {
  /// Names with the file's own prefixes; declarations of namespaces are among the attributes.
  case start(name: String, attributes: [(name: String, value: String)])
  case text(String)
  case end
}

/// What of an XML file belongs to chosen rows: their records, the documents that these are in, and all that stands outside
/// of documents. Comments and processing instructions are left out.
public struct XMLExcerpt {
  private let source: ByteSource
  private let layout: TableLayout
  private let documents: [XMLDocumentPlace]
  private let interface: String

  /// - Parameters:
  ///   - source: a well-formed file of the layout.
  ///   - layout: with `xml`.
  ///   - documents: as `XMLFlattening` found them.
  public init(
    _ source: ByteSource, layout: TableLayout, documents: [XMLDocumentPlace], interface: String
  ) {
    (self.source, self.layout, self.documents, self.interface) = (source, layout, documents, interface)
  }

  /// - Parameters:
  ///   - chosen: the rows (from 1), in their order.
  ///   - mark: for a chosen row the values of `XMLReject.names`; asked for each, once, in their order.
  ///   - sink: takes the pieces.
  public func write(
    _ chosen: [Range<Int>], mark: (Int) -> [String], to sink: (XMLPiece) throws -> Void
  ) throws {
    let (ranges, kept) = try read(for: chosen)
    try withoutActuallyEscaping(mark) { mark in
      try withoutActuallyEscaping(sink) { sink in
        let walk = try ExcerptWalk(layout, kept, chosen, interface, mark, sink)
        let parser = try XMLParser(file: "")
        let tape = XMLTape()
        for (index, range) in ranges.enumerated() {
          for start in stride(
            from: range.lowerBound, to: max(range.upperBound, range.lowerBound + 1), by: 1 << 16)
          {
            let end = min(start + (1 << 16), range.upperBound)
            let isLast = index == ranges.count - 1 && end == range.upperBound
            // It was well-formed when it was read; whoever asks looks whether the file has changed since.
            parser.feed(try source.bytes(in: start..<end), isLast: isLast, to: tape)
            if tape.fault != nil { throw ReadError(call: "pread", code: 5) }
            tape.play(to: walk)
            if let failure = walk.failure { throw failure }
          }
        }
      }
    }
  }

  /// What of the file has to be read: all but documents without a chosen row that stand between others; and of the documents
  /// in it the rows.
  private func read(for chosen: [Range<Int>]) throws -> ([Range<Int64>], [Range<Int>]) {
    var ranges: [Range<Int64>] = []
    var kept: [Range<Int>] = []
    var (start, before): (Int64, Int64) = (0, -1)
    var row = 1
    var next = ChosenRows(chosen)
    for document in documents {
      let rows = row..<row + Int(document.rows)
      row = rows.upperBound
      if document.followsDocument, before >= 0, document.end >= 0, !next.has(anyOf: rows) {
        if start < before { ranges.append(start..<before) }
        start = document.end
      } else {
        kept.append(rows)
      }
      before = document.end
    }
    return (ranges + [start..<max(start, try source.length)], kept)
  }
}

/// Rows that are asked for in their order.
private struct ChosenRows {
  private var rest: ArraySlice<Range<Int>>

  init(_ rows: [Range<Int>]) { rest = rows[...] }

  mutating func has(anyOf rows: Range<Int>) -> Bool {
    while let next = rest.first, next.upperBound <= rows.lowerBound { rest.removeFirst() }
    return rest.first.map { $0.overlaps(rows) } ?? false
  }
}

/// Lets through what an excerpt has, and knows by a walk without columns where documents and records begin.
private final class ExcerptWalk: XMLEvents {
  private let walk: XMLWalk
  private let interface: String
  private var chosen: ChosenRows
  private let mark: (Int) -> [String]
  private let sink: (XMLPiece) throws -> Void
  /// A document has those of its first record.
  private var lastMarks: (row: Int, marks: [(name: String, value: String)]) = (0, [])
  /// The last row that has begun.
  private var row = 0
  private var depth = 0
  /// The depth of the document, and of the record that is left out.
  private var document: Int?
  private var leftOut: Int?
  private var isBehindDocument = false
  /// Of each document that is read.
  private let rowsOfDocuments: [Range<Int>]
  private var documents = 0
  private(set) var failure: (any Error)?

  init(
    _ layout: TableLayout, _ rows: [Range<Int>], _ chosen: [Range<Int>], _ interface: String,
    _ mark: @escaping (Int) -> [String], _ sink: @escaping (XMLPiece) throws -> Void
  ) throws(ReadError) {
    guard let shape = layout.xml else { preconditionFailure("An XML file has a layout of its own") }
    walk = XMLWalk(XMLPlan(shape, columns: []), .none) { _, _, _ in }
    (rowsOfDocuments, self.interface, self.mark, self.sink) = (rows, interface, mark, sink)
    self.chosen = ChosenRows(chosen)
  }

  func start(_ element: XMLElement, _ attributes: UnsafeBufferPointer<cxml_attribute>) {
    depth += 1
    guard leftOut == nil, failure == nil else { return }
    walk.start(element, attributes)
    isBehindDocument = false
    var marks: [(name: String, value: String)] = []
    if walk.beginsDocument {
      document = depth
      let rows = documents < rowsOfDocuments.count ? rowsOfDocuments[documents] : 0..<0
      documents += 1
      row = rows.lowerBound - 1
      guard chosen.has(anyOf: rows) else { return leaveOut() }
      if chosen.has(anyOf: rows.lowerBound..<rows.lowerBound + 1) {
        marks = self.marks(ofRow: rows.lowerBound)
      }
    }
    if walk.beginsRecord {
      row += 1
      if chosen.has(anyOf: row..<row + 1) {
        marks = self.marks(ofRow: row)
      } else if !walk.beginsDocument {
        return leaveOut()
      }
    }
    give(
      .start(
        name: qualified(element.prefix, element.local),
        attributes: own(element, attributes) + marks))
  }

  /// The element that has just begun, with all that is in it.
  private func leaveOut() {
    leftOut = depth
    walk.end(-1)
  }

  func text(_ text: UnsafeBufferPointer<UInt8>) {
    guard leftOut == nil, failure == nil else { return }
    let text = String(decoding: text, as: UTF8.self)
    // Between documents that are left out only their line ends would remain.
    if isBehindDocument, text.allSatisfy(\.isWhitespace) { return }
    isBehindDocument = false
    give(.text(text))
  }

  func end(_ offset: Int64) {
    defer { depth -= 1 }
    if let leftOut {
      guard leftOut == depth else { return }
      self.leftOut = nil
      if document == depth { (document, isBehindDocument) = (nil, true) }
      return
    }
    guard failure == nil else { return }
    walk.end(offset)
    give(.end)
    guard document == depth else { return }
    (document, isBehindDocument) = (nil, true)
    if depth > 1 { give(.text("\n")) }
  }

  private func give(_ piece: XMLPiece) {
    do { try sink(piece) } catch { failure = error }
  }

  /// The element's declarations and attributes, but those of an earlier reject.
  private func own(
    _ element: XMLElement, _ attributes: UnsafeBufferPointer<cxml_attribute>
  ) -> [(name: String, value: String)] {
    var all = element.declarations.filter { $0.uri != XMLReject.namespace }.map {
      (name: $0.prefix.isEmpty ? "xmlns" : "xmlns:" + $0.prefix, value: $0.uri)
    }
    for attribute in attributes {
      if let uri = attribute.uri, String(cString: uri) == XMLReject.namespace { continue }
      all.append((attribute.name, String(decoding: attribute.bytes, as: UTF8.self)))
    }
    if depth == 1 {
      all.append(("xmlns:" + XMLReject.prefix, XMLReject.namespace))
      all.append((XMLReject.prefix + ":" + XMLReject.interface, interface))
    }
    return all
  }

  private func marks(ofRow row: Int) -> [(name: String, value: String)] {
    if lastMarks.row != row {
      lastMarks = (row, zip(XMLReject.names, mark(row)).map { (XMLReject.prefix + ":" + $0, $1) })
    }
    return lastMarks.marks
  }
}

extension cxml_attribute {
  fileprivate var name: String { qualified(prefix, local) }
}

private func qualified(_ prefix: UnsafePointer<CChar>?, _ local: UnsafePointer<CChar>) -> String {
  let local = String(cString: local)
  return prefix.map { String(cString: $0) + ":" + local } ?? local
}
