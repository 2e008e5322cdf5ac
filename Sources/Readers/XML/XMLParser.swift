internal import CXML
internal import Findings

/// What takes an XML file's elements and texts, in their order.
class XMLEvents {
  /// Who tells, for as long as it does.
  fileprivate(set) final var parser: OpaquePointer?

  func start(_ element: cxml_element, _ attributes: UnsafeBufferPointer<cxml_attribute>) {}
  func text(_ text: UnsafeBufferPointer<UInt8>) {}
  func end() {}
}

/// libxml2's push parser, fed with the pieces of a file.
struct XMLParser: ~Copyable {
  private let parser: OpaquePointer
  /// The parser has no more than its address.
  private let events: XMLEvents

  init(_ events: XMLEvents) throws(ReadError) {
    self.events = events
    let handler = cxml_handler(
      context: Unmanaged.passUnretained(events).toOpaque(),
      start: { context, element, attributes, count in
        guard let context, let element else { return }
        Unmanaged<XMLEvents>.fromOpaque(context)._withUnsafeGuaranteedRef {
          $0.start(element.pointee, UnsafeBufferPointer(start: attributes, count: Int(count)))
        }
      },
      end: { context in
        guard let context else { return }
        Unmanaged<XMLEvents>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.end() }
      },
      text: { context, text, length in
        guard let context, let text else { return }
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(length)).assumingMemoryBound(
          to: UInt8.self)
        Unmanaged<XMLEvents>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.text(bytes) }
      })
    guard let parser = cxml_open(handler) else { throw ReadError(call: "xmlCreatePushParserCtxt", code: 12) }
    self.parser = parser
    events.parser = parser
  }

  deinit {
    events.parser = nil
    cxml_close(parser)
  }

  /// - Returns: the first fault, again at each call from then on.
  func feed(_ piece: [UInt8], isLast: Bool, file: String) -> Finding? {
    let fault = piece.withUnsafeBytes { bytes in
      cxml_feed(
        parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), isLast ? 1 : 0)
    }
    guard fault != CXML_NONE else { return nil }
    let (code, more): (FindingCode, [String]) =
      switch fault {
      case CXML_DOCTYPE: (.xmlDoctype, [])
      case CXML_TRUNCATED: (.xmlTruncated, [])
      case CXML_ENCODING: (.xmlEncoding, [])
      case CXML_LIMIT: (.xmlLimit, [String(cxml_fault_limit(parser))])
      default: (.xmlBroken, [])
      }
    return Finding(
      code, .stopFile,
      at: Place(
        file: file, line: max(1, Int(cxml_fault_line(parser))), column: max(1, Int(cxml_fault_column(parser)))
      ),
      [String(cString: cxml_fault_message(parser))] + more)
  }
}
