internal import CXML

/// How rejected documents stand in an XML file that goes back: with attributes of our own namespace, on the document and
/// on each of its records, and the interface's name on the root element.
public enum XMLReject {
  public static let namespace = "urn:tallyman:reject"
  static let prefix = "tallyman"
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
  private let rows: [Int32]
  private let interface: String

  /// - Parameters:
  ///   - source: a well-formed file of the layout.
  ///   - layout: with `xml`.
  ///   - rows: of each document, as `XMLFlattening` counted them.
  public init(_ source: ByteSource, layout: TableLayout, rows: [Int32], interface: String) {
    (self.source, self.layout, self.rows, self.interface) = (source, layout, rows, interface)
  }

  /// - Parameters:
  ///   - mark: for a row (from 1) the values of `XMLReject.names`; `nil` where it is not chosen.
  ///   - sink: takes the pieces.
  public func write(
    mark: (Int) -> [String]?, to sink: (XMLPiece) throws -> Void
  ) throws {
    try withoutActuallyEscaping(mark) { mark in
      try withoutActuallyEscaping(sink) { sink in
        let walk = try ExcerptWalk(layout, rows, interface, mark, sink)
        let parser = try XMLParser(walk)
        let pieceBytes: Int64 = 1 << 16
        var at: Int64 = 0
        while true {
          let piece = try source.bytes(in: at..<at + pieceBytes)
          at += Int64(piece.count)
          let isLast = piece.count < pieceBytes
          // It was well-formed when it was read; whoever asks looks whether the file has changed since.
          if parser.feed(piece, isLast: isLast, file: "") != nil { throw ReadError(call: "pread", code: 5) }
          if let failure = walk.failure { throw failure }
          if isLast { return }
        }
      }
    }
  }
}

/// Lets through what an excerpt has, and knows by a walk without columns where documents and records begin.
private final class ExcerptWalk: XMLEvents {
  private let walk: XMLWalk
  private let interface: String
  private let mark: (Int) -> [String]?
  private let sink: (XMLPiece) throws -> Void
  /// Rows before the document at hand, or with those of it once it has begun; and the last one that has.
  private var rows = 0
  private var nextRow = 0
  private var depth = 0
  /// The depth of the document, and of the record that is left out.
  private var document: Int?
  private var leftOut: Int?
  private let rowsOfDocuments: [Int32]
  private var documents = 0
  private(set) var failure: (any Error)?

  init(
    _ layout: TableLayout, _ rows: [Int32], _ interface: String, _ mark: @escaping (Int) -> [String]?,
    _ sink: @escaping (XMLPiece) throws -> Void
  ) throws(ReadError) {
    guard let shape = layout.xml else { preconditionFailure("An XML file has a layout of its own") }
    walk = XMLWalk(XMLPlan(shape, columns: []), .none) { _, _ in }
    (rowsOfDocuments, self.interface, self.mark, self.sink) = (rows, interface, mark, sink)
  }

  override func start(_ element: cxml_element, _ attributes: UnsafeBufferPointer<cxml_attribute>) {
    depth += 1
    guard leftOut == nil, failure == nil else { return }
    walk.start(element, attributes)
    var chosen: [String]?
    if walk.beginsDocument {
      document = depth
      let count = documents < rowsOfDocuments.count ? Int(rowsOfDocuments[documents]) : 0
      documents += 1
      guard (rows + 1...max(rows + 1, rows + count)).contains(where: { mark($0) != nil }) else {
        rows += count
        leaveOut()
        return
      }
      chosen = mark(rows + 1)
      nextRow = rows
      rows += count
    }
    if walk.beginsRecord {
      nextRow += 1
      chosen = mark(nextRow)
      if chosen == nil, !walk.beginsDocument { return leaveOut() }
    }
    give(.start(name: element.name, attributes: own(element, attributes) + marks(chosen)))
  }

  /// The element that has just begun, with all that is in it.
  private func leaveOut() {
    leftOut = depth
    walk.end()
  }

  override func text(_ text: UnsafeBufferPointer<UInt8>) {
    guard leftOut == nil, failure == nil else { return }
    let text = String(decoding: text, as: UTF8.self)
    // Between documents that are left out only their line ends would remain.
    if document == nil, text.allSatisfy(\.isWhitespace) { return }
    give(.text(text))
  }

  override func end() {
    defer { depth -= 1 }
    if let leftOut {
      guard leftOut == depth else { return }
      self.leftOut = nil
      if document == depth { document = nil }
      return
    }
    guard failure == nil else { return }
    walk.end()
    give(.end)
    guard document == depth else { return }
    document = nil
    if depth > 1 { give(.text("\n")) }
  }

  private func give(_ piece: XMLPiece) {
    do { try sink(piece) } catch { failure = error }
  }

  /// The element's declarations and attributes, but those of an earlier reject.
  private func own(
    _ element: cxml_element, _ attributes: UnsafeBufferPointer<cxml_attribute>
  ) -> [(name: String, value: String)] {
    var all = element.declarations.filter { $0.value != XMLReject.namespace }
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

  private func marks(_ values: [String]?) -> [(name: String, value: String)] {
    guard let values else { return [] }
    return zip(XMLReject.names, values).map { (XMLReject.prefix + ":" + $0, $1) }
  }
}

extension cxml_element {
  fileprivate var name: String { qualified(prefix, local) }

  fileprivate var declarations: [(name: String, value: String)] {
    (0..<Int(declared)).map { index in
      let prefix = namespaces[2 * index]
      let uri = namespaces[2 * index + 1]
      return (
        prefix.map { "xmlns:" + String(cString: $0) } ?? "xmlns", uri.map { String(cString: $0) } ?? ""
      )
    }
  }
}

extension cxml_attribute {
  fileprivate var name: String { qualified(prefix, local) }
}

private func qualified(_ prefix: UnsafePointer<CChar>?, _ local: UnsafePointer<CChar>) -> String {
  let local = String(cString: local)
  return prefix.map { String(cString: $0) + ":" + local } ?? local
}
