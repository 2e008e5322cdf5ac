internal import CXML
internal import Findings

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
