internal import CXML
internal import Findings

/// The name of a file's root element, and of what it is a reject file.
enum XMLRoot {
  private final class Found: XMLEvents {
    var name: XMLPath.Name?
    var rejectOf: String?

    func text(_ text: UnsafeBufferPointer<UInt8>) {}
    func end(_ offset: Int64) {}

    func start(_ element: XMLElement, _ attributes: UnsafeBufferPointer<cxml_attribute>) {
      guard name == nil else { return }
      name = XMLPath.Name(
        uri: element.uri.map { String(cString: $0) } ?? "",
        local: String(cString: element.local))
      for attribute in attributes
      where attribute.uri.map({ String(cString: $0) }) == XMLReject.namespace
        && String(cString: attribute.local) == XMLReject.interface
      {
        rejectOf = String(decoding: attribute.bytes, as: UTF8.self)
      }
    }
  }

  /// - Parameter start: the first bytes of a file.
  /// - Returns: `nil` for the name where no element begins in them, and why, where that is a fault; the interface of which
  ///   the file has rejects.
  static func find(in start: [UInt8], file: String) throws(ReadError) -> (
    name: XMLPath.Name?, rejectOf: String?, fault: Finding?
  ) {
    let found = Found()
    let parser = try XMLParser(file: file)
    let tape = XMLTape()
    // Whatever is wrong behind the root's name is found when the file is read.
    var at = 0
    while at < start.count, found.name == nil {
      let piece = Array(start[at..<min(at + 4096, start.count)])
      let isLast = at + piece.count == start.count && start.count < ReadingLimits.headerBytes
      parser.feed(piece, isLast: isLast, to: tape)
      tape.play(to: found)
      if let fault = tape.fault, found.name == nil { return (nil, nil, fault) }
      at += piece.count
    }
    return (found.name, found.rejectOf, nil)
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
