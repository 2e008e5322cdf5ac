internal import CXML
internal import Findings

/// The name of a file's root element.
enum XMLRoot {
  private final class Found {
    var name: XMLPath.Name?
  }

  /// - Parameter start: the first bytes of a file.
  /// - Returns: `nil` for the name where no element begins in them, and why, where that is a fault.
  static func find(in start: [UInt8], file: String) throws(ReadError) -> (
    name: XMLPath.Name?, fault: Finding?
  ) {
    let found = Found()
    let handler = cxml_handler(
      context: Unmanaged.passUnretained(found).toOpaque(),
      start: { context, local, uri, _, _, _ in
        guard let context, let local else { return }
        let found = Unmanaged<Found>.fromOpaque(context).takeUnretainedValue()
        if found.name == nil {
          found.name = XMLPath.Name(uri: uri.map { String(cString: $0) } ?? "", local: String(cString: local))
        }
      }, end: { _ in }, text: { _, _, _ in })
    guard let parser = cxml_open(handler) else { throw ReadError(call: "xmlCreatePushParserCtxt", code: 12) }
    defer { cxml_close(parser) }
    // Whatever is wrong behind the root's name is found when the file is read.
    var at = 0
    while at < start.count, found.name == nil {
      let piece = start[at..<min(at + 4096, start.count)]
      let fault = Array(piece).withUnsafeBytes {
        cxml_feed(parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), 0)
      }
      if fault != CXML_NONE, found.name == nil {
        return (nil, Finding(xmlFault: fault, parser, file: file))
      }
      at += piece.count
    }
    return (found.name, nil)
  }
}

extension XMLShape {
  /// The root element's name.
  var root: XMLPath.Name? {
    guard case .child(let name, _, _)? = document.steps.first else { return nil }
    return name
  }
}

extension XMLPath.Name {
  /// As James Clark writes names: `{uri}local`.
  var text: String { uri.isEmpty ? local : "{\(uri)}\(local)" }
}

extension Finding {
  /// Why an XML file can't be read.
  init(xmlFault fault: cxml_fault, _ parser: OpaquePointer, file: String) {
    self.init(
      fault == CXML_DOCTYPE ? .xmlDoctype : .xmlBroken, .stopFile,
      at: Place(
        file: file, line: max(1, Int(cxml_fault_line(parser))), column: max(1, Int(cxml_fault_column(parser)))
      ),
      [String(cString: cxml_fault_message(parser))])
  }
}
