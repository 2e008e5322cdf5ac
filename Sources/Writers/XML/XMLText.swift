internal import CXML

/// XML as bytes, by libxml2's writer: escaped, in any encoding that it knows; a character that the encoding lacks becomes a
/// reference.
package struct XMLText: ~Copyable {
  private final class Output {
    var bytes: [UInt8] = []
  }

  private let output = Output()
  private let writer: OpaquePointer
  private var isEnded = false

  /// - Parameters:
  ///   - encoding: as the declaration names it; `nil` where libxml2 has no such encoding.
  ///   - indents: whether elements stand on lines of their own.
  package init?(encoding: String, indents: Bool = false) {
    let writer = cxml_writer_open(
      encoding, indents ? 1 : 0,
      { context, bytes, length in
        guard let context, let bytes else { return -1 }
        Unmanaged<Output>.fromOpaque(context).takeUnretainedValue().bytes.append(
          contentsOf: UnsafeRawBufferPointer(start: bytes, count: Int(length)))
        return length
      }, Unmanaged.passUnretained(output).toOpaque())
    guard let writer else { return nil }
    self.writer = writer
  }

  deinit { if !isEnded { cxml_writer_close(writer) } }

  /// - Parameter name: with its prefix, as it is to stand there.
  package func start(_ name: String) { cxml_writer_start(writer, name) }

  package func attribute(_ name: String, _ value: String) {
    cxml_writer_attribute(writer, name, value.writableInXML)
  }

  package func text(_ text: String) { cxml_writer_text(writer, text.writableInXML) }

  package func end() { cxml_writer_end(writer) }

  /// How many bytes wait to be taken.
  package var size: Int { output.bytes.count }

  /// Takes what has been written so far.
  package func take() -> [UInt8] {
    defer { output.bytes.removeAll(keepingCapacity: true) }
    return output.bytes
  }

  /// Ends the document, and takes the rest.
  package mutating func finish() -> [UInt8] {
    cxml_writer_close(writer)
    isEnded = true
    return take()
  }
}

extension String {
  /// The first character that XML 1.0 can't hold in any way.
  package var unwritableInXML: Unicode.Scalar? { unicodeScalars.first { cxml_is_character($0.value) == 0 } }

  fileprivate var writableInXML: String {
    guard unwritableInXML != nil else { return self }
    return String(
      String.UnicodeScalarView(unicodeScalars.map { cxml_is_character($0.value) == 0 ? "\u{FFFD}" : $0 }))
  }
}
