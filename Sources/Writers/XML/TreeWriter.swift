import Ledger

/// Writes vouchers as a profile's element tree. Start tags wait until something is in the element, so that one which is to
/// be left out where it is empty never begins.
struct TreeWriter: ~Copyable {
  private let tree: OutputElement
  private let layout: Layout
  private var text: XMLText
  private var waiting: [(element: OutputElement, attributes: [String])] = []
  private var value = ByteBuffer()

  init(_ profile: Profile, _ tree: OutputElement) {
    self.tree = tree
    layout = profile.layout
    guard let text = XMLText(encoding: profile.encoding.iconvName, indents: true) else {
      preconditionFailure("libxml2 has a converter to \(profile.encoding.iconvName)")
    }
    self.text = text
  }

  /// - Parameters:
  ///   - vouchers: how many times the element for them comes, with what to do before each.
  ///   - sink: takes the bytes, a chunk at a time.
  mutating func write<Fault: Error>(
    _ renderer: inout Renderer, _ vouchers: [Int], stand: (Int, inout Renderer) -> Range<Int>,
    entry: (Int, Int, inout Renderer) -> Void, to sink: (inout [UInt8]) throws(Fault) -> Void
  ) throws(Fault) {
    try write(tree, &renderer, Way(vouchers: vouchers, entries: 0..<0), stand, entry, sink)
    var rest = text.finish()
    try sink(&rest)
  }

  private struct Way {
    var vouchers: [Int]
    var entries: Range<Int>
  }

  private mutating func write<Fault: Error>(
    _ element: OutputElement, _ renderer: inout Renderer, _ way: Way,
    _ stand: (Int, inout Renderer) -> Range<Int>, _ entry: (Int, Int, inout Renderer) -> Void,
    _ sink: (inout [UInt8]) throws(Fault) -> Void
  ) throws(Fault) {
    switch element.each {
    case nil: try writeOne(element, &renderer, way, stand, entry, sink)
    case .voucher:
      for voucher in way.vouchers {
        let entries = stand(voucher, &renderer)
        try writeOne(element, &renderer, Way(vouchers: [], entries: entries), stand, entry, sink)
        guard text.size > 1 << 20 else { continue }
        var chunk = text.take()
        try sink(&chunk)
      }
    case .entry:
      for (place, index) in way.entries.enumerated() {
        entry(index, place + 1, &renderer)
        try writeOne(element, &renderer, way, stand, entry, sink)
      }
    }
  }

  private mutating func writeOne<Fault: Error>(
    _ element: OutputElement, _ renderer: inout Renderer, _ way: Way,
    _ stand: (Int, inout Renderer) -> Range<Int>, _ entry: (Int, Int, inout Renderer) -> Void,
    _ sink: (inout [UInt8]) throws(Fault) -> Void
  ) throws(Fault) {
    var attributes: [String] = []
    for attribute in element.attributes { attributes.append(rendered(attribute.cell, &renderer)) }
    waiting.append((element, attributes))
    let isLeaf = element.text == nil && element.children.isEmpty
    if element.empty == .keep || (isLeaf && attributes.contains { !$0.isEmpty }) { begin() }
    if let cell = element.text {
      let own = rendered(cell, &renderer)
      if !own.isEmpty {
        begin()
        text.text(own)
      }
    }
    for child in element.children { try write(child, &renderer, way, stand, entry, sink) }
    if waiting.isEmpty { text.end() } else { waiting.removeLast() }
  }

  /// Writes the start tags that have waited. An attribute without a value is left out with `empty: leave-out`.
  private mutating func begin() {
    for (element, attributes) in waiting {
      text.start(element.name)
      for (attribute, value) in zip(element.attributes, attributes)
      where !value.isEmpty || element.empty == .keep {
        text.attribute(attribute.name, value)
      }
    }
    waiting.removeAll()
  }

  private mutating func rendered(_ cell: Int, _ renderer: inout Renderer) -> String {
    value.removeAll()
    _ = renderer.append(layout.cells[cell], to: &value)
    return String(decoding: value.bytes(), as: UTF8.self)
  }
}
