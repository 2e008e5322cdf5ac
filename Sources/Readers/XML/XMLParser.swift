internal import CXML
internal import Findings

/// What takes an XML file's elements and texts, in their order.
protocol XMLEvents: AnyObject {
  func start(_ element: XMLElement, _ attributes: UnsafeBufferPointer<cxml_attribute>)
  func text(_ text: UnsafeBufferPointer<UInt8>)
  /// - Parameter offset: behind how many bytes of the file the element ends; -1 where that can't be told.
  func end(_ offset: Int64)
}

/// What a piece of an XML file says: its elements and texts on a tape. Of two threads one may fill it and then the other
/// play it, where whatever hands it over lets the one see what the other has done.
public final class XMLTape: @unchecked Sendable {
  fileprivate var tape = cxml_tape()
  /// Whose names it has.
  private var parser: XMLParser?
  /// What is wrong behind the last event: there is no more to come.
  fileprivate(set) var fault: Finding?

  deinit { cxml_tape_free(&tape) }

  fileprivate func clear(for parser: XMLParser) {
    cxml_tape_clear(&tape)
    self.parser = parser
    fault = nil
  }

  func play<Events: XMLEvents>(to events: Events) {
    var block = tape.first
    while let own = block {
      block = own.pointee.next
      guard var at = UnsafeRawPointer(own.pointee.bytes) else { continue }
      let end = at + own.pointee.length
      while at < end {
        switch UInt32(at.load(as: UInt8.self)) {
        case CXML_START.rawValue:
          let element = XMLElement(at)
          events.start(element, element.attributes)
          at += element.size
        case CXML_TEXT.rawValue:
          let size = MemoryLayout<cxml_text>.size
          let length = Int(at.load(as: cxml_text.self).length)
          events.text(
            UnsafeBufferPointer(start: (at + size).assumingMemoryBound(to: UInt8.self), count: length))
          at += (size + length + 7) & ~7
        default:
          events.end(at.load(as: cxml_end.self) >> 8)
          at += MemoryLayout<cxml_end>.size
        }
      }
    }
  }
}

/// The start of an element on a tape.
struct XMLElement {
  private let element: UnsafePointer<cxml_element>

  fileprivate init(_ at: UnsafeRawPointer) { element = at.assumingMemoryBound(to: cxml_element.self) }

  var line: Int32 { element.pointee.line }
  var local: UnsafePointer<CChar> { element.pointee.local }
  var uri: UnsafePointer<CChar>? { element.pointee.uri }
  var prefix: UnsafePointer<CChar>? { more?.pointee.prefix }

  private var more: UnsafePointer<cxml_more>? {
    guard element.pointee.has_more != 0 else { return nil }
    return UnsafeRawPointer(element + 1).assumingMemoryBound(to: cxml_more.self)
  }

  fileprivate var size: Int {
    MemoryLayout<cxml_element>.size + (more.map { Int($0.pointee.size) } ?? 0)
  }

  fileprivate var attributes: UnsafeBufferPointer<cxml_attribute> {
    UnsafeBufferPointer(
      start: more.map { UnsafeRawPointer($0 + 1).assumingMemoryBound(to: cxml_attribute.self) },
      count: Int(element.pointee.attributes))
  }

  /// For each namespace that the element declares the prefix, empty for the default, and the URI.
  var declarations: [(prefix: String, uri: String)] {
    guard let more, let attributes = attributes.baseAddress else { return [] }
    let names = UnsafeRawPointer(attributes + Int(element.pointee.attributes))
    let pairs = names.assumingMemoryBound(to: UnsafePointer<CChar>?.self)
    return (0..<Int(more.pointee.declared)).map { index in
      (
        pairs[2 * index].map { String(cString: $0) } ?? "",
        pairs[2 * index + 1].map { String(cString: $0) } ?? ""
      )
    }
  }
}

/// libxml2's push parser, fed with the pieces of a file.
final class XMLParser {
  private let parser: OpaquePointer
  private let file: String

  init(file: String) throws(ReadError) {
    guard let parser = cxml_open() else { throw ReadError(call: "xmlCreatePushParserCtxt", code: 12) }
    (self.parser, self.file) = (parser, file)
  }

  deinit { cxml_close(parser) }

  /// Puts on the tape what a piece says, and the first fault, again at each call from then on.
  func feed(_ piece: [UInt8], isLast: Bool, to tape: XMLTape) {
    tape.clear(for: self)
    let fault = piece.withUnsafeBytes { bytes in
      cxml_feed(
        parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), isLast ? 1 : 0,
        &tape.tape)
    }
    guard fault != CXML_NONE else { return }
    let (code, more): (FindingCode, [String]) =
      switch fault {
      case CXML_DOCTYPE: (.xmlDoctype, [])
      case CXML_TRUNCATED: (.xmlTruncated, [])
      case CXML_ENCODING: (.xmlEncoding, [])
      case CXML_LIMIT: (.xmlLimit, [String(cxml_fault_limit(parser))])
      default: (.xmlBroken, [])
      }
    tape.fault = Finding(
      code, .stopFile,
      at: Place(
        file: file, line: max(1, Int(cxml_fault_line(parser))), column: max(1, Int(cxml_fault_column(parser)))
      ),
      [String(cString: cxml_fault_message(parser))] + more)
  }
}

/// An XML file on tapes, a piece after the other.
public struct XMLTapes {
  private let source: ByteSource
  private let pieceBytes: Int
  private let observer: (ArraySlice<UInt8>) -> Void
  private let parser: XMLParser
  private var at: Int64 = 0
  private var hasEnded = false

  /// - Parameters:
  ///   - pieceBytes: large enough that whoever plays the tapes on another thread is not woken for less than it takes to move
  ///     that thread to an idle core.
  ///   - observer: gets every byte of the source in order, once; those behind a fault, too.
  public init(
    _ source: ByteSource, file: String, pieceBytes: Int = 1 << 18,
    observer: @escaping (ArraySlice<UInt8>) -> Void
  ) throws(ReadError) {
    (self.source, self.pieceBytes, self.observer) = (source, pieceBytes, observer)
    parser = try XMLParser(file: file)
  }

  /// - Parameter spare: a tape that nobody plays any more.
  /// - Returns: what the next piece says; `nil` behind the last one.
  public mutating func next(on spare: XMLTape?) throws(ReadError) -> XMLTape? {
    guard !hasEnded else { return nil }
    let tape = spare ?? XMLTape()
    parser.feed(try piece(), isLast: hasEnded, to: tape)
    if tape.fault != nil { while !hasEnded { _ = try piece() } }
    return tape
  }

  private mutating func piece() throws(ReadError) -> [UInt8] {
    let piece = try source.bytes(in: at..<at + Int64(pieceBytes))
    if !piece.isEmpty { observer(piece[...]) }
    at += Int64(piece.count)
    hasEnded = piece.count < pieceBytes
    return piece
  }
}
