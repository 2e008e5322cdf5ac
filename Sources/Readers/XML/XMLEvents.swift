internal import CXML

/// What takes an XML file's elements and texts, in their order.
protocol XMLEvents: AnyObject {
  func start(_ element: XMLElement, _ attributes: UnsafeBufferPointer<cxml_attribute>)
  func text(_ text: UnsafeBufferPointer<UInt8>)
  /// - Parameter offset: behind how many bytes of the file the element ends; -1 where that can't be told.
  func end(_ offset: Int64)
}

/// The start of an element on a tape.
struct XMLElement {
  private let element: UnsafePointer<cxml_element>

  init(_ at: UnsafeRawPointer) { element = at.assumingMemoryBound(to: cxml_element.self) }

  var line: Int32 { element.pointee.line }
  var local: UnsafePointer<CChar> { element.pointee.local }
  var uri: UnsafePointer<CChar>? { element.pointee.uri }
  var prefix: UnsafePointer<CChar>? { more?.pointee.prefix }

  private var more: UnsafePointer<cxml_more>? {
    guard element.pointee.has_more != 0 else { return nil }
    return UnsafeRawPointer(element + 1).assumingMemoryBound(to: cxml_more.self)
  }

  var size: Int {
    MemoryLayout<cxml_element>.size + (more.map { Int($0.pointee.size) } ?? 0)
  }

  var attributes: UnsafeBufferPointer<cxml_attribute> {
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
